//! What one repository's folder says.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use time::OffsetDateTime;

use super::{
    super::{Result, blocking, failed, sync_folder},
    LAYERS, LINK, Link, MANIFESTS, Problem, ProblemKind, Tree, UNFINISHED, read_link,
};
use crate::oci::{Algorithm, Digest, RepositoryName, Tag};

/// A repository as its folder tells it.
#[derive(Debug, Default)]
pub struct Contents {
    /// The blobs that it may serve; with the size of those whose bytes are there.
    pub layers: Section<Digest, Layer>,
    /// Its manifests.
    pub revisions: Section<Digest, Revision>,
    /// Its tags.
    pub tags: Section<Tag, Target>,
    /// What is not as it should be.
    pub problems: Vec<Problem>,
    /// There is no tree at all, or an empty one: whoever took it away took more than this repository.
    pub lost: bool,
}

/// One of the three folders of a repository.
#[derive(Debug)]
pub struct Section<K, V> {
    /// What can be read.
    pub entries: HashMap<K, V>,
    /// What has a link that can't be read, so that nothing follows from it.
    pub damaged: HashSet<K>,
    /// Whether the folder could be read to its end: only then is what it lacks not there.
    pub whole: bool,
}

impl<K, V> Default for Section<K, V> {
    fn default() -> Self {
        Self { entries: HashMap::new(), damaged: HashSet::new(), whole: true }
    }
}

/// A blob that a repository may serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The blob's size in bytes; `None` if its bytes are not there.
    pub size: Option<u64>,
    /// Under which digest the bytes lie, if it is another one: Distribution keeps what was pushed as sha512 by its
    /// sha256.
    pub stored_as: Option<Digest>,
    /// When it was linked.
    pub at: OffsetDateTime,
}

/// A manifest of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Whether its bytes are there.
    pub stored: bool,
    /// When it was pushed.
    pub at: OffsetDateTime,
}

/// Where a tag points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The manifest.
    pub digest: Digest,
    /// When it was put there.
    pub at: OffsetDateTime,
}

impl Tree {
    /// Reads the folder of `name`. What can't be read is a problem in the result; a repository that is not there is
    /// empty.
    ///
    /// # Errors
    /// The process is being shut down.
    pub async fn read(&self, name: &RepositoryName) -> Result<Contents> {
        let (tree, name) = (self.clone(), name.clone());
        blocking(move || Ok(tree.read_now(&name))).await
    }

    /// The bytes of manifests; `None` for those that are not there or have more than `max`.
    ///
    /// # Errors
    /// They can't be read.
    pub async fn manifests(&self, digests: Vec<Digest>, max: u64) -> Result<Vec<Option<Vec<u8>>>> {
        let tree = self.clone();
        blocking(move || digests.iter().map(|digest| tree.manifest_now(digest, max)).collect()).await
    }

    /// Gives bytes that lie under the digest `stored_as` the name `digest` too, without copying them. `false` if the
    /// file system can't.
    ///
    /// # Errors
    /// The disk is full or broken.
    pub async fn add_name(&self, stored_as: Digest, digest: Digest) -> Result<bool> {
        let tree = self.clone();
        blocking(move || {
            let (from, folder) = (tree.paths.blob(&stored_as).join("data"), tree.paths.blob(&digest));
            let to = folder.join("data");
            fs::create_dir_all(&folder).map_err(failed("making the folder", &folder))?;
            match fs::hard_link(&from, &to) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Ok(false),
                _ => {}
            }
            for changed in folder.ancestors().take(3).chain([&*tree.paths.blobs]) {
                sync_folder(changed)?;
            }
            Ok(true)
        })
        .await
    }

    fn manifest_now(&self, digest: &Digest, max: u64) -> Result<Option<Vec<u8>>> {
        let path = self.paths.blob(digest).join("data");
        match fs::metadata(&path) {
            Ok(data) if data.len() > max => return Ok(None),
            _ => {}
        }
        match fs::read(&path) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("reading", &path)(error)),
        }
    }

    fn read_now(&self, name: &RepositoryName) -> Contents {
        let folder = self.repository(name);
        let mut contents = Contents::default();
        if !folder.exists() && !self.is_there() {
            contents.lost = true;
            return contents;
        }
        self.read_layers(&folder.join(LAYERS), &mut contents);
        self.read_revisions(&folder.join(MANIFESTS).join("revisions"), &mut contents);
        self.read_tags(&folder.join(MANIFESTS).join("tags"), &mut contents);
        contents
    }

    fn read_layers(&self, folder: &Path, contents: &mut Contents) {
        let Contents { layers, problems, .. } = contents;
        for (digest, path) in self.digests(folder, &mut layers.whole, problems) {
            match self.link(&path.join(LINK), problems) {
                Ok(Some((target, at))) => {
                    let size = self.size_of(&target);
                    if size.is_none() {
                        problems.push(self.problem(ProblemKind::MissingContent, &path.join(LINK), target.as_str()));
                    }
                    let stored_as = (target != digest).then_some(target);
                    layers.entries.insert(digest, Layer { size, stored_as, at });
                }
                Ok(None) => {}
                Err(()) => drop(layers.damaged.insert(digest)),
            }
        }
    }

    fn read_revisions(&self, folder: &Path, contents: &mut Contents) {
        let Contents { revisions, problems, .. } = contents;
        for (digest, path) in self.digests(folder, &mut revisions.whole, problems) {
            let signatures = path.join("signatures");
            if signatures.exists() {
                problems.push(self.problem(ProblemKind::Legacy, &signatures, ""));
            }
            match self.link(&path.join(LINK), problems) {
                Ok(Some((target, at))) if target == digest => {
                    let stored = self.size_of(&digest).is_some();
                    if !stored {
                        problems.push(self.problem(ProblemKind::MissingContent, &path.join(LINK), ""));
                    }
                    revisions.entries.insert(digest, Revision { stored, at });
                }
                // Manifests have one name only.
                Ok(Some((target, _))) => {
                    let detail = format!("it names {target}");
                    problems.push(self.problem(ProblemKind::DamagedLink, &path.join(LINK), &detail));
                    revisions.damaged.insert(digest);
                }
                Ok(None) => {}
                Err(()) => drop(revisions.damaged.insert(digest)),
            }
        }
    }

    fn read_tags(&self, folder: &Path, contents: &mut Contents) {
        let Contents { tags, problems, .. } = contents;
        for (name, path) in self.folders(folder, &mut tags.whole, problems) {
            let Ok(tag) = Tag::parse(&name) else {
                problems.push(self.problem(ProblemKind::InvalidName, &path, ""));
                continue;
            };
            match self.link(&path.join("current").join(LINK), problems) {
                Ok(Some((digest, at))) => drop(tags.entries.insert(tag, Target { digest, at })),
                Ok(None) => problems.push(self.problem(ProblemKind::DanglingTag, &path, "it points nowhere")),
                Err(()) => drop(tags.damaged.insert(tag)),
            }
        }
    }

    /// The size of a blob's bytes, if they are there.
    fn size_of(&self, digest: &Digest) -> Option<u64> {
        fs::metadata(self.paths.blob(digest).join("data")).ok().filter(|data| data.is_file()).map(|data| data.len())
    }

    /// What a link says; `Err` if nothing can be concluded from it.
    fn link(&self, path: &Path, problems: &mut Vec<Problem>) -> Result<Option<(Digest, OffsetDateTime)>, ()> {
        let (kind, detail) = match read_link(path) {
            Link::Digest(digest, at) => return Ok(Some((digest, at))),
            Link::Missing => return Ok(None),
            Link::Damaged(detail) => (ProblemKind::DamagedLink, detail),
            Link::Unreadable(error) => (ProblemKind::Unreadable, error.to_string()),
        };
        problems.push(self.problem(kind, path, &detail));
        Err(())
    }

    /// The folders `<algorithm>/<hex>` below `folder`.
    fn digests(&self, folder: &Path, whole: &mut bool, problems: &mut Vec<Problem>) -> Vec<(Digest, PathBuf)> {
        let mut digests = Vec::new();
        for (algorithm, path) in self.folders(folder, whole, problems) {
            if algorithm.parse::<Algorithm>().is_err() {
                let kind = if algorithm == "tarsum" { ProblemKind::Legacy } else { ProblemKind::Foreign };
                problems.push(self.problem(kind, &path, ""));
                continue;
            }
            for (hex, path) in self.folders(&path, whole, problems) {
                match Digest::parse(&format!("{algorithm}:{hex}")) {
                    Ok(digest) => digests.push((digest, path)),
                    Err(_) => problems.push(self.problem(ProblemKind::Foreign, &path, "")),
                }
            }
        }
        digests
    }

    /// The folders in `folder`, which need not be there. Whatever else is in it is a problem.
    fn folders(&self, folder: &Path, whole: &mut bool, problems: &mut Vec<Problem>) -> Vec<(String, PathBuf)> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => {
                *whole = false;
                problems.push(self.problem(ProblemKind::Unreadable, folder, &error.to_string()));
                return Vec::new();
            }
        };
        let mut folders = Vec::new();
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    *whole = false;
                    problems.push(self.problem(ProblemKind::Unreadable, folder, &error.to_string()));
                    break;
                }
            };
            let path = entry.path();
            // Only for symbolic links does it take another look.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir() || (kind.is_symlink() && path.is_dir()));
            match entry.file_name().into_string() {
                Ok(name) if is_folder => folders.push((name, path)),
                Ok(name) if name == UNFINISHED => {}
                _ => problems.push(self.problem(ProblemKind::Foreign, &path, "")),
            }
        }
        folders
    }
}
