#![allow(clippy::unwrap_used)]

use axum::http::{HeaderName, HeaderValue};

use super::*;

/// What is known of a request from `peer`: the client, and the URL that it asked for.
fn arrived(peer: &str, headers: &[(&'static str, &'static str)]) -> (String, String) {
    let mut extensions = Extensions::new();
    extensions.insert(TrustedProxies::default());
    extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 40000)));
    let headers: HeaderMap = std::iter::once(&("host", "inner:5000"))
        .chain(headers)
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
    let arrival = Arrival::of(&headers, &extensions);
    let authority = arrival.authority().map(|authority| authority.to_string()).unwrap_or_default();
    let url = format!("{}://{authority}{}", arrival.scheme().as_str(), arrival.prefix());
    (arrival.client().unwrap().to_string(), url)
}

const NGINX: &[(&str, &str)] = &[
    ("x-forwarded-for", "198.51.100.1, 203.0.113.7"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-host", "hub.example"),
];

#[test]
fn a_proxy_nearby_is_believed_and_a_stranger_is_not() {
    let believed = ("203.0.113.7".to_owned(), "https://hub.example".to_owned());
    for peer in ["127.0.0.1", "172.17.0.1", "::1", "::ffff:10.0.0.1", "fd00::2"] {
        assert_eq!(arrived(peer, NGINX), believed, "{peer}");
    }
    assert_eq!(arrived("203.0.113.9", NGINX), ("203.0.113.9".to_owned(), "http://inner:5000".to_owned()));
}

#[test]
fn the_client_is_the_last_whom_no_trusted_proxy_has_named_as_its_own() {
    let client = |headers: &[(&'static str, &'static str)]| arrived("127.0.0.1", headers).0;
    assert_eq!(client(&[("x-forwarded-for", "203.0.113.7, 10.0.0.5")]), "203.0.113.7");
    assert_eq!(client(&[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.7")]), "203.0.113.7");
    assert_eq!(client(&[("x-forwarded-for", "203.0.113.7:4711")]), "203.0.113.7");
    assert_eq!(client(&[("x-forwarded-for", "2001:db8::1")]), "2001:db8::1");
    assert_eq!(client(&[("x-forwarded-for", "unknown")]), "127.0.0.1");
    assert_eq!(client(&[("forwarded", "for=203.0.113.7, for=10.0.0.5")]), "203.0.113.7");
    assert_eq!(client(&[("forwarded", "for=203.0.113.7"), ("forwarded", "for=10.0.0.5")]), "203.0.113.7");
    assert_eq!(client(&[("forwarded", "for=203.0.113.7, =")]), "127.0.0.1");
    assert_eq!(client(&[]), "127.0.0.1");
}

#[test]
fn the_address_is_the_one_that_the_first_proxy_was_asked_for() {
    let url = |headers: &[(&'static str, &'static str)]| arrived("127.0.0.1", headers).1;
    let cases: &[(&[(&'static str, &'static str)], &str)] = &[
        (&[], "http://inner:5000"),
        (&[("x-forwarded-proto", "https, http"), ("x-forwarded-host", "hub.example, inner")], "https://hub.example"),
        (&[("x-forwarded-proto", "https")], "https://inner:5000"),
        (&[("x-forwarded-host", "hub.example"), ("x-forwarded-port", "8080")], "http://hub.example:8080"),
        (&[("x-forwarded-host", "hub.example:81"), ("x-forwarded-port", "8080")], "http://hub.example:81"),
        (
            &[("x-forwarded-host", "hub.example"), ("x-forwarded-port", "443"), ("x-forwarded-proto", "https")],
            "https://hub.example",
        ),
        (&[("x-forwarded-host", "[2001:db8::1]"), ("x-forwarded-port", "8080")], "http://[2001:db8::1]:8080"),
        (&[("x-forwarded-prefix", "/registry/")], "http://inner:5000/registry"),
        (&[("x-forwarded-prefix", "//evil.example")], "http://inner:5000"),
        (&[("forwarded", "for=a;host=\"hub.example:8443\";proto=https, for=b;host=c")], "https://hub.example:8443"),
        (&[("forwarded", "for=10.0.0.9;proto=https")], "https://inner:5000"),
        // Where both say something, the older header counts, as in Distribution: proxies that know only it let the
        // other one through as the client wrote it.
        (
            &[("forwarded", "host=evil.example;proto=http"), ("x-forwarded-host", "a"), ("x-forwarded-proto", "https")],
            "https://a",
        ),
        (&[("x-forwarded-host", "evil/path"), ("x-forwarded-proto", "javascript")], "http://inner:5000"),
    ];
    for (headers, expected) in cases {
        assert_eq!(url(headers), *expected, "{headers:?}");
    }
}

#[test]
fn tls_of_our_own_is_https() {
    let mut extensions = Extensions::new();
    extensions.insert(OverTls);
    assert_eq!(Arrival::of(&HeaderMap::new(), &extensions).scheme(), Scheme::Https);
    assert_eq!(Arrival::of(&HeaderMap::new(), &extensions).client(), None);
}

#[test]
fn a_fixed_address_counts_more_than_any_header() {
    let mut extensions = Extensions::new();
    extensions.insert(ExternalUrl::parse("https://hub.example:8443/registry/").unwrap());
    extensions.insert(TrustedProxies::default());
    extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40000))));
    let headers: HeaderMap =
        [("x-forwarded-host", "other.example"), ("host", "inner"), ("x-forwarded-for", "203.0.113.7")]
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .into_iter()
            .collect();
    let arrival = Arrival::of(&headers, &extensions);
    assert_eq!((arrival.scheme(), arrival.prefix().as_str()), (Scheme::Https, "/registry"));
    assert_eq!(arrival.authority().unwrap().to_string(), "hub.example:8443");
    assert_eq!(arrival.client().unwrap().to_string(), "203.0.113.7", "of the client it says nothing");
}
