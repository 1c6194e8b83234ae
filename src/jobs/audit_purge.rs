//! Forgets old entries of the audit log.

use std::time::Duration as Wait;

use time::Duration;
use tokio_util::sync::CancellationToken;

use crate::{
    audit_log::{self, AuditLog},
    metadata,
};

/// Forgets what the audit log has kept long enough.
#[derive(Clone, Debug)]
pub struct AuditPurge {
    log: AuditLog,
    /// How long a deed is kept.
    age: Duration,
    /// How long to wait between two looks.
    interval: Wait,
}

impl AuditPurge {
    /// Looks once a day for what is older than [`audit_log::KEPT`].
    pub const fn new(log: AuditLog) -> Self {
        Self { log, age: audit_log::KEPT, interval: Wait::from_secs(24 * 60 * 60) }
    }

    /// Looks once. Returns how much was forgotten.
    ///
    /// # Errors
    /// The database is broken; what was forgotten before stays forgotten.
    pub async fn run_once(&self) -> Result<u64, metadata::Error> {
        self.log.purge(self.age).await
    }

    /// Looks now and then again and again, until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            match self.run_once().await {
                Ok(0) => {}
                Ok(entries) => tracing::info!(entries, "Forgot {entries} old entries of the audit log"),
                Err(error) => tracing::error!(%error, "Forgetting old entries of the audit log failed"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.interval) => {}
            }
        }
    }
}
