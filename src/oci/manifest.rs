//! Manifests and indexes (OCI image-spec, manifest.md and image-index.md; Distribution, manifest-v2-2.md).
//!
//! Reading takes out what a registry acts on. The bytes themselves are what is stored and served.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    Descriptor, Digest,
    media_type::{DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, DOCKER_SCHEMA1_SIGNED, ManifestKind, is_non_distributable},
    schema1,
};

/// What a manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Its media type: the header's, which a `mediaType` inside must repeat.
    pub media_type: String,
    /// `artifactType`, or for an image without one its config's media type (distribution-spec, "Listing Referrers").
    pub artifact_type: Option<String>,
    /// The manifest that this one speaks about.
    pub subject: Option<Descriptor>,
    /// Free text by key.
    pub annotations: BTreeMap<String, String>,
    /// What it points at.
    pub content: Content,
}

/// What a manifest points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// An image's or artifact's config and layers.
    Image {
        /// The blob with the configuration.
        config: Box<Descriptor>,
        /// The blobs with content, the lowest first.
        layers: Vec<Descriptor>,
    },
    /// An index's manifests.
    Index(Vec<Descriptor>),
    /// An image in Docker's format before 1.10: it has no config.
    Schema1(schema1::Image),
}

/// Why content is not a manifest.
#[derive(Debug, thiserror::Error)]
pub enum InvalidManifest {
    /// The media type is not one of a manifest.
    #[error(
        "{0:?} is not the media type of a manifest: set Content-Type to an OCI image manifest or index, or a Docker \
         schema 2 manifest or manifest list"
    )]
    MediaType(String),
    /// It is in Docker's format before 1.10, and its signed part is not right.
    #[error(transparent)]
    Schema1(#[from] schema1::InvalidImage),
    /// It is in Docker's format before 1.10, and the signature around it can't be read.
    #[error(transparent)]
    Signature(#[from] schema1::InvalidSignature),
    /// It is not the JSON that its media type promises.
    #[error("the manifest is not valid JSON of its type: {0}")]
    Json(#[from] serde_json::Error),
    /// `schemaVersion` is not 2.
    #[error("schemaVersion must be 2, not {0}")]
    SchemaVersion(u64),
    /// `mediaType` inside and the header disagree.
    #[error("mediaType {inside:?} inside the manifest and Content-Type {header:?} must be the same")]
    MediaTypeMismatch {
        /// What stands inside.
        inside: String,
        /// What the header says.
        header: String,
    },
    /// Docker's formats demand a `mediaType` inside.
    #[error("a manifest of type {0:?} must repeat it in mediaType")]
    MediaTypeMissing(String),
    /// It could be read as an image and as an index, so two clients might see two things (CVE-2021-41190).
    #[error("a manifest must not have config or layers and manifests at once")]
    Ambiguous,
    /// A part that its type demands is not there.
    #[error("a manifest of type {media_type:?} needs the field {field}")]
    Missing {
        /// The manifest's type.
        media_type: String,
        /// The JSON key.
        field: &'static str,
    },
    /// A descriptor's `data` is not the content that its digest and size name.
    #[error("the data embedded for {digest} is not that content: its size and digest must be the descriptor's")]
    EmbeddedData {
        /// The descriptor's digest.
        digest: Digest,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema_version: u64,
    media_type: Option<String>,
    artifact_type: Option<String>,
    config: Option<Descriptor>,
    layers: Option<Vec<Descriptor>>,
    manifests: Option<Vec<Descriptor>>,
    subject: Option<Descriptor>,
    #[serde(default)]
    annotations: Option<BTreeMap<String, String>>,
}

/// Only what tells which kind of document this is, so that the error about the rest can name it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    media_type: Option<String>,
    schema_version: Option<u64>,
}

/// What a manifest says that it is, and its kind. Docker before 1.10 pushes without a type or with any, and its
/// manifests have none inside: those are known by their version.
fn kind(header: Option<&str>, content: &[u8]) -> Result<(String, ManifestKind), InvalidManifest> {
    let head: Head = serde_json::from_slice(content)?;
    let declared = header.or(head.media_type.as_deref()).unwrap_or_default().to_owned();
    match ManifestKind::of(&declared) {
        Some(ManifestKind::Schema1) => Ok((DOCKER_SCHEMA1_SIGNED.to_owned(), ManifestKind::Schema1)),
        None if head.schema_version == Some(1) => Ok((DOCKER_SCHEMA1_SIGNED.to_owned(), ManifestKind::Schema1)),
        None => Err(InvalidManifest::MediaType(declared)),
        Some(kind) => Ok((declared, kind)),
    }
}

impl Manifest {
    /// Whether what was pushed as `header` is in Docker's format before 1.10: then a signature is around its content.
    ///
    /// # Errors
    /// It is not a manifest at all.
    pub fn is_schema1(header: Option<&str>, content: &[u8]) -> Result<bool, InvalidManifest> {
        Ok(kind(header, content)?.1 == ManifestKind::Schema1)
    }

    /// Reads a manifest that was pushed as `header` (without parameters; `None` if the client sent no type or only
    /// `application/json`, in which case the `mediaType` inside decides). Of schema 1 it reads what is stored: the
    /// content without signatures.
    ///
    /// # Errors
    /// [`InvalidManifest`] says what to mend.
    pub fn parse(header: Option<&str>, content: &[u8]) -> Result<Self, InvalidManifest> {
        let (declared, kind) = kind(header, content)?;
        if kind == ManifestKind::Schema1 {
            return Ok(Self {
                media_type: declared,
                artifact_type: None,
                subject: None,
                annotations: BTreeMap::new(),
                content: Content::Schema1(schema1::Image::parse(content)?),
            });
        }
        let document: Document = serde_json::from_slice(content)?;
        if document.schema_version != 2 {
            return Err(InvalidManifest::SchemaVersion(document.schema_version));
        }
        match document.media_type {
            Some(inside) if inside != declared => {
                return Err(InvalidManifest::MediaTypeMismatch { inside, header: declared });
            }
            None if declared == DOCKER_MANIFEST || declared == DOCKER_MANIFEST_LIST => {
                return Err(InvalidManifest::MediaTypeMissing(declared));
            }
            _ => {}
        }
        if document.manifests.is_some() && (document.config.is_some() || document.layers.is_some()) {
            return Err(InvalidManifest::Ambiguous);
        }
        let missing = |field| InvalidManifest::Missing { media_type: declared.clone(), field };
        let content = match kind {
            ManifestKind::Index => Content::Index(document.manifests.ok_or_else(|| missing("manifests"))?),
            ManifestKind::Image | ManifestKind::Schema1 => Content::Image {
                config: document.config.ok_or_else(|| missing("config"))?.into(),
                layers: document.layers.ok_or_else(|| missing("layers"))?,
            },
        };
        let artifact_type = document.artifact_type.filter(|kind| !kind.is_empty()).or_else(|| match &content {
            Content::Image { config, .. } => Some(config.media_type.clone()),
            Content::Index(_) | Content::Schema1(_) => None,
        });
        Ok(Self {
            media_type: declared,
            artifact_type,
            subject: document.subject,
            annotations: document.annotations.unwrap_or_default(),
            content,
        })
    }

    /// The blobs that must be in the repository before this manifest may be.
    pub fn required_blobs(&self) -> impl Iterator<Item = &Descriptor> {
        self.blobs().filter(|blob| blob.urls.is_empty() && !is_non_distributable(&blob.media_type))
    }

    /// The config and the layers.
    pub fn blobs(&self) -> impl Iterator<Item = &Descriptor> {
        let (config, layers, old) = match &self.content {
            Content::Image { config, layers } => (Some(&**config), layers.as_slice(), Default::default()),
            Content::Schema1(image) => (None, Default::default(), image.layers.as_slice()),
            Content::Index(_) => (None, Default::default(), Default::default()),
        };
        config.into_iter().chain(layers).chain(old.iter().map(|layer| &layer.blob))
    }

    /// Everything that it points at, its subject included.
    pub fn descriptors(&self) -> impl Iterator<Item = &Descriptor> {
        self.blobs().chain(self.manifests()).chain(&self.subject)
    }

    /// The manifests of an index.
    pub fn manifests(&self) -> &[Descriptor] {
        match &self.content {
            Content::Image { .. } | Content::Schema1(_) => &[],
            Content::Index(manifests) => manifests,
        }
    }

    /// The digest of the subject, if there is one.
    pub fn subject_digest(&self) -> Option<&Digest> {
        self.subject.as_ref().map(|subject| &subject.digest)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::oci::media_type::{DOCKER_SCHEMA1, OCI_INDEX, OCI_MANIFEST};

    fn descriptor(media_type: &str, byte: u8) -> Value {
        json!({ "mediaType": media_type, "digest": format!("sha256:{}", format!("{byte:02x}").repeat(32)), "size": 7 })
    }

    fn image() -> Value {
        json!({
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor("application/vnd.oci.image.config.v1+json", 1),
            "layers": [
                descriptor("application/vnd.oci.image.layer.v1.tar+gzip", 2),
                descriptor("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", 3),
            ],
        })
    }

    fn parse(header: Option<&str>, document: &Value) -> Result<Manifest, String> {
        Manifest::parse(header, document.to_string().as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn an_image_names_its_blobs_and_does_not_need_foreign_layers() {
        let manifest = parse(Some(OCI_MANIFEST), &image()).expect("valid");
        assert_eq!(manifest.blobs().count(), 3);
        assert_eq!(manifest.required_blobs().count(), 2);
        assert_eq!(manifest.artifact_type.as_deref(), Some("application/vnd.oci.image.config.v1+json"));
    }

    #[test]
    fn without_a_content_type_the_field_inside_decides() {
        assert_eq!(parse(None, &image()).expect("valid").media_type, OCI_MANIFEST);
        let mut bare = image();
        bare.as_object_mut().expect("object").remove("mediaType");
        assert!(parse(None, &bare).is_err());
        assert!(parse(Some(OCI_MANIFEST), &bare).is_ok(), "OCI makes mediaType optional");
    }

    #[test]
    fn says_what_is_wrong() {
        let changed = |key: &str, value: Value| {
            let mut document = image();
            document[key] = value;
            document
        };
        let mut docker = image();
        docker.as_object_mut().expect("object").remove("mediaType");
        let cases = [
            (Some("text/plain"), image(), "is not the media type of a manifest"),
            (Some(DOCKER_SCHEMA1_SIGNED), image(), "schema 1"),
            (None, json!({ "schemaVersion": 1, "name": "x" }), "schema 1"),
            (Some(DOCKER_MANIFEST), json!({ "schemaVersion": 1, "name": "x" }), "must be 2, not 1"),
            (Some(OCI_MANIFEST), json!([]), "not valid JSON"),
            (Some(OCI_MANIFEST), changed("schemaVersion", json!(3)), "must be 2, not 3"),
            (Some(OCI_MANIFEST), changed("mediaType", json!(OCI_INDEX)), "must be the same"),
            (Some(DOCKER_MANIFEST), docker, "must repeat it"),
            (Some(OCI_MANIFEST), changed("manifests", json!([])), "at once"),
            (Some(OCI_MANIFEST), changed("layers", Value::Null), "needs the field layers"),
            (Some(OCI_INDEX), json!({ "schemaVersion": 2 }), "needs the field manifests"),
        ];
        for (header, document, expected) in cases {
            let error = parse(header, &document).expect_err(expected);
            assert!(error.contains(expected), "{error:?} should say {expected:?}");
        }
    }

    #[test]
    fn schema_1_is_known_by_its_type_or_by_its_version() {
        let layer = format!("sha256:{}", "ab".repeat(32));
        let one = json!({
            "schemaVersion": 1, "name": "a", "tag": "t", "architecture": "amd64",
            "fsLayers": [{ "blobSum": layer }], "history": [{ "v1Compatibility": "{}" }],
        });
        for header in [None, Some("text/plain"), Some(DOCKER_SCHEMA1), Some(DOCKER_SCHEMA1_SIGNED)] {
            let manifest = parse(header, &one).expect("valid");
            assert_eq!(manifest.media_type, DOCKER_SCHEMA1_SIGNED, "{header:?}");
            assert_eq!(manifest.required_blobs().map(|blob| blob.digest.as_str()).collect::<Vec<_>>(), [&layer]);
            assert!(manifest.artifact_type.is_none() && manifest.manifests().is_empty());
        }
        assert!(!Manifest::is_schema1(None, image().to_string().as_bytes()).expect("a manifest"));
        assert!(!Manifest::is_schema1(Some(OCI_MANIFEST), one.to_string().as_bytes()).expect("a manifest"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(content in proptest::collection::vec(0u8.., 0..200)) {
            let _ = Manifest::parse(Some(OCI_MANIFEST), &content);
            let _ = Manifest::parse(None, &content);
        }
    }
}
