//! Durations as Go writes them: `168h`, `1h30m`, `500ms`, `1.5s`.

use std::time::Duration;

use super::{Mismatch, Node, Result, Value};

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    // The micro sign and the Greek letter.
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60 * 1_000_000_000),
    ("h", 3600 * 1_000_000_000),
];

/// A duration that is not negative.
pub(in crate::settings) fn duration(node: &Node) -> Result<Duration> {
    let mismatch = |mend: &str| Mismatch::new("a duration", mend);
    let Value::Scalar { text, .. } = &node.value else {
        return Err(mismatch("Write a number with a unit, such as 30s, 5m or 24h."));
    };
    if text.parse::<i64>().is_ok_and(|number| number != 0) {
        // Distribution takes a bare number for nanoseconds, which nobody means.
        return Err(mismatch(&format!("Write a unit with it, such as {text}s, {text}m or {text}h.")));
    }
    parse(text).ok_or_else(|| mismatch("Write a number with a unit, such as 30s, 5m or 24h."))
}

/// Go's `time.ParseDuration`, without a minus.
fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut nanoseconds = 0_u128;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let size = u128::from(UNITS.iter().find(|(name, _)| *name == unit)?.1);
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        nanoseconds += u128::from(whole) * size;
        // Beyond the first fifteen digits nothing reaches a nanosecond.
        let fraction = &fraction[..fraction.len().min(15)];
        if !fraction.is_empty() {
            let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
            nanoseconds += fraction.parse::<u128>().ok()? * size / scale;
        }
        rest = after;
    }
    // Go's durations end after 292 years.
    let nanoseconds = u64::try_from(nanoseconds).ok().filter(|nanoseconds| i64::try_from(*nanoseconds).is_ok())?;
    Some(Duration::from_nanos(nanoseconds))
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}
