//! A registry on a folder of its own, and requests to it.

use std::path::{Path, PathBuf};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use humpback::{
    access::{Guard, Source},
    auth::Auth,
    blob_store::{BlobStore, Hasher},
    clock::Clock,
    config_store::ConfigStore,
    health::Health,
    metadata::Metadata,
    oci::Algorithm,
    registry::{Policy, Registry},
    rule_store::RuleStore,
    token_endpoint, v1, v2,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use time::macros::datetime;
use tower::ServiceExt as _;

pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// A registry whose folder goes with it.
pub struct TestRegistry {
    pub root: TempDir,
    pub clock: Clock,
    pub registry: Registry,
    pub config: ConfigStore,
    pub auth: Auth,
    pub rules: RuleStore,
    pub metadata: Metadata,
    settings: v2::Settings,
    router: Router,
}

/// An answer, whole.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl TestRegistry {
    /// One on which everything is allowed, deleting included.
    pub async fn open() -> Self {
        Self::with(v2::Settings { anonymous_delete: true, ..v2::Settings::default() }).await
    }

    pub async fn with(settings: v2::Settings) -> Self {
        Self::start(TempDir::new().unwrap(), settings).await
    }

    /// One that takes in manifests whose parts are not there.
    pub async fn sparse() -> Self {
        Self::with_policy(Policy { sparse: true, ..Policy::default() }).await
    }

    pub async fn with_policy(policy: Policy) -> Self {
        Self::start_with(TempDir::new().unwrap(), v2::Settings::default(), policy).await
    }

    /// One on a folder that Distribution may have written to. Nothing is read before it is asked for.
    pub async fn adopting(root: TempDir) -> Self {
        let settings = v2::Settings { anonymous_delete: true, ..v2::Settings::default() };
        Self::start_with(root, settings, Policy { adopt: true, ..Policy::default() }).await
    }

    /// As if the process had ended; the folder.
    pub async fn stop(self) -> TempDir {
        self.metadata.close().await;
        self.root
    }

    async fn start(root: TempDir, settings: v2::Settings) -> Self {
        Self::start_with(root, settings, Policy::default()).await
    }

    /// One whose requests `guard` lets in; made from the accounts and the clock.
    pub async fn guarded(settings: v2::Settings, guard: impl AsyncFnOnce(&Path, &Auth, &Clock) -> Source) -> Self {
        Self::start_guarded(TempDir::new().unwrap(), settings, Policy::default(), guard).await
    }

    async fn start_with(root: TempDir, settings: v2::Settings, policy: Policy) -> Self {
        Self::start_guarded(root, settings, policy, async |_, _, _| Source::Accounts).await
    }

    async fn start_guarded(
        root: TempDir,
        settings: v2::Settings,
        policy: Policy,
        guard: impl AsyncFnOnce(&Path, &Auth, &Clock) -> Source,
    ) -> Self {
        let clock = Clock::test(datetime!(2026-01-02 03:04:05 UTC));
        let store = BlobStore::open(root.path()).unwrap();
        let metadata = Metadata::open(&root.path().join("humpback/humpback.db")).await.unwrap();
        let config = ConfigStore::open(metadata.clone(), clock.clone()).await.unwrap();
        let registry = Registry::with_policy(metadata.clone(), store, clock.clone(), policy);
        let auth = Auth::open(metadata.clone(), clock.clone()).await.unwrap();
        let rules = RuleStore::open(metadata.clone(), clock.clone()).await.unwrap();
        let guard = Guard::new(guard(root.path(), &auth, &clock).await, auth.clone(), rules.clone());
        let api = v2::Api {
            registry: registry.clone(),
            config: config.clone(),
            health: Health::default(),
            guard: guard.clone(),
            settings: settings.clone(),
        };
        let router = v2::router(api)
            .merge(v1::router(registry.clone(), config.clone(), guard.clone()))
            .merge(token_endpoint::router(guard, &settings.urls.prefix));
        Self { root, clock, registry, config, auth, rules, metadata, settings, router }
    }

    /// The same folder under a new process, as it were.
    pub async fn restart(self) -> Self {
        self.metadata.close().await;
        Self::start(self.root, self.settings).await
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// Asks as curl does, which takes anything if it is not told otherwise.
    pub async fn call(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
        let anything = [("accept", "*/*")];
        let told = headers.iter().any(|(name, _)| *name == "accept");
        let headers = if told { headers.to_vec() } else { [&anything, headers].concat() };
        self.call_with(method, path, &headers, body).await
    }

    /// Asks with these headers and no others.
    pub async fn call_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("host", "registry.test:5000");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, &[], Body::empty()).await
    }

    pub async fn head(&self, path: &str) -> Reply {
        self.call(Method::HEAD, path, &[], Body::empty()).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, &[], Body::empty()).await
    }

    /// Opens an upload; the path at which it goes on.
    pub async fn start_upload(&self, name: &str) -> String {
        let reply = self.call(Method::POST, &format!("/v2/{name}/blobs/uploads/"), &[], Body::empty()).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{reply:?}");
        reply.location()
    }

    /// Pushes a blob as Docker does: POST, PATCH in a stream, PUT. Its digest.
    pub async fn push_blob(&self, name: &str, content: &[u8]) -> String {
        let upload = self.start_upload(name).await;
        let reply = self.call(Method::PATCH, &upload, &[], content.to_vec()).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{reply:?}");
        let digest = digest(content);
        let reply = self.call(Method::PUT, &format!("{}?digest={digest}", reply.location()), &[], Body::empty()).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
        digest
    }

    pub async fn put_manifest(&self, name: &str, reference: &str, media_type: &str, content: &str) -> Reply {
        let path = format!("/v2/{name}/manifests/{reference}");
        self.call(Method::PUT, &path, &[("content-type", media_type)], content.to_owned()).await
    }

    /// Pushes an image with one layer under a tag. Its manifest.
    pub async fn push_image(&self, name: &str, tag: &str, layer: &[u8]) -> String {
        let config = br#"{"architecture":"amd64","os":"linux"}"#;
        self.push_blob(name, config).await;
        self.push_blob(name, layer).await;
        let manifest = image(config, &[layer]);
        let reply = self.put_manifest(name, tag, MANIFEST, &manifest).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
        manifest
    }

    /// Every file below the registry's folder but the database, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![PathBuf::from(self.root.path())];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(relative(self.root.path(), &path));
                }
            }
        }
        files.retain(|file| !file.starts_with("humpback/humpback.db"));
        files.sort();
        files
    }
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The path of `Location`, which must lead back to the host that was asked.
    pub fn location(&self) -> String {
        let location = self.header("location");
        location.strip_prefix("http://registry.test:5000").unwrap_or_else(|| panic!("{location}")).to_owned()
    }

    /// Demands a refusal: its status, its code, and a message for people.
    pub fn assert_refused(&self, status: StatusCode, code: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/json");
        assert_eq!(self.header("docker-distribution-api-version"), "registry/2.0");
        let errors = self.json()["errors"].as_array().unwrap().clone();
        assert!(!errors.is_empty());
        for error in errors {
            assert_eq!(error["code"], code, "{self:?}");
            assert!(error["message"].as_str().unwrap().len() > 10, "{error}");
        }
    }
}

pub fn digest(content: &[u8]) -> String {
    Hasher::digest(Algorithm::Sha256, content).to_string()
}

/// Where a blob lies on Distribution's tree.
pub fn blob_file(digest: &str) -> String {
    let hex = digest.strip_prefix("sha256:").unwrap();
    format!("docker/registry/v2/blobs/sha256/{}/{hex}/data", &hex[..2])
}

pub fn descriptor(media_type: &str, content: &[u8]) -> Value {
    json!({ "mediaType": media_type, "digest": digest(content), "size": content.len() })
}

pub fn image(config: &[u8], layers: &[&[u8]]) -> String {
    let layers: Vec<Value> = layers.iter().map(|layer| descriptor(LAYER, layer)).collect();
    json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, config), "layers": layers })
        .to_string()
}

/// An artifact of `kind` about the manifest `subject`; `note` tells it from others.
pub fn about(subject: &str, kind: &str, note: &str) -> String {
    json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind, "config": descriptor(CONFIG, b"{}"),
        "layers": [], "subject": descriptor(MANIFEST, subject.as_bytes()), "annotations": { "note": note },
    })
    .to_string()
}

pub fn index(manifests: &[&str]) -> String {
    let manifests: Vec<Value> = manifests.iter().map(|manifest| descriptor(MANIFEST, manifest.as_bytes())).collect();
    json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests }).to_string()
}
