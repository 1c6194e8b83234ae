//! Abandoned uploads.

use std::time::Duration as Wait;

use time::Duration;
use tokio_util::sync::CancellationToken;

use crate::registry::{Registry, Result};

/// Throws away uploads that nobody goes on with. Distribution's `uploadpurging`, with its times.
#[derive(Clone, Debug)]
pub struct UploadPurge {
    registry: Registry,
    /// How long an upload may rest.
    age: Duration,
    /// How long to wait between two looks.
    interval: Wait,
}

impl UploadPurge {
    /// With Distribution's defaults: looks once a day for what has rested a week.
    pub const fn new(registry: Registry) -> Self {
        Self { registry, age: Duration::hours(168), interval: Wait::from_secs(24 * 60 * 60) }
    }

    /// Looks once. Returns how many uploads were thrown away.
    ///
    /// # Errors
    /// The database or the disk is broken; what was thrown away before stays thrown away.
    pub async fn run_once(&self) -> Result<usize> {
        self.registry.purge_uploads(self.age).await
    }

    /// Looks now and then again and again, until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            match self.run_once().await {
                Ok(0) => {}
                Ok(uploads) => tracing::info!(uploads, "Threw {uploads} abandoned uploads away"),
                Err(error) => tracing::error!(%error, "Throwing abandoned uploads away failed"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.interval) => {}
            }
        }
    }
}
