//! Uploads that are being written at this moment, for whoever watches. In memory: the rows of the database say how far an
//! upload had come when its last request ended, which may be the whole layer ago.

use std::sync::{
    Arc, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use time::OffsetDateTime;
use uuid::Uuid;

use super::Registry;
use crate::{oci::RepositoryName, overview::UploadProgress};

/// What a request that writes keeps up to date: one store a chunk.
#[derive(Debug)]
pub(super) struct Writing {
    repository: RepositoryName,
    started_at: OffsetDateTime,
    received: AtomicU64,
    /// 0 while it is not known.
    expected: AtomicU64,
}

impl Writing {
    pub(super) const fn new(repository: RepositoryName, started_at: OffsetDateTime, received: u64) -> Self {
        Self { repository, started_at, received: AtomicU64::new(received), expected: AtomicU64::new(0) }
    }

    /// A request begins whose body ends at byte `expected` of the upload.
    pub(super) fn expect(&self, expected: Option<u64>) {
        self.expected.store(expected.unwrap_or_default(), Ordering::Relaxed);
    }

    /// The upload holds so many bytes.
    pub(super) fn reached(&self, received: u64) {
        self.received.store(received, Ordering::Relaxed);
    }
}

impl Registry {
    /// The uploads that are being written at this moment, the oldest first.
    pub fn uploads_being_written(&self) -> Vec<UploadProgress> {
        let busy = self.inner.busy_uploads.lock().unwrap_or_else(PoisonError::into_inner);
        let writing = |(id, writing): (&Uuid, &Option<Arc<Writing>>)| {
            let writing = writing.as_ref()?;
            let expected = writing.expected.load(Ordering::Relaxed);
            Some(UploadProgress {
                id: id.to_string(),
                repository: writing.repository.clone(),
                received_bytes: writing.received.load(Ordering::Relaxed),
                expected_bytes: (expected > 0).then_some(expected),
                started_at: writing.started_at,
            })
        };
        let mut uploads: Vec<_> = busy.iter().filter_map(writing).collect();
        drop(busy);
        uploads.sort_unstable_by(|one, other| (one.started_at, &one.id).cmp(&(other.started_at, &other.id)));
        uploads
    }
}

#[cfg(test)]
mod tests;
