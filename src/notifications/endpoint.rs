//! An endpoint: what it wants to hear, and how it does.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use time::OffsetDateTime;
use tokio::sync::Notify;

use super::event::Happening;
use crate::{
    metadata::{self, EndpointRecord},
    settings::notifications as settings,
};

/// Why notifications can't be sent.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The client for an endpoint can't be made.
    #[error("notifications.endpoints: {name}: {source}")]
    Client {
        /// The endpoint.
        name: String,
        /// What is wrong.
        source: reqwest::Error,
    },
    /// The database is broken.
    #[error(transparent)]
    Metadata(#[from] metadata::Error),
}

/// How an endpoint does, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointStatus {
    /// Its name.
    pub name: String,
    /// Where it is, without what may be secret: user, password and query.
    pub url: String,
    /// Whether nothing is sent to it.
    pub disabled: bool,
    /// What waits, what was delivered and given up, and the last error.
    pub record: EndpointRecord,
    /// How many attempts have failed since the last one that did not.
    pub failures: u32,
}

/// An endpoint.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub name: String,
    pub url: String,
    pub client: reqwest::Client,
    /// After how many failures in a row to wait for `backoff`.
    pub threshold: u32,
    pub backoff: Duration,
    shown_url: String,
    ignored_media_types: Vec<String>,
    ignored_actions: Vec<String>,
    /// There is something to deliver.
    pub wake: Notify,
    pending: AtomicU64,
    /// Pulls that were not queued and not counted yet.
    lost_pulls: AtomicU64,
    /// A std mutex: held to look and to note, never across an await.
    record: Mutex<(EndpointRecord, u32)>,
}

impl Endpoint {
    pub(super) fn open(options: &settings::Endpoint, record: EndpointRecord) -> Result<Self, OpenError> {
        let client = reqwest::Client::builder()
            .timeout(options.timeout)
            .default_headers(options.headers.clone())
            .user_agent(concat!("humpback-registry/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| OpenError::Client { name: options.name.clone(), source })?;
        let url = options.url.to_string();
        Ok(Self {
            name: options.name.clone(),
            shown_url: without_secrets(&url),
            url,
            client,
            threshold: options.threshold.max(1),
            backoff: options.backoff,
            ignored_media_types: options.ignored_media_types.clone(),
            ignored_actions: options.ignored_actions.clone(),
            wake: Notify::new(),
            pending: AtomicU64::new(record.pending),
            lost_pulls: AtomicU64::new(0),
            record: Mutex::new((record, 0)),
        })
    }

    /// Whether it is told of `happening`.
    pub(super) fn wants(&self, happening: &Happening) -> bool {
        let (media_type, action) = (happening.media_type(), happening.action());
        !self.ignored_media_types.iter().any(|ignored| ignored == media_type)
            && !self.ignored_actions.iter().any(|ignored| ignored == action)
    }

    /// How many events wait.
    pub(super) fn pending(&self) -> u64 {
        self.pending.load(Ordering::Relaxed)
    }

    /// One more event waits.
    pub(super) fn queued(&self) {
        self.pending.fetch_add(1, Ordering::Relaxed);
        self.wake.notify_one();
    }

    /// So many events were delivered, and this many rows with them are gone.
    pub(super) fn delivered(&self, rows: u64, at: OffsetDateTime) {
        self.take_from_pending(rows);
        let (record, failures) = &mut *self.lock();
        record.delivered += rows;
        record.delivered_at = Some(at);
        *failures = 0;
    }

    /// An attempt has failed. Returns how many in a row that makes.
    pub(super) fn failed(&self, error: &str, at: OffsetDateTime) -> u32 {
        let (record, failures) = &mut *self.lock();
        record.last_error = Some((error.to_owned(), at));
        *failures = failures.saturating_add(1);
        *failures
    }

    /// So many waiting events were given up.
    pub(super) fn give_up(&self, count: u64) {
        if count > 0 {
            tracing::error!(
                endpoint = self.name,
                count,
                "Gave up {count} notifications for {}: too many wait",
                self.name
            );
        }
        self.take_from_pending(count);
        self.lock().0.dropped += count;
    }

    /// A pull was not queued: there was no room.
    pub(super) fn lose_pull(&self) {
        if self.lost_pulls.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::warn!(endpoint = self.name, "Pulls are not told to {} for now: too many events wait", self.name);
        }
    }

    /// The pulls that were not queued since the last look; from here on they are counted as given up.
    pub(super) fn take_lost_pulls(&self) -> u64 {
        let lost = self.lost_pulls.swap(0, Ordering::Relaxed);
        self.lock().0.dropped += lost;
        lost
    }

    pub(super) fn status(&self, disabled: bool) -> EndpointStatus {
        let (record, failures) = self.lock().clone();
        let record = EndpointRecord { pending: self.pending(), ..record };
        EndpointStatus { name: self.name.clone(), url: self.shown_url.clone(), disabled, record, failures }
    }

    fn take_from_pending(&self, count: u64) {
        let less = |pending: u64| Some(pending.saturating_sub(count));
        let _ = self.pending.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (EndpointRecord, u32)> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A URL without user, password, query and fragment.
fn without_secrets(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return String::new() };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let rest = &rest[..end];
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_url_holds_no_secret() {
        assert_eq!(without_secrets("https://u:p@h.test:1/a/b?token=x#y"), "https://h.test:1/a/b");
        assert_eq!(without_secrets("http://h.test"), "http://h.test");
    }
}
