//! The URL at which clients reach the registry, when an administrator fixes it: Distribution's `http.host`.

use std::{fmt, str::FromStr};

use super::{Authority, PathPrefix, prefix::InvalidPrefix};
use crate::config::Scheme;

/// Scheme, host and, behind a proxy that puts one in front, path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalUrl {
    scheme: Scheme,
    authority: Authority,
    path: PathPrefix,
}

/// A text that is not such a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// No scheme, or another one.
    #[error("begin with http:// or https://")]
    Scheme,
    /// The host or the port is not one, or a user name stands before them.
    #[error("what follows the scheme must be a host, and a port where it is not the usual one")]
    Host,
    /// The path is not one.
    #[error(transparent)]
    Path(#[from] InvalidPrefix),
}

impl ExternalUrl {
    /// Reads `https://host:port/path/`; port and path may be left out.
    ///
    /// # Errors
    /// [`InvalidUrl`] says which part is wrong. A query or a fragment is no part of it.
    pub fn parse(text: &str) -> Result<Self, InvalidUrl> {
        let (scheme, rest) = text.split_once("://").ok_or(InvalidUrl::Scheme)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(InvalidUrl::Scheme),
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let authority = Authority::parse(authority).ok_or(InvalidUrl::Host)?;
        Ok(Self { scheme, authority, path: PathPrefix::parse(path)? })
    }

    /// How clients speak to it.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Host and port.
    pub const fn authority(&self) -> &Authority {
        &self.authority
    }

    /// What stands in front of `/v2/`.
    pub const fn path(&self) -> &PathPrefix {
        &self.path
    }
}

impl FromStr for ExternalUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        Self::parse(text)
    }
}

impl fmt::Display for ExternalUrl {
    /// Writes the URL without a slash at the end, so that `/v2/…` can follow.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme.as_str(), self.authority, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_with_and_without_port_and_path() {
        for (text, written) in [
            ("https://hub.example", "https://hub.example"),
            ("HTTPS://hub.example:8443/", "https://hub.example:8443"),
            ("http://[::1]:5000/a/b/", "http://[::1]:5000/a/b"),
        ] {
            let url = ExternalUrl::parse(text).expect(text);
            assert_eq!(url.to_string(), written);
            assert_eq!(ExternalUrl::parse(written), Ok(url));
        }
    }

    #[test]
    fn says_which_part_is_wrong() {
        for (text, expected) in [
            ("", InvalidUrl::Scheme),
            ("hub.example", InvalidUrl::Scheme),
            ("ftp://hub.example", InvalidUrl::Scheme),
            ("https://", InvalidUrl::Host),
            ("https://user@hub.example", InvalidUrl::Host),
            ("https://hub.example?x", InvalidUrl::Host),
            ("https://hub.example/a?x", InvalidUrl::Path(InvalidPrefix::Form)),
            ("https://hub.example/v2/", InvalidUrl::Path(InvalidPrefix::ApiPath)),
        ] {
            assert_eq!(ExternalUrl::parse(text), Err(expected), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_the_same(text in r"https?://[a-z0-9.:\[\]]{0,12}(/[a-z.]{0,4}){0,3}") {
            if let Ok(url) = ExternalUrl::parse(&text) {
                proptest::prop_assert_eq!(ExternalUrl::parse(&url.to_string()), Ok(url));
            }
        }
    }
}
