#![allow(clippy::unwrap_used)]

use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn the_examples_of_rfc_7239() {
    let hops = |header: &str| parse(header).unwrap();
    // Section 4.
    assert_eq!(hops(r#"for="_gazonk""#), [Hop { client: None, ..Hop::default() }]);
    assert_eq!(hops(r#"For="[2001:db8:cafe::17]:4711""#)[0].client, Some(ip("2001:db8:cafe::17")));
    let hop = &hops("for=192.0.2.60;proto=http;by=203.0.113.43")[0];
    assert_eq!((hop.client, hop.scheme), (Some(ip("192.0.2.60")), Some(Scheme::Http)));
    let two: Vec<_> = hops("for=192.0.2.43, for=198.51.100.17").into_iter().map(|hop| hop.client).collect();
    assert_eq!(two, [Some(ip("192.0.2.43")), Some(ip("198.51.100.17"))]);
    // Section 7.1 and 7.4.
    assert_eq!(hops(r#"for=192.0.2.43,for="[2001:db8:cafe::17]",for=unknown"#)[2].client, None);
    let hop = &hops(r#"for=_hidden, for=_SEVKISEK;proto=https;host="hub.example:8443""#)[1];
    assert_eq!((hop.host.clone(), hop.scheme), (Authority::parse("hub.example:8443"), Some(Scheme::Https)));
}

#[test]
fn blanks_empty_entries_and_what_is_not_quoted_are_forgiven() {
    let hops = parse("  for=[::1]:80 ; host=a:5000;PROTO=HTTPS ,, ext=\"a,b;c\\\"d\"; ").unwrap();
    let first = Hop { client: Some(ip("::1")), host: Authority::parse("a:5000"), scheme: Some(Scheme::Https) };
    assert_eq!(hops, [first, Hop::default()]);
    assert_eq!(parse(""), Some(Vec::new()));
    assert_eq!(parse(" , "), Some(Vec::new()));
}

#[test]
fn what_is_malformed_tells_nothing() {
    for bad in [
        "for",
        "for=1.2.3.4 host=a",
        "for=\"1.2.3.4",
        "for=\"a\\",
        "=x",
        "for=1.2.3.4;for=5.6.7.8",
        "for=a\"b\"",
        "\"x\"=y",
        &"for=1.2.3.4,".repeat(65),
    ] {
        assert_eq!(parse(bad), None, "{bad}");
    }
}

#[test]
fn no_host_of_a_proxy_gets_into_a_url_unread() {
    for bad in [r#"host="evil.example/path""#, r#"host="a b""#, r#"host="u@a""#, "host=", r#"host="""#] {
        assert_eq!(parse(bad).unwrap()[0].host, None, "{bad}");
    }
    assert_eq!(parse("proto=javascript").unwrap()[0].scheme, None);
}

#[test]
fn addresses_with_and_without_ports_and_brackets() {
    for (node, expected) in [
        ("192.0.2.1", Some("192.0.2.1")),
        (" 192.0.2.1:443 ", Some("192.0.2.1")),
        ("2001:db8::1", Some("2001:db8::1")),
        ("[2001:db8::1]", Some("2001:db8::1")),
        ("[2001:db8::1]:_x", Some("2001:db8::1")),
        ("unknown", None),
        ("_hidden", None),
        ("", None),
        ("192.0.2.1:", None),
        ("192.0.2.1:99999", None),
        ("[2001:db8::1]443", None),
        ("[192.0.2.1]", None),
        ("192.0.2.256", None),
    ] {
        assert_eq!(address(node), expected.map(ip), "{node}");
    }
}

#[test]
fn only_what_trusted_proxies_have_added_counts() {
    let of = |peer: &str, forwarded_for: &str| {
        let hops = forwarded_for.rsplit(',').map(address);
        client(ip(peer), hops, |at| at.is_loopback() || ip("10.0.0.1") == at || ip("10.0.0.2") == at).to_string()
    };
    for (peer, forwarded_for, expected) in [
        ("203.0.113.9", "192.0.2.1", "203.0.113.9"),
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        // The client has begun the list himself.
        ("10.0.0.1", "127.0.0.1, 192.0.2.1", "192.0.2.1"),
        // Two proxies of ours.
        ("10.0.0.1", "198.51.100.7, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        // All that is known is ours: whoever is farthest away.
        ("10.0.0.1", "127.0.0.1, 10.0.0.2", "127.0.0.1"),
        ("10.0.0.1", "192.0.2.1, unknown, 10.0.0.2", "10.0.0.2"),
        ("::ffff:10.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"),
    ] {
        assert_eq!(of(peer, forwarded_for), expected, "{peer} {forwarded_for}");
    }
}

proptest::proptest! {
    #[test]
    fn never_panics(header in r#"[a-z0-9=;,:"\\\[\] ]{0,60}"#) {
        let _ = parse(&header);
        let _ = address(&header);
    }

    #[test]
    fn well_formed_headers_are_read(hosts in proptest::collection::vec("[a-z]{1,8}(:[1-9][0-9]{0,3})?", 1..5)) {
        let header = hosts.iter().map(|host| format!("host=\"{host}\";proto=https")).collect::<Vec<_>>().join(", ");
        let read: Vec<_> = parse(&header).unwrap().into_iter().map(|hop| hop.host.unwrap().to_string()).collect();
        proptest::prop_assert_eq!(read, hosts);
    }

    #[test]
    fn an_untrusted_peer_is_the_client(hops in proptest::collection::vec(proptest::option::of(proptest::prelude::any::<u32>()), 0..6)) {
        let hops = hops.into_iter().map(|hop| hop.map(|bits| IpAddr::from(bits.to_be_bytes())));
        let peer = ip("203.0.113.9");
        proptest::prop_assert_eq!(client(peer, hops, |_| false), peer);
    }
}
