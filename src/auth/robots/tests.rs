#![allow(clippy::unwrap_used)]
use secrecy::ExposeSecret as _;
use serde_json::json;
use time::Duration;

use super::super::test_world::{PASSWORD, World, admin, pulling, refused};
use super::*;
use crate::{
    auth::Visitor,
    jobs::CredentialUses,
    rules::{CredentialId, Principal},
};

fn ci() -> RobotName {
    RobotName::parse("ci").unwrap()
}

fn draft(pattern: &str, expires_at: Option<OffsetDateTime>) -> RobotDraft {
    RobotDraft { description: Description::parse("builds").unwrap(), scope: pulling(pattern), expires_at }
}

impl World {
    async fn robot(&self, pattern: &str, days: Option<i64>) -> String {
        let ends = days.map(|days| self.clock.now() + Duration::days(days));
        let made = self.auth.create_robot(&admin(), &ci(), &draft(pattern, ends)).await;
        made.unwrap().expose_secret().to_owned()
    }

    async fn robot_holds(&self, credential: &CredentialId) -> bool {
        self.auth.still_valid(credential).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn a_robot_is_known_by_its_secret_and_never_at_the_console() {
    let world = World::new().await;
    let secret = world.robot("team/**", None).await;
    let identity = world.identify("robot+ci", &secret).await.unwrap();
    assert_eq!(identity.principal, Principal::Robot { name: ci() });
    assert_eq!(identity.scope, Some(pulling("team/**")));
    for name in ["ci", "robot+cd", "robot+", "ann", ""] {
        assert!(refused(&world.identify(name, &secret).await), "{name}");
    }
    assert!(refused(&world.identify("robot+ci", PASSWORD).await));
    let console = world.auth.sign_in("robot+ci", secret.into(), &Visitor::default(), None).await;
    assert!(matches!(console, Err(Error::Credentials)), "{console:?}");
}

#[tokio::test]
async fn a_rotated_disabled_ended_or_deleted_robot_is_out_at_once() {
    let world = World::new().await;
    let auth = &world.auth;
    let old = world.robot("**", Some(30)).await;
    let identity = world.identify("robot+ci", &old).await.unwrap();
    assert!(world.robot_holds(&identity.credential).await);

    let new = auth.rotate_robot(&admin(), &ci()).await.unwrap().expose_secret().to_owned();
    assert!(refused(&world.identify("robot+ci", &old).await) && !world.robot_holds(&identity.credential).await);
    let identity = world.identify("robot+ci", &new).await.unwrap();

    auth.set_robot_enabled(&admin(), &ci(), false).await.unwrap();
    assert!(refused(&world.identify("robot+ci", &new).await) && !world.robot_holds(&identity.credential).await);
    auth.set_robot_enabled(&admin(), &ci(), true).await.unwrap();
    assert!(world.identify("robot+ci", &new).await.is_ok() && world.robot_holds(&identity.credential).await);

    world.clock.advance(Duration::days(30));
    assert!(refused(&world.identify("robot+ci", &new).await) && !world.robot_holds(&identity.credential).await);
    auth.change_robot(&admin(), &ci(), &draft("a/*", None)).await.unwrap();
    assert_eq!(world.identify("robot+ci", &new).await.unwrap().scope, Some(pulling("a/*")));
    assert_eq!(auth.still_valid(&identity.credential).await.unwrap().unwrap().scope, Some(pulling("a/*")));

    auth.delete_robot(&admin(), &ci(), &world.rules().await).await.unwrap();
    assert!(refused(&world.identify("robot+ci", &new).await) && !world.robot_holds(&identity.credential).await);
    world.robot("**", None).await;
    assert!(!world.robot_holds(&identity.credential).await, "another robot of that name");
    assert_eq!(auth.robot(&ci()).await.unwrap().unwrap().used, None);
}

#[tokio::test]
async fn what_is_done_with_a_robot_is_written_down_without_its_secret() {
    let world = World::new().await;
    let secret = world.robot("team/**", None).await;
    let auth = &world.auth;
    let taken = auth.create_robot(&admin(), &ci(), &draft("**", None)).await;
    assert!(matches!(taken, Err(Error::RobotNameTaken(_))), "{taken:?}");
    auth.change_robot(&admin(), &ci(), &draft("team/**", None)).await.unwrap();
    auth.change_robot(&admin(), &ci(), &draft("**", None)).await.unwrap();
    auth.rotate_robot(&admin(), &ci()).await.unwrap();
    auth.delete_robot(&admin(), &ci(), &world.rules().await).await.unwrap();
    let gone = auth.rotate_robot(&admin(), &ci()).await;
    assert!(matches!(gone, Err(Error::NoSuchRobot(_))), "{gone:?}");
    let deeds = world.deeds(4).await;
    let changed = json!({ "scope": { "from": [["team/**", ["pull"]]], "to": [["**", ["pull"]]] } });
    let expected = [
        ("admin robot.deleted robot+ci", json!({ "description": "builds", "scope": [["**", ["pull"]]] })),
        ("admin robot.secret_rotated robot+ci", json!({})),
        ("admin robot.changed robot+ci", changed),
        (
            "admin robot.created robot+ci",
            json!({ "description": "builds", "scope": [["team/**", ["pull"]]], "expires_at": null }),
        ),
    ];
    assert_eq!(deeds, expected.map(|(deed, detail)| (deed.to_owned(), detail)));
    assert!(!format!("{deeds:?}").contains(&secret[4..]));
}

#[tokio::test]
async fn a_robots_last_use_is_seen_in_the_list_and_kept() {
    let world = World::new().await;
    let secret = world.robot("**", None).await;
    world.identify("robot+ci", &secret).await.unwrap();
    let listed = async || world.auth.list_robots(&ListQuery::default()).await.unwrap().rows.remove(0).used;
    let used = listed().await.unwrap();
    assert_eq!((used.at, used.from.as_deref()), (world.clock.now(), Some("192.0.2.9")));
    assert_eq!(CredentialUses::new(world.auth.clone()).run_once().await.unwrap(), 1);
    assert_eq!(listed().await, Some(used));
}
