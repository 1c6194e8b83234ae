//! Deleting and bringing back, through the engine, with a clock that the tests move.

#![allow(clippy::unwrap_used)]

use std::fs;

use bytes::Bytes;
use futures_util::stream;
use serde_json::json;
use time::macros::datetime;

use super::*;
use crate::{
    blob_store::{BlobStore, Hasher},
    clock::Clock,
    explorer::ListQuery,
    jobs::DeletionPurge,
    metadata::{Metadata, Visible},
    oci::{Algorithm, Reference, media_type::OCI_MANIFEST},
    registry::{DeletedManifest, Policy},
};

const CONFIG: &[u8] = b"{}";

struct Fixture {
    registry: Registry,
    metadata: Metadata,
    name: RepositoryName,
    clock: Clock,
    directory: tempfile::TempDir,
}

fn tag(name: &str) -> Tag {
    Tag::parse(name).unwrap()
}

fn ann() -> Actor {
    Actor::new("ann", None)
}

impl Fixture {
    async fn new() -> Self {
        Self::with(Policy::default()).await
    }

    async fn with(policy: Policy) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Clock::test(datetime!(2026-05-01 00:00 UTC));
        let metadata = Metadata::open(&directory.path().join("test.db")).await.unwrap();
        let store = BlobStore::open(directory.path()).unwrap();
        let registry = Registry::with_policy(metadata.clone(), store, clock.clone(), policy);
        Self { registry, metadata, name: RepositoryName::parse("team/app").unwrap(), clock, directory }
    }

    async fn blob(&self, content: &'static [u8]) -> Digest {
        let digest = Hasher::digest(Algorithm::Sha256, content);
        let body = stream::iter([Ok(Bytes::from_static(content))]);
        self.registry.push_blob(&self.name, &digest, None, body).await.unwrap();
        digest
    }

    /// Pushes an image with one layer, as bob, a minute after the last.
    async fn push(&self, name: &str, layer: &'static [u8]) -> Digest {
        self.clock.advance(Duration::minutes(1));
        self.blob(CONFIG).await;
        self.blob(layer).await;
        let (reference, by) = (Reference::Tag(tag(name)), Actor::new("bob", None));
        let put = self.registry.put_manifest(&self.name, &reference, &[], Some(OCI_MANIFEST), image(layer).into(), &by);
        put.await.unwrap().digest
    }

    async fn named(&self, name: &str) -> Option<Digest> {
        let manifest = self.registry.manifest(&self.name, &Reference::Tag(tag(name))).await.unwrap();
        manifest.map(|manifest| manifest.digest)
    }

    async fn has(&self, digest: &Digest) -> bool {
        self.registry.manifest(&self.name, &Reference::Digest(digest.clone())).await.unwrap().is_some()
    }

    /// The history as text: `tag before after who`, the newest first.
    async fn history(&self) -> Vec<String> {
        let list = self.registry.tag_changes(&self.name, None, 1).await.unwrap();
        assert_eq!(list.total, list.rows.len() as u64);
        let short = |digest: Option<&Digest>| digest.map_or("-".to_owned(), |digest| digest.hex()[..4].to_owned());
        let row = |change: &TagChange| {
            let sign = if change.restored { " restored" } else { "" };
            let (before, after) = (short(change.before.as_ref()), short(change.after.as_ref()));
            format!("{} {before} {after} {}{sign}", change.tag, change.by)
        };
        list.rows.iter().map(row).collect()
    }

    /// Tags, manifests and bytes, as the list of repositories says.
    async fn counters(&self) -> Option<(u64, u64, u64)> {
        let summary = self.registry.repository_summary(&self.name).await.unwrap()?;
        Some((summary.tag_count, summary.manifest_count, summary.size_bytes))
    }

    async fn catalog(&self) -> Vec<RepositoryName> {
        self.registry.catalog("", 10, &Visible::All, |_| true).await.unwrap()
    }

    /// Where the tree says a tag of the repository is.
    async fn on_the_tree(&self, name: &str) -> Option<String> {
        self.registry.write_mirror().await.unwrap();
        let path = format!("docker/registry/v2/repositories/team/app/_manifests/tags/{name}/current/link");
        fs::read_to_string(self.directory.path().join(path)).ok()
    }
}

fn image(layer: &[u8]) -> Vec<u8> {
    let described = |content: &[u8]| {
        json!({ "mediaType": "application/vnd.oci.image.layer.v1.tar", "size": content.len(),
            "digest": Hasher::digest(Algorithm::Sha256, content) })
    };
    let manifest = json!({ "schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": described(CONFIG),
        "layers": [described(layer)] });
    serde_json::to_vec(&manifest).unwrap()
}

fn short(digest: &Digest) -> &str {
    &digest.hex()[..4]
}

#[tokio::test]
async fn every_change_of_a_tag_is_in_its_history_and_what_changes_nothing_is_not() {
    let world = Fixture::new().await;
    let first = world.push("latest", b"first").await;
    world.push("latest", b"first").await;
    let second = world.push("latest", b"second").await;
    assert!(world.registry.delete_tag(&world.name, &tag("latest"), &ann()).await.unwrap());
    let (a, b) = (short(&first), short(&second));
    let expected = [format!("latest {b} - ann"), format!("latest {a} {b} bob"), format!("latest - {a} bob")];
    assert_eq!(world.history().await, expected);
    let list = world.registry.tag_changes(&world.name, Some(&tag("latest")), 1).await.unwrap();
    let back: Vec<bool> = list.rows.iter().map(|row| row.can_go_back).collect();
    assert_eq!(back, [true, true, false], "of the first push there is nothing to go back to");
    assert_eq!(world.registry.tag_changes(&world.name, Some(&tag("other")), 1).await.unwrap().total, 0);

    // The second change is taken back: the tag names the first image again, and the history says so.
    let undone = world.registry.undo_tag_change(list.rows[1].id, &ann()).await.unwrap().unwrap();
    assert_eq!((undone.tag.digest, undone.tag.moved_from), (first.clone(), None));
    assert_eq!(world.named("latest").await, Some(first.clone()));
    assert_eq!(world.history().await[0], format!("latest - {a} ann restored"));
    assert_eq!(world.on_the_tree("latest").await, Some(first.to_string()));
}

#[tokio::test]
async fn deleted_tags_come_back_in_one_step_where_they_stood() {
    let world = Fixture::new().await;
    let one = world.push("1", b"one").await;
    let two = world.push("2", b"two").await;
    world.push("3", b"three").await;
    let before = world.registry.list_tags(&world.name, &ListQuery::default()).await.unwrap();
    world.clock.advance(Duration::hours(1));

    let tags = [tag("1"), tag("2"), tag("ghost")];
    let deletion = world.registry.delete_tags(&world.name, &tags, &ann()).await.unwrap().unwrap();
    assert_eq!((deletion.tags, deletion.manifests), (2, 0));
    assert_eq!((world.named("1").await, world.named("2").await), (None, None));
    assert_eq!(world.counters().await.unwrap().0, 1);
    assert!(world.has(&one).await, "by digest it is still there");
    assert_eq!(world.on_the_tree("1").await, None);

    let kept = world.registry.kept_deletions(1).await.unwrap();
    assert_eq!((kept.total, kept.rows[0].kind, &kept.rows[0].tags[..]), (1, DeletionKind::Tags, &tags[..2]));
    assert_eq!(kept.rows[0].until, world.clock.now() + Duration::days(14));
    let restored = world.registry.restore(deletion.undo.unwrap(), &ann()).await.unwrap().unwrap();
    assert_eq!(restored.tags.len(), 2);
    assert_eq!(world.named("2").await, Some(two));
    assert_eq!(world.registry.list_tags(&world.name, &ListQuery::default()).await.unwrap(), before);
    assert_eq!(world.on_the_tree("1").await, Some(one.to_string()));
    assert_eq!(world.registry.restore(deletion.undo.unwrap(), &ann()).await.unwrap(), None, "once");
    assert!(world.registry.delete_tags(&world.name, &[tag("ghost")], &ann()).await.unwrap().is_none());
    assert_eq!(world.registry.kept_deletions(1).await.unwrap().total, 0, "what deletes nothing is not kept");
}

#[tokio::test]
async fn a_tag_that_was_pushed_anew_moves_back_and_it_is_said() {
    let world = Fixture::new().await;
    let old = world.push("latest", b"old").await;
    let deletion = world.registry.delete_tags(&world.name, &[tag("latest")], &ann()).await.unwrap().unwrap();
    let new = world.push("latest", b"new").await;
    let restored = world.registry.restore(deletion.undo.unwrap(), &ann()).await.unwrap().unwrap();
    let expected = RestoredTag { tag: tag("latest"), digest: old.clone(), moved_from: Some(new.clone()) };
    assert_eq!(restored.tags, [expected]);
    assert_eq!(world.named("latest").await, Some(old.clone()));
    assert_eq!(world.history().await[0], format!("latest {} {} ann restored", short(&new), short(&old)));
    assert_eq!(world.counters().await.unwrap().0, 1);
}

#[tokio::test]
async fn a_deleted_manifest_is_gone_at_once_and_comes_back_whole() {
    let world = Fixture::new().await;
    let digest = world.push("1", b"one").await;
    world.push("also", b"one").await;
    let before = world.counters().await;
    let reference = Reference::Digest(digest.clone());
    let deleted = world.registry.delete_manifest(&world.name, &reference, &ann()).await.unwrap();
    assert_eq!(deleted, DeletedManifest::Manifest);
    assert!(!world.has(&digest).await && world.named("also").await.is_none());
    assert_eq!(world.catalog().await, []);

    let kept = world.registry.kept_deletions(1).await.unwrap().rows.remove(0);
    assert_eq!((kept.kind, kept.digest.as_ref(), kept.tag_count), (DeletionKind::Manifest, Some(&digest), 2));
    world.registry.restore(kept.id, &ann()).await.unwrap().unwrap();
    assert_eq!(world.counters().await, before);
    assert_eq!((world.named("1").await, world.named("also").await), (Some(digest.clone()), Some(digest.clone())));
    let manifest = world.registry.manifest(&world.name, &reference).await.unwrap().unwrap();
    assert_eq!((manifest.media_type.as_str(), &manifest.content[..]), (OCI_MANIFEST, &image(b"one")[..]));
    assert_eq!(world.on_the_tree("also").await, Some(digest.to_string()));
}

#[tokio::test]
async fn a_deleted_repository_is_as_if_nothing_was_ever_pushed_and_comes_back_as_it_was() {
    let world = Fixture::new().await;
    let one = world.push("1", b"one").await;
    let two = world.push("2", b"two").await;
    world.push("2", b"three").await;
    let before = world.counters().await;
    world.registry.write_mirror().await.unwrap();
    let folder = world.directory.path().join("docker/registry/v2/repositories/team");
    assert!(folder.join("app/_layers").exists());

    let deletion = world.registry.delete_repository(&world.name, &ann()).await.unwrap().unwrap();
    assert_eq!((deletion.tags, deletion.manifests), (2, 3));
    assert!(matches!(world.registry.tags(&world.name, "", 10).await, Err(crate::registry::Error::NameUnknown(_))));
    assert!(!world.registry.has_repository(&world.name).await.unwrap());
    assert_eq!((world.counters().await, world.catalog().await), (None, vec![]));
    assert!(!world.has(&one).await && world.registry.blob_size(&world.name, &one).await.unwrap().is_none());
    world.registry.write_mirror().await.unwrap();
    assert!(!folder.exists(), "Distribution does not list it either");
    assert_eq!(world.registry.mirror_length().await.unwrap(), 0);
    assert!(world.registry.delete_repository(&world.name, &ann()).await.unwrap().is_none());

    let restored = world.registry.restore(deletion.undo.unwrap(), &ann()).await.unwrap().unwrap();
    assert_eq!((restored.kind, restored.tags.len(), restored.manifests), (DeletionKind::Repository, 2, 3));
    assert_eq!((world.counters().await, world.catalog().await), (before, vec![world.name.clone()]));
    assert!(world.has(&two).await, "untagged ones too");
    assert_eq!(world.named("1").await, Some(one.clone()));
    assert_eq!(world.on_the_tree("1").await, Some(one.to_string()));
    assert_eq!(fs::read_dir(folder.join("app/_layers/sha256")).unwrap().count(), 4);
}

#[tokio::test]
async fn what_is_pushed_into_a_deleted_repository_is_all_that_is_there() {
    let world = Fixture::new().await;
    let old = world.push("old", b"old").await;
    let deletion = world.registry.delete_repository(&world.name, &ann()).await.unwrap().unwrap();
    let new = world.push("new", b"new").await;
    assert_eq!(world.counters().await.unwrap().0, 1);
    assert_eq!((world.named("old").await, world.has(&old).await), (None, false));
    assert_eq!((world.on_the_tree("new").await, world.on_the_tree("old").await), (Some(new.to_string()), None));
    world.registry.restore(deletion.undo.unwrap(), &ann()).await.unwrap().unwrap();
    assert_eq!((world.named("old").await, world.named("new").await), (Some(old), Some(new)));
    assert_eq!(world.counters().await.unwrap().1, 2);
}

#[tokio::test]
async fn a_tag_comes_back_by_its_history_with_the_image_that_was_deleted_since() {
    let world = Fixture::new().await;
    let one = world.push("1", b"one").await;
    world.registry.delete_tag(&world.name, &tag("1"), &ann()).await.unwrap();
    let change = world.registry.tag_changes(&world.name, None, 1).await.unwrap().rows[0].id;
    world.registry.delete_repository(&world.name, &ann()).await.unwrap().unwrap();
    assert!(world.registry.tag_changes(&world.name, None, 1).await.unwrap().rows[0].can_go_back);
    world.registry.undo_tag_change(change, &ann()).await.unwrap().unwrap();
    assert_eq!(world.named("1").await, Some(one));
    let layer = Hasher::digest(Algorithm::Sha256, b"one");
    assert_eq!(world.registry.blob_size(&world.name, &layer).await.unwrap(), Some(3));
    assert_eq!(world.counters().await.unwrap().0, 1);
}

#[tokio::test]
async fn bytes_that_another_garbage_collection_took_are_not_promised() {
    let world = Fixture::new().await;
    world.push("1", b"one").await;
    let deletion = world.registry.delete_repository(&world.name, &ann()).await.unwrap().unwrap();
    let layer = Hasher::digest(Algorithm::Sha256, b"one");
    let hex = layer.hex();
    let path = format!("docker/registry/v2/blobs/sha256/{}/{hex}/data", &hex[..2]);
    fs::remove_file(world.directory.path().join(path)).unwrap();
    world.registry.restore(deletion.undo.unwrap(), &ann()).await.unwrap().unwrap();
    assert_eq!(world.registry.blob_size(&world.name, &layer).await.unwrap(), None);
    let config = Hasher::digest(Algorithm::Sha256, CONFIG);
    assert_eq!(world.registry.blob_size(&world.name, &config).await.unwrap(), Some(2));
}

#[tokio::test]
async fn after_its_time_nothing_can_be_restored_and_after_a_year_nothing_is_known() {
    let world = Fixture::new().await;
    world.push("1", b"one").await;
    let deletion = world.registry.delete_repository(&world.name, &ann()).await.unwrap().unwrap();
    let job = DeletionPurge::new(world.registry.clone());
    world.clock.advance(Duration::days(14) - Duration::seconds(1));
    assert_eq!((job.run_once().await.unwrap(), world.registry.kept_deletions(1).await.unwrap().total), (0, 1));
    world.clock.advance(Duration::seconds(1));
    // Also before the job has looked.
    assert_eq!(world.registry.kept_deletions(1).await.unwrap().total, 0);
    assert_eq!(world.registry.restore(deletion.undo.unwrap(), &ann()).await.unwrap(), None);
    assert!(!world.registry.tag_changes(&world.name, None, 1).await.unwrap().rows[0].can_go_back);
    assert_eq!((job.run_once().await.unwrap(), job.run_once().await.unwrap()), (1, 0));
    assert_eq!(world.history().await.len(), 2);
    world.registry.write_mirror().await.unwrap();
    world.clock.advance(audit_log::KEPT);
    job.run_once().await.unwrap();
    assert_eq!(world.metadata.repository_names().await.unwrap(), [], "nor its name");
}

#[tokio::test]
async fn where_nothing_is_to_be_kept_nothing_is() {
    let world = Fixture::with(Policy { undo: std::time::Duration::ZERO, ..Policy::default() }).await;
    let digest = world.push("1", b"one").await;
    let deletion = world.registry.delete_tags(&world.name, &[tag("1")], &ann()).await.unwrap().unwrap();
    assert_eq!(deletion.undo, None);
    assert_eq!(world.registry.kept_deletions(1).await.unwrap().total, 0);
    let change = world.registry.tag_changes(&world.name, None, 1).await.unwrap().rows.remove(0);
    assert!(change.can_go_back, "the image is still there");
    world.registry.delete_by_digest(&world.name, &digest, &ann()).await.unwrap().unwrap();
    assert_eq!(world.registry.undo_tag_change(change.id, &ann()).await.unwrap(), None);
}

#[tokio::test]
async fn a_tag_is_added_and_moved_in_the_console() {
    let world = Fixture::new().await;
    let one = world.push("1", b"one").await;
    let two = world.push("2", b"two").await;
    let put =
        async |digest: &Digest| world.registry.put_tag(&world.name, &tag("stable"), digest, &ann()).await.unwrap();
    assert_eq!(put(&one).await, Some(TagPut::New));
    assert_eq!(put(&one).await, Some(TagPut::Unchanged));
    assert_eq!(put(&two).await, Some(TagPut::Moved(one.clone())));
    assert_eq!(put(&Hasher::digest(Algorithm::Sha256, b"ghost")).await, None);
    assert_eq!(world.named("stable").await, Some(two.clone()));
    let log: Vec<_> = world.metadata.audit(3).await.unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(log, ["tag.moved", "tag.added"]);
    assert_eq!(world.history().await[0], format!("stable {} {} ann", short(&one), short(&two)));
}

#[tokio::test]
async fn a_long_history_comes_in_pages() {
    let world = Fixture::new().await;
    let digest = world.push("start", b"one").await;
    let mut tx = world.metadata.begin().await.unwrap();
    let id = tx.find_repository(&world.name).await.unwrap().unwrap();
    for number in 0..130 {
        let name = tag(&format!("t{number}"));
        tx.put_tag(id, &name, &digest, &Stroke::new(world.clock.now(), "")).await.unwrap();
    }
    tx.commit(Durability::Relaxed).await.unwrap();
    let page = async |page| world.registry.tag_changes(&world.name, None, page).await.unwrap();
    assert_eq!((page(1).await.total, page(1).await.rows.len(), page(3).await.rows.len()), (131, 50, 31));
    assert_eq!(page(1).await.rows[0].tag, tag("t129"));
    assert_eq!(page(3).await.rows[30].tag, tag("start"));
}
