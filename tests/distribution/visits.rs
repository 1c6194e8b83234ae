//! What the registry tells of those who come to it.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request},
};
use humpback::{
    client::{Deed, Failure, Origin, Program},
    proxy::TrustedProxies,
    visits::Visits,
};
use time::Duration;
use tokio_util::sync::CancellationToken;

use crate::support::{MANIFEST, Reply, TestRegistry, digest};

const DOCKER: &str = "docker/24.0.5 go/go1.20.6 git-commit/a61e2b4 kernel/5.15.0 os/linux arch/amd64 \
                      UpstreamClient(Docker-Client/24.0.5 \\(linux\\))";

/// A registry and what it tells.
struct World {
    registry: TestRegistry,
    visits: Visits,
}

impl World {
    async fn open() -> Self {
        let registry = TestRegistry::open().await;
        let visits = Visits::new(registry.clock.clone(), CancellationToken::new());
        Self { registry, visits }
    }

    /// Docker's request, which comes from a machine in the house.
    async fn docker(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("user-agent", DOCKER);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 168, 1, 22], 40000))));
        request.extensions_mut().insert(TrustedProxies::default());
        request.extensions_mut().insert(self.visits.clone());
        self.registry.send(request).await
    }

    /// What was told since the last time, the oldest first.
    fn told(&self, since: usize) -> Vec<Deed> {
        let deeds: Vec<_> = self.visits.recent().into_iter().rev().map(|visit| visit.deed).collect();
        deeds[since..].to_vec()
    }
}

fn image(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn a_pull_is_told_with_the_client_and_the_tag() {
    let world = World::open().await;
    let digest = digest(world.registry.push_image("team/app", "1.0", b"layer").await.as_bytes());
    world.docker(Method::GET, "/v2/", &[]).await;
    world.docker(Method::HEAD, "/v2/team/app/manifests/1.0", &[("accept", MANIFEST)]).await;
    world.docker(Method::GET, &format!("/v2/team/app/manifests/{digest}"), &[("accept", MANIFEST)]).await;
    let pulled =
        [Deed::Reached, Deed::LookedUp { image: image("team/app:1.0") }, Deed::Pulled { image: image("team/app:1.0") }];
    assert_eq!(world.told(0), pulled);
    let visit = world.visits.recent().remove(0);
    assert_eq!(visit.origin, Origin::Address([192, 168, 1, 22].into()));
    assert_eq!(visit.client.program, Program::Docker);
    assert_eq!(visit.client.version.as_deref(), Some("24.0.5"));
    assert_eq!((visit.client.os.as_deref(), visit.client.architecture.as_deref()), (Some("linux"), Some("amd64")));
}

#[tokio::test]
async fn the_same_again_is_told_only_after_a_while() {
    let world = World::open().await;
    for _ in 0..100 {
        world.docker(Method::GET, "/v2/", &[]).await;
    }
    assert_eq!(world.told(0), [Deed::Reached]);
    world.registry.clock.advance(Duration::seconds(10));
    world.docker(Method::GET, "/v2/", &[]).await;
    assert_eq!(world.told(0), [Deed::Reached, Deed::Reached]);
}

#[tokio::test]
async fn what_went_wrong_is_told_and_what_is_only_asked_is_not() {
    let world = World::open().await;
    // Clients ask so whether they need to push.
    world.docker(Method::HEAD, "/v2/team/app/manifests/1.0", &[]).await;
    world.docker(Method::HEAD, &format!("/v2/team/app/blobs/sha256:{}", "a".repeat(64)), &[]).await;
    assert_eq!(world.told(0), []);
    world.docker(Method::GET, "/v2/team/app/manifests/1.0", &[]).await;
    world.docker(Method::PUT, "/v2/team/app/manifests/1.0", &[("content-type", MANIFEST)]).await;
    world.docker(Method::POST, "/v2/UPPER/blobs/uploads/", &[]).await;
    world.docker(Method::GET, "/v1/_ping", &[]).await;
    let failed = |failure, image| Deed::Failed { failure, image };
    let expected = [
        failed(Failure::ManifestUnknown, image("team/app:1.0")),
        failed(Failure::ManifestInvalid, image("team/app:1.0")),
        failed(Failure::NameInvalid, None),
        failed(Failure::OldProtocol, None),
    ];
    assert_eq!(world.told(0), expected);
}

#[tokio::test]
async fn a_wrong_password_is_told_and_a_missing_one_is_not() {
    let world = World { registry: TestRegistry::with(Default::default()).await, ..World::open().await };
    let path = format!("/v2/team/app/manifests/sha256:{}", "a".repeat(64));
    world.docker(Method::DELETE, &path, &[]).await;
    assert_eq!(world.told(0), []);
    // "mallory:guess"
    world.docker(Method::DELETE, &path, &[("authorization", "Basic bWFsbG9yeTpndWVzcw==")]).await;
    let image = Some(format!("team/app@sha256:{}", "a".repeat(64)));
    assert_eq!(world.told(0), [Deed::Failed { failure: Failure::Credentials, image }]);
}

#[tokio::test]
async fn a_push_is_told_by_its_tag() {
    let world = World::open().await;
    let manifest = world.registry.push_image("team/app", "1.0", b"layer").await;
    let request = |reference: &str| {
        let mut request = Request::put(format!("/v2/team/app/manifests/{reference}"))
            .header("user-agent", "libpod/4.3.1")
            .header("content-type", MANIFEST)
            .body(Body::from(manifest.clone()))
            .unwrap();
        request.extensions_mut().insert(world.visits.clone());
        request
    };
    assert_eq!(world.registry.send(request(&digest(manifest.as_bytes()))).await.status, 201);
    assert_eq!(world.registry.send(request("2.0")).await.status, 201);
    let told = world.visits.recent();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].deed, Deed::Pushed { image: image("team/app:2.0") });
    assert_eq!((&told[0].client.program, told[0].origin), (&Program::Podman, Origin::Hidden));
}
