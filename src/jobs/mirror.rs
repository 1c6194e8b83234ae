//! The mirror at work: Distribution's tree follows what is committed, a moment behind.

use std::time::Duration as Wait;

use tokio_util::sync::CancellationToken;

use crate::registry::{MirrorRound, Registry, Result};

/// So long is gathered what a push changes one after the other: then the disk is waited for once, not for each.
const GATHER: Wait = Wait::from_millis(300);

/// How long to wait after something could not be written.
const RETRY: Wait = Wait::from_secs(30);

/// Writes to the tree what was changed here.
#[derive(Clone, Debug)]
pub struct MirrorJob {
    registry: Registry,
}

impl MirrorJob {
    /// The job for an engine.
    pub const fn new(registry: Registry) -> Self {
        Self { registry }
    }

    /// Writes all that waits.
    ///
    /// # Errors
    /// The database or the disk is broken; what was not written waits on.
    pub async fn run_once(&self) -> Result<MirrorRound> {
        self.registry.write_mirror().await
    }

    /// Writes what waits and then whatever changes, until `stop` is cancelled. What has changed by then is for a last
    /// [`run_once`](Self::run_once).
    pub async fn run(self, stop: CancellationToken) {
        loop {
            let pause = match self.run_once().await {
                Ok(MirrorRound { failed: 0, written }) => {
                    if written > 0 {
                        tracing::debug!(written, "Wrote {written} changes to the tree");
                    }
                    GATHER
                }
                Ok(_) => RETRY,
                Err(error) => {
                    tracing::error!(%error, "Writing to the tree failed; it is tried again");
                    RETRY
                }
            };
            let next = async {
                if pause == GATHER {
                    self.registry.mirror_changed().await;
                }
                tokio::time::sleep(pause).await;
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = next => {}
            }
        }
    }
}
