//! Names are found against a real database file, and through its indexes.

#![allow(clippy::unwrap_used)]

use time::{Duration, macros::datetime};

use super::*;
use crate::{
    metadata::{Durability, NewManifest, Stroke},
    oci::{Algorithm, media_type},
};

struct Fixture {
    metadata: Metadata,
    _directory: tempfile::TempDir,
}

impl Fixture {
    /// A registry with these images, pushed in this order.
    async fn with(images: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let metadata = Metadata::open(&directory.path().join("test.db")).await.unwrap();
        for (minute, image) in images.iter().enumerate() {
            let (repository, tag) = image.split_once(':').unwrap();
            let now = datetime!(2024-05-01 00:00 UTC) + Duration::minutes(i64::try_from(minute).unwrap());
            let digest = crate::blob_store::Hasher::digest(Algorithm::Sha256, image.as_bytes());
            let mut tx = metadata.begin().await.unwrap();
            let id = tx.repository(&name(repository), now).await.unwrap();
            let manifest = NewManifest {
                digest: &digest,
                media_type: media_type::OCI_MANIFEST,
                artifact_type: None,
                subject: None,
                content: image.as_bytes(),
                image_size: 1,
            };
            tx.put_manifest(id, manifest, &[], now).await.unwrap();
            tx.put_tag(id, &Tag::parse(tag).unwrap(), &digest, &Stroke::new(now, "")).await.unwrap();
            tx.commit(Durability::Relaxed).await.unwrap();
        }
        Self { metadata, _directory: directory }
    }

    async fn repositories(&self, typed: &str, limit: usize) -> String {
        let found = self.metadata.find_repositories(typed, limit, &Visible::All).await.unwrap();
        found.iter().map(RepositoryName::as_str).collect::<Vec<_>>().join(" ")
    }

    async fn tags(&self, repository: &str, typed: &str) -> String {
        let found = self.metadata.find_tags(&name(repository), typed, 3).await.unwrap();
        found.iter().map(Tag::as_str).collect::<Vec<_>>().join(" ")
    }

    async fn latest(&self, typed: &str, limit: usize, visible: &Visible) -> String {
        let found = self.metadata.find_tags_of_latest(typed, limit, visible).await.unwrap();
        found.iter().map(|(name, tag)| format!("{}:{}", name.as_str(), tag.as_str())).collect::<Vec<_>>().join(" ")
    }

    /// How the database reads a statement.
    async fn plan(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::query(sql).fetch_all(&mut *self.metadata.read().await.unwrap()).await.unwrap();
        rows.iter().map(|row| row.try_get("detail").unwrap()).collect()
    }
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

#[tokio::test]
async fn what_begins_so_comes_before_what_holds_it() {
    let fixture = Fixture::with(&["web:1", "my-webs:1", "team/web:1", "webhook:1", "tools/other:1"]).await;
    assert_eq!(fixture.repositories("web", 9).await, "web webhook team/web my-webs");
    assert_eq!(fixture.repositories("web", 3).await, "web webhook team/web");
    assert_eq!(fixture.repositories("web", 1).await, "web");
    assert_eq!(fixture.repositories("t web", 9).await, "team/web");
    assert_eq!(fixture.repositories("team/", 9).await, "team/web");
    assert_eq!(fixture.repositories("none", 9).await, "");
}

#[tokio::test]
async fn no_wildcard_is_taken_and_nothing_hidden_is_found() {
    let fixture = Fixture::with(&["a_b:1", "axb:1"]).await;
    assert_eq!(fixture.repositories("%", 9).await, "");
    assert_eq!(fixture.repositories("_b", 9).await, "a_b");
    let found = fixture.metadata.find_repositories("a", 9, &Visible::nothing()).await.unwrap();
    assert_eq!(found, []);
    assert_eq!(fixture.latest("1", 9, &Visible::nothing()).await, "");
    // What holds blobs only is in no list either.
    let mut tx = fixture.metadata.begin().await.unwrap();
    tx.repository(&name("axe"), datetime!(2024-05-01 00:00 UTC)).await.unwrap();
    tx.commit(Durability::Relaxed).await.unwrap();
    assert_eq!(fixture.repositories("ax", 9).await, "axb");
}

#[tokio::test]
async fn tags_are_found_by_their_beginning() {
    let images = ["app:1.0", "app:1.1", "app:1.2", "app:1.3", "app:2.0", "app:latest", "apple:1.4"];
    let fixture = Fixture::with(&images).await;
    assert_eq!(fixture.tags("app", "1.").await, "1.0 1.1 1.2");
    assert_eq!(fixture.tags("app", "latest").await, "latest");
    assert_eq!(fixture.tags("app", "L").await, "");
    assert_eq!(fixture.tags("none", "1").await, "");
}

#[tokio::test]
async fn a_tag_is_found_in_what_was_pushed_last() {
    let fixture = Fixture::with(&["b:1.0", "b:1.1", "a:2.0", "c:1.5", "c:1.4"]).await;
    assert_eq!(fixture.latest("1.", 9, &Visible::All).await, "c:1.4 b:1.0");
    assert_eq!(fixture.latest("1.", 1, &Visible::All).await, "c:1.4");
    assert_eq!(fixture.latest("2.0", 9, &Visible::All).await, "a:2.0");
}

/// Typing asks often, and of registries with many names.
#[tokio::test]
async fn names_are_found_through_the_indexes() {
    let fixture = Fixture::with(&["a:1"]).await;
    let plan = fixture.plan(&format!("{BEGINNING} ORDER BY name LIMIT 9")).await;
    assert_eq!(plan, ["SEARCH repository USING INDEX sqlite_autoindex_repository_1 (name>? AND name<?)"]);
    let plan = fixture.plan(&format!("SELECT {FIRST_TAG} FROM repository r")).await;
    assert!(
        plan.iter().any(|step| step == "SEARCH t USING PRIMARY KEY (repository_id=? AND name>? AND name<?)"),
        "{plan:?}"
    );
    assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:?}");
}
