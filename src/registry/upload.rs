//! Uploads: opened, written in one or many requests, and ended as a blob or thrown away.

use std::{
    collections::hash_map::Entry,
    error::Error as StdError,
    pin::pin,
    sync::{Arc, PoisonError},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use time::Duration;
use uuid::Uuid;

use super::{Error, Inner, Registry, Result, adoption::Touch, progress::Writing};
use crate::{
    blob_store::{Appender, Hasher, Published},
    metadata::{Durability, UploadRecord},
    notifications::Happening,
    oci::{Algorithm, Digest, RepositoryName},
};

/// Why a request's body broke off, as whoever reads it says.
pub type BodyError = Box<dyn StdError + Send + Sync>;

/// How many abandoned sessions are thrown away in one go.
const PURGE_BATCH: u32 = 100;

/// An upload that this request alone may write to, until this is dropped.
#[derive(Debug)]
pub struct UploadSession {
    registry: Registry,
    record: UploadRecord,
    writing: Arc<Writing>,
    _claim: Claim,
}

/// Marks a session as busy while it lives.
#[derive(Debug)]
struct Claim {
    inner: Arc<Inner>,
    id: Uuid,
}

impl Claim {
    fn new(registry: &Registry, id: Uuid) -> Option<Self> {
        let inner = Arc::clone(&registry.inner);
        let claimed = match inner.busy_uploads.lock().unwrap_or_else(PoisonError::into_inner).entry(id) {
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(None);
                true
            }
        };
        // Lazily: a claim that is made and dropped here would take away whoever's claim it met.
        claimed.then(|| Self { inner, id })
    }

    /// Shows the upload to whoever watches, until this is dropped.
    fn show(&self, record: &UploadRecord) -> Arc<Writing> {
        let writing = Arc::new(Writing::new(record.repository.clone(), record.started_at, record.offset));
        let shown = Some(Arc::clone(&writing));
        self.inner.busy_uploads.lock().unwrap_or_else(PoisonError::into_inner).insert(self.id, shown);
        writing
    }
}

impl UploadSession {
    fn new(registry: &Registry, record: UploadRecord, claim: Claim) -> Self {
        Self { registry: registry.clone(), writing: claim.show(&record), record, _claim: claim }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.inner.busy_uploads.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

impl Registry {
    /// Opens an upload into `repository` and returns its name. Its `owner`, and nobody else, may write to it in later
    /// requests, also after a restart; without one, whoever has said as little of himself.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn start_upload(
        &self,
        repository: &RepositoryName,
        owner: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Uuid> {
        self.may_change()?;
        let record = UploadRecord { owner: owner.map(str::to_owned), ..self.new_upload(repository, algorithm) };
        let mut tx = self.metadata().begin().await?;
        tx.save_upload(&record, record.started_at).await?;
        // Nothing was written yet: if a power cut takes the session away, the client opens another.
        tx.commit(Durability::Relaxed).await?;
        Ok(record.id)
    }

    fn new_upload(&self, repository: &RepositoryName, algorithm: Algorithm) -> UploadRecord {
        UploadRecord {
            id: Uuid::new_v4(),
            repository: repository.clone(),
            owner: None,
            algorithm,
            offset: 0,
            hash_state: Hasher::new(algorithm).save(),
            started_at: self.now(),
        }
    }

    /// How many bytes of the upload `id` of this owner were taken in, if it is open.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn upload_offset(
        &self,
        repository: &RepositoryName,
        owner: Option<&str>,
        id: Uuid,
    ) -> Result<Option<u64>> {
        Ok(self.own_upload(repository, owner, id).await?.map(|record| record.offset))
    }

    /// Takes the upload `id` of this owner in hand, if it is open.
    ///
    /// # Errors
    /// [`Error::UploadBusy`] while another request has it.
    pub async fn upload(
        &self,
        repository: &RepositoryName,
        owner: Option<&str>,
        id: Uuid,
    ) -> Result<Option<UploadSession>> {
        self.may_change()?;
        // Whose it is is looked at before it is claimed: nobody else may learn that it is there, or keep it busy.
        if self.own_upload(repository, owner, id).await?.is_none() {
            return Ok(None);
        }
        let claim = Claim::new(self, id).ok_or(Error::UploadBusy)?;
        let record = self.metadata().upload(repository, id).await?;
        Ok(record.map(|record| UploadSession::new(self, record, claim)))
    }

    async fn own_upload(
        &self,
        repository: &RepositoryName,
        owner: Option<&str>,
        id: Uuid,
    ) -> Result<Option<UploadRecord>> {
        let record = self.metadata().upload(repository, id).await?;
        Ok(record.filter(|record| record.owner.as_deref() == owner))
    }

    /// Takes in a whole blob in one request. Durable when this returns; its size in bytes.
    ///
    /// # Errors
    /// Nothing was stored.
    pub async fn push_blob<S>(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        announced: Option<u64>,
        body: S,
    ) -> Result<u64>
    where
        S: Stream<Item = Result<Bytes, BodyError>> + Send,
    {
        self.may_change()?;
        let record = self.new_upload(repository, digest.algorithm());
        let id = record.id;
        let claim = Claim::new(self, id).ok_or(Error::UploadBusy)?;
        let session = UploadSession::new(self, record, claim);
        let mut appender = self.store().append(id, 0, Hasher::new(digest.algorithm()));
        let pushed = async {
            fill(&mut appender, &session.writing, announced, body).await?;
            session.publish(appender, digest).await
        };
        let pushed = pushed.await;
        if pushed.is_err() {
            self.store().discard(id).await?;
        }
        pushed
    }

    /// Stores a blob of our own. No repository has it yet. Durable when this returns.
    ///
    /// # Errors
    /// Nothing was stored.
    pub(super) async fn store_blob(&self, digest: &Digest, content: Bytes) -> Result<()> {
        let id = Uuid::new_v4();
        let _claim = Claim::new(self, id).ok_or(Error::UploadBusy)?;
        let mut appender = self.store().append(id, 0, Hasher::new(digest.algorithm()));
        appender.write(content).await?;
        match appender.publish(digest).await? {
            Published::Stored(_) => Ok(()),
            Published::DigestMismatch(actual) => Err(Error::DigestMismatch { expected: digest.clone(), actual }),
        }
    }

    /// Throws away uploads in which nothing has moved for `age`, and bytes that belong to no session: a crash left
    /// them. Returns how many.
    ///
    /// # Errors
    /// The database or the disk is broken.
    pub async fn purge_uploads(&self, age: Duration) -> Result<usize> {
        let mut purged = 0;
        for id in self.metadata().stale_uploads(self.now() - age, PURGE_BATCH).await? {
            // One that a request has in hand is not abandoned.
            let Some(_claim) = Claim::new(self, id) else { continue };
            self.forget_upload(id).await?;
            purged += 1;
        }
        for id in self.store().uploads().await? {
            // Looked at before it is claimed: a request that comes meanwhile must not find its upload busy. An
            // upload without a row that a request has in hand is a blob pushed in one go.
            if self.metadata().has_upload(id).await? {
                continue;
            }
            let Some(_claim) = Claim::new(self, id) else { continue };
            self.store().discard(id).await?;
            purged += 1;
        }
        Ok(purged)
    }

    /// How many uploads [`purge_uploads`](Self::purge_uploads) would throw away because nothing has moved for `age`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn count_stale_uploads(&self, age: Duration) -> Result<usize> {
        Ok(self.metadata().stale_uploads(self.now() - age, PURGE_BATCH).await?.len())
    }

    /// The row goes first: a crash then leaves bytes without a session, not a session without bytes.
    async fn forget_upload(&self, id: Uuid) -> Result<()> {
        let mut tx = self.metadata().begin().await?;
        tx.delete_upload(id).await?;
        tx.commit(Durability::Relaxed).await?;
        Ok(self.store().discard(id).await?)
    }
}

impl UploadSession {
    /// How many bytes were taken in before this request.
    pub const fn offset(&self) -> u64 {
        self.record.offset
    }

    /// Takes in a chunk that begins at byte `start` (`None`: wherever the upload stands). Returns the new offset;
    /// what lies before it outlasts a power cut.
    ///
    /// # Errors
    /// After [`Error::BodyTruncated`] and [`Error::SizeMismatch`] what came in is kept, so that the client can ask
    /// how far it came and go on.
    pub async fn append<S>(&mut self, start: Option<u64>, announced: Option<u64>, body: S) -> Result<u64>
    where
        S: Stream<Item = Result<Bytes, BodyError>> + Send,
    {
        self.expect_start(start)?;
        let mut appender = self.appender()?;
        let filled = fill(&mut appender, &self.writing, announced, body).await;
        if matches!(filled, Ok(()) | Err(Error::BodyTruncated(_) | Error::SizeMismatch { .. })) {
            self.pause(appender).await?;
        }
        filled?;
        Ok(self.record.offset)
    }

    /// Takes in the last chunk and ends the upload as the blob `digest`. Durable when this returns; the blob's size
    /// in bytes.
    ///
    /// # Errors
    /// After [`Error::DigestMismatch`] the upload is gone. After [`Error::BodyTruncated`] and
    /// [`Error::SizeMismatch`] it can go on.
    pub async fn commit<S>(
        mut self,
        digest: &Digest,
        start: Option<u64>,
        announced: Option<u64>,
        body: S,
    ) -> Result<u64>
    where
        S: Stream<Item = Result<Bytes, BodyError>> + Send,
    {
        self.expect_start(start)?;
        let mut appender =
            if digest.algorithm() == self.record.algorithm { self.appender()? } else { self.rehash(digest).await? };
        match fill(&mut appender, &self.writing, announced, body).await {
            Ok(()) => {}
            Err(error @ (Error::BodyTruncated(_) | Error::SizeMismatch { .. })) => {
                if digest.algorithm() == self.record.algorithm {
                    self.pause(appender).await?;
                }
                return Err(error);
            }
            Err(error) => return Err(error),
        }
        let id = self.record.id;
        let registry = self.registry.clone();
        match self.publish(appender, digest).await {
            Err(error @ (Error::DigestMismatch { .. } | Error::UploadLost)) => {
                registry.forget_upload(id).await?;
                Err(error)
            }
            published => published,
        }
    }

    /// Throws the upload away.
    ///
    /// # Errors
    /// The database or the disk is broken.
    pub async fn cancel(self) -> Result<()> {
        self.registry.forget_upload(self.record.id).await
    }

    fn expect_start(&self, start: Option<u64>) -> Result<()> {
        match start {
            Some(start) if start != self.record.offset => {
                Err(Error::RangeInvalid { start, offset: self.record.offset })
            }
            _ => Ok(()),
        }
    }

    fn appender(&self) -> Result<Appender> {
        let hasher = Hasher::restore(self.record.algorithm, &self.record.hash_state).map_err(|_| Error::UploadLost)?;
        Ok(self.registry.store().append(self.record.id, self.record.offset, hasher))
    }

    /// An appender that hashes with the algorithm of `digest`, though the upload began with another: the client did
    /// not say at its start which one it would name. What is there already is read once more.
    async fn rehash(&self, digest: &Digest) -> Result<Appender> {
        let store = self.registry.store();
        let hasher = store.rehash(self.record.id, self.record.offset, digest.algorithm()).await?;
        Ok(store.append(self.record.id, self.record.offset, hasher))
    }

    /// Keeps what came in, and says so in the row.
    async fn pause(&mut self, appender: Appender) -> Result<()> {
        let (offset, hasher) = appender.pause().await?;
        self.record.offset = offset;
        self.record.hash_state = hasher.save();
        let mut tx = self.registry.metadata().begin().await?;
        tx.save_upload(&self.record, self.registry.now()).await?;
        Ok(tx.commit(Durability::Synced).await?)
    }

    /// Publishes the bytes, then the names. Goes on even if the client has gone: its next try finds the work done.
    async fn publish(self, appender: Appender, digest: &Digest) -> Result<u64> {
        let digest = digest.clone();
        let work = async move {
            let size = match appender.publish(&digest).await? {
                Published::Stored(size) => size,
                Published::DigestMismatch(actual) => return Err(Error::DigestMismatch { expected: digest, actual }),
            };
            self.registry.adopted(&self.record.repository, Touch::Change).await?;
            let now = self.registry.now();
            let mut tx = self.registry.metadata().begin().await?;
            let repository = tx.repository(&self.record.repository, now).await?;
            tx.link_blob(repository, &digest, size, now).await?;
            tx.delete_upload(self.record.id).await?;
            let pushed = || vec![Happening::BlobPushed((self.record.repository.clone(), digest.clone(), size))];
            let told = self.registry.tell(&mut tx, pushed).await?;
            tx.commit(Durability::Synced).await?;
            told.committed();
            self.registry.wake_mirror();
            Ok(size)
        };
        tokio::spawn(work).await.map_err(|_| Error::Inconsistent("the publishing of a blob was cut off"))?
    }
}

/// Writes a request's body, and compares its length with what the request announced.
async fn fill<S>(appender: &mut Appender, writing: &Writing, announced: Option<u64>, body: S) -> Result<()>
where
    S: Stream<Item = Result<Bytes, BodyError>> + Send,
{
    let begin = appender.len();
    writing.expect(announced.map(|announced| begin.saturating_add(announced)));
    let mut body = pin!(body);
    while let Some(content) = body.next().await {
        appender.write(content.map_err(Error::BodyTruncated)?).await?;
        writing.reached(appender.len());
    }
    let received = appender.len() - begin;
    match announced {
        Some(announced) if announced != received => Err(Error::SizeMismatch { announced, received }),
        _ => Ok(()),
    }
}
