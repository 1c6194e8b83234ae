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
    /// Only say what would be thrown away.
    dry_run: bool,
}

impl UploadPurge {
    /// With Distribution's defaults: looks once a day for what has rested a week.
    pub const fn new(registry: Registry) -> Self {
        Self { registry, age: Duration::hours(168), interval: Wait::from_secs(24 * 60 * 60), dry_run: false }
    }

    /// With other times; `dry_run` only says what would be thrown away.
    #[must_use]
    pub fn with(self, age: Wait, interval: Wait, dry_run: bool) -> Self {
        // Longer than anyone waits, where the number does not fit.
        let age = Duration::try_from(age).unwrap_or(Duration::MAX / 2).min(Duration::days(365 * 1000));
        Self { age, interval, dry_run, ..self }
    }

    /// Looks once. Returns how many uploads were thrown away, or would have been.
    ///
    /// # Errors
    /// The database or the disk is broken; what was thrown away before stays thrown away.
    pub async fn run_once(&self) -> Result<usize> {
        if self.dry_run {
            return self.registry.count_stale_uploads(self.age).await;
        }
        self.registry.purge_uploads(self.age).await
    }

    /// Looks now and then again and again, until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            match self.run_once().await {
                Ok(0) => {}
                Ok(uploads) if self.dry_run => {
                    tracing::info!(uploads, "Would throw {uploads} abandoned uploads away: uploadpurging.dryrun");
                }
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
