#![allow(clippy::unwrap_used)]
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;
use time::macros::datetime;

use super::*;
use crate::{clock::Clock, metadata::Metadata};

const HERE: &str = "registry.test:5000";

struct World {
    _directory: tempfile::TempDir,
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
        Self { _directory: directory, clock, metadata, auth }
    }

    async fn issue(&self) -> String {
        let access = [Access { kind: "repository", name: "team/app".into(), actions: vec!["pull", "push"] }];
        self.auth.issue_token(&CredentialId::None, "ann", HERE, &access).await.unwrap().token
    }

    async fn verify(&self, token: &str) -> Result<Shown, InvalidToken> {
        self.auth.verify_token(token, HERE).await.unwrap()
    }
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn a_token_says_for_whom_it_is_and_for_what_and_ends_after_minutes() {
    let world = World::new().await;
    let token = world.issue().await;
    let claims = part(&token, 1);
    assert_eq!((&claims["sub"], &claims["aud"], &claims["iss"]), (&"ann".into(), &HERE.into(), &ISSUER.into()));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
    assert_eq!(claims["access"], json!([{ "type": "repository", "name": "team/app", "actions": ["pull", "push"] }]));
    assert_eq!(part(&token, 0)["alg"], "ES256");

    let Shown { credential, grant } = world.verify(&token).await.unwrap();
    assert_eq!(credential, CredentialId::None);
    assert!(grant.allows("repository", "team/app", "push") && !grant.allows("repository", "team/app", "delete"));
    assert!(!grant.allows("repository", "team/other", "pull"));

    let other = world.auth.verify_token(&token, "other.test").await.unwrap();
    assert!(matches!(other, Err(InvalidToken::Audience)), "{other:?}");
    world.clock.advance(LIFETIME - Duration::seconds(1));
    assert!(world.verify(&token).await.is_ok());
    world.clock.advance(Duration::seconds(1));
    assert!(matches!(world.verify(&token).await, Err(InvalidToken::Time)));
}

#[tokio::test]
async fn what_was_not_made_here_is_not_believed() {
    let world = World::new().await;
    let token = world.issue().await;
    let stranger = World::new().await.issue().await;
    assert!(matches!(world.verify(&stranger).await, Err(InvalidToken::Key)));
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let mut forged = part(&token, 1);
    forged["access"][0]["actions"] = json!(["*"]);
    let forged = BASE64_URL_SAFE_NO_PAD.encode(forged.to_string());
    let none = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let hmac = BASE64_URL_SAFE_NO_PAD.encode(json!({ "alg": "HS256", "kid": part(&token, 0)["kid"] }).to_string());
    for (token, reason) in [
        (format!("{header}.{forged}.{signature}"), "the signature does not fit"),
        (format!("{none}.{claims}.x"), "the algorithm \"none\" is not allowed"),
        (format!("{hmac}.{claims}.{signature}"), "the algorithm \"HS256\" is not allowed"),
        (format!("{header}.{claims}"), "it is not a JSON Web Token"),
        ("x".repeat(TOKEN_BYTES_MAX + 1), "it is not a JSON Web Token"),
    ] {
        assert_eq!(world.verify(&token).await.unwrap_err().to_string(), reason);
    }
}

#[tokio::test]
async fn the_key_changes_daily_and_outlives_its_tokens_and_a_restart() {
    let world = World::new().await;
    let first = world.issue().await;
    world.clock.advance(KEY_SIGNS - Duration::seconds(1));
    let last = world.issue().await;
    assert_eq!(part(&first, 0)["kid"], part(&last, 0)["kid"]);
    world.clock.advance(Duration::seconds(1));
    let next = world.issue().await;
    assert_ne!(part(&last, 0)["kid"], part(&next, 0)["kid"]);
    let again = Auth::open(world.metadata.clone(), world.clock.clone()).await.unwrap();
    for token in [&last, &next] {
        assert!(world.verify(token).await.is_ok());
        assert!(again.verify_token(token, HERE).await.unwrap().is_ok(), "after a restart");
    }
    assert_eq!(world.metadata.token_keys().await.unwrap().len(), 2);
    world.clock.advance(Duration::days(2));
    world.issue().await;
    assert_eq!(world.metadata.token_keys().await.unwrap().len(), 1, "what signs and counts no more is forgotten");
}

#[tokio::test]
async fn a_refresh_token_stands_for_its_credential_here_for_thirty_days() {
    let world = World::new().await;
    let credential =
        CredentialId::AccessToken { user: crate::account::UserName::parse("ann").unwrap(), id: "7".into() };
    let token = world.auth.issue_refresh_token(&credential, HERE).await.unwrap();
    let verify = async |token: &str, audience: &str| world.auth.verify_refresh_token(token, audience).await.unwrap();
    assert_eq!(verify(&token, HERE).await, Some(credential));
    assert_eq!(verify(&token, "other.test").await, None);
    let mut cut = token.clone();
    cut.pop();
    for wrong in [cut.as_str(), "hbf_", "hbf_x.y", "", "password"] {
        assert_eq!(verify(wrong, HERE).await, None, "{wrong}");
    }
    assert!(world.verify(&token).await.is_err(), "it opens nothing itself");
    world.clock.advance(Duration::days(30));
    assert_eq!(verify(&token, HERE).await, None);
}
