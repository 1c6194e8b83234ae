//! The console's whole router, on a real database: who gets what answer, and what a browser is told to do with it.

#![allow(clippy::unwrap_used)]
use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use humpback::{
    access::{Guard, Source},
    account::{Role, UserName},
    audit::Actor,
    audit_log::AuditLog,
    auth::{Auth, Visitor},
    blob_store::BlobStore,
    clock::Clock,
    config_store::ConfigStore,
    metadata::Metadata,
    registry::Registry,
    remote::Remote,
    rule_store::RuleStore,
    source::Sources,
};
use tower::ServiceExt as _;

use super::*;

mod access;
mod attacks;
mod feeds;
mod headers;
mod palette;
mod rules;
mod undo;
mod written;

const HOST: &str = "registry.example.com:5000";
const PASSWORD: &str = "correct horse";

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    Anonymous,
    Member,
    Administrator,
    /// With the cookie of a session that was open when he was disabled.
    Disabled,
}

impl Caller {
    const ALL: [Self; 4] = [Self::Anonymous, Self::Member, Self::Administrator, Self::Disabled];
}

struct World {
    _directory: tempfile::TempDir,
    console: Console,
    router: Router,
    /// The cookie of whoever was disabled.
    disabled: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl World {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::system();
        let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
        let store = BlobStore::open(directory.path()).unwrap();
        let auth = Auth::open(metadata.clone(), clock.clone()).await.unwrap();
        let rules = RuleStore::open(metadata.clone(), clock.clone()).await.unwrap();
        let registry = Registry::new(metadata.clone(), store, clock.clone());
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
        let auth = &console.auth;
        auth.ensure_administrator(&name("admin"), PASSWORD.into()).await.unwrap();
        for user in ["ann", "dan"] {
            auth.create_user(&Actor::default(), &name(user), Role::Member, PASSWORD.into()).await.unwrap();
        }
        let disabled = session(auth, "dan").await;
        auth.set_enabled(&Actor::default(), &name("dan"), false).await.unwrap();
        Self { _directory: directory, router: router(console.clone()), console, disabled }
    }

    /// What a browser sends along for this caller; a session of its own each time.
    async fn cookie(&self, caller: Caller) -> String {
        match caller {
            Caller::Anonymous => String::new(),
            Caller::Member => session(&self.console.auth, "ann").await,
            Caller::Administrator => session(&self.console.auth, "admin").await,
            Caller::Disabled => self.disabled.clone(),
        }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = axum::body::to_bytes(body, 1 << 22).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(header::HOST, HOST).header(header::ACCEPT, "text/html");
        self.send(request.header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    /// Calls a server function as a script of the console does.
    async fn call(&self, path: &str, cookie: &str, body: &str) -> Answer {
        let json = body.starts_with('{');
        let request = Request::post(path)
            .header(header::HOST, HOST)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, if json { "application/json" } else { "application/x-www-form-urlencoded" })
            .header(header::COOKIE, cookie);
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

/// Signs in; the cookie.
async fn session(auth: &Auth, user: &str) -> String {
    let opened = auth.sign_in(user, PASSWORD.into(), &Visitor::default(), None).await.unwrap();
    format!("humpback_session={}", opened.token.expose())
}
