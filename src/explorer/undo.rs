//! What became of tags, and what was deleted and can still be restored.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::oci::{Digest, RepositoryName, Tag};

/// A change of a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagChange {
    /// Its number; later ones are larger.
    pub id: i64,
    /// The tag.
    pub tag: Tag,
    /// What it named before; `None` if it was not there.
    pub before: Option<Digest>,
    /// What it has named since; `None` if it was taken away.
    pub after: Option<Digest>,
    /// When.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub at: OffsetDateTime,
    /// Who; empty if that is not known.
    pub by: String,
    /// Whether something was brought back.
    pub restored: bool,
    /// Whether the tag can be put back on what it named before: that is here or kept, and the tag does not name it now.
    pub can_go_back: bool,
}

/// What a deletion took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeletionKind {
    /// Tags; what they named stayed.
    Tags,
    /// A manifest, with the tags on it.
    Manifest,
    /// A repository with all that was in it.
    Repository,
}

/// A deletion that can still be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDeletion {
    /// Its number.
    pub id: i64,
    /// The repository.
    pub repository: RepositoryName,
    /// What was taken away.
    pub kind: DeletionKind,
    /// When.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub at: OffsetDateTime,
    /// Until when it is kept.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub until: OffsetDateTime,
    /// Who; empty if that is not known.
    pub by: String,
    /// How many tags went.
    pub tag_count: u64,
    /// How many manifests went.
    pub manifest_count: u64,
    /// The first of the tags, by name.
    pub tags: Vec<Tag>,
    /// The manifest, if it was one.
    pub digest: Option<Digest>,
}
