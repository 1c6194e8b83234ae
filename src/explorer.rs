//! What a reader of the console sees of the registry: lists with search, order and pages, and a manifest laid out.
//!
//! Pure data that crosses from the server to the browser. All text inside comes from whoever pushed the images:
//! it is to be shown as text and nothing else.

pub mod attachment;
pub mod description;
pub mod dockerfile;
pub mod image_config;
pub mod list;
pub mod manifest;
pub mod nearest;
pub mod pull;
pub mod remote;
pub mod search;
pub mod undo;

pub use attachment::{Attachment, AttachmentKind, Statement};
pub use description::{DESCRIPTION_BYTES_MAX, Description};
pub use image_config::{BuildStep, HistoryEntry, ImageConfig};
pub use list::{List, ListQuery, Order, RepositorySort, SortKey, TagSort};
pub use manifest::{Body, Child, ConfigBlob, Layer, ManifestView, Relations, SharedLayer};
pub use pull::{ArtifactKind, Pull, PullClient};
pub use remote::{Extent, RemoteFailure, RemoteRepositories, RemoteTags};
pub use search::{Entries, Entry, FoundRepository, Match, MatchKind, Namespace, NamespaceSummary, View};
pub use undo::{DeletionKind, KeptDeletion, TagChange};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::oci::{Digest, RepositoryName, Tag};

/// A repository in a list, and at the head of its own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositorySummary {
    /// Its name.
    pub name: RepositoryName,
    /// How many tags it has.
    pub tag_count: u64,
    /// How many manifests it has, tagged or not.
    pub manifest_count: u64,
    /// The bytes of all its blobs, each once, and of its manifests.
    pub size_bytes: u64,
    /// The first push.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub created_at: OffsetDateTime,
    /// The last push of a manifest; `None` while only blobs have come in.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub pushed_at: Option<OffsetDateTime>,
}

/// A tag in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagSummary {
    /// Its name.
    pub name: Tag,
    /// The manifest that it names now.
    pub digest: Digest,
    /// That manifest's media type.
    pub media_type: String,
    /// What kind of artifact the manifest says that it is.
    pub artifact_type: Option<String>,
    /// How many manifests it lists, if it is an index.
    pub child_count: u64,
    /// Which machines it is for, each as `os/architecture/variant`; `None` if that is not known.
    pub platforms: Option<Vec<String>>,
    /// Whether a signature is attached to it.
    pub signed: bool,
    /// The manifest with all that it references, in bytes.
    pub size_bytes: u64,
    /// When the tag was last pushed.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub pushed_at: OffsetDateTime,
    /// How often it was pulled.
    pub pull_count: u64,
    /// When it was last pulled.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub pulled_at: Option<OffsetDateTime>,
}
