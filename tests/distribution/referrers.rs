//! What speaks about a manifest.

use axum::http::StatusCode;
use humpback::{
    audit::Actor,
    blob_store::Hasher,
    oci::{Algorithm, Digest, Tag},
};
use serde_json::{Value, json};

use time::macros::datetime;

use crate::{
    support::{CONFIG, INDEX, MANIFEST, TestRegistry, about, descriptor, digest, index},
    tree::Tree,
};

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

/// An artifact that names no subject, as builders before the specification's version 1.1 make it.
fn without_subject(kind: &str) -> String {
    json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind, "config": descriptor(CONFIG, b"{}"),
        "layers": [], "annotations": { "made": "before" },
    })
    .to_string()
}

const SIGNATURE: &str = "application/vnd.example.signature";
const SBOM: &str = "application/vnd.example.sbom";

#[tokio::test]
async fn what_clients_have_listed_under_the_subjects_tag_is_listed_too() {
    // Sparse, so that the list may name what was deleted meanwhile.
    let registry = TestRegistry::sparse().await;
    registry.push_blob("a", b"{}").await;
    let image = registry.push_image("a", "v1", b"layer").await;
    let subject = digest(image.as_bytes());
    let (old, old_sbom) = (without_subject(SIGNATURE), without_subject(SBOM));
    let (both, alone) = (about(&image, SIGNATURE, "listed twice"), about(&image, SIGNATURE, "not in the list"));
    let other = about("another image", SIGNATURE, "about something else");
    for manifest in [&old, &old_sbom, &both, &alone, &other] {
        registry.put_manifest("a", &digest(manifest.as_bytes()), MANIFEST, manifest).await;
    }
    let list = index(&[&old, &old_sbom, &both, &other, &without_subject("application/vnd.example.gone")]);
    let tag = subject.replace(':', "-");
    assert_eq!(registry.put_manifest("a", &tag, INDEX, &list).await.status, StatusCode::CREATED);

    let sorted = |manifests: &[&String]| {
        let mut digests: Vec<_> = manifests.iter().map(|manifest| digest(manifest.as_bytes())).collect();
        digests.sort();
        digests
    };
    let path = format!("/v2/a/referrers/{subject}");
    assert_eq!(digests(&registry, &path).await, sorted(&[&old, &old_sbom, &both, &alone]));
    let signatures = sorted(&[&old, &both, &alone]);
    assert_eq!(digests(&registry, &format!("{path}?artifactType={SIGNATURE}")).await, signatures);
    let only = registry.get(&format!("{path}?artifactType={SBOM}")).await;
    let expected = json!([{
        "mediaType": MANIFEST, "digest": digest(old_sbom.as_bytes()), "size": old_sbom.len(), "artifactType": SBOM,
        "annotations": { "made": "before" },
    }]);
    assert_eq!(only.json()["manifests"], expected);

    let mut seen = Vec::new();
    let mut next = Some(format!("{path}?artifactType={SIGNATURE}&n=1"));
    while let Some(page) = next {
        let reply = registry.get(&page).await;
        assert_eq!(reply.header("oci-filters-applied"), "artifactType");
        seen.extend(reply.json()["manifests"].as_array().unwrap().iter().map(|entry| entry["digest"].clone()));
        next = humpback::wire::link::target(reply.header("link")).map(str::to_owned);
    }
    assert_eq!(seen, signatures, "every page, each entry once");

    // The list belongs to its repository, and goes with its tag.
    assert_eq!(digests(&registry, &format!("/v2/b/referrers/{subject}")).await, Vec::<Value>::new());
    registry.registry.delete_tag(&"a".parse().unwrap(), &tag.parse().unwrap(), &Actor::default()).await.unwrap();
    assert_eq!(digests(&registry, &path).await, sorted(&[&both, &alone]));
}

#[tokio::test]
async fn a_list_under_a_shortened_sha512_counts() {
    let registry = TestRegistry::open().await;
    registry.push_blob("a", b"{}").await;
    let subject = Hasher::digest(Algorithm::Sha512, b"the subject");
    let old = without_subject(SIGNATURE);
    registry.put_manifest("a", "old", MANIFEST, &old).await;
    let tag = Tag::of_referrers(&subject);
    assert_eq!(tag.as_str().len(), "sha512-".len() + 64);
    registry.put_manifest("a", tag.as_str(), INDEX, &index(&[&old])).await;
    assert_eq!(digests(&registry, &format!("/v2/a/referrers/{subject}")).await, [digest(old.as_bytes())]);
}

#[tokio::test]
async fn a_tag_that_only_looks_like_a_list_says_nothing() {
    let registry = TestRegistry::open().await;
    let image = registry.push_image("a", "v1", b"layer").await;
    let subject = Digest::parse(&digest(image.as_bytes())).unwrap();
    registry.push_image("a", Tag::of_referrers(&subject).as_str(), b"an image, not an index").await;
    assert_eq!(digests(&registry, &format!("/v2/a/referrers/{subject}")).await, Vec::<Value>::new());
}

#[tokio::test]
async fn no_entries_asked_for_are_none_given() {
    let registry = TestRegistry::open().await;
    let image = registry.push_image("a", "v1", b"layer").await;
    registry.push_blob("a", b"{}").await;
    registry.put_manifest("a", "signature", MANIFEST, &about(&image, SIGNATURE, "one")).await;
    let path = format!("/v2/a/referrers/{}", digest(image.as_bytes()));
    let none = registry.get(&format!("{path}?n=0")).await;
    assert_eq!((none.status, none.json()["manifests"].clone(), none.header("link")), (StatusCode::OK, json!([]), ""));
    assert_eq!(digests(&registry, &format!("{path}?last=sha256:g")).await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_a_registry_without_such_lists_was_pushed_is_listed_once_it_is_adopted() {
    let tree = Tree::new();
    let at = datetime!(2021-06-07 08:09:10 UTC);
    let image = tree.image("a", "v1", b"layer", at);
    tree.blob("a", b"{}");
    let subject = digest(image.as_bytes());
    let (old, signature) = (without_subject(SBOM), about(&image, SIGNATURE, "one"));
    let mut expected = [&old, &signature].map(|manifest| tree.manifest("a", manifest, at));
    expected.sort();
    let list = tree.manifest("a", &index(&[&old, &signature]), at);
    tree.tag("a", &subject.replace(':', "-"), &list, at);
    let registry = TestRegistry::adopting(tree.root).await;
    assert_eq!(digests(&registry, &format!("/v2/a/referrers/{subject}")).await, expected);
}
