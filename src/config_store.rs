//! The configuration in force: read by every request, saved by administrators.

use std::sync::Arc;

use tokio::sync::watch;

use crate::config::{SystemConfig, Versioned};

/// A handle on the configuration; cheap to clone.
#[derive(Clone, Debug)]
pub struct ConfigStore {
    published: watch::Sender<Arc<Versioned<SystemConfig>>>,
}

impl ConfigStore {
    /// The configuration of this moment. Never waits for the database.
    pub fn current(&self) -> Arc<Versioned<SystemConfig>> {
        Arc::clone(&self.published.borrow())
    }
}
