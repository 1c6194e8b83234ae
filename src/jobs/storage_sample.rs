//! How the stored bytes grow.

use std::time::Duration as Wait;

use tokio_util::sync::CancellationToken;

use crate::registry::{Registry, Result};

/// Notes for each day how much there is at its end.
#[derive(Clone, Debug)]
pub struct StorageSampling {
    registry: Registry,
    /// How long to wait between two times: the day's last one counts.
    interval: Wait,
}

impl StorageSampling {
    /// Notes it once an hour.
    pub const fn new(registry: Registry) -> Self {
        Self { registry, interval: Wait::from_secs(60 * 60) }
    }

    /// Notes it once.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn run_once(&self) -> Result<()> {
        self.registry.sample_storage().await
    }

    /// Notes it now and then again and again, until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.run_once().await {
                tracing::error!(%error, "How much is stored could not be noted");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.interval) => {}
            }
        }
    }
}
