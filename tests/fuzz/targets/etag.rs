//! `If-None-Match`.
#![no_main]

use humpback::wire::etag::matches;
use libfuzzer_sys::fuzz_target;

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fuzz_target!(|header: &str| {
    if matches(header, DIGEST) {
        assert!(header.contains(DIGEST) || header.contains('*'), "{header:?}");
    }
    assert!(matches(&format!("{header},\"{DIGEST}\""), DIGEST));
});
