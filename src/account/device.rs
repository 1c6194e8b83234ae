//! Which browser on which system a `User-Agent` speaks of. A help to recognise one's own sessions, never a proof:
//! whoever sends the header writes what he likes.

use serde::{Deserialize, Serialize};

/// What could be read off a `User-Agent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// The browser, or the tool.
    pub browser: Option<&'static str>,
    /// The operating system.
    pub system: Option<&'static str>,
}

/// What is found first holds: most browsers name others whose ways they follow.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("Wget/", "Wget"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

impl Device {
    /// Reads a `User-Agent`.
    pub fn of(user_agent: &str) -> Self {
        let first = |table: &[(&str, &'static str)]| {
            table.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name)
        };
        Self { browser: first(&BROWSERS), system: first(&SYSTEMS) }
    }
}

/// A `User-Agent` that may be kept and shown: printable ASCII of a bounded length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserAgent(String);

impl UserAgent {
    /// The longest that is kept, in characters.
    pub const MAX: usize = 300;

    /// Takes what may be kept of a header.
    pub fn keep(header: &str) -> Self {
        Self(header.chars().filter(|c| *c == ' ' || c.is_ascii_graphic()).take(Self::MAX).collect())
    }

    /// What was kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart_although_they_name_each_other() {
        let table = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
                 Safari/537.36 Edg/140.0.0.0",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
                "Chrome",
                "Android",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 \
                 Safari/605.1.15",
                "Safari",
                "macOS",
            ),
        ];
        for (header, browser, system) in table {
            assert_eq!(Device::of(header), Device { browser: Some(browser), system: Some(system) }, "{header}");
        }
        assert_eq!(Device::of("curl/8.5.0"), Device { browser: Some("curl"), system: None });
        assert_eq!(Device::of(""), Device { browser: None, system: None });
    }

    #[test]
    fn what_is_kept_is_one_short_printable_line() {
        assert_eq!(UserAgent::keep("a\r\nb\u{1b}[31m 密c").as_str(), "ab[31m c");
        assert_eq!(UserAgent::keep(&"x".repeat(1000)).as_str().len(), UserAgent::MAX);
    }
}
