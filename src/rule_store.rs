//! The rules in force: read by every request, saved by administrators, one after the other.
//!
//! Readers never wait: what was saved is published in memory. While no rules were saved all is open, as with
//! `registry:2`, and a request is let in without a look at anything. A save names the version that its form has shown,
//! and is refused when another one came in between.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::sync::watch;

use crate::{
    audit::{Action, Actor, AuditEntry},
    clock::Clock,
    config::{Saved, Versioned},
    metadata::{self, Durability, Metadata, Transaction},
    rules::{Preset, RULES_MAX, Rule, Rules},
};

mod visible;

use visible::Memory;

/// A handle on the rules; cheap to clone.
#[derive(Clone, Debug)]
pub struct RuleStore {
    metadata: Metadata,
    clock: Clock,
    published: watch::Sender<Arc<InForce>>,
    /// What was found of who may see what. A std mutex: held for a look-up, never across an await.
    visible: Arc<Mutex<Memory>>,
}

/// The rules of a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The rules themselves; those of [`Preset::Open`] before any were saved.
    pub rules: Rules,
    /// How often they were saved; 0 while none were.
    pub version: u64,
    /// Who saved them and when.
    pub saved: Option<Saved>,
    /// Whether they are those of [`Preset::Open`]: then nobody needs to be asked who he is to pull and push.
    pub open: bool,
}

impl From<Versioned<Rules>> for InForce {
    fn from(Versioned { version, value, saved }: Versioned<Rules>) -> Self {
        let rules = if version == 0 { Preset::Open.rules() } else { value };
        Self { open: Preset::of(&rules) == Some(Preset::Open), rules, version, saved }
    }
}

/// Why rules were not saved. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Someone else has saved since the form was read.
    #[error("version {} is in force, saved in the meantime", current.version)]
    Conflict {
        /// What is in force.
        current: Arc<InForce>,
    },
    /// There are more than [`RULES_MAX`].
    #[error("there may be {RULES_MAX} rules at most")]
    TooMany,
    /// The database is broken.
    #[error(transparent)]
    Metadata(#[from] metadata::Error),
}

impl RuleStore {
    /// Reads what is in force.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn open(metadata: Metadata, clock: Clock) -> Result<Self, metadata::Error> {
        let current = metadata.rules().await?;
        let published = watch::Sender::new(Arc::new(current.into()));
        Ok(Self { metadata, clock, published, visible: Arc::default() })
    }

    /// The rules of this moment. Never waits for the database.
    pub fn current(&self) -> Arc<InForce> {
        Arc::clone(&self.published.borrow())
    }

    /// Saves `change` of the rules, if version `expected` is still in force. When this returns `Ok` it is durable and
    /// the next request follows it. What changes nothing is accepted without a new version.
    ///
    /// # Errors
    /// [`Error::Conflict`], [`Error::TooMany`], or the database is broken.
    pub async fn save(
        &self,
        expected: u64,
        actor: &Actor,
        change: impl FnOnce(&Rules) -> Rules + Send,
    ) -> Result<Arc<InForce>, Error> {
        let mut tx = self.metadata.begin().await?;
        let current = InForce::from(tx.rules().await?);
        let rules = change(&current.rules);
        if current.rules == rules {
            tx.commit(Durability::Synced).await?;
            return Ok(self.publish(current));
        }
        if current.version != expected {
            return Err(Error::Conflict { current: Arc::new(current) });
        }
        if rules.0.len() > RULES_MAX {
            return Err(Error::TooMany);
        }
        let saved = self.insert(&mut tx, actor, &current, rules).await?;
        tx.commit(Durability::Synced).await?;
        let (name, version, rules) = (&actor.name, saved.version, saved.rules.0.len());
        tracing::info!(version, actor = %name, rules, "{name} saved version {version} of the rules");
        Ok(self.publish(saved))
    }

    /// Saves `change` of the rules as a part of another unit of work: they hold once that is committed and what is returned
    /// was handed to [`publish`](Self::publish). `None` if it changes nothing.
    ///
    /// # Errors
    /// The database is broken.
    pub(crate) async fn change_within(
        &self,
        tx: &mut Transaction,
        actor: &Actor,
        change: impl FnOnce(&Rules) -> Rules + Send,
    ) -> Result<Option<InForce>, metadata::Error> {
        let current = InForce::from(tx.rules().await?);
        let rules = change(&current.rules);
        if current.rules == rules {
            return Ok(None);
        }
        Ok(Some(self.insert(tx, actor, &current, rules).await?))
    }

    /// Puts `rules` in force within a unit of work, and writes down what changes by that.
    async fn insert(
        &self,
        tx: &mut Transaction,
        actor: &Actor,
        current: &InForce,
        rules: Rules,
    ) -> Result<InForce, metadata::Error> {
        let at = metadata::to_the_microsecond(self.clock.now());
        let saved = Saved { at, by: actor.name.clone() };
        let version = current.version + 1;
        tx.insert_rules(version, &rules, &saved).await?;
        let entry = AuditEntry::new(at, actor, Action::RulesSaved);
        tx.audit(&entry.with(json!({ "version": version, "changes": changes(&current.rules, &rules) }))).await?;
        Ok(Versioned { version, value: rules, saved: Some(saved) }.into())
    }

    /// Publishes `candidate` unless something newer is published already, and returns what stands then.
    pub(crate) fn publish(&self, candidate: InForce) -> Arc<InForce> {
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

/// What the audit log says of a change: each rule that went, and each that came.
fn changes(from: &Rules, to: &Rules) -> Vec<serde_json::Value> {
    let missing = |rules: &Rules, rule: &Rule| !rules.0.contains(rule);
    let gone = from.0.iter().filter(|rule| missing(to, rule)).map(|rule| json!({ "removed": line(rule) }));
    let come = to.0.iter().filter(|rule| missing(from, rule)).map(|rule| json!({ "added": line(rule) }));
    gone.chain(come).collect()
}

/// `allow pull,push user:ann team/**`
fn line(rule: &Rule) -> String {
    let effect = match rule.effect {
        crate::rules::Effect::Allow => "allow",
        crate::rules::Effect::Deny => "deny",
    };
    format!("{effect} {} {} {}", rule.actions, rule.subject, rule.pattern)
}

#[cfg(test)]
mod tests;
