//! While an administrator has switched the registry off.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use humpback::{audit::Actor, config::Draft};

use crate::support::TestRegistry;

#[tokio::test]
async fn everything_is_refused_with_503_until_it_is_enabled_again() {
    let registry = TestRegistry::open().await;
    let manifest = registry.push_image("a", "v1", b"layer").await;
    let admin = Actor::new("admin", None);
    let save = async |version, private_registry_enabled| {
        let draft = Draft { private_registry_enabled, address: "hub.example:5000".into() };
        registry.config.save(version, &draft, &admin).await.unwrap();
    };
    save(0, false).await;
    for (method, path) in [
        (Method::GET, "/v2/"),
        (Method::GET, "/v2/_catalog"),
        (Method::GET, "/v2/a/manifests/v1"),
        (Method::POST, "/v2/a/blobs/uploads/"),
    ] {
        let reply = registry.call(method, path, &[], Body::empty()).await;
        reply.assert_refused(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE");
        assert!(reply.json()["errors"][0]["message"].as_str().unwrap().contains("disabled"));
    }
    assert_eq!(registry.head("/v2/a/manifests/v1").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(registry.get("/v1/search?q=a").await.status, StatusCode::SERVICE_UNAVAILABLE);
    save(1, true).await;
    assert_eq!(registry.get("/v2/a/manifests/v1").await.body, manifest);
}
