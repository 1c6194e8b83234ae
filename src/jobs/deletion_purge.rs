//! Forgets what was deleted long enough ago, and the history of tags once it is as old as the audit log.

use std::time::Duration as Wait;

use tokio_util::sync::CancellationToken;

use crate::registry::{Registry, Result};

/// Forgets what can't be restored any more.
#[derive(Clone, Debug)]
pub struct DeletionPurge {
    registry: Registry,
    /// How long to wait between two looks. What is too old can't be restored meanwhile, though it is still there.
    interval: Wait,
}

impl DeletionPurge {
    /// Looks once an hour.
    pub const fn new(registry: Registry) -> Self {
        Self { registry, interval: Wait::from_secs(60 * 60) }
    }

    /// Looks once. How many deletions can't be undone any more.
    ///
    /// # Errors
    /// The database is broken; what was forgotten before stays forgotten.
    pub async fn run_once(&self) -> Result<u64> {
        self.registry.purge_deletions().await
    }

    /// Looks now and then again and again, until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            match self.run_once().await {
                Ok(0) => {}
                Ok(deletions) => {
                    tracing::info!(deletions, "Forgot {deletions} deletions: they can't be undone any more")
                }
                Err(error) => tracing::error!(%error, "Forgetting old deletions failed"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.interval) => {}
            }
        }
    }
}
