//! `Link`: whoever follows it asks for what comes next.
#![no_main]

use humpback::wire::{link, query};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u32, &str)| {
    let (n, text) = input;
    // As a header from elsewhere.
    if let Some(target) = link::target(text) {
        assert!(!target.contains('>') && text[1..].starts_with(target));
    }
    // As the last entry of a page of ours.
    for path in ["/v2/_catalog", "/v2/a/referrers/x?artifactType=y"] {
        let header = link::next(path, text, n);
        assert!(header.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        let (_, asked) = link::target(&header).and_then(|target| target.split_once('?')).expect("a query");
        assert_eq!(query::first(asked, "last").expect("last"), text);
        assert_eq!(query::first(asked, "n").expect("n"), n.to_string());
    }
});
