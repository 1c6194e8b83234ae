//! Repository names.
#![no_main]

use humpback::oci::RepositoryName;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = RepositoryName::parse(text);
    assert_eq!(parsed.is_ok(), fuzz::is_repository_name(text), "{text:?}");
    if let Ok(name) = parsed {
        assert_eq!(name.to_string(), text);
        fuzz::assert_stays_below(text);
    }
});
