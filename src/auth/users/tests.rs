#![allow(clippy::unwrap_used)]
use time::{Duration, macros::datetime};

use super::*;
use crate::{
    audit::{AuditQuery, Kind},
    auth::{IssuedFor, IssuedSecret, NewSession, Visitor},
    clock::Clock,
    metadata::{Durability, Metadata},
};

const PASSWORD: &str = "correct horse";

struct World {
    _directory: tempfile::TempDir,
    clock: Clock,
    metadata: Metadata,
    auth: Auth,
}

impl World {
    /// With the administrator `admin` and the member `ann`.
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::test(datetime!(2026-11-24 08:00 UTC));
        let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
        let auth = Auth::open(metadata.clone(), clock.clone()).await.unwrap();
        auth.ensure_administrator(&name("admin"), PASSWORD.into()).await.unwrap();
        auth.create_user(&admin(), &name("ann"), Role::Member, PASSWORD.into()).await.unwrap();
        Self { _directory: directory, clock, metadata, auth }
    }

    async fn sign_in(&self, name: &str, password: &str) -> Result<NewSession, Error> {
        let visitor = Visitor { address: Some([192, 0, 2, 9].into()), user_agent: None };
        self.auth.sign_in(name, password.into(), &visitor, None).await
    }

    async fn is_open(&self, session: &NewSession) -> bool {
        self.auth.session(session.token.expose()).await.unwrap().is_some()
    }

    /// What was done since, the oldest first: actor, action, subject.
    async fn deeds(&self, kind: Option<Kind>) -> Vec<String> {
        let found = self.metadata.list_audit(&AuditQuery { kind, ..AuditQuery::default() }).await.unwrap();
        let line = |entry: AuditEntry| {
            format!("{} {} {}", entry.actor, entry.action, entry.subject.unwrap_or_default()).trim().to_owned()
        };
        found.rows.into_iter().rev().map(line).collect()
    }
}

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

fn admin() -> Actor {
    Actor::new("admin", Some([192, 0, 2, 1].into()))
}

#[tokio::test]
async fn a_user_is_created_once_and_signs_in_with_the_role_that_he_was_given() {
    let world = World::new().await;
    let again = world.auth.create_user(&admin(), &name("ann"), Role::Administrator, PASSWORD.into()).await;
    assert!(matches!(again, Err(Error::NameTaken(_))), "{again:?}");
    let short = world.auth.create_user(&admin(), &name("bob"), Role::Member, "short".into()).await;
    assert!(matches!(short, Err(Error::Password(_))), "{short:?}");
    assert!(world.auth.user(&name("bob")).await.unwrap().is_none());

    let ann = world.sign_in("ann", PASSWORD).await.unwrap();
    assert_eq!(ann.account.role, Role::Member);
    let user = world.auth.user(&name("ann")).await.unwrap().unwrap();
    assert_eq!((user.signed_in_at, user.sessions), (Some(world.clock.now()), 1));
    let refused = world.auth.verify_administrator("ann", PASSWORD.into(), None).await;
    assert!(matches!(refused, Err(Error::NotAdministrator)), "{refused:?}");
    assert!(world.auth.verify_administrator("admin", PASSWORD.into(), None).await.is_ok());
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once_and_comes_back_with_the_same_password() {
    let world = World::new().await;
    let session = world.sign_in("ann", PASSWORD).await.unwrap();
    world.auth.set_enabled(&admin(), &name("ann"), false).await.unwrap();
    assert!(!world.is_open(&session).await);
    assert!(matches!(world.sign_in("ann", PASSWORD).await, Err(Error::Credentials)), "as if it were not there");
    assert!(matches!(world.auth.verify("ann", PASSWORD.into(), None).await, Err(Error::Credentials)));
    world.auth.set_enabled(&admin(), &name("ann"), true).await.unwrap();
    assert!(!world.is_open(&session).await, "the old session stays ended");
    world.clock.advance(Duration::hours(1));
    assert!(world.sign_in("ann", PASSWORD).await.is_ok());
    let deeds = world.deeds(Some(Kind::Account)).await;
    assert_eq!(deeds[2..], ["admin account.disabled ann", "admin account.enabled ann"]);
}

#[tokio::test]
async fn a_reset_password_ends_the_sessions_and_replaces_the_old_one() {
    let world = World::new().await;
    let session = world.sign_in("ann", PASSWORD).await.unwrap();
    world.auth.reset_password(&admin(), &name("ann"), "another horse".into(), false).await.unwrap();
    assert!(!world.is_open(&session).await);
    assert!(matches!(world.sign_in("ann", PASSWORD).await, Err(Error::Credentials)));
    assert!(world.sign_in("ann", "another horse").await.is_ok());
    let nobody = world.auth.reset_password(&admin(), &name("bob"), PASSWORD.into(), false).await;
    assert!(matches!(nobody, Err(Error::NoSuchUser(_))), "{nobody:?}");
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let world = World::new().await;
    let auth = &world.auth;
    let only = name("admin");
    for refused in [
        auth.set_enabled(&admin(), &only, false).await,
        auth.set_role(&admin(), &only, Role::Member).await,
        auth.delete_user(&admin(), &only, None).await,
    ] {
        assert!(matches!(refused, Err(Error::LastAdministrator)), "{refused:?}");
    }
    assert!(world.sign_in("admin", PASSWORD).await.is_ok(), "what was refused has changed nothing");

    // An administrator who can't sign in is none to rely on.
    auth.set_role(&admin(), &name("ann"), Role::Administrator).await.unwrap();
    auth.set_enabled(&admin(), &name("ann"), false).await.unwrap();
    assert!(matches!(auth.delete_user(&admin(), &only, None).await, Err(Error::LastAdministrator)));
    auth.set_enabled(&admin(), &name("ann"), true).await.unwrap();
    auth.delete_user(&Actor::new("ann", None), &only, None).await.unwrap();
    assert!(auth.user(&only).await.unwrap().is_none());
    assert_eq!(
        world.deeds(Some(Kind::Account)).await[2..],
        [
            "admin account.role_changed ann",
            "admin account.disabled ann",
            "admin account.enabled ann",
            "ann account.deleted admin"
        ]
    );
}

#[tokio::test]
async fn of_two_administrators_who_remove_each_other_one_stays() {
    for round in 0..8 {
        let world = World::new().await;
        world.auth.set_role(&admin(), &name("ann"), Role::Administrator).await.unwrap();
        let attack = |by: &'static str, whom: &'static str, way: u32| {
            let auth = world.auth.clone();
            tokio::spawn(async move {
                let by = Actor::new(by, None);
                match way % 3 {
                    0 => auth.set_enabled(&by, &name(whom), false).await,
                    1 => auth.set_role(&by, &name(whom), Role::Member).await,
                    _ => auth.delete_user(&by, &name(whom), None).await,
                }
            })
        };
        let attacks = [attack("admin", "ann", round), attack("ann", "admin", round / 3)];
        let mut refused = 0;
        for attack in attacks {
            match attack.await.unwrap() {
                Ok(()) => {}
                Err(Error::LastAdministrator) => refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(refused, 1, "round {round}");
        let mut tx = world.metadata.begin().await.unwrap();
        assert_eq!(tx.count_administrators().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn ones_own_password_needs_the_present_one_and_ends_the_other_sessions() {
    let world = World::new().await;
    let (here, there) = (world.sign_in("ann", PASSWORD).await.unwrap(), world.sign_in("ann", PASSWORD).await.unwrap());
    let ann = Actor::new("ann", None);
    let token = here.token.expose();
    let wrong = world.auth.change_password(&ann, token, "a guess".into(), "another horse".into()).await;
    assert!(matches!(wrong, Err(Error::Credentials)), "{wrong:?}");
    let short = world.auth.change_password(&ann, token, PASSWORD.into(), "short".into()).await;
    assert!(matches!(short, Err(Error::Password(_))), "{short:?}");
    assert!(world.is_open(&there).await);

    let ended = world.auth.change_password(&ann, token, PASSWORD.into(), "another horse".into()).await.unwrap();
    assert_eq!(ended, 1);
    assert!(world.is_open(&here).await && !world.is_open(&there).await);
    assert!(matches!(world.sign_in("ann", PASSWORD).await, Err(Error::Credentials)));
    assert!(world.sign_in("ann", "another horse").await.is_ok());
}

#[tokio::test]
async fn guessing_the_present_password_from_a_session_is_slowed_down_too() {
    let world = World::new().await;
    let session = world.sign_in("ann", PASSWORD).await.unwrap();
    let ann = Actor::new("ann", Some([192, 0, 2, 9].into()));
    let guess = async || {
        world.auth.change_password(&ann, session.token.expose(), "a guess".into(), "another horse".into()).await
    };
    for _ in 0..5 {
        assert!(matches!(guess().await, Err(Error::Credentials)));
    }
    assert!(matches!(guess().await, Err(Error::TooManyAttempts { .. })));
}

#[tokio::test]
async fn everyone_sees_and_ends_his_own_sessions_alone() {
    let world = World::new().await;
    let old = world.sign_in("ann", PASSWORD).await.unwrap();
    world.clock.advance(Duration::hours(2));
    let (here, other) = (world.sign_in("ann", PASSWORD).await.unwrap(), world.sign_in("ann", PASSWORD).await.unwrap());
    let foreign = world.sign_in("admin", PASSWORD).await.unwrap();
    let ann = Actor::new("ann", None);
    let list = async || world.auth.sessions(&here.account, here.token.expose()).await.unwrap();
    let sessions = list().await;
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
    assert_eq!(sessions[2].created_at, datetime!(2026-11-24 08:00 UTC), "the last used first");
    assert_eq!(sessions[2].address.as_deref(), Some("192.0.2.9"));

    // Nobody ends what is not his, even if he knows its name.
    let theirs = world.auth.sessions(&foreign.account, foreign.token.expose()).await.unwrap().remove(0);
    assert!(!world.auth.end_session(&ann, &here.account, &theirs.id).await.unwrap());
    assert!(world.is_open(&foreign).await);

    assert!(world.auth.end_session(&ann, &here.account, &sessions[2].id).await.unwrap());
    assert!(!world.is_open(&old).await && world.is_open(&other).await);
    assert_eq!(world.auth.end_other_sessions(&ann, &here.account, here.token.expose()).await.unwrap(), 1);
    assert!(world.is_open(&here).await && !world.is_open(&other).await && world.is_open(&foreign).await);

    // One that has ended by its age is not shown.
    world.clock.advance(crate::auth::session::IDLE);
    assert_eq!(list().await, []);
}

#[tokio::test]
async fn what_was_typed_in_vain_is_listed_without_what_may_be_a_secret() {
    let world = World::new().await;
    for (typed, password) in [("ann", "wrong password"), ("hunter2-is-my-password", "x"), ("no\nname", "x")] {
        assert!(world.sign_in(typed, password).await.is_err());
    }
    assert_eq!(
        world.deeds(Some(Kind::SignIn)).await,
        ["ann sign_in.failed", "sign_in.failed", "sign_in.failed"],
        "only the name of an account"
    );
    let all = serde_json::to_string(&world.metadata.audit(100).await.unwrap()).unwrap();
    for secret in ["wrong password", "hunter2", "no\\nname", PASSWORD, "argon2"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    assert!(all.contains("192.0.2.9"), "from where");
}

#[tokio::test]
async fn a_generated_password_is_shown_once_to_the_session_that_asked_and_soon() {
    let world = World::new().await;
    let issued = || IssuedSecret { of: IssuedFor::Password(name("ann")), secret: "7q4m9-kxt2h".into() };
    let any = |of: &IssuedFor| Some(of.clone());
    world.auth.issue("session", issued());
    assert!(world.auth.take_issued("another session", any).is_none());
    assert!(world.auth.take_issued("session", |_| None::<()>).is_none(), "for another page");
    let (of, secret) = world.auth.take_issued("session", any).unwrap();
    assert_eq!((of, secret.expose_secret()), (issued().of, "7q4m9-kxt2h"));
    assert!(world.auth.take_issued("session", any).is_none(), "once");
    world.auth.issue("session", issued());
    world.clock.advance(Duration::minutes(10));
    assert!(world.auth.take_issued("session", any).is_none(), "not after a while");
    assert!(!format!("{:?}", issued()).contains("7q4m9"));
}

#[tokio::test]
async fn users_are_searched_ordered_and_paged_by_the_database() {
    let world = World::new().await;
    for n in 0..60 {
        let hash = "$argon2id$";
        let mut tx = world.metadata.begin().await.unwrap();
        let created = tx.create_account(&name(&format!("user_{n:02}")), hash, Role::Member, world.clock.now()).await;
        created.unwrap().unwrap();
        tx.commit(Durability::Relaxed).await.unwrap();
    }
    let list = async |words: &[(&str, &'static str)]| {
        let query = ListQuery::from_words(|key| words.iter().find(|(word, _)| *word == key).map(|(_, value)| *value));
        world.auth.list_users(&query).await.unwrap()
    };
    let first = list(&[]).await;
    assert_eq!((first.total, first.matching, first.rows.len()), (62, 62, 50));
    assert_eq!(first.rows[0].name.as_str(), "admin");
    let second = list(&[("page", "2"), ("order", "desc")]).await;
    assert_eq!((second.rows.len(), second.rows[11].name.as_str()), (12, "admin"));
    // An underscore is a letter of the name, not any letter.
    let found = list(&[("q", "R_0")]).await;
    assert_eq!((found.matching, found.total), (10, 62));
    assert_eq!(list(&[("sort", "role")]).await.rows[0].role, Role::Administrator);
}
