//! The first time that a blob is read which another registry has stored: its bytes are compared with its digest while
//! they are sent. Taking over a folder would last for hours if all of it were hashed then.

use std::io;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

use super::{Registry, Result};
use crate::{blob_store::Hasher, metadata::Durability, oci::Digest};

/// A blob that nobody has hashed yet.
#[derive(Clone, Debug)]
pub(super) struct FirstRead {
    registry: Registry,
    digest: Digest,
}

impl FirstRead {
    pub fn new(registry: &Registry, digest: &Digest) -> Self {
        Self { registry: registry.clone(), digest: digest.clone() }
    }

    /// Passes on the whole content of the blob, one part late: the last part is only sent if all of it is right, so
    /// that no client has the whole of something false.
    pub fn check<S>(self, content: S) -> impl Stream<Item = io::Result<Bytes>> + Send
    where
        S: Stream<Item = io::Result<Bytes>> + Send,
    {
        let state = Some((Box::pin(content), Hasher::new(self.digest.algorithm()), None::<Bytes>, self));
        stream::try_unfold(state, |state| async move {
            let Some((mut content, mut hasher, mut kept, first_read)) = state else { return Ok(None) };
            while let Some(part) = content.next().await.transpose()? {
                hasher.update(&part);
                if let Some(before) = kept.replace(part) {
                    return Ok(Some((before, Some((content, hasher, kept, first_read)))));
                }
            }
            first_read.end(hasher.finish()).await?;
            Ok(kept.map(|last| (last, None)))
        })
    }

    /// Keeps what was found; an error if the bytes are wrong.
    async fn end(&self, actual: Digest) -> io::Result<()> {
        let right = actual == self.digest;
        if let Err(error) = self.record(right).await {
            tracing::error!(digest = %self.digest, %error, "It could not be kept whether a blob is right");
        }
        if right {
            return Ok(());
        }
        tracing::error!(
            digest = %self.digest, %actual,
            "A blob that another registry has stored has other bytes than its digest says: push it again"
        );
        Err(io::Error::new(io::ErrorKind::InvalidData, "the stored bytes are not those of the digest"))
    }

    async fn record(&self, right: bool) -> Result<()> {
        let mut tx = self.registry.metadata().begin_from_tree().await?;
        if right {
            tx.mark_verified(&self.digest).await?;
        } else {
            tx.withdraw_blob(&self.digest).await?;
        }
        // If it is lost, it is found out again.
        Ok(tx.commit(Durability::Relaxed).await?)
    }
}
