//! Writes down when and from where credentials were last used.

use std::time::Duration as Wait;

use tokio_util::sync::CancellationToken;

use crate::auth::{self, Auth};

/// Writes down what requests have noted since.
#[derive(Clone, Debug)]
pub struct CredentialUses {
    auth: Auth,
    /// How long to wait between two times: a last use is told to the minute.
    interval: Wait,
}

impl CredentialUses {
    /// Writes once a minute.
    pub const fn new(auth: Auth) -> Self {
        Self { auth, interval: Wait::from_secs(60) }
    }

    /// Writes once; of how many credentials.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn run_once(&self) -> Result<usize, auth::Error> {
        self.auth.write_uses().await
    }

    /// Writes again and again until `stop` is cancelled. What the last requests note is for another [`run_once`](Self::run_once).
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.interval) => {}
            }
            if let Err(error) = self.run_once().await {
                tracing::error!(%error, "Last uses of credentials could not be written down");
            }
        }
    }
}
