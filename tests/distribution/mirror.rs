//! Distribution's tree follows what is pushed and deleted here: file by file as Distribution itself would have
//! written it.

use std::fs;

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use humpback::{blob_store::Hasher, jobs::MirrorJob, oci::Algorithm, registry::MirrorRound};
use time::{Duration, OffsetDateTime};

use crate::{
    support::{MANIFEST, TestRegistry, blob_file, digest, image},
    tree::{folders, layer_link, place, revision_link, tag_link},
};

async fn mirror(registry: &TestRegistry) -> MirrorRound {
    MirrorJob::new(registry.registry.clone()).run_once().await.unwrap()
}

/// The links of the tree and what they say, as `path -> digest`.
fn links(registry: &TestRegistry) -> Vec<String> {
    let below = "docker/registry/v2/repositories/";
    let links = registry.files().into_iter().filter_map(|file| Some(file.strip_prefix(below)?.to_owned()));
    let read = |link: String| {
        let content = fs::read_to_string(place(registry.root.path(), &link)).unwrap();
        format!("{link} -> {content}")
    };
    links.map(read).collect()
}

#[tokio::test]
async fn a_push_is_written_as_distribution_writes_it() {
    let registry = TestRegistry::open().await;
    let manifest = registry.push_image("team/app", "1.0", b"layer").await;
    assert_eq!(links(&registry), Vec::<String>::new(), "not before the answer");
    assert_eq!(mirror(&registry).await, MirrorRound { written: 4, failed: 0 });

    let (config, layer) = (digest(br#"{"architecture":"amd64","os":"linux"}"#), digest(b"layer"));
    let revision = digest(manifest.as_bytes());
    let mut expected = [
        format!("{} -> {config}", layer_link("team/app", &config)),
        format!("{} -> {layer}", layer_link("team/app", &layer)),
        format!("{} -> {revision}", revision_link("team/app", &revision)),
        format!("{} -> {revision}", tag_link("team/app", "1.0")),
        format!("team/app/_manifests/tags/1.0/index/{}/link -> {revision}", folders(&revision)),
    ];
    expected.sort();
    assert_eq!(links(&registry), expected);
    assert_eq!(fs::read(registry.root.path().join(blob_file(&revision))).unwrap(), manifest.as_bytes());
    assert_eq!(mirror(&registry).await, MirrorRound::default(), "once is enough");
    // A database that is built from the tree learns from it when this was pushed.
    let link = fs::metadata(place(registry.root.path(), &tag_link("team/app", "1.0"))).unwrap();
    assert_eq!(OffsetDateTime::from(link.modified().unwrap()), registry.clock.now());
}

#[tokio::test]
async fn a_tag_moves_and_remembers_where_it_was() {
    let registry = TestRegistry::open().await;
    let first = digest(registry.push_image("app", "latest", b"first").await.as_bytes());
    mirror(&registry).await;
    registry.clock.advance(Duration::hours(1));
    let second = digest(registry.push_image("app", "latest", b"second").await.as_bytes());
    mirror(&registry).await;
    let link = fs::read_to_string(place(registry.root.path(), &tag_link("app", "latest"))).unwrap();
    assert_eq!(link, second);
    for digest in [first, second] {
        let entry = format!("app/_manifests/tags/latest/index/{}/link", folders(&digest));
        assert_eq!(fs::read_to_string(place(registry.root.path(), &entry)).unwrap(), digest);
    }
}

#[tokio::test]
async fn what_is_deleted_here_is_gone_there() {
    let registry = TestRegistry::open().await;
    let kept = registry.push_image("app", "kept", b"kept").await;
    let gone = registry.push_image("app", "gone", b"gone").await;
    let tag = registry.put_manifest("app", "alias", MANIFEST, &gone).await;
    assert_eq!(tag.status, StatusCode::CREATED);
    registry.put_manifest("app", "untagged", MANIFEST, &kept).await;
    mirror(&registry).await;

    assert_eq!(registry.delete("/v2/app/manifests/untagged").await.status, StatusCode::ACCEPTED);
    let gone = digest(gone.as_bytes());
    assert_eq!(registry.delete(&format!("/v2/app/manifests/{gone}")).await.status, StatusCode::ACCEPTED);
    let layer = digest(b"gone");
    assert_eq!(registry.delete(&format!("/v2/app/blobs/{layer}")).await.status, StatusCode::ACCEPTED);
    mirror(&registry).await;

    let root = registry.root.path();
    for path in ["untagged", "gone", "alias"].map(|tag| format!("app/_manifests/tags/{tag}")) {
        assert!(!place(root, &path).exists(), "{path}");
    }
    assert!(!place(root, &revision_link("app", &gone)).exists());
    assert!(!place(root, &layer_link("app", &layer)).exists());
    assert!(place(root, &revision_link("app", &digest(kept.as_bytes()))).exists());
    assert!(place(root, &tag_link("app", "kept")).exists());
    // Other repositories may have the bytes; taking them is for a garbage collection.
    assert!(root.join(blob_file(&gone)).exists());
}

#[tokio::test]
async fn what_a_crash_left_half_done_is_finished() {
    let registry = TestRegistry::open().await;
    let manifest = digest(registry.push_image("app", "1", b"layer").await.as_bytes());
    let root = registry.root.path();
    for (path, content) in [
        (tag_link("app", "1").replace("/link", "/link.tmp"), "sha256:"),
        (revision_link("app", &manifest), ""),
        (layer_link("app", &digest(b"layer")), &digest(b"layer")),
    ] {
        fs::create_dir_all(place(root, &path).parent().unwrap()).unwrap();
        fs::write(place(root, &path), content).unwrap();
    }
    mirror(&registry).await;
    let links = links(&registry);
    assert_eq!(links.len(), 5, "{links:?}");
    assert!(links.iter().all(|link| link.split(" -> ").last().unwrap().len() == 71), "{links:?}");
    assert!(links.contains(&format!("{} -> {manifest}", tag_link("app", "1"))));
}

#[tokio::test]
async fn what_can_not_be_written_waits_and_holds_nothing_else_up() {
    let registry = TestRegistry::open().await;
    registry.push_blob("good", b"good").await;
    registry.push_blob("bad", b"bad").await;
    // A file where a folder has to be.
    let stone = place(registry.root.path(), "bad");
    fs::create_dir_all(stone.parent().unwrap()).unwrap();
    fs::write(&stone, "").unwrap();
    assert_eq!(mirror(&registry).await, MirrorRound { written: 1, failed: 1 });
    assert!(place(registry.root.path(), &layer_link("good", &digest(b"good"))).exists());
    fs::remove_file(stone).unwrap();
    assert_eq!(mirror(&registry).await, MirrorRound { written: 1, failed: 0 });
    assert!(place(registry.root.path(), &layer_link("bad", &digest(b"bad"))).exists());
}

#[tokio::test]
async fn content_named_by_sha512_has_links_of_its_own() {
    let registry = TestRegistry::open().await;
    let layer = b"layer";
    let layer_digest = Hasher::digest(Algorithm::Sha512, layer).to_string();
    let path = format!("/v2/app/blobs/uploads/?digest={layer_digest}");
    let pushed = registry.call(Method::POST, &path, &[], layer.to_vec()).await;
    assert_eq!(pushed.status, StatusCode::CREATED, "{pushed:?}");
    registry.push_blob("app", b"{}").await;
    let manifest = image(b"{}", &[layer]).replace(&digest(layer), &layer_digest);
    let manifest_digest = Hasher::digest(Algorithm::Sha512, manifest.as_bytes()).to_string();
    let put = registry.put_manifest("app", &manifest_digest, MANIFEST, &manifest).await;
    assert_eq!(put.status, StatusCode::CREATED, "{put:?}");
    mirror(&registry).await;
    for (link, digest) in
        [(layer_link("app", &layer_digest), &layer_digest), (revision_link("app", &manifest_digest), &manifest_digest)]
    {
        assert_eq!(fs::read_to_string(place(registry.root.path(), &link)).unwrap(), *digest);
    }
    // Read back, it is the same: nothing of it was taken for deleted.
    let registry = TestRegistry::adopting(registry.stop().await).await;
    let reply = registry.call(Method::GET, &format!("/v2/app/manifests/{manifest_digest}"), &[], Body::empty()).await;
    assert_eq!((reply.status, &reply.body[..]), (StatusCode::OK, manifest.as_bytes()));
    assert_eq!(registry.get(&format!("/v2/app/blobs/{layer_digest}")).await.body, &layer[..]);
}
