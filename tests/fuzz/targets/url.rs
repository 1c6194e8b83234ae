//! Hosts, prefixes and the external URL: what gets into a `Location`.
#![no_main]

use humpback::wire::{Authority, ExternalUrl, PathPrefix};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(authority) = Authority::parse(text) {
        let written = authority.to_string();
        assert_eq!(Authority::parse(&written), Some(authority));
        assert!(written.bytes().all(|byte| byte.is_ascii_graphic() && !b"/?#@\\\"<>".contains(&byte)), "{written}");
    }
    if let Ok(prefix) = PathPrefix::parse(text) {
        assert_eq!(PathPrefix::parse(&format!("{prefix}/")), Ok(prefix.clone()));
        assert!(prefix.is_root() || prefix.as_str().starts_with('/'));
        if let Some(below) = prefix.as_str().strip_prefix('/') {
            fuzz::assert_stays_below(below);
            assert!(!below.starts_with('/') && !below.ends_with('/'));
        }
    }
    if let Ok(url) = ExternalUrl::parse(text) {
        assert_eq!(ExternalUrl::parse(&url.to_string()).as_ref(), Ok(&url));
        assert_eq!(ExternalUrl::parse(&format!("{url}/")), Ok(url));
    }
});
