//! Scheme, host and port of a URL, compared as browsers compare them.

use std::fmt;

use crate::{config::Scheme, wire::Authority};

/// Where a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOrigin {
    scheme: Scheme,
    host: String,
    port: u16,
}

impl PageOrigin {
    /// Reads a URL, with or without what follows the authority; `None` for anything else.
    pub fn of_url(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let authority = rest.split(['/', '?', '#']).next()?;
        // Only what could stand in a URL at all.
        Authority::parse(authority)?;
        let colon = authority.rfind(':').filter(|at| authority[*at..].find(']').is_none());
        let (host, port) = authority.split_at(colon.unwrap_or(authority.len()));
        let port = port.strip_prefix(':').filter(|port| !port.is_empty());
        let port = port.map_or(Some(scheme.default_port()), |port| port.parse().ok())?;
        Some(Self { scheme, host: host.to_ascii_lowercase(), port })
    }

    /// How it is reached.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host in lower case.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the scheme's own included.
    pub const fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for PageOrigin {
    /// As browsers write it: without the scheme's own port.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.host)?;
        if self.port == self.scheme.default_port() { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn origins_are_read_as_browsers_write_them() {
        for (url, scheme, host, port) in [
            ("http://a.example", Scheme::Http, "a.example", 80),
            ("https://A.example/setup?x=1", Scheme::Https, "a.example", 443),
            ("http://a.example:5000/", Scheme::Http, "a.example", 5000),
            ("http://[::1]:5000", Scheme::Http, "[::1]", 5000),
            ("http://[::1]", Scheme::Http, "[::1]", 80),
        ] {
            let origin = PageOrigin::of_url(url).unwrap();
            assert_eq!((origin.scheme(), origin.host(), origin.port()), (scheme, host, port), "{url}");
        }
        for url in ["", "/v2/", "null", "ftp://a", "http://", "http://u@a", "http://a:x"] {
            assert_eq!(PageOrigin::of_url(url), None, "{url}");
        }
    }
}
