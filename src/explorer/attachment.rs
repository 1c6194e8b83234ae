//! What was said about an image by others: signatures, bills of materials, attestations.
//!
//! They come in three ways: as referrers with a subject, under tags made of the image's digest (cosign), and as
//! manifests inside the image's own index (BuildKit).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::oci::{Descriptor, Digest, Manifest, Tag, manifest::Content};

/// How BuildKit marks the manifests in an index that speak about an image and are none
/// (docs.docker.com, "Image attestation storage").
const REFERENCE_TYPE: &str = "vnd.docker.reference.type";
/// Which manifest they speak about.
const REFERENCE_DIGEST: &str = "vnd.docker.reference.digest";
/// Which kind of statement an in-toto layer holds: BuildKit's key, cosign's, and that of a Sigstore bundle.
const PREDICATE_TYPES: [&str; 3] = ["in-toto.io/predicate-type", "predicateType", "dev.sigstore.bundle.predicateType"];

/// Under which tag cosign keeps what, after the image's digest with `-` for `:`.
pub const COSIGN_SUFFIXES: [&str; 3] = ["sig", "att", "sbom"];

/// In which list it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AttachmentKind {
    /// Someone vouches for the image.
    Signature,
    /// What the image is made of.
    Sbom,
    /// A statement about the image: how it was built, what was found in it.
    Attestation,
    /// Whatever else was attached.
    Other,
}

impl AttachmentKind {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Signature, Self::Sbom, Self::Attestation, Self::Other];
}

/// What stands in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Statement {
    /// A signature of cosign's.
    Cosign,
    /// A signature of Notation's.
    Notation,
    /// A bundle of Sigstore's.
    Sigstore,
    /// A bill of materials in SPDX.
    Spdx,
    /// A bill of materials in CycloneDX.
    CycloneDx,
    /// How the image was built (SLSA).
    Provenance,
    /// The result of a search for known weaknesses.
    Vulnerabilities,
    /// Another statement; its type as it is written.
    Other(String),
}

/// Something that was said about a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// In which list it stands.
    pub kind: AttachmentKind,
    /// What stands in it, as far as its manifest tells.
    pub statements: Vec<Statement>,
    /// Its manifest.
    pub digest: Digest,
    /// The tag that ties it to the image, if it is one of cosign's.
    pub tag: Option<Tag>,
    /// The platform that it speaks about, as `os/architecture/variant`, where it lies in an index.
    pub platform: Option<String>,
    /// The bytes of what it holds, as far as its manifest tells.
    pub size_bytes: Option<u64>,
}

impl Attachment {
    /// Reads what was attached. `artifact_type` is the manifest's; without the manifest it is all that is known.
    pub fn read(digest: Digest, artifact_type: Option<&str>, tag: Option<Tag>, manifest: Option<&Manifest>) -> Self {
        let suffix = tag.as_ref().and_then(|tag| tag.as_str().rsplit('.').next());
        let artifact_type = artifact_type.or_else(|| manifest.and_then(|manifest| manifest.artifact_type.as_deref()));
        let layers = match manifest.map(|manifest| &manifest.content) {
            Some(Content::Image { layers, .. }) => layers.as_slice(),
            _ => &[],
        };
        let predicates: BTreeSet<Statement> =
            annotations(manifest, layers).filter(|(key, _)| PREDICATE_TYPES.contains(key)).map(of_predicate).collect();
        let types = layers.iter().map(|layer| layer.media_type.as_str()).chain(artifact_type);
        let mut statements: BTreeSet<Statement> = types.filter_map(of_media_type).collect();
        let signed = predicates.is_empty()
            && (suffix == Some("sig") || statements.iter().any(|statement| statement.is_signature()));
        let kind = if signed || predicates.contains(&Statement::Cosign) {
            statements.extend((suffix == Some("sig")).then_some(Statement::Cosign));
            AttachmentKind::Signature
        } else if !predicates.is_empty() || suffix == Some("att") || artifact_type == Some(IN_TOTO) {
            // A bundle is the wrapping; what it wraps is said.
            statements.clear();
            AttachmentKind::Attestation
        } else if statements.iter().any(Statement::is_sbom) || suffix == Some("sbom") {
            AttachmentKind::Sbom
        } else {
            statements.extend(artifact_type.map(|kind| Statement::Other(kind.to_owned())));
            AttachmentKind::Other
        };
        statements.extend(predicates);
        let size_bytes = manifest.map(|manifest| {
            let sizes = manifest.blobs().map(|blob| blob.size);
            sizes.fold(0, u64::saturating_add)
        });
        Self { kind, statements: statements.into_iter().collect(), digest, tag, platform: None, size_bytes }
    }

    /// Reads one that stands in an index, about one of the images there.
    pub fn in_index(child: &Descriptor, index: &[Descriptor], manifest: Option<&Manifest>) -> Self {
        let about = annotation(child, REFERENCE_DIGEST);
        let image = index.iter().find(|image| about == Some(image.digest.as_str()));
        Self {
            kind: AttachmentKind::Attestation,
            platform: image.and_then(|image| image.platform.as_ref()).map(ToString::to_string),
            ..Self::read(child.digest.clone(), None, None, manifest)
        }
    }
}

/// Whether a manifest in an index speaks about an image, as BuildKit marks it, and is none.
pub fn is_attestation(child: &Descriptor) -> bool {
    annotation(child, REFERENCE_TYPE) == Some("attestation-manifest")
}

/// Whether one in an index is about the image of this digest.
pub fn is_about(child: &Descriptor, image: &Digest) -> bool {
    annotation(child, REFERENCE_DIGEST) == Some(image.as_str())
}

fn annotation<'a>(descriptor: &'a Descriptor, key: &str) -> Option<&'a str> {
    descriptor.annotations.as_ref()?.get(key).map(String::as_str)
}

fn annotations<'a>(
    manifest: Option<&'a Manifest>,
    layers: &'a [Descriptor],
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let own = manifest.into_iter().flat_map(|manifest| &manifest.annotations);
    own.chain(layers.iter().filter_map(|layer| layer.annotations.as_ref()).flatten())
        .map(|(key, value)| (key.as_str(), value.as_str()))
}

const IN_TOTO: &str = "application/vnd.in-toto+json";

/// The type of a statement (in-toto.io/Statement, `predicateType`).
fn of_predicate((_, predicate): (&str, &str)) -> Statement {
    if predicate.starts_with("https://spdx.dev/Document") {
        Statement::Spdx
    } else if predicate.starts_with("https://cyclonedx.org/bom") {
        Statement::CycloneDx
    } else if predicate.starts_with("https://slsa.dev/provenance") {
        Statement::Provenance
    } else if predicate.starts_with("https://cosign.sigstore.dev/attestation/vuln") {
        Statement::Vulnerabilities
    } else if predicate.starts_with("https://sigstore.dev/cosign/sign") {
        // cosign 3 signs with a statement that says nothing but "signed".
        Statement::Cosign
    } else {
        Statement::Other(predicate.to_owned())
    }
}

/// The types under which tools attach things.
fn of_media_type(media_type: &str) -> Option<Statement> {
    let media_type = media_type.split(';').next().unwrap_or_default();
    match media_type {
        "application/vnd.dev.cosign.artifact.sig.v1+json" | "application/vnd.dev.cosign.simplesigning.v1+json" => {
            Some(Statement::Cosign)
        }
        "application/vnd.cncf.notary.signature" => Some(Statement::Notation),
        "text/spdx" | "text/spdx+json" | "text/spdx+xml" | "application/spdx+json" => Some(Statement::Spdx),
        _ if media_type.starts_with("application/vnd.dev.sigstore.bundle") => Some(Statement::Sigstore),
        _ if media_type.starts_with("application/vnd.cyclonedx") => Some(Statement::CycloneDx),
        _ => None,
    }
}

impl Statement {
    const fn is_signature(&self) -> bool {
        matches!(self, Self::Cosign | Self::Notation | Self::Sigstore)
    }

    const fn is_sbom(&self) -> bool {
        matches!(self, Self::Spdx | Self::CycloneDx)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::{Value, json};

    use super::*;
    use crate::oci::media_type::OCI_MANIFEST;

    fn digest() -> Digest {
        Digest::parse(&format!("sha256:{}", "ab".repeat(32))).unwrap()
    }

    fn read(artifact_type: Option<&str>, suffix: Option<&str>, layers: &Value, annotations: &Value) -> Attachment {
        let mut document = json!({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "layers": layers,
            "annotations": annotations,
            "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest(), "size": 2}});
        if let Some(kind) = artifact_type {
            document["artifactType"] = kind.into();
        }
        let manifest = Manifest::parse(Some(OCI_MANIFEST), &serde_json::to_vec(&document).unwrap()).unwrap();
        let tag = suffix.map(|suffix| Tag::parse(&format!("sha256-{}.{suffix}", "ab".repeat(32))).unwrap());
        Attachment::read(digest(), artifact_type, tag, Some(&manifest))
    }

    fn layer(media_type: &str, annotations: &Value) -> Value {
        json!([{"mediaType": media_type, "digest": digest(), "size": 10, "annotations": annotations}])
    }

    #[test]
    fn signatures_are_known_by_type_or_tag() {
        let simple = layer("application/vnd.dev.cosign.simplesigning.v1+json", &json!({}));
        let none = json!({});
        for (kind, suffix, layers, expected) in [
            (None, Some("sig"), &simple, Statement::Cosign),
            (Some("application/vnd.dev.cosign.artifact.sig.v1+json"), None, &simple, Statement::Cosign),
            (Some("application/vnd.cncf.notary.signature"), None, &json!([]), Statement::Notation),
        ] {
            let read = read(kind, suffix, layers, &none);
            assert_eq!((read.kind, read.statements), (AttachmentKind::Signature, vec![expected]), "{kind:?}");
        }
    }

    #[test]
    fn a_bundle_is_what_it_says() {
        let kind = "application/vnd.dev.sigstore.bundle.v0.3+json";
        let bundle = |predicate: &str| {
            let layers = layer(kind, &json!({}));
            read(Some(kind), None, &layers, &json!({"dev.sigstore.bundle.predicateType": predicate}))
        };
        let signed = bundle("https://sigstore.dev/cosign/sign/v1");
        assert_eq!((signed.kind, signed.statements.contains(&Statement::Cosign)), (AttachmentKind::Signature, true));
        let provenance = bundle("https://slsa.dev/provenance/v1");
        assert_eq!(
            (provenance.kind, provenance.statements),
            (AttachmentKind::Attestation, vec![Statement::Provenance])
        );
    }

    #[test]
    fn bills_of_materials_are_told_apart() {
        for (kind, suffix, layers, expected) in [
            (Some("application/spdx+json"), None, json!([]), Statement::Spdx),
            (Some("application/vnd.cyclonedx+json"), None, json!([]), Statement::CycloneDx),
            (None, Some("sbom"), layer("text/spdx", &json!({})), Statement::Spdx),
        ] {
            let read = read(kind, suffix, &layers, &json!({}));
            assert_eq!((read.kind, read.statements), (AttachmentKind::Sbom, vec![expected]), "{kind:?}");
        }
    }

    #[test]
    fn attestations_say_what_they_hold_and_anything_else_its_type() {
        let layers = json!([
            {"mediaType": IN_TOTO, "digest": digest(), "size": 10,
             "annotations": {"in-toto.io/predicate-type": "https://spdx.dev/Document"}},
            {"mediaType": IN_TOTO, "digest": digest(), "size": 20,
             "annotations": {"in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2"}},
        ]);
        let child: Descriptor =
            serde_json::from_value(json!({"mediaType": OCI_MANIFEST, "digest": digest(), "size": 1,
            "platform": {"os": "unknown", "architecture": "unknown"},
            "annotations": {"vnd.docker.reference.type": "attestation-manifest",
                            "vnd.docker.reference.digest": format!("sha256:{}", "cd".repeat(32))}}))
            .unwrap();
        let image: Descriptor = serde_json::from_value(json!({"mediaType": OCI_MANIFEST, "size": 1,
            "digest": format!("sha256:{}", "cd".repeat(32)), "platform": {"os": "linux", "architecture": "arm64"}}))
        .unwrap();
        assert!(is_attestation(&child) && !is_attestation(&image) && is_about(&child, &image.digest));
        let document = json!({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "layers": layers,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(), "size": 2}});
        let manifest = Manifest::parse(Some(OCI_MANIFEST), &serde_json::to_vec(&document).unwrap()).unwrap();
        let read_one = Attachment::in_index(&child, &[image, child.clone()], Some(&manifest));
        assert_eq!(read_one.statements, [Statement::Spdx, Statement::Provenance]);
        assert_eq!((read_one.kind, read_one.platform.as_deref()), (AttachmentKind::Attestation, Some("linux/arm64")));
        assert_eq!(Attachment::in_index(&child, &[], None).kind, AttachmentKind::Attestation, "it is not here");

        let odd = read(Some("application/vnd.example.note"), None, &json!([]), &json!({}));
        assert_eq!(odd.kind, AttachmentKind::Other);
        assert_eq!(odd.statements, [Statement::Other("application/vnd.example.note".to_owned())]);
    }
}
