//! Verifying: every blob is hashed once more, and what lies in the store is compared with what the database names.
//! Only reads, so that it can be done beside a running server.

use futures_util::TryStreamExt as _;
use time::{Duration, OffsetDateTime};

use super::Result;
use crate::{
    blob_store::{BlobStore, Hasher, list::Shelf},
    clock::Clock,
    metadata::{Metadata, NamedContent},
    oci::{Digest, RepositoryName},
};

/// What is to be verified, and how fast.
#[derive(Clone, Debug)]
pub struct Verification {
    /// What names the content; without it, blobs are only hashed.
    pub metadata: Option<Metadata>,
    /// Where the content lies.
    pub store: BlobStore,
    /// For the pace.
    pub clock: Clock,
    /// How many bytes a second are read at most.
    pub rate: Option<u64>,
}

/// What is told while it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyEvent {
    /// What there is to do.
    Total {
        /// How many blobs.
        blobs: u64,
        /// How many bytes are in them.
        bytes: u64,
    },
    /// So many more bytes were read.
    Read(u64),
    /// Something was found.
    Found(Finding),
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A blob's bytes are not those of its digest.
    Bad {
        /// Under what they lie.
        digest: Digest,
        /// What they are.
        actual: Digest,
        /// Which repositories may serve it.
        repositories: Vec<RepositoryName>,
    },
    /// A blob that a repository may serve is not there.
    Missing {
        /// The blob.
        digest: Digest,
        /// Which repositories may serve it.
        repositories: Vec<RepositoryName>,
    },
    /// A blob can't be read.
    Unreadable {
        /// The blob.
        digest: Digest,
        /// Why.
        error: String,
    },
    /// A blob that nothing names: garbage, but nothing is lost by it.
    Orphan {
        /// The blob.
        digest: Digest,
        /// Its size in bytes.
        size: u64,
    },
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VerifySummary {
    /// How many blobs were hashed.
    pub blobs: u64,
    /// How many bytes were read.
    pub bytes: u64,
    /// How many blobs have other bytes than their digest says.
    pub bad: u64,
    /// How many are named and not there.
    pub missing: u64,
    /// How many could not be read.
    pub unreadable: u64,
    /// How many nothing names.
    pub orphans: u64,
}

impl VerifySummary {
    /// Whether everything that is named is there and right.
    pub const fn is_sound(&self) -> bool {
        self.bad == 0 && self.missing == 0 && self.unreadable == 0
    }
}

impl Verification {
    /// Goes through the whole store and tells what it finds.
    ///
    /// # Errors
    /// The store's folders can't be listed, or the database is broken.
    pub async fn run(&self, mut tell: impl FnMut(VerifyEvent)) -> Result<VerifySummary> {
        let shelves = self.store.shelves().await?;
        let (mut blobs, mut bytes) = (0, 0);
        for shelf in &shelves {
            let on = self.store.blobs_on(shelf).await?;
            blobs += on.len() as u64;
            bytes += on.iter().map(|(_, size)| size).sum::<u64>();
        }
        tell(VerifyEvent::Total { blobs, bytes });
        let mut run = Run { verification: self, summary: VerifySummary::default(), begun: self.clock.now(), tell };
        for shelf in &shelves {
            run.shelf(shelf).await?;
        }
        run.missing().await?;
        Ok(run.summary)
    }

    async fn named(&self, prefix: &str) -> Result<Option<NamedContent>> {
        let Some(metadata) = &self.metadata else { return Ok(None) };
        Ok(Some(metadata.named_content(prefix).await?))
    }

    async fn repositories_of(&self, digest: &Digest) -> Result<Vec<RepositoryName>> {
        let Some(metadata) = &self.metadata else { return Ok(Vec::new()) };
        Ok(metadata.repositories_of(digest).await?)
    }
}

struct Run<'a, T> {
    verification: &'a Verification,
    summary: VerifySummary,
    begun: OffsetDateTime,
    tell: T,
}

impl<T: FnMut(VerifyEvent)> Run<'_, T> {
    async fn shelf(&mut self, shelf: &Shelf) -> Result<()> {
        let store = &self.verification.store;
        let blobs = store.blobs_on(shelf).await?;
        for (digest, _) in &blobs {
            self.blob(digest).await?;
        }
        // Asked after the listing: what a server beside us has taken in meanwhile has its name by now.
        let prefix = format!("{}:{}", shelf.algorithm.as_str(), shelf.prefix);
        let Some(named) = self.verification.named(&prefix).await? else { return Ok(()) };
        for (digest, size) in blobs {
            if !named.blobs.contains_key(&digest) && !named.manifests.contains(&digest) {
                self.found(Finding::Orphan { digest, size });
            }
        }
        Ok(())
    }

    /// What is named and not there, on whichever shelf.
    async fn missing(&mut self) -> Result<()> {
        for algorithm in ["sha256", "sha512"] {
            for first in "0123456789abcdef".chars() {
                let Some(named) = self.verification.named(&format!("{algorithm}:{first}")).await? else {
                    return Ok(());
                };
                for digest in named.blobs.into_keys() {
                    if self.verification.store.size(&digest).await?.is_none() {
                        let repositories = self.verification.repositories_of(&digest).await?;
                        self.found(Finding::Missing { digest, repositories });
                    }
                }
            }
        }
        Ok(())
    }

    async fn blob(&mut self, digest: &Digest) -> Result<()> {
        match self.hash(digest).await {
            Ok(Some(actual)) => {
                self.summary.blobs += 1;
                if actual != *digest {
                    let repositories = self.verification.repositories_of(digest).await?;
                    self.found(Finding::Bad { digest: digest.clone(), actual, repositories });
                }
            }
            // Taken away since it was listed.
            Ok(None) => {}
            Err(error) => self.found(Finding::Unreadable { digest: digest.clone(), error }),
        }
        Ok(())
    }

    async fn hash(&mut self, digest: &Digest) -> Result<Option<Digest>, String> {
        let reader = self.verification.store.read(digest).await.map_err(|error| error.to_string())?;
        let Some(reader) = reader else { return Ok(None) };
        let size = reader.size();
        let mut content = std::pin::pin!(reader.stream(0..size));
        let mut hasher = Hasher::new(digest.algorithm());
        while let Some(part) = content.try_next().await.map_err(|error| error.to_string())? {
            hasher.update(&part);
            self.summary.bytes += part.len() as u64;
            (self.tell)(VerifyEvent::Read(part.len() as u64));
            self.keep_pace().await;
        }
        Ok(Some(hasher.finish()))
    }

    /// Waits until so much may have been read.
    async fn keep_pace(&self) {
        let Some(rate) = self.verification.rate.filter(|rate| *rate > 0) else { return };
        let millis = u128::from(self.summary.bytes) * 1000 / u128::from(rate);
        let due = Duration::milliseconds(i64::try_from(millis).unwrap_or(i64::MAX));
        let ahead = due - (self.verification.clock.now() - self.begun);
        if let Ok(ahead) = std::time::Duration::try_from(ahead) {
            tokio::time::sleep(ahead).await;
        }
    }

    fn found(&mut self, finding: Finding) {
        match finding {
            Finding::Bad { .. } => self.summary.bad += 1,
            Finding::Missing { .. } => self.summary.missing += 1,
            Finding::Unreadable { .. } => self.summary.unreadable += 1,
            Finding::Orphan { .. } => self.summary.orphans += 1,
        }
        (self.tell)(VerifyEvent::Found(finding));
    }
}
