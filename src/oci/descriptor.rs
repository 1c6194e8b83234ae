//! A pointer to content: its type, digest and size (OCI image-spec, descriptor.md).

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::Digest;

/// A descriptor. Fields that we do not know are ignored here; the manifest's bytes keep them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// What the content is.
    pub media_type: String,
    /// The content's name.
    pub digest: Digest,
    /// The content's size in bytes.
    pub size: u64,
    /// Where else the content may be fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// The content itself in base64, where it is small (image-spec, "Embedded Content").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Free text by key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<BTreeMap<String, String>>,
    /// Which machines the manifest is for; in an index only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// What kind of artifact the manifest is; in an index only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
}

/// Which machines an image runs on (OCI image-spec, image-index.md).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// Go's name of the processor architecture, for example `arm64`.
    pub architecture: String,
    /// Go's name of the operating system, for example `linux`.
    pub os: String,
    /// The operating system's version, as Windows images have it.
    #[serde(default, rename = "os.version", skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// The variant of the processor, for example `v7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

impl fmt::Display for Platform {
    /// Writes `os/architecture/variant`, as Docker's `--platform` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if let Some(variant) = &self.variant {
            write!(f, "/{variant}")?;
        }
        Ok(())
    }
}
