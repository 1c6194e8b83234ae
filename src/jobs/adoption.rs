//! The adoption at work: the tree that Distribution has left is read in the background.

use std::time::Duration as Wait;

use tokio_util::sync::CancellationToken;

use crate::registry::{AdoptionProgress, AdoptionSummary, Registry, Result};

/// How often the log says how far it has come.
const REPORT: Wait = Wait::from_secs(10);

/// How long to wait after some repositories could not be read.
const RETRY: Wait = Wait::from_secs(60);

/// Reads the tree, once.
#[derive(Clone, Debug)]
pub struct AdoptionJob {
    registry: Registry,
}

impl AdoptionJob {
    /// The job for an engine.
    pub const fn new(registry: Registry) -> Self {
        Self { registry }
    }

    /// Reads the whole tree and lists what could not be taken over.
    ///
    /// # Errors
    /// The database or the disk is broken.
    pub async fn run_once(&self) -> Result<AdoptionSummary> {
        let summary = self.registry.adopt().await?;
        self.registry.list_problems(&summary.problems).await?;
        Ok(summary)
    }

    /// Reads the tree, saying now and then how far it has come; again after a while if some of it could not be read.
    /// Ends with the work, or when `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            let ended = tokio::select! {
                () = stop.cancelled() => return,
                ended = self.run_once() => ended,
                () = self.report() => return,
            };
            match ended {
                Ok(summary) if summary.failed == 0 => {
                    return tracing::info!(
                        repositories = summary.repositories,
                        problems = summary.count,
                        took_ms = summary.took.whole_milliseconds(),
                        "The tree is indexed: {} repositories",
                        summary.repositories
                    );
                }
                Ok(summary) => tracing::error!(failed = summary.failed, "Some repositories could not be indexed"),
                Err(error) => tracing::error!(%error, "Indexing the tree failed; it is tried again"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(RETRY) => {}
            }
        }
    }

    /// Says again and again how far it has come.
    async fn report(&self) {
        loop {
            tokio::time::sleep(REPORT).await;
            if let Some(AdoptionProgress { done, total, .. }) = self.registry.adoption_progress() {
                tracing::info!(done, total, "Indexing the tree: {done} of {total} repositories");
            }
        }
    }
}
