//! Distribution's tree of names: the link files that say what is in which repository (distribution 2.8,
//! registry/storage/paths.go).
//!
//! ```text
//! <root>/docker/registry/v2/repositories/<name>/
//!   _layers/<algorithm>/<hex>/link                       the repository may serve this blob
//!   _manifests/revisions/<algorithm>/<hex>/link          it has this manifest, whose bytes are a blob's `data`
//!   _manifests/tags/<tag>/current/link                   where the tag points
//!   _manifests/tags/<tag>/index/<algorithm>/<hex>/link   where it has ever pointed
//! ```
//!
//! A link file holds a digest and nothing else. Which of two sides is right, the tree or the database, is not for
//! this module to say. Uploads that Distribution has open (`_uploads`) are left alone, until their repository is deleted.

use std::{
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use time::OffsetDateTime;

use super::{BlobStore, Paths};
use crate::oci::{Digest, RepositoryName, Tag};

mod list;
pub mod problem;
pub mod read;
pub mod walk;
pub mod write;

pub use problem::{Problem, ProblemKind};
pub use read::{Contents, Section};
pub use walk::{Found, Names};
pub use write::Change;

/// The folder of what a repository may serve.
const LAYERS: &str = "_layers";
/// The folder of a repository's manifests and tags.
const MANIFESTS: &str = "_manifests";
/// The folder of uploads that Distribution has open.
const UPLOADS: &str = "_uploads";
/// The file that holds a digest.
const LINK: &str = "link";
/// What a link file is called until it is whole. There is one writer, so that one name is enough, and what a crash
/// leaves behind is used up by the next try.
const UNFINISHED: &str = "link.tmp";

/// A handle on the tree; cheap to clone.
#[derive(Clone, Debug)]
pub struct Tree {
    paths: Arc<Paths>,
}

impl BlobStore {
    /// The tree of names beside the blobs.
    pub fn tree(&self) -> Tree {
        Tree { paths: Arc::clone(&self.paths) }
    }
}

impl Tree {
    fn repository(&self, name: &RepositoryName) -> PathBuf {
        self.paths.repositories.join(name.as_str())
    }

    fn layer(&self, name: &RepositoryName, digest: &Digest) -> PathBuf {
        below(&self.repository(name).join(LAYERS), digest)
    }

    fn revision(&self, name: &RepositoryName, digest: &Digest) -> PathBuf {
        below(&self.repository(name).join(MANIFESTS).join("revisions"), digest)
    }

    fn tag(&self, name: &RepositoryName, tag: &Tag) -> PathBuf {
        self.repository(name).join(MANIFESTS).join("tags").join(tag.as_str())
    }

    /// A problem with a blob of a repository.
    pub fn layer_problem(&self, kind: ProblemKind, name: &RepositoryName, digest: &Digest, detail: &str) -> Problem {
        self.problem(kind, &self.layer(name, digest).join(LINK), detail)
    }

    /// A problem with a manifest of a repository.
    pub fn manifest_problem(&self, kind: ProblemKind, name: &RepositoryName, digest: &Digest, detail: &str) -> Problem {
        self.problem(kind, &self.revision(name, digest).join(LINK), detail)
    }

    /// A problem with a tag of a repository.
    pub fn tag_problem(&self, kind: ProblemKind, name: &RepositoryName, tag: &Tag, detail: &str) -> Problem {
        self.problem(kind, &self.tag(name, tag).join("current").join(LINK), detail)
    }

    fn problem(&self, kind: ProblemKind, path: &Path, detail: &str) -> Problem {
        Problem { kind, path: self.shown(path), detail: detail.to_owned() }
    }

    /// As a person names it who looks below the root.
    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.paths.root).unwrap_or(path).display().to_string()
    }
}

/// `<folder>/<algorithm>/<hex>`
fn below(folder: &Path, digest: &Digest) -> PathBuf {
    folder.join(digest.algorithm().as_str()).join(digest.hex())
}

/// What stands in a link file.
#[derive(Debug)]
enum Link {
    /// There is no such file.
    Missing,
    /// A digest, and when it was written.
    Digest(Digest, OffsetDateTime),
    /// Something else: a crash of Distribution, which writes its links in place, cut it off.
    Damaged(String),
    /// It can't be read.
    Unreadable(io::Error),
}

/// Reads a link file. Distribution takes it as it stands, without the blanks that an editor adds.
fn read_link(path: &Path) -> Link {
    // No digest is longer; what is, is no link.
    const LONGEST: u64 = 256;
    let read = || -> io::Result<(Vec<u8>, OffsetDateTime)> {
        let file = std::fs::File::open(path)?;
        let at = file.metadata()?.modified()?.into();
        let mut content = Vec::with_capacity(80);
        file.take(LONGEST).read_to_end(&mut content)?;
        Ok((content, at))
    };
    match read() {
        Ok((content, _)) if content.is_empty() => Link::Damaged("the file is empty".to_owned()),
        Ok((content, at)) => match std::str::from_utf8(&content).ok().and_then(|text| Digest::parse(text).ok()) {
            Some(digest) => Link::Digest(digest, at),
            None => Link::Damaged(format!("it holds {:?}", String::from_utf8_lossy(&content))),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Link::Missing,
        Err(error) => Link::Unreadable(error),
    }
}
