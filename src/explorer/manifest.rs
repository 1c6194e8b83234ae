//! A manifest laid out for a reader.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    ImageConfig,
    attachment::{Attachment, is_attestation},
    dockerfile::instructions,
};
use crate::oci::{
    Descriptor, Digest, Manifest, RepositoryName, Tag,
    manifest::Content,
    media_type::{DOCKER_CONFIG, OCI_CONFIG},
    schema1,
};

/// Where a file's name stands in an artifact's layer (OCI image-spec, annotations.md).
const TITLE: &str = "org.opencontainers.image.title";

/// A manifest and what stands around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestView {
    /// The name of the content.
    pub digest: Digest,
    /// The media type under which it was pushed.
    pub media_type: String,
    /// What kind of artifact it says that it is, where it is no ordinary image.
    pub artifact_type: Option<String>,
    /// The bytes of the manifest itself.
    pub manifest_bytes: u64,
    /// The manifest with all that it references, in bytes; `None` where another registry does not tell the sizes.
    pub size_bytes: Option<u64>,
    /// When it was last pushed; `None` where another registry does not tell it.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub pushed_at: Option<OffsetDateTime>,
    /// The tags on it, in the order of their names; a hundred at most. Another registry does not tell them.
    pub tags: Vec<Tag>,
    /// The manifest that it speaks about.
    pub subject: Option<Digest>,
    /// Free text by key.
    pub annotations: Vec<(String, String)>,
    /// What it points at.
    pub body: Body,
    /// The content as it was pushed.
    pub raw: String,
    /// The content with line breaks and indents; `None` if it is not JSON.
    pub pretty: Option<String>,
}

impl ManifestView {
    /// JSON with line breaks and indents, its keys in the order in which they came; `None` if it is none.
    pub fn pretty(content: &[u8]) -> Option<String> {
        let document: serde_json::Value = serde_json::from_slice(content).ok()?;
        serde_json::to_string_pretty(&document).ok()
    }
}

/// What a manifest points at.
// Not `expect`: in the browser, where pointers are half as long, nobody complains.
#[allow(clippy::large_enum_variant, reason = "a page holds one of them")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// An image or artifact.
    Image {
        /// The config blob.
        config: Descriptor,
        /// What stands in it.
        parsed: ConfigBlob,
        /// The layers, the lowest first.
        layers: Vec<Layer>,
    },
    /// An image in Docker's format before 1.10, whose configuration stands in the manifest itself.
    Schema1 {
        /// The configuration of its topmost layer, and the steps of all.
        config: Box<ImageConfig>,
        /// The layers, the lowest first.
        layers: Vec<Layer>,
    },
    /// A list of manifests, without the attestations among them.
    Index(Vec<Child>),
    /// A manifest of a kind that is not understood here: there is only its text.
    Unknown,
}

/// What was found where the config should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfigBlob {
    /// An image's configuration.
    Image(Box<ImageConfig>),
    /// An artifact's config, whose form only its makers know.
    Artifact,
    /// The blob is not in the repository (any more).
    Missing,
    /// It is larger than any configuration should be, or not JSON.
    Unreadable,
}

/// A layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// The name of the content.
    pub digest: Digest,
    /// What the content is.
    pub media_type: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// The build step that made it, or an artifact's file name.
    pub origin: Option<String>,
}

/// What the rest of the registry has to do with a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relations {
    /// What was said about it.
    pub attachments: Vec<Attachment>,
    /// The bytes of what nothing else uses; `None` if there is too much to count.
    pub exclusive_bytes: Option<u64>,
    /// Those of its layers that others use too.
    pub shared: Vec<SharedLayer>,
}

/// A layer that others use too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedLayer {
    /// The layer.
    pub digest: Digest,
    /// Other repositories that have it, as far as the reader may see them.
    pub repositories: Vec<RepositoryName>,
    /// Tags of the same repository that name something with it.
    pub tags: Vec<Tag>,
    /// Whether there are more than these.
    pub more: bool,
}

/// A manifest in an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// The name of the content.
    pub digest: Digest,
    /// What the content is.
    pub media_type: String,
    /// Which machines it is for, as `os/architecture/variant`.
    pub platform: Option<String>,
    /// What it says that it is, if it is no ordinary image.
    pub role: Option<String>,
    /// The manifest with all that it references, in bytes; `None` if it is not in the repository.
    pub size_bytes: Option<u64>,
}

impl Body {
    /// Lays out what `manifest` points at. `config_blob` is what was found where the config should be, `size` tells the
    /// size of what the manifest names without one: a child, a schema 1 layer.
    pub fn of(manifest: &Manifest, config_blob: ConfigBlob, size: impl Fn(&Digest) -> Option<u64>) -> Self {
        match &manifest.content {
            Content::Image { config, layers } => {
                let layers = lay_out(layers, &config_blob);
                Self::Image { config: (**config).clone(), parsed: config_blob, layers }
            }
            Content::Schema1(image) => {
                let config = ImageConfig::of_schema1(image);
                let layer = |(layer, step): (&schema1::Layer, String)| Layer {
                    digest: layer.blob.digest.clone(),
                    media_type: layer.blob.media_type.clone(),
                    size_bytes: size(&layer.blob.digest).unwrap_or_default(),
                    origin: Some(step).filter(|step| !step.is_empty()),
                };
                let layers = image.layers.iter().rev().zip(instructions(&config.history)).map(layer).collect();
                Self::Schema1 { config: config.into(), layers }
            }
            Content::Index(children) => {
                let children = children.iter().filter(|child| !is_attestation(child));
                Self::Index(children.map(|child| Child::of(child, size(&child.digest))).collect())
            }
        }
    }
}

impl ConfigBlob {
    /// Whether a config of this media type is an image's configuration.
    pub fn is_image(media_type: &str) -> bool {
        media_type == OCI_CONFIG || media_type == DOCKER_CONFIG
    }
}

fn lay_out(layers: &[Descriptor], config: &ConfigBlob) -> Vec<Layer> {
    let steps = match config {
        ConfigBlob::Image(config) => config.layer_steps(layers.len()),
        _ => Vec::new(),
    };
    let layer = |(at, layer): (usize, &Descriptor)| Layer {
        digest: layer.digest.clone(),
        media_type: layer.media_type.clone(),
        size_bytes: layer.size,
        origin: annotation(layer, TITLE).or_else(|| steps.get(at).cloned()),
    };
    layers.iter().enumerate().map(layer).collect()
}

impl Child {
    fn of(child: &Descriptor, size_bytes: Option<u64>) -> Self {
        let role = child.artifact_type.clone();
        // What is no image stands under the platform unknown/unknown, so that no client runs it.
        let platform = child.platform.as_ref().filter(|platform| platform.os != "unknown").map(ToString::to_string);
        Self { digest: child.digest.clone(), media_type: child.media_type.clone(), platform, role, size_bytes }
    }
}

fn annotation(descriptor: &Descriptor, key: &str) -> Option<String> {
    descriptor.annotations.as_ref()?.get(key).cloned()
}
