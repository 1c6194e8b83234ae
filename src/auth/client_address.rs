//! Who is at the other end: for counting failed attempts, never for letting anyone in.

use std::net::IpAddr;

/// The client's address: the connection's `peer`, or whom a proxy in front names in `X-Forwarded-For`.
///
/// A proxy on this machine or in this network names its client last there. Without that, one guesser would hold up
/// all who come through the same proxy. Who connects from here by himself may write what he likes; an account is
/// slowed down in any case.
pub fn client_address(peer: IpAddr, forwarded: Option<&str>) -> IpAddr {
    let near = match peer.to_canonical() {
        IpAddr::V4(peer) => peer.is_loopback() || peer.is_private(),
        IpAddr::V6(peer) => peer.is_loopback() || peer.is_unique_local(),
    };
    let named = forwarded.and_then(|all| all.rsplit(',').next()?.trim().parse().ok());
    named.filter(|_| near).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_a_proxy_nearby_may_name_its_client() {
        let table = [
            ("127.0.0.1", Some("203.0.113.7"), "203.0.113.7"),
            ("172.17.0.1", Some("198.51.100.1, 203.0.113.7"), "203.0.113.7"),
            ("::ffff:10.0.0.1", Some("2001:db8::1"), "2001:db8::1"),
            ("127.0.0.1", Some("unknown"), "127.0.0.1"),
            ("127.0.0.1", None, "127.0.0.1"),
            ("203.0.113.9", Some("203.0.113.7"), "203.0.113.9"),
        ];
        for (peer, forwarded, expected) in table {
            let client = client_address(peer.parse().unwrap(), forwarded);
            assert_eq!(client, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
        }
    }
}
