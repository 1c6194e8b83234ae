//! When the certificate ends that clients are shown: noted by whoever reads its file, told on the first page. Exists in the
//! server only.

use std::sync::{Arc, Mutex, PoisonError};

use time::OffsetDateTime;

/// A handle on the moment; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct CertificateEnd {
    /// `None` without TLS, or where the certificate does not tell. A std mutex: held to look and to note, never across an
    /// await.
    at: Arc<Mutex<Option<OffsetDateTime>>>,
}

impl CertificateEnd {
    /// Another certificate was read.
    pub fn note(&self, at: Option<OffsetDateTime>) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Until when it holds.
    pub fn at(&self) -> Option<OffsetDateTime> {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
