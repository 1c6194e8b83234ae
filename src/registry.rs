//! The engine: what a registry does, whoever asks. Knows nothing of HTTP.
//!
//! Bytes are made durable first and their row last; on delete the row goes first. So a crash leaves at most bytes
//! that no row names, never a row that lies.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::{
    blob_store::BlobStore,
    clock::Clock,
    metadata::Metadata,
    notifications::{Cause, Notifications},
};

mod adoption;
mod blob;
mod deletion;
mod description;
mod error;
mod explorer;
mod first_read;
mod lookup;
mod manifest;
mod mirror;
mod notify;
mod overview;
mod progress;
mod pulls;
mod referrers;
mod schema1;
mod signing_key;
mod tag;
mod totals;
mod undo;
mod upload;
mod verify;

pub use adoption::{AdoptionProgress, AdoptionSummary};
pub use blob::Blob;
pub use deletion::{DeletedManifest, Deletion};
pub use error::{Error, Result};
pub use manifest::{Manifest, PutManifest};
pub use mirror::MirrorRound;
pub use referrers::Referrer;
pub use signing_key::{KeyError, SigningKey};
pub use undo::{Restored, TagChangeUndone};
pub use upload::{BodyError, UploadSession};
pub use verify::{Finding, Verification, VerifyEvent, VerifySummary};

/// A handle on the engine; cheap to clone.
#[derive(Clone, Debug)]
pub struct Registry {
    inner: Arc<Inner>,
    /// For whom it acts, where others are told of that.
    cause: Option<Arc<Cause>>,
}

/// On answers to `GET /v2/`: whose they are. Random, made at each start; it tells nothing else.
pub const INSTANCE_HEADER: &str = "humpback-instance";

/// What an administrator decides at start.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Whether a manifest may name blobs and manifests that were never pushed to its repository, as sparse indexes and
    /// partial mirrors do. Such an image can't be pulled whole.
    pub sparse: bool,
    /// Whether Docker before 1.10 may push (Distribution's `compatibility.schema1.enabled`). It may pull in any case.
    pub schema1_push: bool,
    /// Whether an index may name images that were never pushed, while images are whole (Distribution's
    /// `validation.manifests.indexes.platforms: none`).
    pub sparse_indexes: bool,
    /// Whether nothing may be pushed or deleted (Distribution's `storage.maintenance.readonly`).
    pub read_only: bool,
    /// Whether the folder may hold what Distribution has written, now or between two runs of this process: then it is
    /// read by [`Registry::adopt`], and what was not read yet when it is asked for.
    pub adopt: bool,
    /// For so long what is deleted can be restored; nothing is kept if it is zero.
    pub undo: std::time::Duration,
}

/// For so long what is deleted can be restored, if nobody says otherwise.
const UNDO: std::time::Duration = std::time::Duration::from_secs(14 * 24 * 60 * 60);

impl Default for Policy {
    /// Images are whole, and every client may push.
    fn default() -> Self {
        Self { sparse: false, schema1_push: true, sparse_indexes: false, read_only: false, adopt: false, undo: UNDO }
    }
}

#[derive(Debug)]
struct Inner {
    /// Made at each start.
    instance: String,
    metadata: Metadata,
    store: BlobStore,
    clock: Clock,
    policy: Policy,
    /// Upload sessions that a request works on, and how far those have come that are being written. A std mutex: held to
    /// look and to mark, never across an await.
    busy_uploads: Mutex<HashMap<Uuid, Option<Arc<progress::Writing>>>>,
    /// Made or read when it is first wanted.
    signing_key: OnceCell<SigningKey>,
    /// A std mutex: held to look something up or to put it in, never across an await.
    schema1_cache: Mutex<schema1::Cache>,
    mirror: mirror::Mirror,
    pulls: pulls::Pulls,
    adoption: adoption::Adoption,
    /// Set once, at start.
    notifications: OnceLock<Notifications>,
    totals: totals::Known,
}

impl Registry {
    /// The engine on a database and a blob store.
    pub fn new(metadata: Metadata, store: BlobStore, clock: Clock) -> Self {
        Self::with_policy(metadata, store, clock, Policy::default())
    }

    /// The engine with other rules than the usual ones.
    pub fn with_policy(metadata: Metadata, store: BlobStore, clock: Clock, policy: Policy) -> Self {
        let inner = Inner {
            instance: uuid::Uuid::new_v4().to_string(),
            metadata,
            store,
            clock,
            policy,
            busy_uploads: Mutex::default(),
            signing_key: OnceCell::new(),
            schema1_cache: Mutex::default(),
            mirror: mirror::Mirror::default(),
            pulls: pulls::Pulls::default(),
            adoption: adoption::Adoption::new(policy.adopt),
            notifications: OnceLock::new(),
            totals: totals::Known::default(),
        };
        Self { inner: Arc::new(inner), cause: None }
    }

    /// What tells this process's answers on `/v2/` from another registry's, as [`INSTANCE_HEADER`].
    pub fn instance(&self) -> &str {
        &self.inner.instance
    }

    fn metadata(&self) -> &Metadata {
        &self.inner.metadata
    }

    fn store(&self) -> &BlobStore {
        &self.inner.store
    }

    /// Refuses what would change something, where nothing may be.
    fn may_change(&self) -> Result<()> {
        if self.inner.policy.read_only { Err(Error::ReadOnly) } else { Ok(()) }
    }

    fn now(&self) -> time::OffsetDateTime {
        self.inner.clock.now()
    }

    /// How many uploads are being written at this moment.
    pub fn uploads_in_progress(&self) -> usize {
        self.inner.busy_uploads.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Proves that the database answers and the blob store can be written to.
    ///
    /// # Errors
    /// One of them can't be used.
    pub async fn check(&self) -> Result<()> {
        self.metadata().check().await?;
        Ok(self.store().probe().await?)
    }
}
