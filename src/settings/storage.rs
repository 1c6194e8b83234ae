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

const HOUR: Duration = Duration::from_secs(60 * 60);

impl Default for Storage {
    fn default() -> Self {
        Self {
            root: Sourced::built_in(PathBuf::from("/var/lib/registry")),
            delete: Sourced::built_in(false),
            read_only: Sourced::built_in(false),
            upload_purging: UploadPurging::default(),
        }
    }
}

impl Default for UploadPurging {
    /// Distribution's: once a day, what has rested a week.
    fn default() -> Self {
        Self {
            enabled: Sourced::built_in(true),
            age: Sourced::built_in(168 * HOUR),
            interval: Sourced::built_in(24 * HOUR),
            dry_run: Sourced::built_in(false),
        }
    }
}
