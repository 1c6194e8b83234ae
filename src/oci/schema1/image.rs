//! What a schema 1 payload says.

use serde::Deserialize;

use crate::oci::{Descriptor, Digest, RepositoryName, Tag, media_type::DOCKER_LAYER};

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The repository that it was made for. Nothing depends on it: an image may be pushed elsewhere.
    pub name: String,
    /// The tag that it was made for; as little depends on it.
    pub tag: String,
    /// Go's name of the processor architecture, for example `amd64`.
    pub architecture: String,
    /// The layers, the *topmost* first, as they stand in the payload.
    pub layers: Vec<Layer>,
}

/// A layer with the step that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The blob. Its size is 0: schema 1 does not tell it.
    pub blob: Descriptor,
    /// The image as it was after this step: JSON in a text, with `id`, `parent`, `created`, `container_config`...
    pub v1_compatibility: String,
}

/// Why a payload is not an image.
#[derive(Debug, thiserror::Error)]
pub enum InvalidImage {
    /// It is not the JSON that was expected.
    #[error("the manifest is not valid JSON of Docker's schema 1: {0}")]
    Json(#[from] serde_json::Error),
    /// `schemaVersion` is not 1.
    #[error("schemaVersion must be 1, not {0}")]
    SchemaVersion(u64),
    /// `name` is no repository's.
    #[error("the name {0:?} in the manifest is not a repository's")]
    Name(String),
    /// `tag` is none.
    #[error("the tag {0:?} in the manifest is not a tag")]
    Tag(String),
    /// There is nothing in it.
    #[error("a Docker schema 1 manifest needs at least one entry in fsLayers")]
    Empty,
    /// There is not one history entry for each layer.
    #[error("fsLayers and history must have the same length: there are {layers} layers and {history} entries")]
    Mismatch {
        /// How many layers there are.
        layers: usize,
        /// How many entries there are.
        history: usize,
    },
    /// A payload with signatures inside could not be signed again.
    #[error("the signed part of a manifest must not have a field signatures")]
    Signatures,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema_version: u64,
    name: String,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    architecture: String,
    fs_layers: Vec<FsLayer>,
    history: Vec<History>,
    signatures: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FsLayer {
    blob_sum: Digest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct History {
    v1_compatibility: String,
}

impl Image {
    /// Reads a payload: without signatures, as it is stored.
    ///
    /// # Errors
    /// [`InvalidImage`] says what to mend.
    pub fn parse(payload: &[u8]) -> Result<Self, InvalidImage> {
        let document: Document = serde_json::from_slice(payload)?;
        if document.schema_version != 1 {
            return Err(InvalidImage::SchemaVersion(document.schema_version));
        }
        if document.signatures.is_some() {
            return Err(InvalidImage::Signatures);
        }
        if RepositoryName::parse(&document.name).is_err() {
            return Err(InvalidImage::Name(document.name));
        }
        // An image that was pushed by its digest alone has none.
        if !document.tag.is_empty() && Tag::parse(&document.tag).is_err() {
            return Err(InvalidImage::Tag(document.tag));
        }
        let (layers, history) = (document.fs_layers, document.history);
        if layers.len() != history.len() {
            return Err(InvalidImage::Mismatch { layers: layers.len(), history: history.len() });
        }
        if layers.is_empty() {
            return Err(InvalidImage::Empty);
        }
        let layer = |(layer, step): (FsLayer, History)| Layer {
            blob: Descriptor {
                media_type: DOCKER_LAYER.to_owned(),
                digest: layer.blob_sum,
                size: 0,
                urls: Vec::new(),
                data: None,
                annotations: None,
                platform: None,
                artifact_type: None,
            },
            v1_compatibility: step.v1_compatibility,
        };
        Ok(Self {
            name: document.name,
            tag: document.tag,
            architecture: document.architecture,
            layers: layers.into_iter().zip(history).map(layer).collect(),
        })
    }
}
