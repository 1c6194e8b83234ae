//! Digests, and the tag under which a digest's referrers are listed.
#![no_main]

use humpback::oci::{Digest, Tag};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = Digest::parse(text);
    assert_eq!(parsed.is_ok(), fuzz::is_digest(text), "{text:?}");
    let Ok(digest) = parsed else { return };
    assert_eq!(format!("{}:{}", digest.algorithm().as_str(), digest.hex()), text);
    assert!(digest.hex().starts_with(digest.short()));
    fuzz::assert_stays_below(digest.hex());
    let bytes: Vec<u8> = (0..digest.hex().len() / 2)
        .map(|at| u8::from_str_radix(&digest.hex()[2 * at..2 * at + 2], 16).expect("hex"))
        .collect();
    assert_eq!(Digest::from_hash(digest.algorithm(), &bytes), digest);
    assert!(fuzz::is_tag(Tag::of_referrers(&digest).as_str()));
});
