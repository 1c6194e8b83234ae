//! The host and port of a URL, as `Host` and its forwarded kin carry them (RFC 9110, section 7.2; RFC 3986, 3.2.2).
//!
//! Wider than [`crate::config::RegistryAddress`], which a person types and which must do for an image's name: here
//! underscores are taken too, because names in container networks have them.

use std::{fmt, net::Ipv6Addr};

use super::number;

/// The longest name (RFC 1035, section 2.3.4).
const HOST_MAX: usize = 255;

/// `host`, `host:port` or `[ipv6]:port`; never user names, paths or anything else that could change a URL's meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    host: Box<str>,
    port: Option<u16>,
}

impl Authority {
    /// Reads an authority without user information; `None` if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (address, port) = rest.split_once(']')?;
                address.parse::<Ipv6Addr>().ok()?;
                (&text[..address.len() + 2], port)
            }
            None => {
                let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
                if name.is_empty() || name.len() > HOST_MAX || !name.bytes().all(plain) {
                    return None;
                }
                (name, port)
            }
        };
        let port = match port.strip_prefix(':') {
            Some(port) => Some(number(port).filter(|&port| port != 0)?),
            None if port.is_empty() => None,
            None => return None,
        };
        Some(Self { host: host.into(), port })
    }

    /// The host, an IPv6 address with its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, if one is written.
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// The same with `port`, unless one is written already.
    #[must_use]
    pub fn or_port(self, port: Option<u16>) -> Self {
        Self { port: self.port.or(port), ..self }
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_with_and_without_a_port() {
        for (text, host, port) in [
            ("localhost:5000", "localhost", Some(5000)),
            ("[::1]:5000", "[::1]", Some(5000)),
            ("[2001:db8::1]", "[2001:db8::1]", None),
            ("registry.example", "registry.example", None),
            ("my_registry:80", "my_registry", Some(80)),
            ("10.0.0.1", "10.0.0.1", None),
        ] {
            let authority = Authority::parse(text).expect(text);
            assert_eq!((authority.host(), authority.port(), authority.to_string().as_str()), (host, port, text));
        }
    }

    #[test]
    fn nothing_else_gets_into_a_url() {
        let long = "a".repeat(256);
        for bad in [
            "",
            ":80",
            "a:",
            "a:0",
            "a:65536",
            "a:+1",
            "a:b",
            "a/b",
            "a b",
            "user@host",
            "a?b",
            "a\"b",
            "a\r\nb",
            "[::1",
            "[20/a/b",
            "[::1]x",
            "[::g]",
            "[]",
            "::1",
            "a:1:2",
            "ä",
            "[fe80::1%eth0]",
            &long,
        ] {
            assert_eq!(Authority::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_port_is_added_where_there_is_none() {
        let with = |text: &str| Authority::parse(text).expect(text).or_port(Some(8443)).to_string();
        assert_eq!(
            (with("a").as_str(), with("a:5000").as_str(), with("[::1]").as_str()),
            ("a:8443", "a:5000", "[::1]:8443")
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_the_same(text in r"(\[[0-9a-f:]{0,12}\]|[a-zA-Z0-9._-]{0,12})(:[0-9]{0,6})?") {
            if let Some(authority) = Authority::parse(&text) {
                proptest::prop_assert_eq!(Authority::parse(&authority.to_string()), Some(authority));
            }
        }
    }
}
