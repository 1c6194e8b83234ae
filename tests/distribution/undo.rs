//! Deleted and brought back, as clients see it, and Distribution on the same folder.

use axum::http::StatusCode;
use humpback::{
    audit::Actor,
    jobs::{AdoptionJob, MirrorJob},
    oci::{RepositoryName, Tag},
};

use crate::{
    support::{MANIFEST, TestRegistry, digest},
    tree::{place, tag_link},
};

fn app() -> RepositoryName {
    RepositoryName::parse("team/app").unwrap()
}

async fn mirror(registry: &TestRegistry) {
    MirrorJob::new(registry.registry.clone()).run_once().await.unwrap();
}

async fn status(registry: &TestRegistry, path: &str) -> u16 {
    registry.get(path).await.status.as_u16()
}

#[tokio::test]
async fn a_deleted_repository_answers_as_one_that_never_was() {
    let registry = TestRegistry::open().await;
    let manifest = registry.push_image("team/app", "1.0", b"layer").await;
    registry.push_image("team/app/below", "1.0", b"below").await;
    let (manifest, layer) = (digest(manifest.as_bytes()), digest(b"layer"));
    mirror(&registry).await;
    let deletion = registry.registry.delete_repository(&app(), &Actor::default()).await.unwrap().unwrap();

    let paths = [
        "/v2/team/app/tags/list".to_owned(),
        "/v2/team/app/manifests/1.0".to_owned(),
        format!("/v2/team/app/manifests/{manifest}"),
        format!("/v2/team/app/blobs/{layer}"),
    ];
    for path in &paths {
        let (gone, never) = (registry.get(path).await, registry.get(&path.replace("team/app", "team/apq")).await);
        assert_eq!(gone.status, StatusCode::NOT_FOUND, "{path}");
        let gone = String::from_utf8(gone.body.to_vec()).unwrap();
        assert_eq!(gone.replace("team/app", "team/apq"), String::from_utf8(never.body.to_vec()).unwrap(), "{path}");
    }
    let catalog = registry.get("/v2/_catalog").await.json();
    assert_eq!(catalog["repositories"], serde_json::json!(["team/app/below"]), "what lies below its name stays");
    mirror(&registry).await;
    let root = registry.root.path();
    assert!(!place(root, "team/app/_layers").exists() && !place(root, "team/app/_manifests").exists());
    assert!(place(root, &tag_link("team/app/below", "1.0")).exists());

    registry.registry.restore(deletion.undo.unwrap(), &Actor::default()).await.unwrap().unwrap();
    for path in &paths {
        assert_eq!(status(&registry, path).await, 200, "{path}");
    }
    mirror(&registry).await;
    assert!(place(registry.root.path(), &tag_link("team/app", "1.0")).exists());
}

#[tokio::test]
async fn it_stays_deleted_and_can_be_restored_over_a_new_start_that_reads_the_tree() {
    let registry = TestRegistry::open().await;
    registry.push_image("team/app", "1.0", b"layer").await;
    mirror(&registry).await;
    let deletion = registry.registry.delete_repository(&app(), &Actor::default()).await.unwrap().unwrap();
    // The process ends before the tree has followed.
    let registry = TestRegistry::adopting(registry.stop().await).await;
    assert_eq!(AdoptionJob::new(registry.registry.clone()).run_once().await.unwrap().failed, 0);
    assert_eq!(status(&registry, "/v2/team/app/tags/list").await, 404);
    registry.registry.restore(deletion.undo.unwrap(), &Actor::default()).await.unwrap().unwrap();
    mirror(&registry).await;
    let registry = TestRegistry::adopting(registry.stop().await).await;
    assert_eq!(status(&registry, "/v2/team/app/manifests/1.0").await, 200);
    let changes = registry.registry.tag_changes(&app(), None, 1).await.unwrap();
    assert_eq!(changes.total, 3, "reading the tree adds nothing to the history");
}

#[tokio::test]
async fn what_distribution_deletes_leaves_no_history_and_nothing_to_restore() {
    let registry = TestRegistry::open().await;
    registry.push_image("team/app", "1.0", b"layer").await;
    mirror(&registry).await;
    let root = registry.stop().await;
    std::fs::remove_dir_all(place(root.path(), "team/app/_manifests/tags/1.0")).unwrap();
    let registry = TestRegistry::adopting(root).await;
    assert_eq!(status(&registry, "/v2/team/app/manifests/1.0").await, 404);
    let changes = registry.registry.tag_changes(&app(), None, 1).await.unwrap();
    assert_eq!((changes.total, changes.rows[0].before.is_none()), (1, true));
    assert!(!changes.rows[0].can_go_back);
    assert_eq!(registry.registry.kept_deletions(1).await.unwrap().total, 0);
}

#[tokio::test]
async fn what_is_deleted_through_the_api_can_be_restored_and_is_in_the_log() {
    let registry = TestRegistry::open().await;
    let manifest = registry.push_image("team/app", "1.0", b"layer").await;
    let name = digest(manifest.as_bytes());
    registry.put_manifest("team/app", "also", MANIFEST, &manifest).await;
    assert_eq!(registry.delete(&format!("/v2/team/app/manifests/{name}")).await.status, StatusCode::ACCEPTED);
    let kept = registry.registry.kept_deletions(1).await.unwrap().rows.remove(0);
    assert_eq!(kept.tags, ["1.0", "also"].map(|tag| Tag::parse(tag).unwrap()));
    registry.registry.restore(kept.id, &Actor::new("ann", None)).await.unwrap().unwrap();
    let reply = registry.get("/v2/team/app/manifests/also").await;
    assert_eq!((reply.status, &reply.body[..]), (StatusCode::OK, manifest.as_bytes()));
    assert_eq!(reply.header("content-type"), MANIFEST);
    let log = registry.metadata.audit(2).await.unwrap();
    let told: Vec<_> = log.iter().map(|entry| (entry.actor.as_str(), entry.action.as_str())).collect();
    assert_eq!(told, [("ann", "manifest.restored"), ("", "manifest.deleted")]);
    assert_eq!(log[0].subject.as_deref(), Some(format!("team/app@{name}").as_str()));
}
