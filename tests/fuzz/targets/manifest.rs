//! Manifests and indexes, with and without a Content-Type.
#![no_main]

use humpback::oci::{Manifest, manifest::Content, media_type};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const TYPES: [Option<&str>; 6] = [
    None,
    Some(media_type::OCI_MANIFEST),
    Some(media_type::OCI_INDEX),
    Some(media_type::DOCKER_MANIFEST),
    Some(media_type::DOCKER_MANIFEST_LIST),
    Some(media_type::DOCKER_SCHEMA1_SIGNED),
];

fuzz_target!(|content: &[u8]| {
    if let Ok(header) = std::str::from_utf8(content) {
        let essence = media_type::essence(header);
        assert_eq!(media_type::essence(essence), essence);
    }
    for header in TYPES {
        let Ok(manifest) = Manifest::parse(header, content) else { continue };
        assert!(media_type::ManifestKind::of(&manifest.media_type).is_some());
        assert!(header.is_none_or(|header| header == manifest.media_type));
        // Half of a surrogate pair is JSON by its grammar, and no text: what is not read may hold it.
        let Ok(document) = serde_json::from_slice::<Value>(content) else { continue };
        let is_old = matches!(manifest.content, Content::Schema1(_));
        assert_eq!(document["schemaVersion"], if is_old { 1 } else { 2 });
        assert_eq!(Manifest::is_schema1(header, content).ok(), Some(is_old));
        // No two readers may see two things in it.
        assert!(is_old || document["mediaType"].is_null() || document["mediaType"] == *manifest.media_type);
        let named = match &manifest.content {
            Content::Image { layers, .. } => {
                assert!(document["manifests"].is_null());
                assert_eq!(document["layers"].as_array().map(Vec::len), Some(layers.len()));
                layers.len() + 1
            }
            Content::Schema1(image) => {
                assert_eq!(document["fsLayers"].as_array().map(Vec::len), Some(image.layers.len()));
                image.layers.len()
            }
            Content::Index(manifests) => {
                assert!(document["config"].is_null() && document["layers"].is_null());
                assert_eq!(document["manifests"].as_array().map(Vec::len), Some(manifests.len()));
                manifests.len()
            }
        };
        assert_eq!(manifest.descriptors().count(), named + usize::from(manifest.subject.is_some()));
        assert!(manifest.descriptors().all(|descriptor| fuzz::is_digest(descriptor.digest.as_str())));
        assert!(manifest.required_blobs().all(|required| manifest.blobs().any(|blob| blob == required)));
    }
});
