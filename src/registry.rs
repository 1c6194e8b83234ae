//! The engine: what a registry does, whoever asks. Knows nothing of HTTP.
//!
//! Bytes are made durable first and their row last; on delete the row goes first. So a crash leaves at most bytes
//! that no row names, never a row that lies.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

use crate::{blob_store::BlobStore, clock::Clock, metadata::Metadata};

mod blob;
mod error;
mod explorer;
mod manifest;
mod referrers;
mod tag;
mod upload;

pub use blob::Blob;
pub use error::{Error, Result};
pub use manifest::{DeletedManifest, Manifest, PutManifest};
pub use referrers::Referrer;
pub use upload::{BodyError, UploadSession};

/// A handle on the engine; cheap to clone.
#[derive(Clone, Debug)]
pub struct Registry {
    inner: Arc<Inner>,
}

/// What an administrator decides at start.
#[derive(Clone, Copy, Debug, Default)]
pub struct Policy {
    /// Whether a manifest may name blobs and manifests that were never pushed to its repository, as sparse indexes and
    /// partial mirrors do. Such an image can't be pulled whole.
    pub sparse: bool,
}

#[derive(Debug)]
struct Inner {
    metadata: Metadata,
    store: BlobStore,
    clock: Clock,
    policy: Policy,
    /// Upload sessions that a request works on. A std mutex: held to look and to mark, never across an await.
    busy_uploads: Mutex<HashSet<Uuid>>,
}

impl Registry {
    /// The engine on a database and a blob store.
    pub fn new(metadata: Metadata, store: BlobStore, clock: Clock) -> Self {
        Self::with_policy(metadata, store, clock, Policy::default())
    }

    /// The engine with other rules than the usual ones.
    pub fn with_policy(metadata: Metadata, store: BlobStore, clock: Clock, policy: Policy) -> Self {
        Self { inner: Arc::new(Inner { metadata, store, clock, policy, busy_uploads: Mutex::default() }) }
    }

    fn metadata(&self) -> &Metadata {
        &self.inner.metadata
    }

    fn store(&self) -> &BlobStore {
        &self.inner.store
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
