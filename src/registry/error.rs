//! What the engine refuses, in the words of who asked.

use super::{BodyError, KeyError};
use crate::{
    blob_store, metadata,
    oci::{Digest, RepositoryName, manifest::InvalidManifest, schema1::Unconvertible},
};

/// Shorthand for this layer's results.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the engine did not do what it was asked. What is merely absent is `Ok(None)` or `Ok(false)` instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was ever pushed to the repository.
    #[error("there is no repository {0}")]
    NameUnknown(RepositoryName),
    /// The bytes that came in are not those of the digest.
    #[error("the content has the digest {actual}, not {expected}: it was changed on the way, push it again")]
    DigestMismatch {
        /// What the client said.
        expected: Digest,
        /// What the bytes are.
        actual: Digest,
    },
    /// Nothing may be changed now.
    #[error("the registry is read-only for maintenance: push and delete when that is over")]
    ReadOnly,
    /// Another request writes to the same upload session.
    #[error("another request is writing to this upload: wait for it to end, then ask how far it came")]
    UploadBusy,
    /// The session's bytes are not there: it has to be opened anew.
    #[error("this upload can't go on: open a new one")]
    UploadLost,
    /// A chunk does not begin where the upload stands.
    #[error("the chunk begins at byte {start}, but the upload stands at byte {offset}: send what follows")]
    RangeInvalid {
        /// Where the chunk begins.
        start: u64,
        /// Where the upload stands: the next byte's position.
        offset: u64,
    },
    /// The request brought more or fewer bytes than it announced.
    #[error("the request announced {announced} bytes and brought {received}")]
    SizeMismatch {
        /// What the client said.
        announced: u64,
        /// What came.
        received: u64,
    },
    /// The request ended before its body was whole.
    #[error("the request ended before its content was whole: what came in was kept, go on from there")]
    BodyTruncated(#[source] BodyError),
    /// The manifest is not one.
    #[error(transparent)]
    ManifestInvalid(#[from] InvalidManifest),
    /// A signature of the manifest is not one of its content.
    #[error("the manifest's signature does not fit its content: it was changed after it was signed, push it again")]
    ManifestUnverified,
    /// Docker before 1.10 may not push here.
    #[error("this registry takes no Docker schema 1 manifests: push with Docker 1.10 or newer, or as schema 2 or OCI")]
    Schema1Refused,
    /// The image has no form that Docker before 1.10 reads.
    #[error(transparent)]
    Unconvertible(#[from] Unconvertible),
    /// The manifest names content that the repository does not have.
    #[error("the manifest names content that was not pushed to this repository: push it first")]
    ManifestBlobUnknown(Vec<Digest>),
    /// The disk is full.
    #[error("the registry's disk is full")]
    OutOfSpace(#[source] blob_store::Error),
    /// The database is broken; logged at the door.
    #[error("internal error")]
    Metadata(#[from] metadata::Error),
    /// The disk is broken; logged at the door.
    #[error("internal error")]
    Store(#[source] blob_store::Error),
    /// The key that signs schema 1 manifests can't be had; logged at the door.
    #[error("internal error")]
    SigningKey(#[from] KeyError),
    /// A row and the disk disagree; logged at the door.
    #[error("internal error: {0}")]
    Inconsistent(&'static str),
}

impl From<blob_store::Error> for Error {
    fn from(error: blob_store::Error) -> Self {
        match error {
            blob_store::Error::UploadLost(_) => Self::UploadLost,
            error if error.is_out_of_space() => Self::OutOfSpace(error),
            error => Self::Store(error),
        }
    }
}
