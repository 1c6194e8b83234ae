#![allow(clippy::unwrap_used)]
use super::*;

/// What is typed, what is kept, and what stands before an image's name.
#[test]
fn good_addresses() {
    let table = [
        ("192.168.1.10:5000", "192.168.1.10:5000", "192.168.1.10:5000"),
        ("http://192.168.1.10:5000", "http://192.168.1.10:5000", "192.168.1.10:5000"),
        ("  HTTPS://Registry.Example.COM/  ", "https://registry.example.com", "registry.example.com"),
        ("registry.example.com", "registry.example.com", "registry.example.com"),
        ("registry:5000", "registry:5000", "registry:5000"),
        ("http://registry", "http://registry", "registry:80"),
        ("https://registry", "https://registry", "registry:443"),
        ("localhost", "localhost", "localhost"),
        ("[::1]:5000", "[::1]:5000", "[::1]:5000"),
        ("http://[2001:DB8:0::10]", "http://[2001:db8::10]", "[2001:db8::10]"),
        ("xn--fiqs8s.example:443", "xn--fiqs8s.example:443", "xn--fiqs8s.example:443"),
        ("3com.example", "3com.example", "3com.example"),
    ];
    for (typed, kept, authority) in table {
        let address = RegistryAddress::parse(typed).unwrap_or_else(|error| panic!("{typed}: {error}"));
        assert_eq!((address.to_string().as_str(), address.authority().as_str()), (kept, authority), "{typed}");
    }
}

#[test]
fn bad_addresses_say_what_to_mend() {
    use InvalidAddress::*;
    let long_label = format!("{}.example", "a".repeat(64));
    let long_host = format!("{}example", "abcdefg.".repeat(32));
    let table = [
        ("", HostMissing),
        ("   ", HostMissing),
        ("https://", HostMissing),
        (":5000", HostMissing),
        ("ftp://registry.example.com", Scheme { found: "ftp".into() }),
        ("http://registry.example.com/v2/", Path),
        ("registry.example.com:5000//", Path),
        ("registry.example.com?x", Path),
        ("http://admin:secret@registry.example.com", Credentials),
        ("registry.example.com：5000", Character { character: '：' }),
        ("my_registry:5000", Character { character: '_' }),
        ("two words:5000", Character { character: ' ' }),
        ("registry.example.com:", Port),
        ("registry.example.com:0", Port),
        ("registry.example.com:65536", Port),
        ("registry.example.com:8o", Port),
        ("registry.example.com:50:00", Port),
        ("[::1]5000", Port),
        ("-registry.example.com", HostName),
        ("registry..example.com", HostName),
        ("registry.example.com.:5000", HostName),
        (&long_label, HostName),
        (&long_host, HostName),
        ("192.168.1.300:5000", Ipv4),
        ("192.168.1:5000", Ipv4),
        ("[registry]:5000", Ipv6),
        ("[::1", Ipv6),
        ("2001:db8::10", Ipv6NeedsBrackets { found: "2001:db8::10".into() }),
        ("0.0.0.0:5000", Unspecified),
        ("[::]:5000", Unspecified),
        ("registry", ShortNameNeedsPort { host: "registry".into() }),
    ];
    for (typed, problem) in table {
        assert_eq!(RegistryAddress::parse(typed), Err(problem), "{typed}");
    }
}

#[test]
fn an_origin_falls_back_to_the_given_scheme() {
    let address = RegistryAddress::parse("10.0.0.1:5000").unwrap();
    assert_eq!(address.origin(Scheme::Http), "http://10.0.0.1:5000");
    let address = RegistryAddress::parse("https://registry").unwrap();
    assert_eq!(address.origin(Scheme::Http), "https://registry:443");
}

#[test]
fn loopback_is_known() {
    for (text, loopback) in [("localhost:5000", true), ("127.1.2.3", true), ("[::1]:80", true), ("10.0.0.1", false)] {
        assert_eq!(RegistryAddress::parse(text).unwrap().is_loopback(), loopback, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn what_is_written_is_read_back_the_same(text in "(https?://)?[a-z0-9.:\\[\\]-]{1,30}") {
        if let Ok(address) = RegistryAddress::parse(&text) {
            proptest::prop_assert_eq!(RegistryAddress::parse(&address.to_string()), Ok(address));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,300}") {
        let _ = RegistryAddress::parse(&text);
    }
}
