#![allow(clippy::unwrap_used)]
use time::macros::datetime;

use super::*;
use crate::{
    account::{Role, UserName},
    metadata::Visible,
    oci::RepositoryName,
    rules::{Actions, Effect, Identity, Pattern, Principal, Scope, Subject},
};

struct World {
    _directory: tempfile::TempDir,
    metadata: Metadata,
    clock: Clock,
    store: RuleStore,
}

impl World {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::test(datetime!(2026-11-24 08:00 UTC));
        let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
        let store = RuleStore::open(metadata.clone(), clock.clone()).await.unwrap();
        Self { _directory: directory, metadata, clock, store }
    }

    async fn save(&self, expected: u64, rules: Rules) -> Result<Arc<InForce>, Error> {
        self.store.save(expected, &Actor::new("admin", None), |_| rules).await
    }

    async fn add_repositories(&self, names: &[&str]) {
        let mut tx = self.metadata.begin().await.unwrap();
        for name in names {
            tx.repository(&RepositoryName::parse(name).unwrap(), self.clock.now()).await.unwrap();
        }
        tx.commit(Durability::Relaxed).await.unwrap();
    }

    async fn visible(&self, identity: &Identity) -> Visible {
        self.store.visible(&self.store.current(), identity).await.unwrap()
    }
}

fn allow(subject: Subject, pattern: &str, action: crate::rules::Action) -> Rule {
    let pattern = Pattern::parse(pattern).unwrap();
    Rule { pattern, subject, effect: Effect::Allow, actions: Actions::of(&[action]) }
}

fn pull(pattern: &str) -> Rule {
    allow(Subject::Anyone, pattern, crate::rules::Action::Pull)
}

fn anonymous() -> Identity {
    Identity::default()
}

#[tokio::test]
async fn without_rules_all_is_open_and_what_is_saved_holds_at_once_and_after_a_restart() {
    let world = World::new().await;
    let first = world.store.current();
    assert!(first.open && first.version == 0 && first.rules == Preset::Open.rules());
    let saved = world.save(0, Preset::Private.rules()).await.unwrap();
    assert!(!saved.open && saved.version == 1 && saved.saved.as_ref().unwrap().by == "admin");
    assert_eq!(world.store.current(), saved);
    let again = RuleStore::open(world.metadata.clone(), world.clock.clone()).await.unwrap();
    assert_eq!(again.current(), saved);
    let unchanged = world.save(0, Preset::Private.rules()).await.unwrap();
    assert_eq!(unchanged.version, 1, "what was wanted is in force");
    assert!(world.save(1, Preset::Open.rules()).await.unwrap().open);
}

#[tokio::test]
async fn who_was_slower_is_told_what_is_in_force() {
    let world = World::new().await;
    world.save(0, Preset::Private.rules()).await.unwrap();
    let refused = world.save(0, Preset::SignInToPush.rules()).await.unwrap_err();
    let Error::Conflict { current } = refused else { panic!("{refused:?}") };
    assert_eq!((current.version, &current.rules), (1, &Preset::Private.rules()));
    assert_eq!(world.store.current(), current);
    let many = Rules(vec![pull("a"); RULES_MAX + 1]);
    assert!(matches!(world.save(1, many).await, Err(Error::TooMany)));
}

#[tokio::test]
async fn each_change_stands_in_the_audit_log_with_what_went_and_what_came() {
    let world = World::new().await;
    world.save(0, Preset::SignInToPush.rules()).await.unwrap();
    let entry = world.metadata.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.actor.as_str(), entry.action.as_str()), ("admin", "rules.saved"));
    let expected = json!({ "version": 1, "changes": [
        { "removed": "allow pull,push anyone **" },
        { "added": "allow pull anyone **" },
        { "added": "allow pull,push signed-in **" },
    ] });
    assert_eq!(entry.detail, expected);
}

#[tokio::test]
async fn a_list_is_limited_to_what_may_be_seen_and_follows_what_is_added() {
    let world = World::new().await;
    world.add_repositories(&["a/1", "b/1", "b/2"]).await;
    assert_eq!(world.visible(&anonymous()).await, Visible::All);
    world.save(0, Rules(vec![pull("b/*")])).await.unwrap();
    let Visible::AllBut(keys, mark) = world.visible(&anonymous()).await else { panic!() };
    assert_eq!(&*keys, "[1]");
    assert_eq!(world.visible(&anonymous()).await, Visible::AllBut(keys, mark), "from memory");
    world.add_repositories(&["a/2", "a/3", "b/3"]).await;
    assert_eq!(world.visible(&anonymous()).await, Visible::Only("[2,3,6]".into()));
    world.save(1, Rules(vec![pull("a/**")])).await.unwrap();
    assert_eq!(world.visible(&anonymous()).await, Visible::Only("[1,4,5]".into()), "other rules");
    let limited =
        Identity { scope: Some(Scope(vec![(Pattern::parse("a/1").unwrap(), Actions::of(&[]))])), ..anonymous() };
    assert_eq!(world.visible(&limited).await, Visible::Only("[]".into()));
    world.save(2, Rules(Vec::new())).await.unwrap();
    assert_eq!(world.visible(&anonymous()).await, Visible::nothing());
    let name = UserName::parse("admin").unwrap();
    let principal = Principal::User { name, role: Role::Administrator, groups: Vec::new() };
    assert_eq!(world.visible(&Identity { principal, ..anonymous() }).await, Visible::All);
}

#[tokio::test]
async fn a_repository_that_comes_between_looking_and_listing_is_not_shown_unjudged() {
    let world = World::new().await;
    world.add_repositories(&["b/1", "b/2"]).await;
    world.save(0, Rules(vec![pull("b/*")])).await.unwrap();
    let visible = world.visible(&anonymous()).await;
    world.add_repositories(&["a/1"]).await;
    let (condition, _) = visible.condition("$1");
    assert!(condition.contains("id <= 2"), "{condition}");
}
