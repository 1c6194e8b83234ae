//! Numbers, sizes and moments as people read them. Pure, and the same on the server and in the browser.

use time::{OffsetDateTime, macros::format_description};

use crate::i18n::Locale;

/// Between a number and its unit: they are not parted at a line's end.
const NO_BREAK_SPACE: char = '\u{a0}';

/// A size with the decimal units that Docker's own lists use: `999 B`, `10.3 MB`, `1.2 GB`.
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if size < 1000 {
        return format!("{size}{NO_BREAK_SPACE}B");
    }
    let mut unit = 0;
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let mut value = size as f64 / 1000.0;
    // What would be rounded to 1000 belongs to the next unit.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = if value < 99.95 { 1 } else { 0 };
    format!("{value:.digits$}{NO_BREAK_SPACE}{}", UNITS[unit])
}

/// A whole number with its thousands parted, as both languages write it: `50,000`.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut parted = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}

/// The part of `whole` that `part` is: `38%`, `<1%`; empty where there is no whole.
pub fn share(part: u64, whole: u64) -> String {
    let percent = u128::from(part) * 100;
    match percent.checked_div(u128::from(whole)) {
        None => String::new(),
        Some(0) if part > 0 => "<1%".to_owned(),
        Some(share) => format!("{share}%"),
    }
}

/// A day: `18 Nov 2024`, `2024年11月18日`.
pub fn date(locale: Locale, at: OffsetDateTime) -> String {
    let date = at.date();
    match locale {
        Locale::en => date.format(format_description!("[day padding:none] [month repr:short] [year]")),
        Locale::zh_CN => date.format(format_description!("[year]年[month padding:none]月[day padding:none]日")),
    }
    .unwrap_or_default()
}

/// A moment to the second, in UTC: `2024-11-18 10:20:30 UTC`.
pub fn exact(at: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    at.to_offset(time::UtcOffset::UTC).format(format).unwrap_or_default()
}

/// For `<time datetime>`: `2024-11-18T10:20:30Z`.
pub fn machine(at: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    at.to_offset(time::UtcOffset::UTC).format(format).unwrap_or_default()
}

/// How long ago something was, as coarse as it is far away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ago {
    /// Less than a minute, or by a clock that goes ahead of ours.
    Now,
    /// Less than an hour.
    Minutes(u64),
    /// Less than a day.
    Hours(u64),
    /// Less than a month.
    Days(u64),
    /// Longer: the date says more.
    Long,
}

/// How long before `now` the moment `at` was.
pub fn ago(at: OffsetDateTime, now: OffsetDateTime) -> Ago {
    let passed = now - at;
    let positive = |number: i64| u64::try_from(number).unwrap_or_default();
    match passed.whole_days() {
        30.. => Ago::Long,
        days @ 1.. => Ago::Days(positive(days)),
        _ if passed.whole_hours() >= 1 => Ago::Hours(positive(passed.whole_hours())),
        _ if passed.whole_minutes() >= 1 => Ago::Minutes(positive(passed.whole_minutes())),
        _ => Ago::Now,
    }
}

/// A part of a URL's path or query, with everything escaped that has a meaning there. Slashes stay: repository
/// names have them.
pub fn escape(text: &str) -> String {
    use std::fmt::Write as _;
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            escaped.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    #[test]
    fn sizes_have_three_digits_at_most() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (99_949, "99.9 kB"),
            (99_950, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (10_300_000, "10.3 MB"),
            (2_147_483_648, "2.1 GB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (size, expected) in cases {
            assert_eq!(bytes(size).replace(NO_BREAK_SPACE, " "), expected, "{size}");
        }
    }

    #[test]
    fn thousands_are_parted() {
        for (plain, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (50_000, "50,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(number(plain), expected);
        }
    }

    #[test]
    fn shares_never_hide_what_is_there() {
        for (part, whole, expected) in
            [(0, 0, ""), (0, 5, "0%"), (1, 1000, "<1%"), (1, 3, "33%"), (u64::MAX, u64::MAX, "100%")]
        {
            assert_eq!(share(part, whole), expected, "{part}/{whole}");
        }
    }

    #[test]
    fn dates_are_written_as_each_language_does() {
        let at = datetime!(2024-11-08 10:20:30 UTC);
        assert_eq!(date(Locale::en, at), "8 Nov 2024");
        assert_eq!(date(Locale::zh_CN, at), "2024年11月8日");
        assert_eq!(exact(at), "2024-11-08 10:20:30 UTC");
        assert_eq!(machine(at), "2024-11-08T10:20:30Z");
    }

    #[test]
    fn the_past_is_as_coarse_as_it_is_far() {
        let now = datetime!(2024-11-18 12:00 UTC);
        let cases = [
            (Duration::seconds(-5), Ago::Now),
            (Duration::seconds(59), Ago::Now),
            (Duration::minutes(1), Ago::Minutes(1)),
            (Duration::minutes(59), Ago::Minutes(59)),
            (Duration::hours(1), Ago::Hours(1)),
            (Duration::hours(24), Ago::Days(1)),
            (Duration::days(29), Ago::Days(29)),
            (Duration::days(30), Ago::Long),
        ];
        for (passed, expected) in cases {
            assert_eq!(ago(now - passed, now), expected, "{passed}");
        }
    }

    #[test]
    fn what_means_something_in_a_url_is_escaped() {
        assert_eq!(escape("team/app"), "team/app");
        assert_eq!(escape("sha256:ab&c=d?#%"), "sha256%3Aab%26c%3Dd%3F%23%25");
        assert_eq!(escape("仓"), "%E4%BB%93");
    }
}
