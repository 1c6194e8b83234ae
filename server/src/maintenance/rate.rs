//! How fast something may go: `50MiB/s`.

/// Reads bytes a second: a number with an optional unit (B, kB, MB, GB, KiB, MiB, GiB), and `/s` or not; 0 for as fast
/// as it goes.
///
/// # Errors
/// Says what is understood.
pub fn parse(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 10] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("K", 1 << 10),
        ("M", 1 << 20),
        ("G", 1 << 30),
        ("B", 1),
    ];
    let understood = || "a number of bytes a second is needed, such as 50MiB/s; 0 for no limit".to_owned();
    let amount = text.trim().trim_end_matches("/s").trim();
    let unit = UNITS.iter().find_map(|(unit, factor)| Some((amount.strip_suffix(unit)?, *factor)));
    let (number, factor) = unit.unwrap_or((amount, 1));
    let number: u64 = number.trim().parse().map_err(|_| understood())?;
    number.checked_mul(factor).ok_or_else(understood)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn rates_are_read_as_people_write_them() {
        for (text, rate) in [
            ("50MiB/s", 50 << 20),
            ("50 MiB/s", 50 << 20),
            ("10M", 10 << 20),
            ("2GB/s", 2_000_000_000),
            ("100kB", 100_000),
            ("512", 512),
            ("7B/s", 7),
            ("0", 0),
        ] {
            assert_eq!(parse(text).unwrap(), rate, "{text}");
        }
        for text in ["", "fast", "-1", "1.5MiB/s", "MiB/s", "99999999999GiB/s"] {
            assert!(parse(text).unwrap_err().contains("50MiB/s"), "{text}");
        }
    }
}
