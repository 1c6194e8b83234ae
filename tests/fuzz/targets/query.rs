//! The query of a URL.
#![no_main]

use humpback::wire::query::{all, first, pairs};
use libfuzzer_sys::fuzz_target;

/// Every byte encoded.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fuzz_target!(|query: &str| {
    let read: Vec<_> = pairs(query).collect();
    let length: usize = read.iter().map(|(name, value)| name.len() + value.len()).sum();
    // Each byte that is no UTF-8 becomes a mark of three.
    assert!(length <= 3 * query.len());
    let again = read.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    let again = again.collect::<Vec<_>>().join("&");
    assert_eq!(pairs(&again).collect::<Vec<_>>(), read);
    if let Some((name, value)) = read.first() {
        assert_eq!(first(query, name).as_ref(), Some(value));
        assert_eq!(all(query, name).count(), read.iter().filter(|(other, _)| other == name).count());
    }
});
