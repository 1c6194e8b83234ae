//! What machines show on the API: access tokens and robots, each with what it is limited to, by HTTP Basic and by the
//! tokens of our own endpoint; and how soon that ends.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use humpback::{
    account::{Description, RobotName, Role, TokenName, UserName},
    audit::Actor,
    auth::RobotDraft,
    rules::{Action, Actions, Effect, Pattern, Rule, Rules, Scope, Subject},
    v2,
};
use secrecy::{ExposeSecret as _, SecretString};
use time::Duration;

use crate::support::{Reply, TestRegistry, digest};

const PASSWORD: &str = "correct horse";
const LAYER: &[u8] = b"a layer";

fn user(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

fn robot(text: &str) -> RobotName {
    RobotName::parse(text).unwrap()
}

fn admin() -> Actor {
    Actor::new("admin", None)
}

fn scope(pattern: &str, actions: &[Action]) -> Scope {
    Scope(vec![(Pattern::parse(pattern).unwrap(), Actions::of(actions))])
}

fn basic(name: &str, secret: &SecretString) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{}", secret.expose_secret())))
}

impl TestRegistry {
    /// With an image in `team/app`, the administrator `admin` and the member `ann`. Whoever has signed in may pull, push
    /// and delete everywhere: only credentials say less.
    async fn for_machines() -> Self {
        let registry = Self::with(v2::Settings::default()).await;
        registry.auth.ensure_administrator(&user("admin"), PASSWORD.into()).await.unwrap();
        registry.auth.create_user(&admin(), &user("ann"), Role::Member, PASSWORD.into()).await.unwrap();
        registry.push_image("team/app", "v1", LAYER).await;
        let all = Rule {
            pattern: Pattern::everything(),
            subject: Subject::SignedIn,
            effect: Effect::Allow,
            actions: Actions::of(&[Action::Pull, Action::Push, Action::Delete]),
        };
        registry.rules.save(0, &admin(), |_| Rules(vec![all])).await.unwrap();
        registry
    }

    async fn access_token(&self, owner: &str, name: &str, scope: Option<Scope>, seconds: Option<i64>) -> SecretString {
        let ends = seconds.map(|seconds| self.clock.now() + Duration::seconds(seconds));
        let name = TokenName::parse(name).unwrap();
        let by = Actor::new(owner, None);
        self.auth.create_access_token(&by, &user(owner), &name, scope.as_ref(), ends).await.unwrap()
    }

    async fn robot(&self, name: &str, scope: Scope, seconds: Option<i64>) -> SecretString {
        let expires_at = seconds.map(|seconds| self.clock.now() + Duration::seconds(seconds));
        let draft = RobotDraft { description: Description::default(), scope, expires_at };
        self.auth.create_robot(&admin(), &robot(name), &draft).await.unwrap()
    }

    async fn shown(&self, method: Method, path: &str, authorization: &str) -> Reply {
        self.call(method, path, &[("authorization", authorization)], Body::empty()).await
    }

    /// A token of our own endpoint for all that the credential reaches.
    async fn bearer(&self, basic: &str) -> String {
        let path = "/token?service=registry.test:5000&scope=repository:team/app:*&scope=repository:else/app:*";
        let reply = self.shown(Method::GET, path, basic).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        format!("Bearer {}", reply.json()["token"].as_str().unwrap())
    }
}

/// What is asked, and what of it a credential is answered that reaches as far as pulling, pushing, deleting.
struct Asked {
    method: Method,
    path: String,
    pulls: u16,
    pushes: u16,
    deletes: u16,
}

fn asked() -> Vec<Asked> {
    let ask = |method: Method, path: &str, [pulls, pushes, deletes]: [u16; 3]| Asked {
        method,
        path: path.to_owned(),
        pulls,
        pushes,
        deletes,
    };
    let upload = "/v2/team/app/blobs/uploads/00000000-0000-4000-8000-000000000000";
    let blob = digest(LAYER);
    vec![
        ask(Method::GET, "/v2/", [200; 3]),
        ask(Method::GET, "/v2/_catalog", [200; 3]),
        ask(Method::GET, "/v2/team/app/tags/list", [200, 200, 404]),
        ask(Method::GET, "/v2/team/app/manifests/v1", [200, 200, 404]),
        ask(Method::HEAD, "/v2/team/app/manifests/v1", [200, 200, 404]),
        ask(Method::GET, &format!("/v2/team/app/blobs/{blob}"), [200, 200, 404]),
        ask(Method::POST, "/v2/team/app/blobs/uploads/", [403, 202, 403]),
        ask(Method::PATCH, upload, [403, 404, 403]),
        ask(Method::PUT, &format!("{upload}?digest={blob}"), [403, 404, 403]),
        ask(Method::DELETE, upload, [403, 404, 403]),
        ask(Method::PUT, "/v2/team/app/manifests/v2", [403, 400, 403]),
        ask(Method::DELETE, "/v2/team/app/manifests/ghost", [403, 403, 404]),
        ask(Method::DELETE, "/v2/team/ghost/manifests/ghost", [403, 403, 404]),
        // What lies outside of what it is limited to is not there.
        ask(Method::GET, "/v2/else/app/tags/list", [404; 3]),
        ask(Method::POST, "/v2/else/app/blobs/uploads/", [403; 3]),
        ask(Method::DELETE, "/v2/else/app/manifests/ghost", [403; 3]),
    ]
}

#[tokio::test]
async fn a_credential_opens_as_much_as_it_is_limited_to_and_no_more() {
    let registry = TestRegistry::for_machines().await;
    let scopes = [
        scope("team/**", &[Action::Pull]),
        scope("team/*", &[Action::Pull, Action::Push]),
        scope("team/**", &[Action::Delete]),
    ];
    let mut callers = Vec::new();
    for (at, scope) in scopes.into_iter().enumerate() {
        let token = registry.access_token("ann", &format!("token {at}"), Some(scope.clone()), None).await;
        callers.push((at, basic("ann", &token)));
        // An administrator's token is limited all the same.
        let token = registry.access_token("admin", &format!("token {at}"), Some(scope.clone()), None).await;
        callers.push((at, basic("admin", &token)));
        let secret = registry.robot(&format!("robot-{at}"), scope, None).await;
        callers.push((at, basic(&format!("robot+robot-{at}"), &secret)));
    }
    let mut wrong = Vec::new();
    for Asked { method, path, pulls, pushes, deletes } in asked() {
        for (kind, caller) in &callers {
            let expected = [pulls, pushes, deletes][*kind];
            for authorization in [caller.clone(), registry.bearer(caller).await] {
                let reply = registry.shown(method.clone(), &path, &authorization).await;
                // A token that does not reach so far asks for another one; one that its owner may not have, does not.
                let asks = authorization.starts_with("Bearer") && reply.status == StatusCode::UNAUTHORIZED;
                if reply.status.as_u16() != expected && !asks {
                    wrong.push(format!("{method} {path} {kind} {authorization:.6}: {} not {expected}", reply.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn what_has_ended_was_revoked_or_disabled_opens_nothing_not_even_with_a_token_from_before() {
    let registry = TestRegistry::for_machines().await;
    let auth = &registry.auth;
    let everything = || scope("**", &[Action::Pull, Action::Push, Action::Delete]);
    auth.create_user(&admin(), &user("dan"), Role::Administrator, PASSWORD.into()).await.unwrap();
    let mut callers = vec![
        ("an expired access token", basic("ann", &registry.access_token("ann", "expired", None, Some(60)).await)),
        ("a revoked access token", basic("ann", &registry.access_token("ann", "revoked", None, None).await)),
        ("a disabled user's access token", basic("dan", &registry.access_token("dan", "any", None, None).await)),
        ("a disabled user's password", basic("dan", &PASSWORD.into())),
        ("an expired robot", basic("robot+expired", &registry.robot("expired", everything(), Some(60)).await)),
        ("a disabled robot", basic("robot+disabled", &registry.robot("disabled", everything(), None).await)),
        ("a rotated robot", basic("robot+rotated", &registry.robot("rotated", everything(), None).await)),
        ("a deleted robot", basic("robot+deleted", &registry.robot("deleted", everything(), None).await)),
    ];
    for (who, caller) in callers.clone() {
        assert_eq!(registry.shown(Method::GET, "/v2/team/app/tags/list", &caller).await.status, 200, "{who}");
        callers.push((who, registry.bearer(&caller).await));
    }
    registry.clock.advance(Duration::seconds(60));
    let revoked = auth.access_tokens(&user("ann")).await.unwrap().remove(0).id;
    auth.revoke_access_token(&admin(), &user("ann"), revoked).await.unwrap();
    auth.set_enabled(&admin(), &user("dan"), false).await.unwrap();
    auth.set_robot_enabled(&admin(), &robot("disabled"), false).await.unwrap();
    auth.rotate_robot(&admin(), &robot("rotated")).await.unwrap();
    auth.delete_robot(&admin(), &robot("deleted"), &registry.rules).await.unwrap();
    let mut wrong = Vec::new();
    for Asked { method, path, .. } in asked() {
        for (who, caller) in &callers {
            let reply = registry.shown(method.clone(), &path, caller).await;
            // Whoever fails too often is slowed down: that is no way in either.
            if !matches!(reply.status.as_u16(), 401 | 429) {
                wrong.push(format!("{method} {path} {who} {caller:.6}: {}", reply.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
