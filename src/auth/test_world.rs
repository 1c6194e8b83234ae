//! What the tests of groups, access tokens and robots work with.

#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use serde_json::Value;
use time::macros::datetime;

use super::{Auth, Error};
use crate::{
    account::{Role, UserName},
    audit::{Actor, AuditQuery},
    clock::Clock,
    metadata::Metadata,
    rule_store::RuleStore,
    rules::{Action, Actions, Identity, Pattern, Scope},
};

pub(super) const PASSWORD: &str = "correct horse";

pub(super) struct World {
    _directory: tempfile::TempDir,
    pub(super) clock: Clock,
    pub(super) metadata: Metadata,
    pub(super) auth: Auth,
}

impl World {
    /// With the administrator `admin` and the members `ann` and `bob`.
    pub(super) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::test(datetime!(2026-11-24 08:00 UTC));
        let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
        let auth = Auth::open(metadata.clone(), clock.clone()).await.unwrap();
        auth.ensure_administrator(&user("admin"), PASSWORD.into()).await.unwrap();
        for name in ["ann", "bob"] {
            auth.create_user(&admin(), &user(name), Role::Member, PASSWORD.into()).await.unwrap();
        }
        Self { _directory: directory, clock, metadata, auth }
    }

    /// The rules in force.
    pub(super) async fn rules(&self) -> RuleStore {
        RuleStore::open(self.metadata.clone(), self.clock.clone()).await.unwrap()
    }

    /// Shows a name and a secret, from 192.0.2.9.
    pub(super) async fn identify(&self, name: &str, secret: &str) -> Result<Arc<Identity>, Error> {
        self.auth.identify(name, secret.into(), Some([192, 0, 2, 9].into())).await
    }

    /// The last deeds, the newest first: actor, action, subject, detail.
    pub(super) async fn deeds(&self, count: usize) -> Vec<(String, Value)> {
        let found = self.metadata.list_audit(&AuditQuery::default()).await.unwrap();
        let deed = |entry: crate::audit::AuditEntry| {
            (format!("{} {} {}", entry.actor, entry.action, entry.subject.unwrap_or_default()), entry.detail)
        };
        found.rows.into_iter().take(count).map(deed).collect()
    }
}

pub(super) fn user(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

pub(super) fn admin() -> Actor {
    Actor::new("admin", Some([192, 0, 2, 1].into()))
}

/// To pull from what `pattern` says.
pub(super) fn pulling(pattern: &str) -> Scope {
    Scope(vec![(Pattern::parse(pattern).unwrap(), Actions::of(&[Action::Pull]))])
}

/// Whether nobody was let in, as with a wrong password.
pub(super) fn refused(answer: &Result<Arc<Identity>, Error>) -> bool {
    matches!(answer, Err(Error::Credentials))
}
