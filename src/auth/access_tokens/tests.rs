#![allow(clippy::unwrap_used)]
use secrecy::ExposeSecret as _;
use serde_json::json;
use time::Duration;

use super::super::test_world::{PASSWORD, World, admin, pulling, refused, user};
use super::*;
use crate::{
    account::Role,
    auth::Visitor,
    jobs::CredentialUses,
    rules::{CredentialId, Principal},
};

fn ann() -> Actor {
    Actor::new("ann", None)
}

fn token(text: &str) -> TokenName {
    TokenName::parse(text).unwrap()
}

impl World {
    /// Makes an access token for `ann`; its secret.
    async fn token(&self, name: &str, scope: Option<&Scope>, days: Option<i64>) -> String {
        let ends = days.map(|days| self.clock.now() + Duration::days(days));
        let made = self.auth.create_access_token(&ann(), &user("ann"), &token(name), scope, ends).await;
        made.unwrap().expose_secret().to_owned()
    }

    async fn first(&self) -> AccessToken {
        self.auth.access_tokens(&user("ann")).await.unwrap().remove(0)
    }

    async fn holds(&self, credential: &CredentialId) -> bool {
        self.auth.still_valid(credential).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn a_token_is_a_password_for_its_owner_s_name_alone_and_only_at_the_registry() {
    let world = World::new().await;
    let scope = pulling("team/**");
    let secret = world.token("laptop", Some(&scope), Some(30)).await;
    let identity = world.identify("Ann", &secret).await.unwrap();
    assert_eq!(identity.principal, Principal::User { name: user("ann"), role: Role::Member, groups: vec![] });
    assert_eq!(identity.scope, Some(scope));
    assert!(world.holds(&identity.credential).await);
    for name in ["bob", "admin", "ghost", "", "robot+ann", "ann "] {
        let answer = world.identify(name, &secret).await;
        assert_eq!(refused(&answer), name != "ann ", "{name}: {answer:?}");
    }
    let console = world.auth.sign_in("ann", secret.clone().into(), &Visitor::default(), None).await;
    assert!(matches!(console, Err(Error::Credentials)), "{console:?}");
    let other = world.token("unlimited", None, None).await;
    assert_ne!(other, secret);
    assert_eq!(world.identify("ann", &other).await.unwrap().scope, None);
}

#[tokio::test]
async fn a_token_ends_on_its_day_even_while_it_is_remembered() {
    let world = World::new().await;
    let secret = world.token("laptop", None, Some(1)).await;
    world.clock.advance(Duration::days(1) - Duration::seconds(10));
    let identity = world.identify("ann", &secret).await.unwrap();
    assert!(world.holds(&identity.credential).await);
    world.clock.advance(Duration::seconds(9));
    assert!(world.identify("ann", &secret).await.is_ok() && world.holds(&identity.credential).await);
    world.clock.advance(Duration::seconds(1));
    assert!(!world.holds(&identity.credential).await);
    assert!(refused(&world.identify("ann", &secret).await));
    let failed = &world.deeds(1).await[0];
    assert_eq!(failed.0, "ann sign_in.failed ");
    for _ in 0..100 {
        assert!(refused(&world.identify("ann", &secret).await), "a forgotten machine slows nobody down");
    }
    assert!(world.identify("ann", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_revoked_token_is_dead_at_once() {
    let world = World::new().await;
    let (one, other) = (world.token("one", None, None).await, world.token("other", None, None).await);
    let identity = world.identify("ann", &other).await.unwrap();
    world.identify("ann", &one).await.unwrap();
    let id = world.first().await.id;
    let foreign = world.auth.revoke_access_token(&Actor::new("bob", None), &user("bob"), id).await.unwrap();
    assert!(!foreign && world.holds(&identity.credential).await, "nobody revokes what is another's");

    assert!(world.auth.revoke_access_token(&ann(), &user("ann"), id).await.unwrap());
    assert!(!world.auth.revoke_access_token(&ann(), &user("ann"), id).await.unwrap());
    assert!(!world.holds(&identity.credential).await);
    assert!(refused(&world.identify("ann", &other).await));
    assert!(world.identify("ann", &one).await.is_ok());
    assert_eq!(world.deeds(2).await[1].0, "ann access_token.revoked ann");

    let again = world.token("other", None, None).await;
    assert!(!world.holds(&identity.credential).await, "another token of that name");
    assert_eq!(world.auth.revoke_access_tokens(&admin(), &user("ann")).await.unwrap(), 2);
    for secret in [&one, &again] {
        assert!(refused(&world.identify("ann", secret).await));
    }
    assert_eq!(world.auth.access_tokens(&user("ann")).await.unwrap(), []);
}

#[tokio::test]
async fn a_client_that_hangs_up_while_it_revokes_does_not_keep_the_token_alive() {
    let world = World::new().await;
    let secret = world.token("laptop", None, None).await;
    let identity = world.identify("ann", &secret).await.unwrap();
    assert!(world.holds(&identity.credential).await);
    let id = world.first().await.id;
    // Given up at each of its steps in turn, until one attempt gets through.
    for steps in 1.. {
        let (by, owner) = (ann(), user("ann"));
        let mut revoking = Box::pin(world.auth.revoke_access_token(&by, &owner, id));
        let mut done = false;
        for _ in 0..steps {
            if futures_util::poll!(revoking.as_mut()).is_ready() {
                done = true;
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(revoking);
        // What was begun goes on, and what it has revoked is dead a moment later: the two agree, however slow the disk.
        let settled = async {
            loop {
                let gone = world.auth.access_tokens(&user("ann")).await.unwrap().is_empty();
                if gone != world.holds(&identity.credential).await {
                    break;
                }
                tokio::task::yield_now().await;
            }
        };
        let settled = tokio::time::timeout(std::time::Duration::from_secs(30), settled).await;
        assert!(settled.is_ok(), "given up after {steps} steps, it is revoked and still held");
        if done {
            break;
        }
    }
}

#[tokio::test]
async fn a_token_goes_as_far_as_its_account() {
    let world = World::new().await;
    let secret = world.token("laptop", None, None).await;
    let identity = world.identify("ann", &secret).await.unwrap();
    world.auth.set_role(&admin(), &user("ann"), Role::Administrator).await.unwrap();
    assert!(world.identify("ann", &secret).await.unwrap().principal.is_administrator());
    world.auth.set_role(&admin(), &user("ann"), Role::Member).await.unwrap();
    assert!(!world.auth.still_valid(&identity.credential).await.unwrap().unwrap().principal.is_administrator());

    world.auth.set_enabled(&admin(), &user("ann"), false).await.unwrap();
    assert!(refused(&world.identify("ann", &secret).await) && !world.holds(&identity.credential).await);
    world.auth.set_enabled(&admin(), &user("ann"), true).await.unwrap();
    assert!(world.identify("ann", &secret).await.is_ok() && world.holds(&identity.credential).await);

    // It is no copy of the password.
    world.auth.reset_password(&admin(), &user("ann"), "another horse".into(), false).await.unwrap();
    assert!(world.holds(&identity.credential).await);
    world.auth.reset_password(&admin(), &user("ann"), "a third horse".into(), true).await.unwrap();
    assert!(!world.holds(&identity.credential).await && refused(&world.identify("ann", &secret).await));
    assert_eq!(world.deeds(2).await[1].1, json!({ "sessions_ended": 0, "tokens_revoked": ["laptop"] }));

    let secret = world.token("laptop", None, None).await;
    let identity = world.identify("ann", &secret).await.unwrap();
    world.auth.delete_user(&admin(), &user("ann"), None).await.unwrap();
    world.auth.create_user(&admin(), &user("ann"), Role::Member, PASSWORD.into()).await.unwrap();
    assert!(!world.holds(&identity.credential).await && refused(&world.identify("ann", &secret).await));
}

#[tokio::test]
async fn what_is_kept_and_written_down_holds_no_secret() {
    let world = World::new().await;
    let secret = world.token("持续集成", Some(&pulling("a/**")), Some(30)).await;
    let deed = world.deeds(1).await.remove(0);
    assert_eq!(deed.0, "ann access_token.created ann");
    let detail = json!({ "token": "持续集成", "scope": [["a/**", ["pull"]]], "expires_at": "2026-12-24T08:00:00Z" });
    assert_eq!(deed.1, detail);
    let kept = format!("{:?}", world.metadata.token_credentials(&user("ann")).await.unwrap());
    assert!(!kept.contains(&secret[4..]), "{kept}");
    let twice = world.auth.create_access_token(&ann(), &user("ann"), &token("持续集成"), None, None).await;
    assert!(matches!(twice, Err(Error::TokenNameTaken(_))), "{twice:?}");
}

#[tokio::test]
async fn the_last_use_is_seen_at_once_and_written_behind_the_requests() {
    let world = World::new().await;
    let secret = world.token("laptop", None, None).await;
    assert_eq!(world.first().await.used, None);
    world.identify("ann", &secret).await.unwrap();
    world.clock.advance(Duration::seconds(30));
    world.identify("ann", &secret).await.unwrap();
    let used = world.first().await.used.unwrap();
    assert_eq!((used.at, used.from.as_deref()), (world.clock.now(), Some("192.0.2.9")));
    let job = CredentialUses::new(world.auth.clone());
    assert_eq!(job.run_once().await.unwrap(), 1, "once for both");
    assert_eq!(job.run_once().await.unwrap(), 0);
    assert_eq!(world.first().await.used, Some(used));
}

#[tokio::test]
async fn guessing_is_slowed_down_and_right_tokens_are_let_in_meanwhile() {
    let world = World::new().await;
    let secret = world.token("laptop", None, None).await;
    let mut answers = Vec::new();
    for _ in 0..7 {
        let guess = SecretKind::AccessToken.random().unwrap();
        answers.push(world.identify("ann", guess.expose_secret()).await);
    }
    assert!(answers[..5].iter().all(refused), "{answers:?}");
    assert!(matches!(answers[6], Err(Error::TooManyAttempts { .. })), "{answers:?}");
    assert!(world.identify("ann", &secret).await.is_ok());
    assert_eq!(world.deeds(1).await[0].0, "ann sign_in.failed ");
    let password_typed_as_name = SecretKind::AccessToken.random().unwrap();
    let _ = world.auth.identify("my secret", password_typed_as_name, None).await;
    assert_eq!(world.deeds(1).await[0].0, " sign_in.failed ", "may be a password, and is not written down");
}

#[tokio::test]
async fn there_are_not_more_tokens_than_a_person_can_overlook() {
    let world = World::new().await;
    for n in 0..ACCESS_TOKENS_MAX {
        world.token(&n.to_string(), None, None).await;
    }
    let more = world.auth.create_access_token(&ann(), &user("ann"), &token("more"), None, None).await;
    assert!(matches!(more, Err(Error::TooMany { limit: ACCESS_TOKENS_MAX })), "{more:?}");
}
