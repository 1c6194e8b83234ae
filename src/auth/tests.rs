#![allow(clippy::unwrap_used)]
use time::{Duration, macros::datetime};

use super::*;
use crate::account::InvalidPassword;

const PASSWORD: &str = "correct horse 密码 🐳";

struct World {
    directory: tempfile::TempDir,
    clock: Clock,
    metadata: Metadata,
    auth: Auth,
}

impl World {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::test(datetime!(2026-11-24 08:00 UTC));
        let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
        let auth = Auth::open(metadata.clone(), clock.clone()).await.unwrap();
        Self { directory, clock, metadata, auth }
    }

    async fn with_admin() -> Self {
        let world = Self::new().await;
        assert!(world.auth.ensure_administrator(&admin(), PASSWORD.into()).await.unwrap());
        world
    }

    async fn sign_in(&self, name: &str, password: &str) -> Result<NewSession, Error> {
        self.auth.sign_in(name, password.into(), &visitor(), None).await
    }

    async fn actions(&self) -> Vec<String> {
        let mut entries = self.metadata.audit(100).await.unwrap();
        entries.reverse();
        entries.into_iter().map(|entry| format!("{} {}", entry.actor, entry.action)).collect()
    }
}

fn visitor() -> Visitor {
    Visitor { address: Some([192, 0, 2, 1].into()), user_agent: Some(UserAgent::keep("curl/8.5.0")) }
}

fn admin() -> UserName {
    UserName::parse("admin").unwrap()
}

#[tokio::test]
async fn the_setup_code_makes_one_administrator_and_signs_in() {
    let world = World::new().await;
    assert!(!world.auth.is_set_up());
    let code = world.auth.setup_code().unwrap().to_string();

    let wrong =
        world.auth.create_first_administrator("AAAA-AAAA-AAAA-AAAA", &admin(), PASSWORD.into(), &visitor()).await;
    assert!(matches!(wrong, Err(Error::SetupCode)), "{wrong:?}");
    let short = world.auth.create_first_administrator(&code, &admin(), "short".into(), &visitor()).await;
    assert!(matches!(short, Err(Error::Password(InvalidPassword::TooShort))), "{short:?}");
    assert!(!world.metadata.has_account().await.unwrap(), "what was refused left nothing");

    let opened = world.auth.create_first_administrator(&code, &admin(), PASSWORD.into(), &visitor()).await.unwrap();
    assert_eq!((opened.account.name.clone(), opened.account.role), (admin(), Role::Administrator));
    assert_eq!(world.auth.session(opened.token.expose()).await.unwrap(), Some(opened.account));
    assert!(world.auth.is_set_up() && world.auth.setup_code().is_none());

    let again = world.auth.create_first_administrator(&code, &admin(), PASSWORD.into(), &visitor()).await;
    assert!(matches!(again, Err(Error::AlreadySetUp)), "{again:?}");
    assert_eq!(world.actions().await, ["admin account.created", "admin session.opened"]);
}

#[tokio::test]
async fn of_many_first_starts_at_once_exactly_one_wins() {
    let world = World::new().await;
    // Another process on the same database, with a code of its own.
    let other = Auth::open(world.metadata.clone(), world.clock.clone()).await.unwrap();
    let attempts: Vec<_> = (0..6)
        .map(|n| {
            let auth = if n % 2 == 0 { world.auth.clone() } else { other.clone() };
            let name = UserName::parse(&format!("admin{n}")).unwrap();
            tokio::spawn(async move {
                let Some(code) = auth.setup_code() else { return Err(Error::AlreadySetUp) };
                auth.create_first_administrator(&code.to_string(), &name, PASSWORD.into(), &Visitor::default()).await
            })
        })
        .collect();
    let mut won = Vec::new();
    for attempt in attempts {
        match attempt.await.unwrap() {
            Ok(session) => won.push(session.account.name),
            Err(Error::AlreadySetUp) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(won.len(), 1);
    assert!(world.auth.is_set_up() && other.is_set_up());
    for n in 0..6 {
        let name = UserName::parse(&format!("admin{n}")).unwrap();
        assert_eq!(world.metadata.account(&name).await.unwrap().is_some(), won.contains(&name));
    }
}

#[tokio::test]
async fn a_server_with_an_account_prints_no_code() {
    let world = World::with_admin().await;
    assert!(!world.auth.ensure_administrator(&admin(), "another password".into()).await.unwrap());
    world.metadata.close().await;
    let metadata = Metadata::open(&world.directory.path().join("humpback.db")).await.unwrap();
    let auth = Auth::open(metadata, world.clock.clone()).await.unwrap();
    assert!(auth.is_set_up() && auth.setup_code().is_none());
    assert!(auth.verify("admin", PASSWORD.into(), None).await.is_ok(), "the first password stays");
}

#[tokio::test]
async fn a_wrong_name_can_not_be_told_from_a_wrong_password() {
    let world = World::with_admin().await;
    for (name, password) in [("admin", "wrong"), ("nobody", PASSWORD), ("", ""), ("a b", PASSWORD), ("admin", "")] {
        let refused = world.sign_in(name, password).await;
        assert!(matches!(refused, Err(Error::Credentials)), "{name}: {refused:?}");
        world.clock.advance(Duration::hours(1));
    }
    assert!(world.sign_in(" Admin ", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn failed_sign_ins_are_slowed_down_and_then_let_in_again() {
    let world = World::with_admin().await;
    for _ in 0..5 {
        assert!(matches!(world.sign_in("admin", "wrong password").await, Err(Error::Credentials)));
    }
    let Err(Error::TooManyAttempts { retry_after }) = world.sign_in("admin", PASSWORD).await else {
        panic!("even the right password must wait");
    };
    assert_eq!(retry_after, Duration::seconds(1));
    world.clock.advance(retry_after);
    assert!(world.sign_in("admin", PASSWORD).await.is_ok());
    assert!(matches!(world.sign_in("admin", "wrong password").await, Err(Error::Credentials)), "forgiven");
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_in_any_case_after_two_weeks() {
    let world = World::with_admin().await;
    let idle = world.sign_in("admin", PASSWORD).await.unwrap().token;
    world.clock.advance(session::IDLE - Duration::seconds(1));
    assert!(world.auth.session(idle.expose()).await.unwrap().is_some());
    world.clock.advance(session::IDLE - Duration::seconds(1));
    assert!(world.auth.session(idle.expose()).await.unwrap().is_some(), "its use has prolonged it");
    world.clock.advance(session::IDLE);
    assert!(world.auth.session(idle.expose()).await.unwrap().is_none());

    let busy = world.sign_in("admin", PASSWORD).await.unwrap().token;
    let opened = world.clock.now();
    while world.clock.now() - opened < session::ABSOLUTE - Duration::hours(12) {
        world.clock.advance(Duration::hours(12));
        assert!(world.auth.session(busy.expose()).await.unwrap().is_some());
    }
    world.clock.advance(Duration::hours(12));
    assert!(world.auth.session(busy.expose()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_sign_in_gives_a_new_token_and_ends_the_old_session() {
    let world = World::with_admin().await;
    let old = world.sign_in("admin", PASSWORD).await.unwrap().token;
    let brought = Some(old.expose());
    let new = world.auth.sign_in("admin", PASSWORD.into(), &Visitor::default(), brought).await.unwrap().token;
    assert_ne!(old.expose(), new.expose());
    assert!(world.auth.session(old.expose()).await.unwrap().is_none());
    assert!(world.auth.session(new.expose()).await.unwrap().is_some());

    // A token that an attacker has planted opens nothing after the sign-in either.
    let planted = "A".repeat(43);
    world.auth.sign_in("admin", PASSWORD.into(), &Visitor::default(), Some(&planted)).await.unwrap();
    assert!(world.auth.session(&planted).await.unwrap().is_none());
}

#[tokio::test]
async fn signing_out_ends_this_session_alone() {
    let world = World::with_admin().await;
    let one = world.sign_in("admin", PASSWORD).await.unwrap().token;
    let other = world.sign_in("admin", PASSWORD).await.unwrap().token;
    world.auth.sign_out(one.expose(), None).await.unwrap();
    world.auth.sign_out(one.expose(), None).await.unwrap();
    assert!(world.auth.session(one.expose()).await.unwrap().is_none());
    assert!(world.auth.session(other.expose()).await.unwrap().is_some());
}

#[tokio::test]
async fn what_the_database_keeps_opens_nothing() {
    let world = World::with_admin().await;
    let token = world.sign_in("admin", PASSWORD).await.unwrap().token;
    world.metadata.close().await;
    for file in std::fs::read_dir(world.directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in [token.expose(), PASSWORD] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
        }
    }
    assert!(!format!("{token:?}").contains(token.expose()), "nor does the log");
}
