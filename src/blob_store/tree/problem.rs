//! What on a tree can't be taken over. It is told, left where it is, and keeps nothing else from being served.

use std::fmt;

/// Something on the tree that is not as Distribution leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of thing it is.
    pub kind: ProblemKind,
    /// Where it lies, below the root.
    pub path: String,
    /// What exactly is wrong, if there is more to say than the kind does.
    pub detail: String,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// A link file is empty or holds no digest: it was cut off while it was written.
    DamagedLink,
    /// A link names content that is not there.
    MissingContent,
    /// Bytes are not those that their digest or size promises.
    CorruptContent,
    /// A manifest is of a kind that nobody serves.
    UnknownManifest,
    /// A tag points at a manifest that its repository does not have, or nowhere.
    DanglingTag,
    /// A folder's name is none of a repository or tag.
    InvalidName,
    /// Something from before Distribution 2.5: detached signatures, or digests by tarsum.
    Legacy,
    /// A file or folder that Distribution did not make.
    Foreign,
    /// It could not be read.
    Unreadable,
}

impl ProblemKind {
    /// The kind as programs read it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DamagedLink => "damaged_link",
            Self::MissingContent => "missing_content",
            Self::CorruptContent => "corrupt_content",
            Self::UnknownManifest => "unknown_manifest",
            Self::DanglingTag => "dangling_tag",
            Self::InvalidName => "invalid_name",
            Self::Legacy => "legacy",
            Self::Foreign => "foreign",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether something that Distribution could serve may be lost by it.
    pub const fn is_harmless(self) -> bool {
        matches!(self, Self::Legacy | Self::Foreign)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.kind {
            ProblemKind::DamagedLink => "a damaged link",
            ProblemKind::MissingContent => "the content is missing",
            ProblemKind::CorruptContent => "the content is corrupt",
            ProblemKind::UnknownManifest => "an unknown kind of manifest",
            ProblemKind::DanglingTag => "a tag without a manifest",
            ProblemKind::InvalidName => "an invalid name",
            ProblemKind::Legacy => "from an older registry, not needed any more",
            ProblemKind::Foreign => "not made by a registry",
            ProblemKind::Unreadable => "can't be read",
        };
        write!(f, "{}: {text}", self.path)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}
