//! The labels by which an image is found: those of its config and the annotations of its manifest.

use crate::{explorer::ImageConfig, oci};

/// So many labels of a manifest are kept.
const LABELS_MAX: usize = 64;
/// So much of a key is kept, in characters.
const KEY_LENGTH_MAX: usize = 128;
/// So much of a value is kept, in characters.
const VALUE_LENGTH_MAX: usize = 256;

/// Each as `key=value` on one line, once, cut off where it is too long to be read in a list.
pub(super) fn labels(manifest: &oci::Manifest, config: Option<&ImageConfig>) -> Vec<String> {
    let own = config.into_iter().flat_map(|config| &config.labels).map(|(key, value)| (key, value));
    let mut labels: Vec<String> = Vec::new();
    for (key, value) in own.chain(&manifest.annotations) {
        let label = format!("{}={}", line(key, KEY_LENGTH_MAX), line(value, VALUE_LENGTH_MAX));
        if label.len() > 1 && !labels.contains(&label) {
            labels.push(label);
        }
        if labels.len() == LABELS_MAX {
            break;
        }
    }
    labels
}

fn line(text: &str, length_max: usize) -> String {
    let cut: String = text.chars().take(length_max).collect();
    cut.split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::oci::media_type::OCI_INDEX;

    #[test]
    fn labels_and_annotations_stand_on_one_line_each_once() {
        let manifest = serde_json::json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [],
            "annotations": {"title": "App", "long": "x".repeat(1000)}});
        let manifest = oci::Manifest::parse(Some(OCI_INDEX), &serde_json::to_vec(&manifest).unwrap()).unwrap();
        let config = serde_json::json!({"config": {"Labels": {"title": "App", "text": "two\n\u{0} lines", "": ""}}});
        let config = ImageConfig::parse(&serde_json::to_vec(&config).unwrap()).unwrap();
        let mut found = labels(&manifest, Some(&config));
        found.sort();
        assert_eq!(
            found,
            [format!("long={}", "x".repeat(VALUE_LENGTH_MAX)), "text=two lines".into(), "title=App".into()]
        );
    }

    #[test]
    fn no_manifest_has_more_labels_than_are_kept() {
        let labelled: serde_json::Map<_, _> = (0..1000).map(|at| (format!("k{at}"), "v".into())).collect();
        let manifest = serde_json::json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [],
            "annotations": labelled});
        let manifest = oci::Manifest::parse(Some(OCI_INDEX), &serde_json::to_vec(&manifest).unwrap()).unwrap();
        assert_eq!(labels(&manifest, None).len(), LABELS_MAX);
    }
}
