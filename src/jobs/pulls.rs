//! Writes down how often tags were pulled, and when last.

use std::time::Duration as Wait;

use tokio_util::sync::CancellationToken;

use crate::registry::{Registry, Result};

/// Writes down what pulls have noted since.
#[derive(Clone, Debug)]
pub struct PullCounts {
    registry: Registry,
    /// How long to wait between two times.
    interval: Wait,
}

impl PullCounts {
    /// Writes every ten seconds.
    pub const fn new(registry: Registry) -> Self {
        Self { registry, interval: Wait::from_secs(10) }
    }

    /// Writes once; of how many names.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn run_once(&self) -> Result<usize> {
        self.registry.write_pulls().await
    }

    /// Writes again and again until `stop` is cancelled. What the last pulls note is for another [`run_once`](Self::run_once).
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.interval) => {}
            }
            if let Err(error) = self.run_once().await {
                tracing::error!(%error, "Pulls could not be written down");
            }
        }
    }
}
