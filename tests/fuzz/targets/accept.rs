//! `Accept`, a header a line, for every kind of manifest.
#![no_main]

use humpback::{
    oci::media_type::{
        DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, DOCKER_SCHEMA1_SIGNED, ManifestKind, OCI_INDEX, OCI_MANIFEST,
    },
    wire::accept::{Form, form},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|headers: &str| {
    let says = |text: &str| headers.to_ascii_lowercase().contains(text);
    for stored in [DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, OCI_MANIFEST, OCI_INDEX] {
        match form(headers.lines(), stored) {
            Form::Stored => assert!(headers.lines().next().is_some()),
            Form::Schema1 => assert!(headers.lines().next().is_none() || says("manifest.v1+")),
            Form::Default { types, or_schema1 } => {
                assert_eq!(ManifestKind::of(stored), Some(ManifestKind::Index));
                assert!(!types.is_empty() && types.iter().all(|kind| says(kind)));
                assert!(!or_schema1 || says("distribution.manifest.v1+"));
            }
        }
        for more in ["*/*", stored] {
            assert_eq!(form(headers.lines().chain([more]), stored), Form::Stored, "{headers:?}");
        }
        assert_eq!(form(std::iter::empty(), stored), Form::Schema1);
    }
    assert_eq!(form(headers.lines(), DOCKER_SCHEMA1_SIGNED), Form::Schema1);
});
