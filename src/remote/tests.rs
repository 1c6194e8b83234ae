#![allow(clippy::unwrap_used)]
//! Against real servers in this process.

use std::net::SocketAddr;

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, HeaderName, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::*;
use crate::{
    blob_store::{BlobStore, Hasher},
    config::{Draft, InvalidRemote},
    explorer::{Body, ConfigBlob, Extent, ListQuery},
    oci::{Algorithm, Reference, RepositoryName, media_type::OCI_MANIFEST},
    registry::INSTANCE_HEADER,
};

struct World {
    _directory: tempfile::TempDir,
    remote: Remote,
    registry: Registry,
    config: ConfigStore,
    metadata: Metadata,
    clock: Clock,
}

impl World {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::test(time::macros::datetime!(2026-11-24 08:00 UTC));
        let metadata = Metadata::open(&directory.path().join("humpback.db")).await.unwrap();
        let store = BlobStore::open(directory.path()).unwrap();
        let registry = Registry::new(metadata.clone(), store, clock.clone());
        let config = ConfigStore::open(metadata.clone(), clock.clone()).await.unwrap();
        let remote = Remote::open(metadata.clone(), config.clone(), &registry, 64 * 1024, clock.clone()).await.unwrap();
        Self { _directory: directory, remote, registry, config, metadata, clock }
    }

    async fn set_address(&self, address: &str) {
        let draft = Draft { private_registry_enabled: true, address: address.to_owned() };
        self.config.save(self.config.current().version, &draft, &Actor::default()).await.unwrap();
    }

    async fn save(&self, draft: RemoteDraft) -> Result<(), InvalidRemote> {
        self.remote.save(draft, &Actor::new("admin", None)).await.unwrap()
    }

    async fn restarted(&self) -> Remote {
        let (metadata, config) = (self.metadata.clone(), self.config.clone());
        Remote::open(metadata, config, &self.registry, 64 * 1024, self.clock.clone()).await.unwrap()
    }
}

/// Serves `answer` on a port of its own; its `host:port`.
async fn serve(answer: impl Fn(Request) -> Response + Clone + Send + Sync + 'static) -> String {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(move |request: Request| std::future::ready(answer(request)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address.to_string()
}

const CONFIG: &str =
    r#"{"architecture":"amd64","os":"linux","config":{"Labels":{"a":"b"}},"rootfs":{"type":"layers","diff_ids":[]}}"#;

fn sha256(text: &str) -> String {
    Hasher::digest(Algorithm::Sha256, text.as_bytes()).to_string()
}

fn manifest() -> String {
    let config = json!({ "mediaType": "application/vnd.oci.image.config.v1+json", "digest": sha256(CONFIG), "size": CONFIG.len() });
    let layer =
        json!({ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": sha256("layer"), "size": 5 });
    json!({ "schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": [layer] }).to_string()
}

/// A registry with 2,500 repositories, of which `team/app` has an image.
fn registry(request: &Request) -> Response {
    let path = request.uri().path();
    let query = request.uri().query().unwrap_or_default();
    let json = |text: String| ([("content-type", "application/json")], text).into_response();
    match path {
        "/v2/" => ([("docker-distribution-api-version", "registry/2.0")], "{}").into_response(),
        "/v2/_catalog" => {
            let from: usize = query.rsplit_once("last=").map_or(0, |(_, last)| last.parse().unwrap());
            let names: Vec<_> = (from..(from + 1000).min(2500)).map(|at| format!("app-{at:05}")).collect();
            let answer = json(json!({ "repositories": names }).to_string());
            if from + 1000 >= 2500 {
                return answer;
            }
            let next = format!("</v2/_catalog?n=1000&last={}>; rel=\"next\"", from + 1000);
            ([("link", next)], answer).into_response()
        }
        "/v2/team/app/tags/list" => json(r#"{"name":"team/app","tags":["1.0","latest"]}"#.to_owned()),
        "/v2/team/none/tags/list" => json(r#"{"name":"team/none","tags":null}"#.to_owned()),
        "/v2/team/app/manifests/latest" => ([("content-type", OCI_MANIFEST)], manifest()).into_response(),
        "/v2/team/app/manifests/long" => ([("content-type", OCI_MANIFEST)], "x".repeat(65 * 1024)).into_response(),
        // Not what its digest names.
        path if path.starts_with("/v2/team/app/manifests/sha256:") => {
            ([("content-type", OCI_MANIFEST)], manifest()).into_response()
        }
        path if *path == format!("/v2/team/app/blobs/{}", sha256(CONFIG)) => CONFIG.into_response(),
        path if *path == format!("/v2/team/app/referrers/{}", sha256(&manifest())) => json(
            json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
                { "mediaType": OCI_MANIFEST, "digest": sha256("sbom"), "size": 4, "artifactType": "application/spdx+json" },
            ] })
            .to_string(),
        ),
        "/v2/team/away/tags/list" => (StatusCode::FOUND, [("location", "http://169.254.169.254/")]).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

#[tokio::test]
async fn another_registry_is_known_by_asking_and_stays_known_while_it_is_away() {
    let world = World::new().await;
    assert!(world.remote.reader(None).await.is_none(), "no address");
    let address = serve(|request| registry(&request)).await;
    world.set_address(&address).await;
    let reader = world.remote.reader(Some("registry.example.com")).await.unwrap();
    assert_eq!(reader.address(), address);
    // The next process knows it without asking.
    let again = world.restarted().await;
    assert_eq!(again.status().other, Some(true));
    // Whoever comes by the configured address is here.
    assert!(again.reader(Some(&address)).await.is_none());
}

#[tokio::test]
async fn our_own_address_is_known_by_its_sign_and_never_read_from() {
    let world = World::new().await;
    let sign = world.registry.instance().to_owned();
    let address = serve(move |_| {
        let header = [(HeaderName::from_static(INSTANCE_HEADER), sign.clone())];
        // As for whoever is not signed in.
        (StatusCode::UNAUTHORIZED, header).into_response()
    })
    .await;
    world.set_address(&address).await;
    assert!(world.remote.reader(None).await.is_none());
    assert_eq!(world.remote.status().other, Some(false));
    // Also if someone says the opposite.
    world.save(RemoteDraft { owner: Owner::Other, ..RemoteDraft::default() }).await.unwrap();
    let reader = world.remote.reader(None).await.unwrap();
    assert_eq!(reader.repositories(&ListQuery::default(), |_| true).await, Err(Failure::Ourselves));
}

#[tokio::test]
async fn an_address_that_nobody_answers_at_shows_this_registry_unless_someone_says_otherwise() {
    let world = World::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    world.set_address(&format!("http://{address}")).await;
    assert!(world.remote.reader(None).await.is_none());
    assert!(matches!(world.remote.status().failure, Some(Failure::Unreachable { .. })));
    world.save(RemoteDraft { owner: Owner::Other, ..RemoteDraft::default() }).await.unwrap();
    let failed = world.remote.reader(None).await.unwrap().repositories(&ListQuery::default(), |_| true).await;
    assert!(matches!(failed, Err(Failure::Unreachable { .. })), "{failed:?}");
}

#[tokio::test]
async fn names_come_page_by_page_and_are_filtered() {
    let world = World::new().await;
    world.set_address(&serve(|request| registry(&request)).await).await;
    let reader = world.remote.reader(None).await.unwrap();
    let mut page = reader.repositories(&ListQuery::default(), |_| true).await.unwrap();
    while page.extent != Extent::Whole {
        tokio::task::yield_now().await;
        page = reader.repositories(&ListQuery::default(), |_| true).await.unwrap();
    }
    assert_eq!((page.list.total, page.list.rows.len(), page.list.rows[0].as_str()), (2500, 50, "app-00000"));
    let hidden = reader.repositories(&ListQuery::default(), |name| name.as_str() == "app-02499").await.unwrap();
    assert_eq!((hidden.list.total, hidden.list.rows.len()), (1, 1));
}

#[tokio::test]
async fn tags_and_manifests_are_read_within_their_limits() {
    let world = World::new().await;
    world.set_address(&serve(|request| registry(&request)).await).await;
    let reader = world.remote.reader(None).await.unwrap();
    let tags = reader.tags(&name("team/app"), &ListQuery::default()).await.unwrap().unwrap();
    assert_eq!((tags.list.rows.len(), tags.example.unwrap().as_str()), (2, "latest"));
    let none = reader.tags(&name("team/none"), &ListQuery::default()).await.unwrap().unwrap();
    assert_eq!((none.list.total, none.example), (0, None));
    assert_eq!(reader.tags(&name("ghost"), &ListQuery::default()).await, Ok(None));
    let away = reader.tags(&name("team/away"), &ListQuery::default()).await;
    assert_eq!(away, Err(Failure::Elsewhere { host: "169.254.169.254".into() }));

    let manifest_of = async |reference: &str| {
        let reader = world.remote.reader(None).await.unwrap();
        reader.manifest(&name("team/app"), &Reference::parse(reference).unwrap()).await
    };
    let (view, relations) = manifest_of("latest").await.unwrap().unwrap();
    assert_eq!(relations.attachments.len(), 1);
    assert_eq!(view.digest.as_str(), sha256(&manifest()));
    assert_eq!((view.size_bytes, view.pushed_at), (Some((manifest().len() + CONFIG.len() + 5) as u64), None));
    let Body::Image { parsed: ConfigBlob::Image(config), layers, .. } = view.body else { panic!("no image") };
    assert_eq!((config.labels.len(), layers.len()), (1, 1));
    assert_eq!(manifest_of("ghost").await, Ok(None));
    assert_eq!(manifest_of("long").await, Err(Failure::TooLong { limit: 64 * 1024 }));
    assert_eq!(manifest_of(&sha256("another")).await, Err(Failure::Digest));
}

const ANN: &str = "Basic YW5uOnNlY3JldA==";

fn authorization(headers: &HeaderMap) -> &str {
    headers.get("authorization").map(|value| value.to_str().unwrap()).unwrap_or_default()
}

fn ann(password: &str) -> RemoteDraft {
    RemoteDraft { user_name: "ann".into(), password: password.into(), ..RemoteDraft::default() }
}

#[tokio::test]
async fn a_name_and_password_go_where_they_were_entered_for_and_nowhere_else() {
    let world = World::new().await;
    let guarded = |request: Request| match authorization(request.headers()) {
        ANN => registry(&request),
        _ => (StatusCode::UNAUTHORIZED, [("www-authenticate", "Basic realm=\"x\"")]).into_response(),
    };
    world.set_address(&serve(guarded).await).await;
    let reader = world.remote.reader(None).await.unwrap();
    let tags = async |reader: &RemoteReader| reader.tags(&name("team/app"), &ListQuery::default()).await.map(|_| ());
    assert_eq!(tags(&reader).await, Err(Failure::CredentialsMissing));
    world.save(ann("wrong")).await.unwrap();
    assert_eq!(tags(&world.remote.reader(None).await.unwrap()).await, Err(Failure::CredentialsRefused));
    world.save(ann("secret")).await.unwrap();
    let reader = world.remote.reader(None).await.unwrap();
    assert!(reader.signs_in());
    assert_eq!(tags(&reader).await, Ok(()));
    assert_eq!(world.save(ann("")).await, Ok(()), "kept");
    assert!(!format!("{:?} {:?}", world.remote, world.remote.status()).contains("secret"));

    // Another address gets nothing of it.
    world.set_address(&serve(guarded).await).await;
    let reader = world.remote.reader(None).await.unwrap();
    assert!(!reader.signs_in() && !world.remote.status().has_password);
    assert_eq!(tags(&reader).await, Err(Failure::CredentialsMissing));
}

#[tokio::test]
async fn a_token_is_taken_from_the_same_host_or_a_named_one_alone() {
    let world = World::new().await;
    let token_server = serve(|request| match authorization(request.headers()) {
        ANN => r#"{"token":"abc","expires_in":300}"#.into_response(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    })
    .await;
    // The same host by another name.
    let realm = format!("http://localhost:{}/token", token_server.rsplit_once(':').unwrap().1);
    let challenge = format!("Bearer realm=\"{realm}\",service=\"x\",scope=\"registry:catalog:*\"");
    let address = serve(move |request| match authorization(request.headers()) {
        "Bearer abc" => registry(&request),
        _ => (StatusCode::UNAUTHORIZED, [("www-authenticate", challenge.clone())]).into_response(),
    })
    .await;
    world.set_address(&address).await;
    world.save(ann("secret")).await.unwrap();
    let tags = async || {
        let reader = world.remote.reader(None).await.unwrap();
        reader.tags(&name("team/app"), &ListQuery::default()).await.map(|_| ())
    };
    let host = format!("localhost:{}", token_server.rsplit_once(':').unwrap().1);
    assert_eq!(tags().await, Err(Failure::TokenHost { host: host.clone() }));
    world.save(RemoteDraft { token_host: host, ..ann("") }).await.unwrap();
    assert_eq!(tags().await, Ok(()));
}

#[tokio::test]
async fn what_was_saved_is_in_the_audit_log_without_the_password() {
    let world = World::new().await;
    world.set_address("http://127.0.0.1:9").await;
    assert_eq!(world.save(ann("secret")).await, Ok(()));
    let log = crate::audit_log::AuditLog::new(world.metadata.clone(), world.clock.clone());
    let entries = log.list(&crate::audit::AuditQuery::default()).await.unwrap();
    let text = serde_json::to_string(&entries.rows).unwrap();
    assert!(text.contains("remote_registry.saved") && text.contains("\"ann\""), "{text}");
    assert!(!text.contains("secret"));
}
