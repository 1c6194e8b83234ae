//! A health check as its instruction.

use super::words::{json_list, quoted_words};

/// `HEALTHCHECK`'s arguments out of Go's print of the structure, `&{["CMD-SHELL" "x"] "30s" "3s" "0s" "0s" '\x03'}`:
/// interval, timeout, start period and (since Docker 25) start interval, then the retries as a character.
pub(super) fn healthcheck(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix("&{[")?.strip_suffix('}')?;
    let (test, rest) = quoted_words(inner)?;
    let (times, rest) = quoted_words(rest.trim_start().strip_prefix(']')?)?;
    let names = ["interval", "timeout", "start-period", "start-interval"];
    let times = names.into_iter().zip(times).filter(|(_, time)| time != "0s");
    let times: Vec<_> = times.map(|(name, time)| format!("--{name}={time}")).collect();
    written(&test, times, retries(rest))
}

fn retries(text: &str) -> Option<u32> {
    let sign = text.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    let code = match sign.strip_prefix("\\x").or_else(|| sign.strip_prefix("\\u")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => match sign {
            "\\a" => 7,
            "\\b" => 8,
            "\\t" => 9,
            "\\n" => 10,
            "\\v" => 11,
            "\\f" => 12,
            "\\r" => 13,
            one => u32::from(one.chars().next()?),
        },
    };
    (code > 0).then_some(code)
}

/// The arguments, from what a configuration holds: `times` as flags.
pub(in crate::explorer) fn written(test: &[String], mut times: Vec<String>, retries: Option<u32>) -> Option<String> {
    let (kind, words) = test.split_first()?;
    let command = match (kind.as_str(), words) {
        ("NONE", []) => return Some("NONE".to_owned()),
        ("CMD-SHELL", [command]) => command.clone(),
        ("CMD", [_, ..]) => json_list(words),
        _ => return None,
    };
    times.extend(retries.map(|retries| format!("--retries={retries}")));
    times.push(format!("CMD {command}"));
    Some(times.join(" "))
}
