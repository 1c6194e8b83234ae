//! Delivers what waits for one endpoint, in order: an event is sent again until it is taken.
//!
//! Each event goes in an envelope of its own, as Distribution sends them. What was taken is removed from the queue in
//! small batches; a crash in between sends those of one batch once more, with the same ids.

use std::{error::Error as _, sync::Arc, time::Duration};

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use tokio_util::sync::CancellationToken;

use super::{BACKOFF_MAX, Endpoint, Inner};
use crate::metadata::{Durability, Result};

/// The media type of an envelope: Distribution 2's, which its version 3 still sends the same content under another name.
const ENVELOPE: HeaderValue = HeaderValue::from_static("application/vnd.docker.distribution.events.v1+json");
/// How many events are removed from the queue at once.
const BATCH: u32 = 32;
/// The wait after the first failure; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// How long to wait for a database that does not answer.
const DATABASE_PAUSE: Duration = Duration::from_secs(5);

/// What came of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing waits.
    Idle,
    /// Something was delivered; there may be more.
    Delivered,
    /// The endpoint did not take an event, for so many attempts in a row.
    Failed(u32),
}

/// The way to one endpoint.
#[derive(Debug)]
pub(super) struct Delivery {
    inner: Arc<Inner>,
    endpoint: Arc<Endpoint>,
}

impl Delivery {
    pub(super) fn new(inner: &Arc<Inner>, endpoint: &Arc<Endpoint>) -> Self {
        Self { inner: Arc::clone(inner), endpoint: Arc::clone(endpoint) }
    }

    /// Delivers until `stop` is cancelled.
    pub(super) async fn run(self, stop: CancellationToken) {
        loop {
            let round = tokio::select! {
                // Dropping a request in the middle is a failure like another: the event is sent again.
                round = self.run_once() => round,
                () = stop.cancelled() => return,
            };
            let pause = match round {
                Ok(Outcome::Delivered) => continue,
                Ok(Outcome::Idle) => {
                    tokio::select! {
                        () = self.endpoint.wake.notified() => continue,
                        () = stop.cancelled() => return,
                    }
                }
                Ok(Outcome::Failed(failures)) => pause(failures, self.endpoint.threshold, self.endpoint.backoff),
                Err(error) => {
                    tracing::error!(endpoint = self.endpoint.name, %error, "Notifications could not be read");
                    DATABASE_PAUSE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Sends a batch, up to the first event that is not taken.
    pub(super) async fn run_once(&self) -> Result<Outcome> {
        let Inner { metadata, clock, .. } = &*self.inner;
        let endpoint = &*self.endpoint;
        let waiting = metadata.next_notifications(&endpoint.name, BATCH).await?;
        if waiting.is_empty() {
            return Ok(Outcome::Idle);
        }
        let mut taken = None;
        let mut refused = None;
        for notification in waiting {
            match self.send(&notification.content).await {
                Ok(()) => taken = Some(notification.id),
                Err(error) => {
                    refused = Some(error);
                    break;
                }
            }
        }
        if let Some(last) = taken {
            let mut tx = metadata.begin().await?;
            let rows = tx.finish_notifications(&endpoint.name, last, clock.now()).await?;
            // Should a power cut undo it, they are sent again.
            tx.commit(Durability::Relaxed).await?;
            endpoint.delivered(rows, clock.now());
        }
        let Some(error) = refused else { return Ok(Outcome::Delivered) };
        let failures = endpoint.failed(&error, clock.now());
        // The first of a row and then fewer and fewer: the rest is in memory.
        if failures.is_power_of_two() {
            tracing::warn!(endpoint = endpoint.name, failures, error, "{} did not take a notification", endpoint.name);
            let mut tx = metadata.begin().await?;
            tx.fail_notifications(&endpoint.name, &error, clock.now()).await?;
            tx.commit(Durability::Relaxed).await?;
        }
        Ok(Outcome::Failed(failures))
    }

    /// Sends one event; 2xx and 3xx are acceptance, as in Distribution.
    async fn send(&self, event: &str) -> std::result::Result<(), String> {
        let Endpoint { client, url, .. } = &*self.endpoint;
        let body = format!("{{\"events\":[{event}]}}");
        match client.post(url).header(CONTENT_TYPE, ENVELOPE).body(body).send().await {
            Ok(response) if response.status().is_success() || response.status().is_redirection() => Ok(()),
            Ok(response) => Err(format!("answered with status {}", response.status())),
            Err(error) => Err(causes(error)),
        }
    }
}

/// How long to wait after so many failures in a row: shortly at first, then the configured time, then twice as long
/// each time up to a minute.
fn pause(failures: u32, threshold: u32, backoff: Duration) -> Duration {
    let doubled =
        |first: Duration, times: u32| first.saturating_mul(1_u32.checked_shl(times.min(20)).unwrap_or(u32::MAX));
    match failures.checked_sub(threshold) {
        Some(beyond) => doubled(backoff.max(FIRST_PAUSE), beyond).min(BACKOFF_MAX.max(backoff)),
        None => doubled(FIRST_PAUSE, failures.saturating_sub(1)).min(backoff.max(FIRST_PAUSE)),
    }
}

/// An error with its causes; without the URL, in which a password may stand.
fn causes(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_to_the_configured_one_and_from_there_to_a_minute() {
        let pause = |failures| pause(failures, 3, Duration::from_secs(1)).as_millis();
        assert_eq!([1, 2, 3, 4, 5, 60].map(pause), [100, 200, 1_000, 2_000, 4_000, 60_000]);
        assert_eq!(super::pause(1, 1, Duration::from_secs(300)), Duration::from_secs(300));
    }
}
