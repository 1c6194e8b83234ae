#![allow(clippy::unwrap_used)]
use serde_json::json;

use super::super::test_world::{PASSWORD, World, admin, user};
use super::*;
use crate::{account::Role, rules::Principal};

fn group(text: &str) -> GroupName {
    GroupName::parse(text).unwrap()
}

impl World {
    async fn groups_shown(&self, name: &str) -> Vec<String> {
        let identity = self.identify(name, PASSWORD).await.unwrap();
        let Principal::User { groups, .. } = &identity.principal else { panic!("{identity:?}") };
        groups.iter().map(ToString::to_string).collect()
    }

    async fn members(&self, name: &str) -> Vec<String> {
        let detail = self.auth.group(&group(name), &ListQuery::default()).await.unwrap().unwrap();
        assert_eq!(detail.group.members, detail.members.total);
        detail.members.rows.iter().map(ToString::to_string).collect()
    }
}

#[tokio::test]
async fn a_member_has_his_groups_from_his_next_request_on() {
    let world = World::new().await;
    let auth = &world.auth;
    assert!(world.groups_shown("ann").await.is_empty());
    for name in ["dev", "ops"] {
        auth.create_group(&admin(), &group(name)).await.unwrap();
        auth.set_member(&admin(), &group(name), &user("ann"), true).await.unwrap();
    }
    auth.set_member(&admin(), &group("dev"), &user("bob"), true).await.unwrap();
    assert_eq!(world.groups_shown("ann").await, ["dev", "ops"]);
    assert_eq!(world.members("dev").await, ["ann", "bob"]);

    auth.rename_group(&admin(), &group("dev"), &group("engineers"), &world.rules().await).await.unwrap();
    assert_eq!(world.groups_shown("ann").await, ["engineers", "ops"]);
    auth.set_member(&admin(), &group("ops"), &user("ann"), false).await.unwrap();
    assert_eq!(world.groups_shown("ann").await, ["engineers"]);
    auth.delete_user(&admin(), &user("bob"), None).await.unwrap();
    assert_eq!(world.members("engineers").await, ["ann"]);
    auth.create_user(&admin(), &user("bob"), Role::Member, PASSWORD.into()).await.unwrap();
    assert!(world.groups_shown("bob").await.is_empty(), "another person of that name");

    auth.delete_group(&admin(), &group("engineers"), &world.rules().await).await.unwrap();
    assert!(world.groups_shown("ann").await.is_empty());
    auth.create_group(&admin(), &group("engineers")).await.unwrap();
    assert!(world.members("engineers").await.is_empty(), "another group of that name");
}

#[tokio::test]
async fn the_groups_of_a_user_are_set_at_once_and_both_states_are_written_down() {
    let world = World::new().await;
    let auth = &world.auth;
    for name in ["dev", "ops", "web"] {
        auth.create_group(&admin(), &group(name)).await.unwrap();
    }
    auth.set_groups(&admin(), &user("ann"), &[group("ops"), group("dev")]).await.unwrap();
    auth.set_groups(&admin(), &user("ann"), &[group("web"), group("dev"), group("dev")]).await.unwrap();
    assert_eq!(auth.groups_of(&user("ann")).await.unwrap(), [group("dev"), group("web")]);
    let deeds = world.deeds(2).await;
    let expected = json!({ "from": ["dev", "ops"], "to": ["dev", "web"] });
    assert_eq!(deeds[0], ("admin account.groups_changed ann".to_owned(), expected));

    auth.set_groups(&admin(), &user("ann"), &[group("dev"), group("web")]).await.unwrap();
    assert_eq!(world.deeds(2).await, deeds, "nothing was changed, so nothing is written down");
    let unknown = auth.set_groups(&admin(), &user("ann"), &[group("ops"), group("ghost")]).await;
    assert!(matches!(unknown, Err(Error::NoSuchGroup(_))), "{unknown:?}");
    assert_eq!(auth.groups_of(&user("ann")).await.unwrap(), [group("dev"), group("web")], "all or nothing");
    auth.set_groups(&admin(), &user("ann"), &[]).await.unwrap();
    assert!(auth.groups_of(&user("ann")).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_done_with_a_group_is_written_down_and_what_can_not_be_done_is_not() {
    let world = World::new().await;
    let auth = &world.auth;
    auth.create_group(&admin(), &group("dev")).await.unwrap();
    auth.create_group(&admin(), &group("ops")).await.unwrap();
    let taken = auth.create_group(&admin(), &group("dev")).await;
    assert!(matches!(taken, Err(Error::GroupNameTaken(_))), "{taken:?}");
    let taken = auth.rename_group(&admin(), &group("dev"), &group("ops"), &world.rules().await).await;
    assert!(matches!(taken, Err(Error::GroupNameTaken(_))), "{taken:?}");
    auth.set_member(&admin(), &group("dev"), &user("ann"), true).await.unwrap();
    auth.set_member(&admin(), &group("dev"), &user("ann"), true).await.unwrap();
    let ghost = auth.set_member(&admin(), &group("dev"), &user("ghost"), true).await;
    assert!(matches!(ghost, Err(Error::NoSuchUser(_))), "{ghost:?}");
    let ghost = auth.set_member(&admin(), &group("ghost"), &user("ann"), true).await;
    assert!(matches!(ghost, Err(Error::NoSuchGroup(_))), "{ghost:?}");
    auth.rename_group(&admin(), &group("dev"), &group("engineers"), &world.rules().await).await.unwrap();
    auth.delete_group(&admin(), &group("engineers"), &world.rules().await).await.unwrap();
    let deeds = world.deeds(5).await;
    let expected = [
        ("admin group.deleted engineers", json!({ "members": ["ann"] })),
        ("admin group.renamed engineers", json!({ "from": "dev", "to": "engineers" })),
        ("admin group.member_added dev", json!({ "user": "ann" })),
        ("admin group.created ops", json!({})),
        ("admin group.created dev", json!({})),
    ];
    assert_eq!(deeds, expected.map(|(deed, detail)| (deed.to_owned(), detail)));
}
