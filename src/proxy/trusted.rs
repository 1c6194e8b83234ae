//! Whose word about a client counts.

use std::{net::IpAddr, str::FromStr, sync::Arc};

use ipnet::IpNet;

/// The networks in which proxies are believed. Cheap to clone.
///
/// By default this machine and the private ranges: a proxy in front of a registry stands on the same host or in the
/// same container network, and nothing has to be configured for it. Who connects from there by himself may write what
/// he likes; it changes only the addresses that he is answered with and counted under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[IpNet]>);

/// A text that names no proxies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no network: give an address, a network such as 10.0.0.0/8, or one of private, loopback, all, none")]
pub struct InvalidProxy(pub String);

/// This machine.
const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];
/// What is not routed on the internet (RFC 1918, RFC 4193).
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];
const ALL: [&str; 2] = ["0.0.0.0/0", "::/0"];

impl TrustedProxies {
    /// Nobody.
    pub fn none() -> Self {
        Self(Arc::default())
    }

    /// Reads entries: addresses, networks, and the words `private` (this machine too), `loopback`, `all` and `none`.
    ///
    /// # Errors
    /// [`InvalidProxy`] with the first entry that is none of these.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidProxy> {
        let mut networks = Vec::new();
        for entry in entries {
            let entry = entry.trim();
            let words: &[&[&str]] = match entry {
                "none" => &[],
                "loopback" => &[&LOOPBACK],
                "private" => &[&LOOPBACK, &PRIVATE],
                "all" => &[&ALL],
                _ => {
                    networks.push(network(entry).ok_or_else(|| InvalidProxy(entry.to_owned()))?);
                    continue;
                }
            };
            networks.extend(words.concat().into_iter().filter_map(network));
        }
        Ok(Self(networks.into()))
    }

    /// Whether `address` is believed.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl Default for TrustedProxies {
    fn default() -> Self {
        Self(LOOPBACK.into_iter().chain(PRIVATE).filter_map(network).collect())
    }
}

impl FromStr for TrustedProxies {
    type Err = InvalidProxy;

    /// Entries with commas between them.
    fn from_str(text: &str) -> Result<Self, InvalidProxy> {
        Self::parse(text.split(','))
    }
}

/// A network, or an address as the network of it alone.
fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(|address| IpNet::from(address.to_canonical())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn trusts(proxies: &TrustedProxies, addresses: &[&str]) -> Vec<bool> {
        addresses.iter().map(|address| proxies.contains(address.parse().unwrap())).collect()
    }

    #[test]
    fn nearby_is_trusted_by_default() {
        let near = ["127.0.0.1", "::1", "10.1.2.3", "172.17.0.1", "192.168.1.1", "fd00::1", "::ffff:10.0.0.1"];
        let far = ["203.0.113.7", "172.32.0.1", "2001:db8::1", "::ffff:203.0.113.7", "0.0.0.0", "::"];
        let default = TrustedProxies::default();
        assert_eq!(trusts(&default, &near), [true; 7]);
        assert_eq!(trusts(&default, &far), [false; 6]);
        assert_eq!(trusts(&"private".parse().unwrap(), &near), [true; 7]);
    }

    #[test]
    fn entries_are_words_addresses_and_networks() {
        let some: TrustedProxies = "203.0.113.0/24, 2001:db8::5,loopback".parse().unwrap();
        assert_eq!(trusts(&some, &["203.0.113.9", "2001:db8::5", "127.0.0.1"]), [true; 3]);
        assert_eq!(trusts(&some, &["203.0.114.1", "2001:db8::6", "10.0.0.1"]), [false; 3]);
        assert_eq!(trusts(&"all".parse().unwrap(), &["8.8.8.8", "2001:db8::1"]), [true; 2]);
        assert_eq!("none".parse(), Ok(TrustedProxies::none()));
        assert_eq!(trusts(&TrustedProxies::none(), &["127.0.0.1"]), [false]);
        for bad in ["", "10.0.0.0/33", "proxy.example", "10.0.0.1, x"] {
            assert!(bad.parse::<TrustedProxies>().is_err(), "{bad}");
        }
    }
}
