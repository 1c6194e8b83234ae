//! The console's server functions as a browser calls them: by plain forms and by scripts, through the gate, on a
//! real database.

#![cfg(feature = "ssr")]
#![allow(missing_docs, clippy::unwrap_used)]

use app::api::{Error, Problem, context::Console};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
    routing::{get, post},
};
use humpback::{
    access::{Guard, Source},
    account::UserName,
    audit_log::AuditLog,
    auth::Auth,
    blob_store::BlobStore,
    clock::Clock,
    config::{Draft, InvalidAddress},
    config_store::ConfigStore,
    metadata::Metadata,
    registry::{Policy, Registry},
    remote::Remote,
    rule_store::RuleStore,
    source::Sources,
};
use leptos::prelude::provide_context;
use time::{Duration, macros::datetime};
use tower::ServiceExt as _;

const HOST: &str = "registry.example.com:5000";
const PASSWORD: &str = "correct horse";

struct World {
    _directory: tempfile::TempDir,
    console: Console,
    router: Router,
}

impl World {
    async fn new() -> Self {
        Self::with_policy(Policy::default()).await
    }

    async fn with_policy(policy: Policy) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::test(datetime!(2026-11-24 08:00 UTC));
        let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
        let store = BlobStore::open(directory.path()).unwrap();
        let auth = Auth::open(metadata.clone(), clock.clone()).await.unwrap();
        let rules = RuleStore::open(metadata.clone(), clock.clone()).await.unwrap();
        let registry = Registry::with_policy(metadata.clone(), store, clock.clone(), policy);
        let config = ConfigStore::open(metadata.clone(), clock.clone()).await.unwrap();
        let remote = Remote::open(metadata.clone(), config.clone(), &registry, 4 << 20, clock.clone()).await.unwrap();
        let console = Console {
            registry,
            config,
            sources: Sources::new(remote),
            guard: Guard::new(Source::Accounts, auth.clone(), rules),
            auth,
            audit: AuditLog::new(metadata, clock.clone()),
            clock,
        };
        let handles = console.clone();
        let functions = async move |request: Request<Body>| {
            let handles = handles.clone();
            leptos_axum::handle_server_fns_with_context(move || provide_context(handles.clone()), request).await
        };
        let page = async || "a page";
        let router = Router::new()
            .route("/", get(page))
            .route("/sign-in", get(page))
            .route("/first-start", get(page))
            .route("/api/{*function}", post(functions));
        Self { _directory: directory, router: app::gate::guard(router, console.clone()), console }
    }

    async fn with_admin() -> Self {
        let world = Self::new().await;
        world.console.auth.ensure_administrator(&UserName::parse("admin").unwrap(), PASSWORD.into()).await.unwrap();
        world
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::HOST, HOST).body(Body::empty()).unwrap()).await
    }

    /// A form that a page of the console sends without scripts.
    async fn form(&self, page: &str, function: &str, cookie: &str, body: &str) -> Answer {
        let request = Request::post(format!("/api/{function}"))
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::REFERER, format!("http://{HOST}{page}"))
            .header(header::ACCEPT, "text/html,application/xhtml+xml")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookie);
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// The same by a script.
    async fn call(&self, function: &str, cookie: &str, body: &str) -> Answer {
        let request = Request::post(format!("/api/{function}"))
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookie);
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Signs in by a script; the cookie to send from then on.
    async fn signed_in(&self) -> String {
        let answer = self.call("sign_in", "", "user_name=admin&password=correct+horse&return_to=").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }
}

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

impl Answer {
    async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        Self { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The path, query and all, to which the answer leads.
    fn leads_to(&self) -> (u16, &str) {
        let location = self.header("location");
        (self.status.as_u16(), location.strip_prefix(&format!("http://{HOST}")).unwrap_or(location))
    }
}

#[tokio::test]
async fn every_page_leads_to_the_first_start_until_there_is_an_administrator() {
    let world = World::new().await;
    assert_eq!(world.get("/").await.leads_to(), (303, "/first-start"));
    assert_eq!(world.get("/sign-in").await.leads_to(), (303, "/first-start"));
    assert_eq!(world.get("/first-start").await.body, "a page");

    let code = world.console.auth.setup_code().unwrap();
    let body = format!("setup_code={code}&user_name=Ann&password=correct+horse&password_again=correct+horse");
    let created = world.form("/first-start", "create_administrator", "", &body).await;
    assert_eq!(created.leads_to(), (302, "/"));
    let cookie = created.header("set-cookie");
    assert!(cookie.starts_with("humpback_session="), "{cookie}");
    for attribute in ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=1209600"] {
        assert!(cookie.split("; ").any(|it| it == attribute), "{attribute} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "it came over http");

    assert_eq!(world.get("/").await.body, "a page");
    assert_eq!(world.get("/first-start").await.leads_to(), (303, "/sign-in"));
    let again = world.call("create_administrator", "", &body).await;
    assert_eq!((again.status.as_u16(), again.body.contains("AlreadySetUp")), (422, true), "{}", again.body);
    let cookie = cookie.split(';').next().unwrap();
    let account = world.call("load_account", cookie, "").await;
    assert_eq!(account.body, r#"{"name":"ann","administrator":true}"#);
}

#[tokio::test]
async fn a_form_without_scripts_comes_back_with_its_errors_and_what_was_typed() {
    let world = World::with_admin().await;
    // The page shows the error of an earlier try; the new one takes its place.
    let page = "/sign-in?return_to=%2Fsetup&__path=%2Fapi%2Fsign_in&__err=e30%3D";
    let refused = world.form(page, "sign_in", "", "user_name=Admin&password=top-secret&return_to=%2Fsetup").await;
    let (status, location) = refused.leads_to();
    assert_eq!(status, 302);
    assert!(location.starts_with("/sign-in?return_to=%2Fsetup&__path=%2Fapi%2Fsign_in&__err="), "{location}");
    assert_eq!(location.matches("__err").count(), 1, "{location}");
    assert!(refused.body.contains(r#""typed":{"user_name":"Admin"}"#), "{}", refused.body);
    assert!(!refused.body.contains("top-secret"), "{}", refused.body);
    assert_eq!(refused.header("set-cookie"), "");

    let entered = world.form(page, "sign_in", "", "user_name=Admin&password=correct+horse&return_to=%2Fsetup").await;
    assert_eq!(entered.leads_to(), (302, "/setup"));
    let elsewhere = "user_name=Admin&password=correct+horse&return_to=%2F%2Fevil.example";
    assert_eq!(world.form(page, "sign_in", "", elsewhere).await.leads_to(), (302, "/"));
}

#[tokio::test]
async fn guessing_is_answered_with_429_and_the_time_to_wait() {
    let world = World::with_admin().await;
    let mut statuses = Vec::new();
    for _ in 0..52 {
        statuses.push(world.call("sign_in", "", "user_name=admin&password=wrong&return_to=").await);
    }
    // The test's requests have no address, so that the account's own patience counts.
    assert!(statuses[..50].iter().all(|answer| answer.status == StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(statuses[51].status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(statuses[51].header("retry-after"), "1");
    world.console.clock.advance(Duration::seconds(1));
    world.signed_in().await;
}

#[tokio::test]
async fn the_configuration_is_for_administrators_only() {
    let world = World::with_admin().await;
    let before = world.console.config.current();
    for function in ["load_system_config", "save_system_config"] {
        for cookie in ["", "humpback_session=", "humpback_session=AAAA"] {
            let answer = world.call(function, cookie, "expected_version=0&address=").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{function} {cookie}");
            assert_eq!(answer.body, r#""Unauthorised""#);
        }
    }
    assert_eq!(world.console.config.current(), before);
    // What everyone may know needs nobody.
    let status = world.call("load_registry_status", "", "").await;
    let known = r#"{"enabled":true,"access":"Open","address":null,"opened_at":"registry.example.com:5000"}"#;
    assert_eq!(status.body, known);
}

#[tokio::test]
async fn saving_validates_disables_and_tells_the_second_administrator() {
    let world = World::with_admin().await;
    let cookie = world.signed_in().await;
    let page = "/manage/system-config?saved=7";

    let bad = "expected_version=0&private_registry_enabled=true&address=http%3A%2F%2F";
    let bad = world.call("save_system_config", &cookie, bad).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let error: Error = serde_json::from_str(&bad.body).unwrap();
    assert_eq!(error.problem("address"), Some(Problem::Address(InvalidAddress::HostMissing)), "{}", bad.body);

    // An unticked box is not sent.
    let saved = world.form(page, "save_system_config", &cookie, "expected_version=0&address=10.0.0.1%3A5000").await;
    assert_eq!(saved.leads_to(), (302, "/manage/system-config?saved=1"));
    let config = world.console.config.current();
    assert!(!config.value.private_registry_enabled);
    assert_eq!(config.value.address.as_ref().unwrap().to_string(), "10.0.0.1:5000");
    assert_eq!(config.saved.as_ref().unwrap().by, "admin");

    let late = "expected_version=0&private_registry_enabled=true&address=";
    let conflict = world.call("save_system_config", &cookie, late).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    let Ok(Error::Conflict(told)) = serde_json::from_str(&conflict.body) else { panic!("{}", conflict.body) };
    let told = told.open().unwrap();
    assert_eq!((told.current.version, &told.current.value), (1, &config.value));
    assert_eq!(told.mine, Draft { private_registry_enabled: true, address: String::new() });

    let same = world.form(page, "save_system_config", &cookie, "expected_version=1&address=10.0.0.1%3A5000").await;
    assert_eq!(same.leads_to(), (302, "/manage/system-config?saved=none"));
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_away() {
    let world = World::with_admin().await;
    let cookie = world.signed_in().await;
    let out = world.form("/", "sign_out", &cookie, "").await;
    assert_eq!(out.leads_to(), (302, "/sign-in"));
    assert!(out.header("set-cookie").starts_with("humpback_session=; Path=/; Max-Age=0;"), "{out:?}");
    assert_eq!(world.call("load_account", &cookie, "").await.body, "null", "the token itself is dead");
}

#[tokio::test]
async fn a_write_from_another_site_is_refused_and_changes_nothing() {
    let world = World::with_admin().await;
    let cookie = world.signed_in().await;
    let forged = Request::post("/api/save_system_config")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, "http://evil.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, &cookie)
        .body(Body::from("expected_version=0&address="));
    assert_eq!(world.send(forged.unwrap()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.console.config.current().version, 0);
}

#[tokio::test]
async fn over_https_the_cookie_is_for_https_alone() {
    let world = World::with_admin().await;
    let request = Request::post("/api/sign_in")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("https://{HOST}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("user_name=admin&password=correct+horse&return_to="));
    let answer = world.send(request.unwrap()).await;
    assert!(answer.header("set-cookie").ends_with("; Secure"), "{answer:?}");
}

#[tokio::test]
async fn the_list_says_that_it_is_not_whole_while_a_folder_is_taken_over() {
    let world = World::with_policy(Policy { adopt: true, ..Policy::default() }).await;
    let list = async || {
        let request = Request::post("/api/list_repositories")
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(r#"{"query":{"search":"","sort":"Name","order":"Ascending","page":1}}"#));
        let answer = world.send(request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body
    };
    let body = list().await;
    assert!(body.contains(r#""indexing":{"done":0,"total":0}"#), "{body}");
    world.console.registry.adopt().await.unwrap();
    let body = list().await;
    assert!(body.contains(r#""indexing":null"#), "{body}");
}
