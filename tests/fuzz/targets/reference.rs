//! Tags, and the reference that is a tag or a digest.
#![no_main]

use humpback::oci::{Reference, Tag};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    assert_eq!(Tag::parse(text).is_ok(), fuzz::is_tag(text), "{text:?}");
    let parsed = Reference::parse(text);
    assert_eq!(parsed.is_ok(), fuzz::is_tag(text) || fuzz::is_digest(text), "{text:?}");
    if let Ok(reference) = parsed {
        assert_eq!(reference.to_string(), text);
        assert_eq!(Reference::parse(reference.as_str()), Ok(reference));
        fuzz::assert_stays_below(text);
    }
});
