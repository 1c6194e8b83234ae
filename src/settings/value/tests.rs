#![allow(clippy::unwrap_used)]

use std::time::Duration;

use super::*;
use crate::settings::{Origin, yaml};

fn node(text: &str) -> Node {
    yaml::parse(text, &yaml::Place::At(Origin::Default)).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn booleans_are_those_of_yaml_1_1() {
    for text in ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] {
        assert_eq!(boolean(&node(text)), Ok(true), "{text}");
    }
    for text in ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] {
        assert_eq!(boolean(&node(text)), Ok(false), "{text}");
    }
    for text in ["maybe", "1", "tRUE", "[true]", "{a: true}", "truee"] {
        assert_eq!(boolean(&node(text)).unwrap_err().mend, "Write true or false.", "{text}");
    }
    assert_eq!(boolean(&node("\"yes\"")).unwrap_err().mend, "Write true without quotes.");
}

#[test]
fn numbers_are_those_of_yaml_1_1() {
    for (text, expected) in [
        ("0", 0),
        ("1000", 1000),
        ("-1", -1),
        ("+7", 7),
        ("1_000", 1000),
        ("0x10", 16),
        ("010", 8),
        ("0o10", 8),
        ("0b11", 3),
    ] {
        assert_eq!(integer(&node(text)), Ok(expected), "{text}");
    }
    for text in ["ten", "1.5", "\"5\"", "[5]", "0xg", "--5", "0x-5", "99999999999999999999"] {
        assert!(integer(&node(text)).is_err(), "{text}");
    }
}

#[test]
fn durations_are_those_of_go() {
    let ms = Duration::from_millis;
    for (text, expected) in [
        ("0", ms(0)),
        ("0s", ms(0)),
        ("30s", ms(30_000)),
        ("168h", ms(168 * 3_600_000)),
        ("1h30m", ms(5_400_000)),
        ("1.5s", ms(1_500)),
        (".5s", ms(500)),
        ("1.s", ms(1_000)),
        ("+5m", ms(300_000)),
        ("500ms", ms(500)),
        ("2us", Duration::from_nanos(2_000)),
        ("2µs", Duration::from_nanos(2_000)),
        ("3ns", Duration::from_nanos(3)),
        ("\"24h\"", ms(86_400_000)),
    ] {
        assert_eq!(duration(&node(text)), Ok(expected), "{text}");
    }
    for text in ["soon", "-5s", "5", "5 s", "5d", "s", ".s", "1h2", "99999999h", "[5s]", "\"\""] {
        assert!(duration(&node(text)).is_err(), "{text}");
    }
    assert_eq!(duration(&node("60")).unwrap_err().mend, "Write a unit with it, such as 60s, 60m or 60h.");
}

#[test]
fn addresses_are_those_of_go() {
    let tcp_of = |host: &str, port| Listen::Tcp { host: host.to_owned(), port };
    for (text, expected) in [
        (":5000", tcp_of("", 5000)),
        ("127.0.0.1:0", tcp_of("127.0.0.1", 0)),
        ("localhost:5000", tcp_of("localhost", 5000)),
        ("\"[::1]:5000\"", tcp_of("::1", 5000)),
        (":https", tcp_of("", 443)),
    ] {
        assert_eq!(tcp(&node(text)), Ok(expected.clone()), "{text}");
        if let Listen::Tcp { port: 5000, .. } = expected {
            assert_eq!(expected.to_string(), text.trim_matches('"'));
        }
    }
    for text in ["5000", "localhost", "::1:5000", "\"[::1]\"", "host:port", "a b:5000", ":70000", "[1]"] {
        assert!(tcp(&node(text)).is_err(), "{text}");
    }
}

#[test]
fn urls_and_prefixes_are_checked() {
    assert_eq!(
        external_url(&node("https://registry.example.com/")).unwrap().to_string(),
        "https://registry.example.com"
    );
    for text in ["registry.example.com", "ftp://a", "https://", "https://a/?b", "https://u@a", "/v2/", "[https://a]"] {
        assert!(external_url(&node(text)).is_err(), "{text}");
    }
    assert_eq!(prefix(&node("/a/b/")).unwrap().as_str(), "/a/b");
    assert_eq!(prefix(&node("a")).unwrap_err().mend.chars().next(), Some('A'));
    assert_eq!(url(&node("https://me:secret@a/b?c")).unwrap().as_str(), "https://me:secret@a/b?c");
    for text in ["a", "/a", "ftp://a", "https://", "{}"] {
        assert!(url(&node(text)).is_err(), "{text}");
    }
}

#[test]
fn headers_need_lists_and_are_sensitive() {
    let read = headers(&node("{X-Content-Type-Options: [nosniff], Authorization: [Bearer secret, two]}")).unwrap();
    assert_eq!(read["x-content-type-options"], "nosniff");
    assert_eq!(read.get_all("authorization").iter().count(), 2);
    assert!(!format!("{read:?}").contains("secret"), "{read:?}");
    for text in ["X: y", "{X: y}", "{\"a b\": [c]}", "{X: [\"a\\nb\"]}", "[X]"] {
        assert!(headers(&node(text)).is_err(), "{text}");
    }
}

#[test]
fn proxies_are_addresses_networks_and_words() {
    let some = proxies(&node("[10.0.0.0/8, 192.0.2.1, loopback]")).unwrap();
    assert!(some.contains("192.0.2.1".parse().unwrap()) && !some.contains("192.0.2.2".parse().unwrap()));
    assert_eq!(proxies(&node("private")), Ok(TrustedProxies::default()));
    assert!(proxies(&node("[proxy.example.com]")).is_err());
}
