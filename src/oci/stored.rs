//! What a manifest is that comes without a media type: one that lies in Distribution's store, which keeps nothing
//! beside the bytes.

use serde::Deserialize;

use super::media_type::{DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, DOCKER_SCHEMA1_SIGNED, OCI_INDEX, OCI_MANIFEST};

/// The media type under which Distribution serves a stored manifest (distribution 2.8, registry/storage/
/// manifeststore.go, `Get`); `None` if it serves none like it.
pub fn media_type(content: &[u8]) -> Option<&'static str> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        schema_version: u64,
        media_type: Option<String>,
        manifests: Option<serde::de::IgnoredAny>,
    }
    let head: Head = serde_json::from_slice(content).ok()?;
    match (head.schema_version, head.media_type.as_deref().unwrap_or_default()) {
        // What is stored is what was signed, whatever it says of itself.
        (1, _) => Some(DOCKER_SCHEMA1_SIGNED),
        (2, DOCKER_MANIFEST) => Some(DOCKER_MANIFEST),
        (2, DOCKER_MANIFEST_LIST) => Some(DOCKER_MANIFEST_LIST),
        (2, OCI_MANIFEST) => Some(OCI_MANIFEST),
        (2, OCI_INDEX) => Some(OCI_INDEX),
        // OCI lets it out.
        (2, "") if head.manifests.is_some() => Some(OCI_INDEX),
        (2, "") => Some(OCI_MANIFEST),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_manifest_is_what_distribution_takes_it_for() {
        let cases = [
            (r#"{"schemaVersion":1,"name":"a","tag":"b","fsLayers":[]}"#, Some(DOCKER_SCHEMA1_SIGNED)),
            (r#"{"schemaVersion":2,"config":{},"layers":[]}"#, Some(OCI_MANIFEST)),
            (r#"{"schemaVersion":2,"manifests":[]}"#, Some(OCI_INDEX)),
            (r#"{"schemaVersion":2,"manifests":null,"config":{}}"#, Some(OCI_MANIFEST)),
            (r#"{"schemaVersion":2,"mediaType":"text/plain"}"#, None),
            (r#"{"schemaVersion":3}"#, None),
            (r#"{"layers":[]}"#, None),
            ("", None),
        ];
        for (content, expected) in cases {
            assert_eq!(media_type(content.as_bytes()), expected, "{content}");
        }
        for kind in [DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, OCI_MANIFEST, OCI_INDEX] {
            let content = format!(r#"{{"schemaVersion":2,"mediaType":"{kind}"}}"#);
            assert_eq!(media_type(content.as_bytes()), Some(kind));
        }
    }
}
