#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use super::super::test_world::{PASSWORD, World, admin, pulling, user};
use crate::{
    account::{Description, GroupName, RobotName, Role},
    auth::RobotDraft,
    rule_store::RuleStore,
    rules::{Action, Actions, Effect, Identity, Pattern, Rule, Rules, Subject},
};

impl World {
    async fn with_rules(&self, subjects: &[&str]) -> RuleStore {
        let store = RuleStore::open(self.metadata.clone(), self.clock.clone()).await.unwrap();
        let rule = |subject: &&str| Rule {
            pattern: Pattern::everything(),
            subject: subject.parse().unwrap(),
            effect: Effect::Allow,
            actions: Actions::of(&[Action::Pull]),
        };
        store.save(0, &admin(), |_| Rules(subjects.iter().map(rule).collect())).await.unwrap();
        store
    }
}

fn subjects(store: &RuleStore) -> Vec<String> {
    store.current().rules.0.iter().map(|rule| rule.subject.to_string()).collect()
}

fn may_pull(store: &RuleStore, identity: &Arc<Identity>) -> bool {
    store.current().rules.allow(identity, "team/app", Action::Pull)
}

#[tokio::test]
async fn the_rules_for_a_group_go_with_its_name_and_away_with_it() {
    let world = World::new().await;
    let auth = &world.auth;
    let group = |text: &str| GroupName::parse(text).unwrap();
    auth.create_group(&admin(), &group("dev")).await.unwrap();
    auth.set_member(&admin(), &group("dev"), &user("ann"), true).await.unwrap();
    let rules = world.with_rules(&["group:dev", "group:ops", "user:dev"]).await;
    auth.rename_group(&admin(), &group("dev"), &group("engineers"), &rules).await.unwrap();
    assert_eq!(subjects(&rules), ["group:engineers", "group:ops", "user:dev"]);
    let ann = world.identify("ann", PASSWORD).await.unwrap();
    assert!(may_pull(&rules, &ann));
    let deeds = world.deeds(2).await;
    assert_eq!(deeds[0].0, "admin group.renamed engineers");
    assert_eq!(deeds[1].0, "admin rules.saved ");

    auth.delete_group(&admin(), &group("engineers"), &rules).await.unwrap();
    assert_eq!(subjects(&rules), ["group:ops", "user:dev"]);
    let again = RuleStore::open(world.metadata.clone(), world.clock.clone()).await.unwrap();
    assert_eq!(again.current(), rules.current(), "as durable as the group's end");
    auth.create_group(&admin(), &group("engineers")).await.unwrap();
    auth.set_member(&admin(), &group("engineers"), &user("ann"), true).await.unwrap();
    assert!(!may_pull(&rules, &world.identify("ann", PASSWORD).await.unwrap()), "another group of that name");
}

#[tokio::test]
async fn nobody_inherits_the_rules_of_a_user_or_robot_that_is_gone() {
    let world = World::new().await;
    let auth = &world.auth;
    let ci = RobotName::parse("ci").unwrap();
    let draft = RobotDraft { description: Description::default(), scope: pulling("**"), expires_at: None };
    auth.create_robot(&admin(), &ci, &draft).await.unwrap();
    let rules = world.with_rules(&["robot:ci", "user:ann", "user:bob", "user:ci"]).await;
    auth.delete_robot(&admin(), &ci, &rules).await.unwrap();
    auth.delete_user(&admin(), &user("ann"), Some(&rules)).await.unwrap();
    assert_eq!(subjects(&rules), ["user:bob", "user:ci"]);
    auth.create_user(&admin(), &user("ann"), Role::Member, PASSWORD.into()).await.unwrap();
    assert!(!may_pull(&rules, &world.identify("ann", PASSWORD).await.unwrap()));

    // Where a file of users says who is who, the rules are for them.
    auth.delete_user(&admin(), &user("bob"), None).await.unwrap();
    assert_eq!(subjects(&rules), ["user:bob", "user:ci"]);
}

#[tokio::test]
async fn what_was_not_done_changes_no_rule() {
    let world = World::new().await;
    let rules = world.with_rules(&["user:admin", "group:ghost"]).await;
    let version = rules.current().version;
    world.auth.delete_user(&admin(), &user("admin"), Some(&rules)).await.unwrap_err();
    world.auth.delete_group(&admin(), &GroupName::parse("ghost").unwrap(), &rules).await.unwrap_err();
    world.auth.delete_user(&admin(), &user("bob"), Some(&rules)).await.unwrap();
    assert_eq!((rules.current().version, subjects(&rules).len()), (version, 2));
    let subject: Subject = "user:admin".parse().unwrap();
    assert!(rules.current().rules.0.iter().any(|rule| rule.subject == subject));
}
