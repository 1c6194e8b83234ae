//! The registry as a client machine sees it.

use crate::config::{RegistryAddress, Scheme};

use super::Trust;

/// An address with everything that snippets need of it. Holds only text that a [`RegistryAddress`] has let through:
/// letters, digits, dots, hyphens, colons and brackets, none of which leaves a quoted shell word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    scheme: Scheme,
    prefix: String,
    host: String,
    port: Option<u16>,
    port_added: bool,
    loopback: bool,
}

impl Place {
    /// Reads an address that is reached so.
    pub fn of(address: &RegistryAddress, trust: Trust) -> Self {
        let scheme = if trust.is_encrypted() { Scheme::Https } else { Scheme::Http };
        let mut prefix = address.authority();
        // The daemon compares `[2001:db8::1]` with no entry (moby daemon/pkg/registry/config.go takes such an entry
        // without brackets only), so an IPv6 address always carries its port.
        if is_ipv6(&prefix) && prefix.ends_with(']') {
            prefix = format!("{prefix}:{}", scheme.default_port());
        }
        let host = address.host();
        let port = prefix[host.len()..].strip_prefix(':').and_then(|port| port.parse().ok());
        Self {
            scheme,
            port_added: port.is_some() && address.port().is_none(),
            loopback: address.is_loopback(),
            prefix,
            host,
            port,
        }
    }

    /// What stands before the first slash of an image name, and so in the daemon's list: `host` or `host:port`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The port of the [`prefix`](Self::prefix), if it has one.
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether the prefix has a port that was not typed, because Docker would not understand it without.
    pub const fn port_added(&self) -> bool {
        self.port_added
    }

    /// The registry's URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme.as_str(), self.prefix)
    }

    /// The host without its port; an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// `host:port` for what connects and not merely names: the scheme's own port where the prefix has none.
    pub fn endpoint(&self) -> String {
        format!("{}:{}", self.host, self.port.unwrap_or_else(|| self.scheme.default_port()))
    }

    /// Whether the client's own machine is meant.
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether the client's own machine is meant in a way that every Docker accepts without configuration.
    pub fn is_loopback_v4(&self) -> bool {
        self.loopback && !self.is_ipv6()
    }

    /// Whether the host is an IPv6 address.
    pub fn is_ipv6(&self) -> bool {
        is_ipv6(&self.host)
    }
}

fn is_ipv6(host: &str) -> bool {
    host.starts_with('[')
}
