//! Who else has a manifest's layers, against a real database file.

#![allow(clippy::unwrap_used)]

use time::{OffsetDateTime, macros::datetime};

use super::*;
use crate::metadata::{Durability, NewManifest, ReferenceKind, RepositoryId, Stroke};

const NOW: OffsetDateTime = datetime!(2024-05-01 00:00 UTC);

struct Fixture {
    metadata: Metadata,
    _directory: tempfile::TempDir,
}

fn digest(byte: u8) -> Digest {
    Digest::parse(&format!("sha256:{}", format!("{byte:02x}").repeat(32))).unwrap()
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

impl Fixture {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let metadata = Metadata::open(&directory.path().join("test.db")).await.unwrap();
        Self { metadata, _directory: directory }
    }

    /// Pushes a manifest of that digest over layers, each as large as its byte says, or over other manifests.
    async fn push(&self, repository: &str, manifest: u8, tag: Option<&str>, layers: &[u8], children: &[u8]) {
        let mut tx = self.metadata.begin().await.unwrap();
        let id: RepositoryId = tx.repository(&name(repository), NOW).await.unwrap();
        for layer in layers {
            tx.link_blob(id, &digest(*layer), u64::from(*layer), NOW).await.unwrap();
        }
        let layers = layers.iter().map(|layer| (ReferenceKind::Layer, digest(*layer)));
        let children = children.iter().map(|child| (ReferenceKind::Manifest, digest(*child)));
        let references: Vec<_> = layers.chain(children).collect();
        let new = NewManifest {
            digest: &digest(manifest),
            media_type: crate::oci::media_type::OCI_MANIFEST,
            artifact_type: None,
            subject: None,
            content: b"{}",
            image_size: 0,
        };
        tx.put_manifest(id, new, &references, NOW).await.unwrap();
        if let Some(tag) = tag {
            tx.put_tag(id, &Tag::parse(tag).unwrap(), &digest(manifest), &Stroke::new(NOW, "")).await.unwrap();
        }
        tx.commit(Durability::Relaxed).await.unwrap();
    }

    async fn shared(&self, repository: &str, manifest: u8, visible: &Visible) -> Vec<(Digest, String, String)> {
        let shared = self.metadata.shared_layers(&name(repository), &digest(manifest), visible).await.unwrap();
        let row = |layer: SharedLayer| {
            let repositories: Vec<_> = layer.repositories.iter().map(RepositoryName::as_str).collect();
            let tags: Vec<_> = layer.tags.iter().map(Tag::as_str).collect();
            (layer.digest, repositories.join(" "), tags.join(" "))
        };
        shared.into_iter().map(row).collect()
    }

    async fn exclusive(&self, repository: &str, manifest: u8) -> Option<u64> {
        self.metadata.exclusive_bytes(&name(repository), &digest(manifest)).await.unwrap()
    }
}

#[tokio::test]
async fn a_layer_names_the_repositories_and_tags_that_have_it_too() {
    let fixture = Fixture::new().await;
    fixture.push("team/app", 100, Some("1.0"), &[1, 2], &[]).await;
    fixture.push("team/app", 101, Some("1.1"), &[1, 3], &[]).await;
    fixture.push("other", 102, Some("x"), &[1], &[]).await;
    let expected = [(digest(1), "other".to_owned(), "1.1".to_owned())];
    assert_eq!(fixture.shared("team/app", 100, &Visible::All).await, expected);
    assert_eq!(fixture.shared("other", 102, &Visible::All).await[0].1, "team/app");
    // Whoever may not see the other repository does not hear of it.
    let own = [(digest(1), String::new(), "1.1".to_owned())];
    assert_eq!(fixture.shared("team/app", 100, &Visible::nothing()).await, own);
    assert_eq!(fixture.shared("ghost", 100, &Visible::All).await, []);
}

#[tokio::test]
async fn tags_on_an_index_over_an_image_with_the_layer_count_but_for_its_own() {
    let fixture = Fixture::new().await;
    fixture.push("app", 100, None, &[1], &[]).await;
    fixture.push("app", 101, None, &[1], &[]).await;
    fixture.push("app", 110, Some("own"), &[], &[100, 101]).await;
    fixture.push("app", 111, Some("newer"), &[], &[101]).await;
    assert_eq!(fixture.shared("app", 100, &Visible::All).await, [(digest(1), String::new(), "newer".to_owned())]);
}

#[tokio::test]
async fn exclusive_bytes_are_what_nothing_else_uses() {
    let fixture = Fixture::new().await;
    fixture.push("app", 100, Some("1.0"), &[1, 2, 4], &[]).await;
    assert_eq!(fixture.exclusive("app", 100).await, Some(7));
    fixture.push("app", 101, Some("1.1"), &[1], &[]).await;
    assert_eq!(fixture.exclusive("app", 100).await, Some(6));
    fixture.push("other", 100, Some("copy"), &[1, 2], &[]).await;
    assert_eq!(fixture.exclusive("app", 100).await, Some(4), "another repository's manifest counts too");
    assert_eq!(fixture.exclusive("ghost", 100).await, None);
}

#[tokio::test]
async fn an_index_has_its_images_bytes_unless_a_tag_or_another_index_has_them_too() {
    let fixture = Fixture::new().await;
    fixture.push("app", 100, None, &[1, 8], &[]).await;
    fixture.push("app", 101, None, &[1, 16], &[]).await;
    fixture.push("app", 110, Some("latest"), &[], &[100, 101]).await;
    assert_eq!(fixture.exclusive("app", 110).await, Some(25), "what its own images share is its own");
    assert_eq!(fixture.exclusive("app", 100).await, Some(8));
    fixture.push("app", 111, Some("other"), &[], &[101]).await;
    assert_eq!(fixture.exclusive("app", 110).await, Some(8));
    fixture.push("app", 100, Some("tagged"), &[1, 8], &[]).await;
    assert_eq!(fixture.exclusive("app", 110).await, Some(0));
    let indexes = fixture.metadata.indexes_with(&name("app"), &digest(101), 5).await.unwrap();
    assert_eq!(indexes.len(), 2);
}
