//! The configuration in force: read by every request, saved by administrators, one after the other.
//!
//! Readers never wait: what was saved is published in memory. A save names the version that its form has shown,
//! and is refused when another one came in between; who saves decides, never the clock.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::watch;

use crate::{
    audit::{Action, Actor, AuditEntry},
    clock::Clock,
    config::{Draft, Problem, Saved, SystemConfig, Versioned, changes},
    metadata::{self, Durability, Metadata},
};

/// A handle on the configuration; cheap to clone.
#[derive(Clone, Debug)]
pub struct ConfigStore {
    metadata: Metadata,
    clock: Clock,
    published: watch::Sender<Arc<Versioned<SystemConfig>>>,
}

/// Why a configuration was not saved. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The form has something to mend.
    #[error("the configuration is not valid")]
    Invalid(Vec<Problem>),
    /// Someone else has saved since the form was read.
    #[error("version {} is in force, saved in the meantime", current.version)]
    Conflict {
        /// What is in force.
        current: Arc<Versioned<SystemConfig>>,
    },
    /// The database is broken.
    #[error(transparent)]
    Metadata(#[from] metadata::Error),
}

impl ConfigStore {
    /// Reads what is in force.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn open(metadata: Metadata, clock: Clock) -> Result<Self, metadata::Error> {
        let current = metadata.system_config().await?;
        Ok(Self { metadata, clock, published: watch::Sender::new(Arc::new(current)) })
    }

    /// The configuration of this moment. Never waits for the database.
    pub fn current(&self) -> Arc<Versioned<SystemConfig>> {
        Arc::clone(&self.published.borrow())
    }

    /// What was in force before `version`; `None` for version 0.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn previous(&self, version: u64) -> Result<Option<SystemConfig>, metadata::Error> {
        match version {
            0 => Ok(None),
            1 => Ok(Some(SystemConfig::default())),
            _ => Ok(self.metadata.saved_system_config(version - 1).await?.map(|previous| previous.value)),
        }
    }

    /// Wakes whoever wants to act when the configuration changes.
    pub fn subscribe(&self) -> watch::Receiver<Arc<Versioned<SystemConfig>>> {
        self.published.subscribe()
    }

    /// Saves what was typed, if version `expected` is still in force. When this returns `Ok` it is durable and the
    /// next request follows it. A form that changes nothing is accepted without a new version.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Conflict`], or the database is broken.
    pub async fn save(
        &self,
        expected: u64,
        draft: &Draft,
        actor: &Actor,
    ) -> Result<Arc<Versioned<SystemConfig>>, Error> {
        let value = draft.validate().map_err(Error::Invalid)?;
        let mut tx = self.metadata.begin().await?;
        let current = tx.system_config().await?;
        if current.value == value {
            // What was wanted is in force, whoever saved it; the commit waits until it is durable.
            tx.commit(Durability::Synced).await?;
            return Ok(self.publish(current));
        }
        if current.version != expected {
            return Err(Error::Conflict { current: Arc::new(current) });
        }
        let at = metadata::to_the_microsecond(self.clock.now());
        let saved = Saved { at, by: actor.name.clone() };
        let version = current.version + 1;
        tx.insert_system_config(version, &value, &saved).await?;
        let changes = json!({ "version": version, "changes": changes(&current.value, &value) });
        tx.audit(&AuditEntry::new(at, actor, Action::SystemConfigSaved).with(changes)).await?;
        tx.commit(Durability::Synced).await?;
        let name = &actor.name;
        tracing::info!(version, actor = %name, "{name} saved version {version} of the system configuration");
        Ok(self.publish(Versioned { version, value, saved: Some(saved) }))
    }

    /// Publishes `candidate` unless something newer is published already, and returns what stands then.
    fn publish(&self, candidate: Versioned<SystemConfig>) -> Arc<Versioned<SystemConfig>> {
        self.published.send_if_modified(|published| {
            let newer = candidate.version > published.version;
            if newer {
                *published = Arc::new(candidate);
            }
            newer
        });
        self.current()
    }
}

#[cfg(test)]
mod tests;
