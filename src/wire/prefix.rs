//! The path below which something is mounted, such as `/registry` where the API is at `/registry/v2/`.

use std::{fmt, str::FromStr};

/// Path segments in front of `/v2/`; none for the root. Written without a slash at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathPrefix(Box<str>);

/// A text that is not such a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPrefix {
    /// It does not begin with one slash, or holds what a plain path does not.
    #[error("a path begins with / and has only letters, digits, - . _ ~ between its slashes, for example /registry/")]
    Form,
    /// The API's own path stands in it.
    #[error("leave /v2/ out: it follows by itself")]
    ApiPath,
}

impl PathPrefix {
    /// Reads `/a/b/`, with or without the last slash.
    ///
    /// # Errors
    /// [`InvalidPrefix`]. Also for `//host`, which a client would take for another host, and for `.` and `..`.
    pub fn parse(text: &str) -> Result<Self, InvalidPrefix> {
        let path = text.strip_suffix('/').unwrap_or(text);
        if path.is_empty() {
            return Ok(Self::default());
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(plain);
        let segments = path.strip_prefix('/').ok_or(InvalidPrefix::Form)?;
        if !segments.split('/').all(is_segment) {
            return Err(InvalidPrefix::Form);
        }
        if segments.split('/').any(|segment| segment == "v2") {
            return Err(InvalidPrefix::ApiPath);
        }
        Ok(Self(path.into()))
    }

    /// The path without a slash at the end; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for PathPrefix {
    type Err = InvalidPrefix;

    fn from_str(text: &str) -> Result<Self, InvalidPrefix> {
        Self::parse(text)
    }
}

impl fmt::Display for PathPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_at_the_end_do_not_count() {
        for (text, path) in [("", ""), ("/", ""), ("/a", "/a"), ("/a/b/", "/a/b"), ("/~x/1.2_3-4/", "/~x/1.2_3-4")] {
            assert_eq!(PathPrefix::parse(text).expect(text).as_str(), path);
        }
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        for bad in
            ["a", "a/", "//evil.example", "/a//b", "/..", "/a/../b", "/.", "/a b", "/a?b", "/a%2f", "/ä", "/a\n", "///"]
        {
            assert_eq!(PathPrefix::parse(bad), Err(InvalidPrefix::Form), "{bad}");
        }
        for bad in ["/v2", "/v2/", "/a/v2/"] {
            assert_eq!(PathPrefix::parse(bad), Err(InvalidPrefix::ApiPath), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_the_same(text in r"[/a.~v2]{0,12}") {
            if let Ok(prefix) = PathPrefix::parse(&text) {
                proptest::prop_assert_eq!(PathPrefix::parse(prefix.as_str()), Ok(prefix));
            }
        }
    }
}
