#![allow(clippy::unwrap_used)]
use time::macros::datetime;

use super::*;
use crate::{account::Role, audit::Actor, clock::Clock, metadata::Metadata};

const PASSWORD: &str = "correct horse";

struct World {
    _directory: tempfile::TempDir,
    clock: Clock,
    auth: Auth,
}

impl World {
    /// With the administrator `admin` and the member `ann`.
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::test(datetime!(2026-11-24 08:00 UTC));
        let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
        let auth = Auth::open(metadata, clock.clone()).await.unwrap();
        auth.ensure_administrator(&name("admin"), PASSWORD.into()).await.unwrap();
        auth.create_user(&admin(), &name("ann"), Role::Member, PASSWORD.into()).await.unwrap();
        Self { _directory: directory, clock, auth }
    }

    async fn identify(&self, name: &str, secret: &str) -> Result<Arc<Identity>, Error> {
        self.auth.identify(name, secret.into(), Some([192, 0, 2, 9].into())).await
    }
}

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

fn admin() -> Actor {
    Actor::new("admin", None)
}

fn member(role: Role) -> Principal {
    Principal::User { name: name("ann"), role, groups: Vec::new() }
}

#[tokio::test]
async fn a_user_is_known_by_his_password_and_by_what_was_verified() {
    let world = World::new().await;
    let ann = world.identify("ann", PASSWORD).await.unwrap();
    assert_eq!((&ann.principal, &ann.scope), (&member(Role::Member), &None));
    assert_eq!(world.identify("ann", PASSWORD).await.unwrap(), ann);
    assert_eq!(world.identify("Ann", PASSWORD).await.unwrap(), ann, "one account");
    assert_eq!(world.auth.still_valid(&ann.credential).await.unwrap(), Some(ann));
    for (name, secret) in [("ann", "wrong"), ("eve", PASSWORD), ("", ""), ("ann", "")] {
        let refused = world.identify(name, secret).await;
        assert!(matches!(refused, Err(Error::Credentials)), "{name}: {refused:?}");
    }
    assert_eq!(world.auth.still_valid(&CredentialId::None).await.unwrap().unwrap().principal, Principal::Anonymous);
}

#[tokio::test]
async fn what_was_verified_opens_nothing_once_the_account_has_changed() {
    let world = World::new().await;
    let ann = world.identify("ann", PASSWORD).await.unwrap();
    let valid = async || world.auth.still_valid(&ann.credential).await.unwrap();

    world.auth.set_role(&admin(), &name("ann"), Role::Administrator).await.unwrap();
    assert_eq!(valid().await.unwrap().principal, member(Role::Administrator), "at once");
    assert_eq!(world.identify("ann", PASSWORD).await.unwrap().principal, member(Role::Administrator));

    world.auth.set_enabled(&admin(), &name("ann"), false).await.unwrap();
    assert_eq!(valid().await, None);
    assert!(matches!(world.identify("ann", PASSWORD).await, Err(Error::Credentials)));
    world.auth.set_enabled(&admin(), &name("ann"), true).await.unwrap();
    assert!(valid().await.is_some());

    world.auth.reset_password(&admin(), &name("ann"), "another horse".into(), false).await.unwrap();
    assert_eq!(valid().await, None);
    assert!(matches!(world.identify("ann", PASSWORD).await, Err(Error::Credentials)));
    let other = world.identify("ann", "another horse").await.unwrap();
    assert_ne!(other.credential, ann.credential);

    world.auth.delete_user(&admin(), &name("ann"), None).await.unwrap();
    assert_eq!(world.auth.still_valid(&other.credential).await.unwrap(), None);
    world.auth.create_user(&admin(), &name("ann"), Role::Member, "another horse".into()).await.unwrap();
    assert_eq!(world.auth.still_valid(&other.credential).await.unwrap(), None, "another account of the same name");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_owner_is_let_in_from_memory() {
    let world = World::new().await;
    world.identify("ann", PASSWORD).await.unwrap();
    let mut slowed = false;
    for _ in 0..6 {
        slowed = matches!(world.identify("ann", "guess").await, Err(Error::TooManyAttempts { .. }));
    }
    assert!(slowed);
    assert!(world.identify("ann", PASSWORD).await.is_ok(), "no guess");
    world.clock.advance(VERIFIED);
    assert!(world.identify("ann", PASSWORD).await.is_ok(), "the wait is over, too");
}

#[tokio::test]
async fn what_another_process_has_changed_is_seen_within_a_minute() {
    let world = World::new().await;
    let other = Auth::open(world.auth.metadata.clone(), world.clock.clone()).await.unwrap();
    let ann = world.identify("ann", PASSWORD).await.unwrap();
    world.auth.still_valid(&ann.credential).await.unwrap();
    other.set_enabled(&admin(), &name("ann"), false).await.unwrap();
    world.clock.advance(CURRENT);
    assert_eq!(world.auth.still_valid(&ann.credential).await.unwrap(), None);
}

#[test]
fn the_memory_is_bounded() {
    let now = datetime!(2026-11-24 08:00 UTC);
    let mut map = HashMap::new();
    for key in 0..3 * REMEMBERED_MAX {
        keep(&mut map, key, (), now + VERIFIED, now);
        assert!(map.len() <= REMEMBERED_MAX);
    }
    assert!(kept(&map, &(3 * REMEMBERED_MAX - 1), now).is_some());
    assert!(kept(&map, &(3 * REMEMBERED_MAX - 1), now + VERIFIED).is_none());
}
