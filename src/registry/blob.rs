//! Blobs: is it there, how long is it, and its bytes.
//!
//! The empty layer of Docker before 1.10 is there in every repository, whether or not it was pushed: clients expect it
//! under images that were converted for them, and nothing is written when they read.

use std::{io, ops::Range};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _, future::Either, stream};

use super::{Error, Registry, Result, adoption::Touch, first_read::FirstRead};
use crate::{
    audit::{Action, Actor, AuditEntry},
    blob_store::BlobReader,
    metadata::{BlobRecord, Durability},
    notifications::Happening,
    oci::{
        Digest, RepositoryName,
        schema1::{EMPTY_LAYER, is_empty_layer},
    },
};

/// How many repositories are looked at in one go for a blob that may be mounted from anywhere.
const ORIGIN_PAGE: u32 = 100;
/// How many such pages at most: beyond, the client uploads, which is always right.
const ORIGIN_PAGES: usize = 20;

/// A blob that is open for reading.
#[derive(Debug)]
pub struct Blob {
    content: Stored,
    /// Set while nobody has compared the bytes with the digest.
    first_read: Option<FirstRead>,
}

#[derive(Debug)]
enum Stored {
    File(BlobReader),
    /// The empty layer, which was never pushed.
    Empty,
}

impl Blob {
    /// The size in bytes.
    pub const fn size(&self) -> u64 {
        match &self.content {
            Stored::File(reader) => reader.size(),
            Stored::Empty => EMPTY_LAYER.len() as u64,
        }
    }

    /// The bytes of `range`, which must lie inside the blob. The first time that a blob from another registry is read
    /// whole, its bytes are hashed on their way, and what would complete wrong ones is kept back.
    pub fn stream(self, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let whole = range == (0..self.size());
        match self.content {
            Stored::File(reader) => {
                let content = reader.stream(range);
                Either::Left(match self.first_read.filter(|_| whole) {
                    Some(first_read) => Either::Left(first_read.check(content)),
                    None => Either::Right(content),
                })
            }
            Stored::Empty => {
                let index = |at: u64| usize::try_from(at).unwrap_or(EMPTY_LAYER.len());
                let content = EMPTY_LAYER.get(index(range.start)..index(range.end)).unwrap_or_default();
                Either::Right(stream::iter([Ok(Bytes::from_static(content))]))
            }
        }
    }
}

impl Registry {
    /// The size in bytes of `digest`, if `repository` may serve it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn blob_size(&self, repository: &RepositoryName, digest: &Digest) -> Result<Option<u64>> {
        Ok(self.blob_record(repository, digest).await?.map(|blob| blob.size))
    }

    async fn blob_record(&self, repository: &RepositoryName, digest: &Digest) -> Result<Option<BlobRecord>> {
        self.adopted(repository, Touch::Read).await?;
        match self.metadata().blob(repository, digest).await? {
            None if is_empty_layer(digest) && self.metadata().has_repository(repository).await? => {
                Ok(Some(BlobRecord { size: EMPTY_LAYER.len() as u64, verified: true }))
            }
            blob => Ok(blob),
        }
    }

    /// Opens `digest`, if `repository` may serve it.
    ///
    /// # Errors
    /// The database or the disk is broken.
    pub async fn blob(&self, repository: &RepositoryName, digest: &Digest) -> Result<Option<Blob>> {
        let Some(BlobRecord { size, verified }) = self.blob_record(repository, digest).await? else { return Ok(None) };
        let reader = self.store().read(digest).await?;
        match reader {
            Some(reader) if reader.size() == size => {
                let first_read = (!verified).then(|| FirstRead::new(self, digest));
                Ok(Some(Blob { content: Stored::File(reader), first_read }))
            }
            // A client must not take a part for the whole.
            Some(_) => Err(Error::Inconsistent("a stored blob does not have the size that it was pushed with")),
            None if is_empty_layer(digest) => Ok(Some(Blob { content: Stored::Empty, first_read: None })),
            None => Err(Error::Inconsistent("a blob that was pushed is not on the disk")),
        }
    }

    /// The whole of `digest` if `repository` may serve it and it is not longer than `max` bytes: for the small blobs
    /// that are shown to people.
    ///
    /// # Errors
    /// The database or the disk is broken.
    pub async fn read_blob_whole(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        max: u64,
    ) -> Result<Option<Bytes>> {
        let Some(blob) = self.blob(repository, digest).await? else { return Ok(None) };
        let size = blob.size();
        if size > max {
            return Ok(None);
        }
        let parts: Vec<Bytes> = blob
            .stream(0..size)
            .try_collect()
            .await
            .map_err(|_| Error::Inconsistent("a stored blob could not be read to its end"))?;
        Ok(Some(parts.concat().into()))
    }

    /// Lets `repository` serve a blob of the repository `from`, or of whichever has it, without its bytes being
    /// pushed again. Returns where it came from; `None` if it is not there. Durable when this returns.
    ///
    /// Only what the caller may read counts, as `may_read` says: else a digest would be enough to get at content, or to
    /// learn that it exists.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn mount_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        from: Option<&RepositoryName>,
        may_read: impl Fn(&RepositoryName) -> bool + Send,
    ) -> Result<Option<RepositoryName>> {
        self.may_change()?;
        let from = match from {
            Some(from) => Some(from.clone()).filter(may_read),
            None => self.readable_origin(digest, may_read).await?,
        };
        let Some(from) = from else { return Ok(None) };
        self.adopted(&from, Touch::Read).await?;
        self.adopted(repository, Touch::Change).await?;
        let mut tx = self.metadata().begin().await?;
        let Some(source) = tx.find_repository(&from).await? else { return Ok(None) };
        let Some(size) = tx.blob_size(source, digest).await? else { return Ok(None) };
        let id = tx.repository(repository, self.now()).await?;
        tx.link_blob(id, digest, size, self.now()).await?;
        let mounted = || vec![Happening::BlobMounted((repository.clone(), digest.clone(), size), from.clone())];
        let told = self.tell(&mut tx, mounted).await?;
        tx.commit(Durability::Synced).await?;
        told.committed();
        self.wake_mirror();
        Ok(Some(from))
    }

    /// The oldest repository that has `digest` and may be read.
    async fn readable_origin(
        &self,
        digest: &Digest,
        may_read: impl Fn(&RepositoryName) -> bool + Send,
    ) -> Result<Option<RepositoryName>> {
        let mut last = None;
        // A base image's layers may be in thousands of repositories; one page is enough where all may be read.
        for _ in 0..ORIGIN_PAGES {
            let page = self.metadata().blob_origins(digest, last, ORIGIN_PAGE).await?;
            let Some((end, _)) = page.last() else { break };
            last = Some(*end);
            if let Some((_, name)) = page.into_iter().find(|(_, name)| may_read(name)) {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    /// Forbids `repository` to serve `digest`. The bytes stay: other repositories may have them.
    ///
    /// `false` if the repository did not have it. Durable when this returns `true`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_blob(&self, repository: &RepositoryName, digest: &Digest, by: &Actor) -> Result<bool> {
        self.may_change()?;
        self.adopted(repository, Touch::Change).await?;
        let mut tx = self.metadata().begin().await?;
        let Some(id) = tx.find_repository(repository).await? else { return Ok(false) };
        if !tx.unlink_blob(id, digest).await? {
            return Ok(false);
        }
        let entry = AuditEntry::new(self.now(), by, Action::BlobDeleted);
        tx.audit(&entry.about(format!("{repository}@{digest}"))).await?;
        let told = self.tell(&mut tx, || vec![Happening::BlobDeleted(repository.clone(), digest.clone())]).await?;
        tx.commit(Durability::Synced).await?;
        told.committed();
        self.wake_mirror();
        Ok(true)
    }
}
