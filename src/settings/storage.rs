//! `storage`: where the data lies and what may happen to it.

use std::{path::PathBuf, time::Duration};

use super::Sourced;

/// `storage`.
#[derive(Clone, Debug)]
pub struct Storage {
    /// `storage.filesystem.rootdirectory`: blobs lie in `docker/` below it, the database in `humpback/`.
    pub root: Sourced<PathBuf>,
    /// `storage.delete.enabled`: anyone who may reach a repository may delete through `/v2/`, as in Distribution.
    /// Otherwise only administrators may.
    pub delete: Sourced<bool>,
    /// `storage.maintenance.readonly.enabled`: pushes and deletions are refused.
    pub read_only: Sourced<bool>,
    /// `storage.maintenance.uploadpurging`.
    pub upload_purging: UploadPurging,
}

/// `storage.maintenance.uploadpurging`: uploads that nobody goes on with are thrown away.
#[derive(Clone, Debug)]
pub struct UploadPurging {
    /// Whether they are.
    pub enabled: Sourced<bool>,
    /// How long an upload may rest.
    pub age: Sourced<Duration>,
    /// How long to wait between two looks.
    pub interval: Sourced<Duration>,
    /// Only say what would be thrown away.
    pub dry_run: Sourced<bool>,
}
