//! Tells others what happens here, in Distribution's event format (docs/content/about/notifications.md).
//!
//! An event of a change is a row that is written in the change's own transaction: neither stands without the other.
//! Pulls are written behind the answer, many at once; they may be lost in a crash, and when more come than can be
//! written. From the rows, each endpoint is served in order and at least once, however long it does not answer.
//!
//! What waits is bounded: from [`PULLS_MAX`] waiting events on no more pulls are queued for an endpoint, and at
//! [`PENDING_MAX`] the oldest events make room. Both are counted, logged and shown.

use std::{sync::Arc, time::Duration};

use time::OffsetDateTime;
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    clock::Clock,
    metadata::{Durability, Metadata, Result, Transaction},
    settings::notifications as settings,
};

mod delivery;
mod endpoint;
mod event;

pub use endpoint::{EndpointStatus, OpenError};
pub use event::{BlobFacts, Cause, Happening, ManifestFacts, RequestRecord};

use endpoint::Endpoint;
use event::{Event, Source};

/// How many events may wait for an endpoint.
pub const PENDING_MAX: u64 = 100_000;
/// From how many waiting events on an endpoint is not told of pulls.
pub const PULLS_MAX: u64 = 50_000;
/// How many are given up at once, so that it is not done for each event.
const DROP_BATCH: u32 = 1_000;
/// How many pulls may wait to be written.
const PULLS_QUEUED_MAX: usize = 4_096;
/// How many pulls are written in one transaction.
const PULLS_BATCH: usize = 256;

/// A handle on the notifications; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Notifications {
    /// `None` where nobody is to be told: then nothing is done at all.
    inner: Option<Arc<Inner>>,
    /// Those that are configured but switched off; for the console.
    disabled: Arc<[EndpointStatus]>,
}

#[derive(Debug)]
struct Inner {
    endpoints: Vec<Arc<Endpoint>>,
    include_references: bool,
    source: Source,
    metadata: Metadata,
    clock: Clock,
    pulls: mpsc::Sender<Pull>,
    /// Taken by whoever writes the pulls: one at a time.
    pulled: Mutex<mpsc::Receiver<Pull>>,
}

/// A pull that is still to be written.
#[derive(Debug)]
struct Pull {
    at: OffsetDateTime,
    cause: Arc<Cause>,
    happening: Happening,
}

impl Notifications {
    /// Takes up where the last process has stopped. `address` is this registry's name and port for the events. What
    /// waits for endpoints that are not configured any more is thrown away.
    ///
    /// # Errors
    /// The database is broken, or an endpoint can't be used.
    pub async fn open(
        options: &settings::Notifications,
        address: String,
        metadata: Metadata,
        clock: Clock,
    ) -> std::result::Result<Self, OpenError> {
        let mut endpoints = Vec::new();
        let mut disabled = Vec::new();
        for endpoint in &options.endpoints {
            let record = metadata.notification_endpoint(&endpoint.name).await?;
            let opened = Endpoint::open(endpoint, record)?;
            if endpoint.disabled {
                disabled.push(opened.status(true));
            } else {
                endpoints.push(Arc::new(opened));
            }
        }
        for name in metadata.notified_endpoints().await? {
            if !options.endpoints.iter().any(|endpoint| endpoint.name == name) {
                let mut tx = metadata.begin().await?;
                let events = tx.forget_notifications(&name).await?;
                tx.commit(Durability::Relaxed).await?;
                tracing::warn!(
                    endpoint = name,
                    events,
                    "Threw {events} notifications for {name} away: it is not configured"
                );
            }
        }
        let disabled = disabled.into();
        if endpoints.is_empty() {
            return Ok(Self { inner: None, disabled });
        }
        let (pulls, pulled) = mpsc::channel(PULLS_QUEUED_MAX);
        let inner = Inner {
            endpoints,
            include_references: *options.include_references,
            source: Source { addr: address, instance_id: Uuid::new_v4().to_string() },
            metadata,
            clock,
            pulls,
            pulled: Mutex::new(pulled),
        };
        Ok(Self { inner: Some(Arc::new(inner)), disabled })
    }

    /// Whether anyone is to be told anything.
    pub const fn is_on(&self) -> bool {
        self.inner.is_some()
    }

    /// Writes what happens into the transaction in which it happens. Once that is committed, say so by
    /// [`Recorded::committed`].
    ///
    /// # Errors
    /// The database is broken.
    pub async fn record(&self, tx: &mut Transaction, cause: &Cause, happenings: &[Happening]) -> Result<Recorded> {
        let mut recorded = Recorded::default();
        let Some(inner) = &self.inner else { return Ok(recorded) };
        let now = inner.clock.now();
        for happening in happenings {
            inner.write(tx, now, cause, happening, &mut recorded).await?;
        }
        Ok(recorded)
    }

    /// Notes a pull. Never waits: what is too much is not told.
    pub fn pulled(&self, cause: Arc<Cause>, happening: Happening) {
        let Some(inner) = &self.inner else { return };
        let pull = Pull { at: inner.clock.now(), cause, happening };
        if inner.pulls.try_send(pull).is_err() {
            for endpoint in &inner.endpoints {
                endpoint.lose_pull();
            }
        }
    }

    /// Delivers, until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        let Some(inner) = self.inner else { return };
        let mut tasks = tokio::task::JoinSet::new();
        for endpoint in &inner.endpoints {
            let delivery = delivery::Delivery::new(&inner, endpoint);
            tasks.spawn(delivery.run(stop.clone()));
        }
        tasks.spawn(Arc::clone(&inner).write_pulls(stop));
        while tasks.join_next().await.is_some() {}
    }

    /// Writes the pulls that are noted so far: before the database is closed.
    pub async fn flush(&self) {
        let Some(inner) = &self.inner else { return };
        let mut pulled = inner.pulled.lock().await;
        let mut batch = Vec::new();
        while let Ok(pull) = pulled.try_recv() {
            batch.push(pull);
        }
        inner.write_batch(&batch).await;
    }

    /// Delivers what waits for `endpoint` now; whether all of it was taken. For tests.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn deliver_once(&self, endpoint: &str) -> Result<bool> {
        let Some(inner) = &self.inner else { return Ok(true) };
        let Some(endpoint) = inner.endpoints.iter().find(|known| known.name == endpoint) else { return Ok(true) };
        delivery::Delivery::new(inner, endpoint).run_once().await.map(|outcome| outcome == delivery::Outcome::Idle)
    }

    /// How each endpoint does, in the order of the configuration, the disabled ones last.
    pub fn status(&self) -> Vec<EndpointStatus> {
        let running = self.inner.iter().flat_map(|inner| &inner.endpoints).map(|endpoint| endpoint.status(false));
        running.chain(self.disabled.iter().cloned()).collect()
    }
}

impl Inner {
    /// Writes the pulls as they come, until `stop` is cancelled. Whatever came meanwhile is one batch.
    async fn write_pulls(self: Arc<Self>, stop: CancellationToken) {
        let mut batch = Vec::with_capacity(PULLS_BATCH);
        loop {
            {
                let mut pulled = self.pulled.lock().await;
                tokio::select! {
                    _ = pulled.recv_many(&mut batch, PULLS_BATCH) => {}
                    () = stop.cancelled() => return,
                }
            }
            self.write_batch(&batch).await;
            batch.clear();
        }
    }

    async fn write_batch(&self, batch: &[Pull]) {
        if batch.is_empty() {
            return;
        }
        if let Err(error) = self.try_write_batch(batch).await {
            tracing::error!(%error, pulls = batch.len(), "Notifications of {} pulls could not be written", batch.len());
        }
    }

    async fn try_write_batch(&self, batch: &[Pull]) -> Result<()> {
        let mut recorded = Recorded::default();
        let mut tx = self.metadata.begin().await?;
        for pull in batch {
            self.write(&mut tx, pull.at, &pull.cause, &pull.happening, &mut recorded).await?;
        }
        for endpoint in &self.endpoints {
            let lost = endpoint.take_lost_pulls();
            if lost > 0 {
                tx.count_dropped_notifications(&endpoint.name, lost).await?;
            }
        }
        tx.commit(Durability::Relaxed).await?;
        recorded.committed();
        Ok(())
    }

    /// Queues one event for each endpoint that wants it.
    async fn write(
        &self,
        tx: &mut Transaction,
        at: OffsetDateTime,
        cause: &Cause,
        happening: &Happening,
        recorded: &mut Recorded,
    ) -> Result<()> {
        let mut content = None;
        for endpoint in self.endpoints.iter().filter(|endpoint| endpoint.wants(happening)) {
            let pending = endpoint.pending() + recorded.of(endpoint);
            if pending >= PULLS_MAX && happening.is_pull() {
                endpoint.lose_pull();
                continue;
            }
            if pending >= PENDING_MAX {
                let dropped = tx.drop_notifications(&endpoint.name, DROP_BATCH).await?;
                endpoint.give_up(dropped);
            }
            let content = content.get_or_insert_with(|| {
                Event::new(at, cause, happening, &self.source, self.include_references).to_json()
            });
            tx.queue_notification(&endpoint.name, content, at).await?;
            recorded.endpoints.push(Arc::clone(endpoint));
        }
        Ok(())
    }
}

/// Events that were written into a transaction.
#[derive(Debug, Default)]
#[must_use = "the endpoints are woken once the transaction is committed"]
pub struct Recorded {
    /// An endpoint for each event.
    endpoints: Vec<Arc<Endpoint>>,
}

impl Recorded {
    /// The transaction was committed: now they may be delivered.
    pub fn committed(self) {
        for endpoint in self.endpoints {
            endpoint.queued();
        }
    }

    fn of(&self, endpoint: &Arc<Endpoint>) -> u64 {
        self.endpoints.iter().filter(|known| Arc::ptr_eq(known, endpoint)).count() as u64
    }
}

/// The longest wait between two attempts, unless the configuration's own back-off is longer.
const BACKOFF_MAX: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests;
