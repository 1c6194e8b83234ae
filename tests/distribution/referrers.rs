//! What speaks about a manifest.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{CONFIG, INDEX, MANIFEST, TestRegistry, descriptor, digest};

/// An artifact about `subject`.
fn about(subject: &str, kind: &str, note: &str) -> String {
    json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind, "config": descriptor(CONFIG, b"{}"),
        "layers": [], "subject": descriptor(MANIFEST, subject.as_bytes()), "annotations": { "note": note },
    })
    .to_string()
}

async fn digests(registry: &TestRegistry, path: &str) -> Vec<Value> {
    let reply = registry.get(path).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, INDEX), "{reply:?}");
    reply.json()["manifests"].as_array().unwrap().iter().map(|entry| entry["digest"].clone()).collect()
}

#[tokio::test]
async fn a_subject_lists_what_speaks_about_it_by_kind_and_in_pages() {
    let registry = TestRegistry::open().await;
    let image = registry.push_image("a", "v1", b"layer").await;
    registry.push_blob("a", b"{}").await;
    let mut signatures = Vec::new();
    for note in ["one", "two"] {
        let signature = about(&image, "application/vnd.example.signature", note);
        let reply = registry.put_manifest("a", &digest(signature.as_bytes()), MANIFEST, &signature).await;
        assert_eq!(reply.header("oci-subject"), digest(image.as_bytes()));
        signatures.push(digest(signature.as_bytes()));
    }
    signatures.sort();
    let sbom = about(&image, "application/vnd.example.sbom", "three");
    registry.put_manifest("a", &digest(sbom.as_bytes()), MANIFEST, &sbom).await;

    let path = format!("/v2/a/referrers/{}", digest(image.as_bytes()));
    let mut all = [signatures.clone(), vec![digest(sbom.as_bytes())]].concat();
    all.sort();
    assert_eq!(digests(&registry, &path).await, all);

    let only = registry.get(&format!("{path}?artifactType=application/vnd.example.sbom")).await;
    assert_eq!(only.header("oci-filters-applied"), "artifactType");
    let expected = json!([{
        "mediaType": MANIFEST, "digest": digest(sbom.as_bytes()), "size": sbom.len(),
        "artifactType": "application/vnd.example.sbom", "annotations": { "note": "three" },
    }]);
    assert_eq!(only.json()["manifests"], expected);

    let first = registry.get(&format!("{path}?artifactType=application/vnd.example.signature&n=1")).await;
    assert_eq!(first.json()["manifests"][0]["digest"], signatures[0]);
    let next = first.header("link").strip_prefix('<').unwrap().split_once('>').unwrap().0.to_owned();
    assert_eq!(digests(&registry, &next).await, signatures[1..]);
    assert_eq!(registry.get(&next).await.header("link"), "");
}

#[tokio::test]
async fn nothing_was_said_about_what_is_not_there() {
    let registry = TestRegistry::open().await;
    let path = format!("/v2/nowhere/referrers/{}", digest(b"absent"));
    let reply = registry.get(&path).await;
    assert_eq!(reply.json(), json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] }));
    assert_eq!(reply.header("oci-filters-applied"), "");
    registry.get("/v2/a/referrers/sha256:short").await.assert_refused(StatusCode::BAD_REQUEST, "DIGEST_INVALID");
}

#[tokio::test]
async fn a_referrer_that_is_deleted_is_not_listed() {
    let registry = TestRegistry::open().await;
    let image = registry.push_image("a", "v1", b"layer").await;
    registry.push_blob("a", b"{}").await;
    let signature = about(&image, "application/vnd.example.signature", "one");
    let name = digest(signature.as_bytes());
    registry.put_manifest("a", &name, MANIFEST, &signature).await;
    registry.delete(&format!("/v2/a/manifests/{name}")).await;
    assert_eq!(digests(&registry, &format!("/v2/a/referrers/{}", digest(image.as_bytes()))).await, Vec::<Value>::new());
}
