//! Which repositories there are: a walk over folders that reads no file.

use std::{
    fs::{self, DirEntry},
    io,
    os::unix::fs::MetadataExt as _,
};

use super::{
    super::{Result, blocking, failed},
    LAYERS, MANIFESTS, Problem, ProblemKind, Tree,
};
use crate::oci::RepositoryName;

/// What the walk came upon.
#[derive(Debug, Default)]
pub struct Names {
    /// The repositories, in no order.
    pub repositories: Vec<Found>,
    /// What is neither a repository nor leads to one.
    pub problems: Vec<Problem>,
}

/// A repository's folder.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: RepositoryName,
    /// Whether a manifest was ever pushed there.
    pub has_manifests: bool,
}

impl Tree {
    /// Every repository on the tree. A tree that is not there has none.
    ///
    /// # Errors
    /// The folder of repositories itself can't be read.
    pub async fn names(&self) -> Result<Names> {
        let tree = self.clone();
        blocking(move || tree.names_now()).await
    }

    /// Whether the tree has a repository `name`.
    ///
    /// # Errors
    /// The process is being shut down.
    pub async fn has(&self, name: &RepositoryName) -> Result<bool> {
        let folder = self.repository(name);
        blocking(move || Ok([LAYERS, MANIFESTS].iter().any(|part| folder.join(part).exists()))).await
    }

    /// Whether there is a tree at all. Where there is none, nothing can be concluded from what it lacks.
    pub(super) fn is_there(&self) -> bool {
        fs::read_dir(&self.paths.repositories).is_ok_and(|mut entries| entries.next().is_some())
    }

    fn names_now(&self) -> Result<Names> {
        let root = &self.paths.repositories;
        let mut names = Names::default();
        match fs::read_dir(root) {
            Ok(entries) => {
                let own = fs::metadata(root).map(|data| (data.dev(), data.ino()));
                let mut above = Vec::from_iter(own.ok());
                self.walk(entries, "", &mut above, &mut names);
                Ok(names)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(names),
            Err(error) => Err(failed("listing", root)(error)),
        }
    }

    /// Looks through the folder of `name` and those below. `above` are the folders that lead to it: a symbolic link
    /// back to one of them would lead round in circles.
    fn walk(&self, entries: fs::ReadDir, name: &str, above: &mut Vec<(u64, u64)>, names: &mut Names) {
        let mut is_repository = false;
        let mut has_manifests = false;
        for entry in entries.filter_map(std::result::Result::ok) {
            let path = entry.path();
            let own = entry.file_name();
            match own.to_str() {
                Some(LAYERS) => is_repository = true,
                Some(MANIFESTS) => {
                    is_repository = true;
                    has_manifests = path.join("revisions").exists();
                }
                Some("_uploads") => {}
                Some(own) if !own.starts_with('_') => self.descend(&entry, &joined(name, own), above, names),
                _ => names.problems.push(self.problem(ProblemKind::Foreign, &path, "")),
            }
        }
        if is_repository && let Ok(name) = RepositoryName::parse(name) {
            names.repositories.push(Found { name, has_manifests });
        }
    }

    fn descend(&self, entry: &DirEntry, name: &str, above: &mut Vec<(u64, u64)>, names: &mut Names) {
        let path = entry.path();
        // Through symbolic links, as Distribution goes.
        let opened =
            fs::metadata(&path).and_then(|data| Ok((data.is_dir().then(|| fs::read_dir(&path)).transpose()?, data)));
        let (entries, data) = match opened {
            Ok((Some(entries), data)) => (entries, data),
            Ok((None, _)) => return names.problems.push(self.problem(ProblemKind::Foreign, &path, "")),
            Err(error) => {
                return names.problems.push(self.problem(ProblemKind::Unreadable, &path, &error.to_string()));
            }
        };
        if RepositoryName::parse(name).is_err() {
            return names.problems.push(self.problem(ProblemKind::InvalidName, &path, ""));
        }
        let identity = (data.dev(), data.ino());
        if above.contains(&identity) {
            let detail = "a symbolic link to a folder above it";
            return names.problems.push(self.problem(ProblemKind::Foreign, &path, detail));
        }
        above.push(identity);
        self.walk(entries, name, above, names);
        above.pop();
    }
}

fn joined(parent: &str, own: &str) -> String {
    if parent.is_empty() { own.to_owned() } else { format!("{parent}/{own}") }
}
