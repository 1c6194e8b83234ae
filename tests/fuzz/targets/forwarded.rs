//! `Forwarded` and `X-Forwarded-For`, and whom they make the client.
#![no_main]

use std::net::IpAddr;

use humpback::wire::{Authority, forwarded};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (trusted, header) = input;
    let hops = forwarded::parse(header).unwrap_or_default();
    assert!(hops.len() <= 64);
    for host in hops.iter().filter_map(|hop| hop.host.as_ref()) {
        assert_eq!(Authority::parse(&host.to_string()).as_ref(), Some(host));
    }
    let peer = IpAddr::from([127, 0, 0, 1]);
    // An arbitrary but fixed opinion about each address.
    let is_trusted = |address: IpAddr| match address {
        IpAddr::V4(address) => address.octets()[3] & trusted == trusted,
        IpAddr::V6(address) => address.octets()[15] & trusted == trusted,
    };
    let older: Vec<_> = header.rsplit(',').map(forwarded::address).collect();
    let newer: Vec<_> = hops.iter().rev().map(|hop| hop.client).collect();
    for list in [older, newer] {
        let client = forwarded::client(peer, list.iter().copied(), is_trusted);
        // It is the peer or somebody in the list, and everybody behind him is trusted.
        let known = list.iter().map(|hop| hop.map(|address| address.to_canonical()));
        let chain: Vec<_> = std::iter::once(Some(peer)).chain(known).collect();
        let at = (0..chain.len())
            .find(|&at| chain[at] == Some(client) && chain[..at].iter().all(|hop| hop.is_some_and(is_trusted)));
        assert!(at.is_some(), "{client} in {header:?}");
        assert_eq!(forwarded::client(peer, list.iter().copied(), |_| false), peer);
    }
});
