//! Keeps what repositories are found by: what a push has not written itself is filled in, and what is left over goes.

use std::time::Duration as Wait;

use tokio_util::sync::CancellationToken;

use crate::registry::{Registry, Result};

/// How often what is left over is looked for: once in so many times.
const PURGE_EVERY: u32 = 6 * 60 * 24;

/// Fills in what the search needs.
#[derive(Clone, Debug)]
pub struct SearchIndexing {
    registry: Registry,
    /// How long to wait between two times.
    interval: Wait,
}

impl SearchIndexing {
    /// Looks every ten seconds: where nothing is to be done, that costs nothing.
    pub const fn new(registry: Registry) -> Self {
        Self { registry, interval: Wait::from_secs(10) }
    }

    /// Fills in all that is missing. Of how many manifests.
    ///
    /// # Errors
    /// The database or the disk is broken.
    pub async fn run_once(&self) -> Result<usize> {
        self.registry.index_for_search().await
    }

    /// Fills in what is missing again and again until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        let mut times = 0_u32;
        loop {
            let round = async {
                let manifests = self.run_once().await?;
                if times.is_multiple_of(PURGE_EVERY) {
                    self.registry.purge_search().await?;
                }
                Ok::<_, crate::registry::Error>(manifests)
            };
            tokio::select! {
                () = stop.cancelled() => return,
                ended = round => match ended {
                    Ok(0) => {}
                    Ok(manifests) => tracing::info!(manifests, "Labels of {manifests} manifests can be searched now"),
                    Err(error) => tracing::error!(%error, "What the search needs could not be filled in"),
                },
            }
            times = times.wrapping_add(1);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.interval) => {}
            }
        }
    }
}
