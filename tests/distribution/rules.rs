//! Rules on the API: every endpoint for everyone who may come, tokens of our own endpoint, and what may be tried with them.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use humpback::{
    account::{Role, UserName},
    audit::Actor,
    rules::{Action, Effect, Pattern, Preset, Rule, Rules},
    v2,
};
use serde_json::{Value, json};

use crate::support::{MANIFEST, Reply, TestRegistry, about, digest};

const PASSWORD: &str = "correct horse";
const LAYER: &[u8] = b"a layer";

/// `allow pull,push user:ann team/**`
fn rule(line: &str) -> Rule {
    let [effect, actions, subject, pattern] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
    Rule {
        effect: if effect == "deny" { Effect::Deny } else { Effect::Allow },
        actions: actions.split(',').map(|word| word.parse::<Action>().unwrap()).collect(),
        subject: subject.parse().unwrap(),
        pattern: Pattern::parse(pattern).unwrap(),
    }
}

/// Anyone pulls `public/**`; `ann` pushes and deletes in `team/**`, `bob` pulls there.
const RULES: [&str; 3] =
    ["allow pull anyone public/**", "allow push,delete user:ann team/**", "allow pull user:bob team/**"];

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

fn admin() -> Actor {
    Actor::new("admin", None)
}

fn basic(name: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{PASSWORD}")))
}

impl TestRegistry {
    /// With an image in `public/app` and `team/app`, the administrator `admin` and the members `ann`, `bob` and `eve`.
    async fn ruled(lines: &[&str]) -> Self {
        let registry = Self::with(v2::Settings::default()).await;
        registry.auth.ensure_administrator(&name("admin"), PASSWORD.into()).await.unwrap();
        for user in ["ann", "bob", "eve"] {
            registry.auth.create_user(&admin(), &name(user), Role::Member, PASSWORD.into()).await.unwrap();
        }
        for repository in ["public/app", "team/app"] {
            registry.push_image(repository, "v1", LAYER).await;
        }
        registry.set_rules(Rules(lines.iter().map(|line| rule(line)).collect())).await;
        registry
    }

    async fn set_rules(&self, rules: Rules) {
        let version = self.rules.current().version;
        self.rules.save(version, &admin(), |_| rules).await.unwrap();
    }

    async fn sent(&self, method: Method, path: &str, authorization: Option<&str>) -> Reply {
        let headers: Vec<_> = authorization.map(|value| ("authorization", value)).into_iter().collect();
        self.call(method, path, &headers, Body::empty()).await
    }

    /// A token for these scopes, as `Authorization` sends it.
    async fn token(&self, user: Option<&str>, scopes: &[&str]) -> String {
        let scopes: String = scopes.iter().map(|scope| format!("&scope={scope}")).collect();
        let path = format!("/token?service=registry.test:5000{scopes}");
        let reply = self.sent(Method::GET, &path, user.map(basic).as_deref()).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        assert_eq!(reply.json()["token"], reply.json()["access_token"]);
        format!("Bearer {}", reply.json()["token"].as_str().unwrap())
    }
}

/// What a token lists.
fn access(token: &str) -> Value {
    let claims = token.split('.').nth(1).unwrap();
    let claims = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
    serde_json::from_slice::<Value>(&claims).unwrap()["access"].clone()
}

/// The answers to: nobody, a token of nobody, `eve` and `bob` and `ann` and `admin` (by password and by token), a disabled
/// user, a token that has ended, a token of another registry.
type Expected = [u16; 11];

#[tokio::test]
async fn every_endpoint_answers_everyone_as_the_rules_say() {
    let registry = TestRegistry::ruled(&RULES).await;
    let other = TestRegistry::ruled(&RULES).await;
    let scopes = [
        "repository:public/app:*",
        "repository:team/app:*",
        "repository:team/ghost:*",
        "repository:else/ghost:*",
        "registry:catalog:*",
    ];
    let ended = registry.token(Some("ann"), &scopes).await;
    registry.clock.advance(time::Duration::minutes(5));
    registry.auth.set_enabled(&admin(), &name("eve"), true).await.unwrap();
    let mut callers = vec![None, Some(registry.token(None, &scopes).await)];
    for user in ["eve", "bob", "ann"] {
        callers.push(Some(basic(user)));
        callers.push(Some(registry.token(Some(user), &scopes).await));
    }
    callers.push(Some(registry.token(Some("admin"), &scopes).await));
    registry.auth.create_user(&admin(), &name("dan"), Role::Administrator, PASSWORD.into()).await.unwrap();
    let disabled = registry.token(Some("dan"), &scopes).await;
    registry.auth.set_enabled(&admin(), &name("dan"), false).await.unwrap();
    callers.push(Some(disabled));
    callers.push(Some(other.token(Some("admin"), &scopes).await));

    let blob = digest(LAYER);
    let upload = "00000000-0000-4000-8000-000000000000";
    let path = |repository: &str, rest: &str| format!("/v2/{repository}/{rest}");
    let of = |repository: &str, rest: &str| path(repository, rest);
    //                        none anon  eve  eve  bob  bob  ann  ann admin disabled other
    let table: Vec<(Method, String, Expected)> = vec![
        (Method::GET, "/v2/".into(), [401, 200, 200, 200, 200, 200, 200, 200, 200, 401, 401]),
        (Method::GET, "/v2/_catalog".into(), [200, 200, 200, 200, 200, 200, 200, 200, 200, 401, 401]),
        (Method::GET, of("public/app", "tags/list"), [200, 200, 200, 200, 200, 200, 200, 200, 200, 401, 401]),
        (Method::GET, of("public/app", "manifests/v1"), [200, 200, 200, 200, 200, 200, 200, 200, 200, 401, 401]),
        (Method::GET, of("team/app", "tags/list"), [401, 401, 404, 404, 200, 200, 200, 200, 200, 401, 401]),
        (Method::GET, of("team/app", "manifests/v1"), [401, 401, 404, 404, 200, 200, 200, 200, 200, 401, 401]),
        (Method::HEAD, of("team/app", "manifests/v1"), [401, 401, 404, 404, 200, 200, 200, 200, 200, 401, 401]),
        (
            Method::GET,
            of("team/app", &format!("blobs/{blob}")),
            [401, 401, 404, 404, 200, 200, 200, 200, 200, 401, 401],
        ),
        (
            Method::GET,
            of("team/app", &format!("referrers/{blob}")),
            [401, 401, 200, 200, 200, 200, 200, 200, 200, 401, 401],
        ),
        // What is not there answers those who may not see it as what is.
        (Method::GET, of("team/ghost", "tags/list"), [401, 401, 404, 404, 404, 404, 404, 404, 404, 401, 401]),
        (Method::GET, of("else/ghost", "manifests/v1"), [401, 401, 404, 404, 404, 404, 404, 404, 404, 401, 401]),
        (Method::POST, of("team/app", "blobs/uploads/"), [401, 401, 403, 403, 403, 403, 202, 202, 202, 401, 401]),
        (Method::POST, of("public/app", "blobs/uploads/"), [401, 401, 403, 403, 403, 403, 403, 403, 202, 401, 401]),
        (
            Method::GET,
            of("team/app", &format!("blobs/uploads/{upload}")),
            [401, 401, 403, 403, 403, 403, 404, 404, 404, 401, 401],
        ),
        (
            Method::PATCH,
            of("team/app", &format!("blobs/uploads/{upload}")),
            [401, 401, 403, 403, 403, 403, 404, 404, 404, 401, 401],
        ),
        (
            Method::PUT,
            of("team/app", &format!("blobs/uploads/{upload}?digest={blob}")),
            [401, 401, 403, 403, 403, 403, 404, 404, 404, 401, 401],
        ),
        (
            Method::DELETE,
            of("team/app", &format!("blobs/uploads/{upload}")),
            [401, 401, 403, 403, 403, 403, 404, 404, 404, 401, 401],
        ),
        (Method::PUT, of("team/app", "manifests/v2"), [401, 401, 403, 403, 403, 403, 400, 400, 400, 401, 401]),
        (Method::DELETE, of("team/app", "manifests/ghost"), [401, 401, 403, 403, 403, 403, 404, 404, 404, 401, 401]),
        (
            Method::DELETE,
            of("team/ghost", &format!("blobs/{blob}")),
            [401, 401, 403, 403, 403, 403, 404, 404, 404, 401, 401],
        ),
        (Method::DELETE, of("public/app", "manifests/ghost"), [401, 401, 403, 403, 403, 403, 403, 403, 404, 401, 401]),
    ];
    let mut wrong = Vec::new();
    for (method, path, expected) in table {
        for (who, (caller, expected)) in callers.iter().zip(expected).enumerate() {
            let reply = registry.sent(method.clone(), &path, caller.as_deref()).await;
            if reply.status.as_u16() != expected {
                wrong.push(format!("{method} {path} {who}: {} instead of {expected}: {reply:?}", reply.status));
            }
            let challenged =
                reply.header("www-authenticate").starts_with("Bearer realm=\"http://registry.test:5000/token\"");
            if (expected == 401) != challenged {
                wrong.push(format!("{method} {path} {who}: {:?}", reply.header("www-authenticate")));
            }
        }
        let reply = registry.sent(method.clone(), &path, Some(&ended)).await;
        if reply.status != StatusCode::UNAUTHORIZED || !reply.header("www-authenticate").contains("invalid_token") {
            wrong.push(format!("{method} {path} with a token that has ended: {reply:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn what_one_may_not_see_is_answered_as_what_is_not_there() {
    let registry = TestRegistry::ruled(&RULES).await;
    let subject = registry.sent(Method::GET, "/v2/team/app/manifests/v1", Some(&basic("ann"))).await;
    let statement = about(str::from_utf8(&subject.body).unwrap(), "x/y", "z");
    registry.set_rules(Preset::Open.rules()).await;
    registry.push_blob("team/app", b"{}").await;
    assert_eq!(registry.put_manifest("team/app", "s", MANIFEST, &statement).await.status, StatusCode::CREATED);
    registry.set_rules(Rules(RULES.iter().map(|line| rule(line)).collect())).await;

    let blob = digest(LAYER);
    let manifest = digest(&subject.body);
    let eve = basic("eve");
    for rest in [
        "manifests/v1".to_owned(),
        format!("manifests/{manifest}"),
        format!("blobs/{blob}"),
        "tags/list".to_owned(),
        "tags/list?n=abc".to_owned(),
        "tags/list?n=0".to_owned(),
        format!("referrers/{manifest}"),
        format!("referrers/{manifest}?artifactType=x/y&n=1"),
        "manifests/.hidden".to_owned(),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let of = async |repository: &str| {
                let reply = registry.sent(method.clone(), &format!("/v2/{repository}/{rest}"), Some(&eve)).await;
                let body = String::from_utf8_lossy(&reply.body).replace(repository, "it");
                (reply.status, format!("{:?}", reply.headers).replace(repository, "it"), body)
            };
            // Denied and there; denied and not there; allowed and not there.
            let hidden = of("team/app").await;
            assert_eq!(hidden, of("team/nil").await, "{method} {rest}");
            assert_eq!(hidden, of("public/x").await, "{method} {rest}");
        }
    }
}

#[tokio::test]
async fn lists_and_searches_show_what_one_may_pull() {
    let registry = TestRegistry::ruled(&RULES).await;
    for (caller, names) in [
        (None, json!(["public/app"])),
        (Some(basic("eve")), json!(["public/app"])),
        (Some(basic("bob")), json!(["public/app", "team/app"])),
        (Some(registry.token(Some("bob"), &["registry:catalog:*"]).await), json!(["public/app", "team/app"])),
        (Some(basic("admin")), json!(["public/app", "team/app"])),
    ] {
        let reply = registry.sent(Method::GET, "/v2/_catalog", caller.as_deref()).await;
        assert_eq!(reply.json()["repositories"], names);
        let found = registry.sent(Method::GET, "/v1/search?q=app", caller.as_deref()).await.json();
        assert_eq!(found["num_results"], names.as_array().unwrap().len());
    }
    let page = registry.sent(Method::GET, "/v2/_catalog?n=1&last=public/app", Some(&basic("eve"))).await;
    assert_eq!((page.json()["repositories"].clone(), page.header("link")), (json!([]), ""));
    registry.set_rules(Preset::Private.rules()).await;
    let asked = registry.sent(Method::GET, "/v2/_catalog", None).await;
    asked.assert_refused(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
    assert!(asked.header("www-authenticate").ends_with("scope=\"registry:catalog:*\""));
    assert_eq!(registry.sent(Method::GET, "/v1/search?q=app", None).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_is_given_for_the_part_that_is_allowed_and_reaches_no_further() {
    let registry = TestRegistry::ruled(&RULES).await;
    let entry = |name: &str, actions: &[&str]| json!({ "type": "repository", "name": name, "actions": actions });
    let bob = registry.token(Some("bob"), &["repository:team/app:push,pull"]).await;
    assert_eq!(access(&bob), json!([entry("team/app", &["pull"])]), "as Docker before 1.10 asks");
    let ann =
        registry.token(Some("ann"), &["repository:team/app:*%20repository:public/app:pull", "repository:x:push"]).await;
    assert_eq!(access(&ann), json!([entry("team/app", &["pull", "push", "delete"]), entry("public/app", &["pull"])]));
    let nobody = registry.token(None, &["repository:team/app:pull", "repository:public/app:pull,push"]).await;
    assert_eq!(access(&nobody), json!([entry("public/app", &["pull"])]));

    // What it was not made for it does not open, though its owner may: he fetches another.
    let pull = registry.token(Some("ann"), &["repository:team/app:pull"]).await;
    let refused = registry.sent(Method::POST, "/v2/team/app/blobs/uploads/", Some(&pull)).await;
    refused.assert_refused(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
    assert!(
        refused
            .header("www-authenticate")
            .ends_with("scope=\"repository:team/app:pull,push\",error=\"insufficient_scope\"")
    );
    assert_eq!(
        registry.sent(Method::GET, "/v2/team/other/tags/list", Some(&pull)).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn the_endpoint_answers_as_the_specification_says() {
    let registry = TestRegistry::ruled(&RULES).await;
    let reply = registry.sent(Method::GET, "/token?service=registry.test:5000", Some(&basic("ann"))).await;
    let body = reply.json();
    assert_eq!((body["expires_in"].clone(), body["issued_at"].clone()), (300.into(), "2026-01-02T03:04:05Z".into()));
    assert_eq!((reply.header("cache-control"), body.get("refresh_token")), ("no-store", None));

    let wrong = format!("Basic {}", BASE64_STANDARD.encode("ann:wrong"));
    let refused = registry.sent(Method::GET, "/token?account=ann&service=registry.test:5000", Some(&wrong)).await;
    assert_eq!(
        (refused.status, &refused.json()["errors"][0]["code"]),
        (StatusCode::UNAUTHORIZED, &"UNAUTHORIZED".into())
    );
    for other in ["Basic !", "Bearer x"] {
        assert_eq!(registry.sent(Method::GET, "/token", Some(other)).await.status, StatusCode::UNAUTHORIZED);
    }
    let elsewhere = registry.sent(Method::GET, "/token?service=other.test", Some(&basic("ann"))).await;
    assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);

    let post = async |form: String| {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        registry.call(Method::POST, "/token", &headers, form).await
    };
    let form = "grant_type=password&service=registry.test%3A5000&client_id=docker&username=ann&password=correct+horse";
    let scope = "scope=repository%3Ateam%2Fapp%3Apull";
    let reply = post(format!("{form}&{scope}&access_type=offline")).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    assert_eq!(access(reply.json()["access_token"].as_str().unwrap())[0]["name"], "team/app");
    let refresh = reply.json()["refresh_token"].as_str().unwrap().to_owned();
    let again = format!("grant_type=refresh_token&service=registry.test%3A5000&{scope}&refresh_token={refresh}");
    let reply = post(again.clone()).await;
    let token = format!("Bearer {}", reply.json()["access_token"].as_str().unwrap());
    assert_eq!(registry.sent(Method::GET, "/v2/team/app/tags/list", Some(&token)).await.status, StatusCode::OK);
    for (form, status, error) in [
        (form.replace("correct", "wrong"), StatusCode::UNAUTHORIZED, "invalid_grant"),
        ("grant_type=refresh_token&refresh_token=hbf_x.y".into(), StatusCode::UNAUTHORIZED, "invalid_grant"),
        ("grant_type=other".into(), StatusCode::BAD_REQUEST, "invalid_request"),
        ("grant_type".repeat(10_000), StatusCode::BAD_REQUEST, "invalid_request"),
    ] {
        let reply = post(form).await;
        assert_eq!((reply.status, reply.json()["error"].as_str().unwrap()), (status, error));
    }
    registry.auth.reset_password(&admin(), &name("ann"), "another horse".into(), false).await.unwrap();
    assert_eq!(post(again).await.status, StatusCode::UNAUTHORIZED, "the password that it stands for is gone");
}

#[tokio::test]
async fn a_token_dies_with_its_owner_s_rights() {
    let registry = TestRegistry::ruled(&RULES).await;
    let ann = registry.token(Some("ann"), &["repository:team/app:pull,push,delete"]).await;
    let get = async || registry.sent(Method::GET, "/v2/team/app/tags/list", Some(&ann)).await.status;
    assert_eq!(get().await, StatusCode::OK);
    registry.set_rules(Rules(vec![rule("allow pull user:ann else/**")])).await;
    assert_eq!(get().await, StatusCode::NOT_FOUND, "the rules have changed");
    registry.set_rules(Preset::Private.rules()).await;
    assert_eq!(get().await, StatusCode::OK);
    registry.auth.set_enabled(&admin(), &name("ann"), false).await.unwrap();
    assert_eq!(get().await, StatusCode::UNAUTHORIZED, "disabled");
    registry.auth.set_enabled(&admin(), &name("ann"), true).await.unwrap();
    assert_eq!(get().await, StatusCode::OK);
    registry.auth.delete_user(&admin(), &name("ann"), None).await.unwrap();
    assert_eq!(get().await, StatusCode::UNAUTHORIZED, "gone");
    registry.auth.create_user(&admin(), &name("ann"), Role::Administrator, PASSWORD.into()).await.unwrap();
    assert_eq!(get().await, StatusCode::UNAUTHORIZED, "someone else of that name");
}

#[tokio::test]
async fn a_blob_is_not_to_be_had_through_another_repository() {
    let registry = TestRegistry::ruled(&["allow push user:eve own/**", "allow push user:ann team/**"]).await;
    let blob = digest(LAYER);
    let (eve, ann) = (basic("eve"), basic("ann"));
    let through = registry.sent(Method::GET, &format!("/v2/own/app/blobs/{blob}"), Some(&eve)).await;
    assert_eq!(through.status, StatusCode::NOT_FOUND);
    for from in ["&from=team/app", "", "&from=team/none"] {
        let mount = format!("/v2/own/app/blobs/uploads/?mount={blob}{from}");
        let reply = registry.sent(Method::POST, &mount, Some(&eve)).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "as if it were not there: {from}");
        let token = registry.token(Some("eve"), &["repository:own/app:pull,push", "repository:team/app:pull"]).await;
        assert_eq!(registry.sent(Method::POST, &mount, Some(&token)).await.status, StatusCode::ACCEPTED, "{from}");
    }
    let own = registry
        .sent(Method::POST, &format!("/v2/team/copy/blobs/uploads/?mount={blob}&from=team/app"), Some(&ann))
        .await;
    assert_eq!(own.status, StatusCode::CREATED, "who may read it may mount it");
}

#[tokio::test]
async fn a_client_is_told_to_fetch_a_token_for_both_ends_of_a_mount() {
    let registry = TestRegistry::ruled(&RULES).await;
    let path = format!("/v2/team/copy/blobs/uploads/?mount={}&from=team/app", digest(LAYER));
    let reply = registry.sent(Method::POST, &path, None).await;
    let scope = "scope=\"repository:team/copy:pull,push repository:team/app:pull\"";
    assert!(reply.header("www-authenticate").ends_with(scope), "{reply:?}");
}

#[tokio::test]
async fn an_upload_is_gone_on_with_by_whoever_began_it_alone() {
    let registry = TestRegistry::ruled(&["allow push signed-in **"]).await;
    let (ann, bob) = (basic("ann"), basic("bob"));
    let begun = registry.sent(Method::POST, "/v2/team/app/blobs/uploads/", Some(&ann)).await;
    let upload = begun.location();
    let finish = format!("{upload}?digest={}", digest(b""));
    for (method, path) in
        [(Method::GET, &upload), (Method::PATCH, &upload), (Method::PUT, &finish), (Method::DELETE, &upload)]
    {
        let reply = registry.sent(method, path, Some(&bob)).await;
        let status = reply.status;
        if status != StatusCode::NO_CONTENT {
            reply.assert_refused(StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN");
        }
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    let token = registry.token(Some("ann"), &["repository:team/app:pull,push"]).await;
    assert_eq!(
        registry.sent(Method::GET, &upload, Some(&token)).await.status,
        StatusCode::NO_CONTENT,
        "the same person"
    );
    assert_eq!(registry.sent(Method::PUT, &finish, Some(&ann)).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn where_all_is_open_nobody_is_asked_and_a_wrong_password_is_told() {
    let registry = TestRegistry::ruled(&RULES).await;
    registry.set_rules(Preset::Open.rules()).await;
    let wrong = format!("Basic {}", BASE64_STANDARD.encode("ann:wrong"));
    for (caller, status) in
        [(None, 200), (Some(basic("ann")), 200), (Some(wrong.clone()), 401), (Some("Bearer x".into()), 401)]
    {
        assert_eq!(registry.sent(Method::GET, "/v2/", caller.as_deref()).await.status.as_u16(), status, "{caller:?}");
    }
    let pushed = registry.sent(Method::POST, "/v2/any/blobs/uploads/", Some(&wrong)).await;
    assert_eq!(pushed.status, StatusCode::ACCEPTED, "what is not asked for is not looked at");
    let deleted = async |caller: Option<String>| {
        registry.sent(Method::DELETE, "/v2/team/app/manifests/ghost", caller.as_deref()).await.status.as_u16()
    };
    assert_eq!(deleted(None).await, 401);
    assert_eq!(deleted(Some(wrong)).await, 401);
    assert_eq!(deleted(Some(basic("ann"))).await, 403);
    assert_eq!(deleted(Some(basic("admin"))).await, 404);
}

#[tokio::test]
async fn what_costs_work_is_not_to_be_asked_for_endlessly() {
    let registry = TestRegistry::ruled(&RULES).await;
    let mut last = None;
    for _ in 0..121 {
        last = Some(registry.sent(Method::GET, "/v1/search?q=app", Some(&basic("eve"))).await);
    }
    let last = last.unwrap();
    assert_eq!((last.status, last.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
}
