//! One process to a data folder: two would each believe that they alone write to it.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::Path,
};

/// Why the data folder can't be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process serves it.
    #[error(
        "another humpback-registry already serves {root}: stop it first, or give this one a folder of its own with --root"
    )]
    Held {
        /// The data folder.
        root: String,
    },
    /// The lock can't be made or taken.
    #[error("the lock file {path}: {source}")]
    File {
        /// The lock file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Held for as long as the process serves the folder. The system lets go of it when the process ends, however it
/// ends, so that no stale lock is ever left.
#[derive(Debug)]
pub struct RootLock(#[expect(dead_code, reason = "holds the lock")] File);

impl RootLock {
    /// Takes the lock `humpback/lock` below `root`, in a folder that exists.
    ///
    /// # Errors
    /// Another process has it, or the file can't be opened.
    pub fn acquire(root: &Path) -> Result<Self, Error> {
        let path = root.join("humpback").join("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let failed = |source| Error::File { path: path.display().to_string(), source };
        let file = file.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(Error::Held { root: root.display().to_string() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_folder_is_served_once_at_a_time() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("humpback")).unwrap();
        let first = RootLock::acquire(root.path()).unwrap();
        let error = RootLock::acquire(root.path()).unwrap_err();
        assert!(error.to_string().contains("already serves"), "{error}");
        drop(first);
        RootLock::acquire(root.path()).unwrap();
    }
}
