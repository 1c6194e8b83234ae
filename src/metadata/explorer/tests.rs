//! The lists against a real database file, filled by the engine's own units of work.

#![allow(clippy::unwrap_used)]

use time::{Duration, macros::datetime};

use super::*;
use crate::metadata::{Durability, NewManifest, PullRecord, ReferenceKind, Stroke};

struct Fixture {
    metadata: Metadata,
    _directory: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let metadata = Metadata::open(&directory.path().join("test.db")).await.unwrap();
        Self { metadata, _directory: directory }
    }

    /// Pushes `tag`, `minute` minutes into the day, as a manifest of `size` bytes in all.
    async fn push(&self, repository: &str, tag: &str, size: u64, minute: i64) -> Digest {
        self.push_with(repository, tag, size, minute, &[]).await
    }

    async fn push_with(&self, repository: &str, tag: &str, size: u64, minute: i64, children: &[Digest]) -> Digest {
        let now = datetime!(2024-05-01 00:00 UTC) + Duration::minutes(minute);
        let content = format!("{repository}:{tag}:{size}");
        let digest = crate::blob_store::Hasher::digest(crate::oci::Algorithm::Sha256, content.as_bytes());
        let mut tx = self.metadata.begin().await.unwrap();
        let id = tx.repository(&RepositoryName::parse(repository).unwrap(), now).await.unwrap();
        let manifest = NewManifest {
            digest: &digest,
            media_type: crate::oci::media_type::OCI_MANIFEST,
            artifact_type: None,
            subject: None,
            content: content.as_bytes(),
            image_size: size,
        };
        let children: Vec<_> = children.iter().map(|child| (ReferenceKind::Manifest, child.clone())).collect();
        tx.put_manifest(id, manifest, &children, now).await.unwrap();
        tx.put_tag(id, &Tag::parse(tag).unwrap(), &digest, &Stroke::new(now, "")).await.unwrap();
        tx.commit(Durability::Relaxed).await.unwrap();
        digest
    }

    async fn repositories(&self, query: ListQuery<RepositorySort>) -> (Vec<String>, u64, u64) {
        let list = self.metadata.list_repositories(&query, &Visible::All).await.unwrap();
        (list.rows.into_iter().map(|row| row.name.into()).collect(), list.matching, list.total)
    }
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

fn names(list: &List<TagSummary>) -> Vec<&str> {
    list.rows.iter().map(|row| row.name.as_str()).collect()
}

#[tokio::test]
async fn repositories_are_ordered_by_each_column() {
    let fixture = Fixture::new().await;
    fixture.push("b/two", "1", 10, 1).await;
    fixture.push("b/two", "2", 20, 2).await;
    fixture.push("a", "1", 30, 3).await;
    fixture.push("c", "long-tag-name-to-be-the-largest-manifest", 5, 0).await;
    let ordered =
        async |sort, order| fixture.repositories(ListQuery { sort, order, ..ListQuery::default() }).await.0.join(" ");
    assert_eq!(ordered(RepositorySort::Name, Order::Ascending).await, "a b/two c");
    assert_eq!(ordered(RepositorySort::Name, Order::Descending).await, "c b/two a");
    assert_eq!(ordered(RepositorySort::Tags, Order::Descending).await, "b/two a c");
    assert_eq!(ordered(RepositorySort::Size, Order::Descending).await, "c b/two a");
    assert_eq!(ordered(RepositorySort::Pushed, Order::Descending).await, "a b/two c");
    assert_eq!(ordered(RepositorySort::Pushed, Order::Ascending).await, "c b/two a");
}

#[tokio::test]
async fn a_search_finds_a_part_and_takes_no_wildcards() {
    let fixture = Fixture::new().await;
    for repository in ["team/app", "team/app_two", "other"] {
        fixture.push(repository, "1", 1, 0).await;
    }
    let found = async |search: &str| {
        let query = ListQuery { search: search.into(), sort: RepositorySort::Name, order: Order::Ascending, page: 1 };
        fixture.repositories(query).await
    };
    assert_eq!(found("APP").await, (vec!["team/app".into(), "team/app_two".into()], 2, 3));
    assert_eq!(found("p_t").await, (vec!["team/app_two".into()], 1, 3));
    for nothing in ["%", "p%o", "m_app", "\\", "' OR 1=1 --", "仓库"] {
        assert_eq!(found(nothing).await, (Vec::new(), 0, 3), "{nothing}");
    }
}

#[tokio::test]
async fn pages_hold_every_row_once() {
    let fixture = Fixture::new().await;
    for number in 0..PAGE_SIZE + 3 {
        // All at the same minute and of the same size: only the name tells them apart.
        fixture.push(&format!("r{number:03}"), "1", 1, 0).await;
    }
    let mut seen = Vec::new();
    for page in 1..=3 {
        let (rows, matching, total) = fixture.repositories(ListQuery { page, ..ListQuery::default() }).await;
        assert_eq!((matching, total), (u64::from(PAGE_SIZE + 3), u64::from(PAGE_SIZE + 3)));
        seen.extend(rows);
    }
    let expected: Vec<_> = (0..PAGE_SIZE + 3).map(|number| format!("r{number:03}")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_repository_with_blobs_only_is_not_listed() {
    let fixture = Fixture::new().await;
    let now = datetime!(2024-05-01 00:00 UTC);
    let mut tx = fixture.metadata.begin().await.unwrap();
    tx.repository(&name("uploading"), now).await.unwrap();
    tx.commit(Durability::Relaxed).await.unwrap();
    assert_eq!(fixture.repositories(ListQuery::default()).await, (Vec::new(), 0, 0));
    let summary = fixture.metadata.repository_summary(&name("uploading")).await.unwrap().unwrap();
    assert_eq!((summary.tag_count, summary.pushed_at, summary.created_at), (0, None, now));
    assert_eq!(fixture.metadata.repository_summary(&name("nowhere")).await.unwrap(), None);
}

#[tokio::test]
async fn tags_are_searched_ordered_and_counted() {
    let fixture = Fixture::new().await;
    let child = fixture.push("app", "v1", 10, 1).await;
    fixture.push_with("app", "Latest", 30, 3, std::slice::from_ref(&child)).await;
    fixture.push("app", "v2", 20, 2).await;
    fixture.push("other", "v1", 99, 9).await;
    let list = async |search: &str, sort, order| {
        let query = ListQuery { search: search.into(), sort, order, page: 1 };
        fixture.metadata.list_tags(&name("app"), &query).await.unwrap()
    };
    let by_size = list("", TagSort::Size, Order::Ascending).await;
    assert_eq!(names(&by_size), ["v1", "v2", "Latest"]);
    assert_eq!((by_size.matching, by_size.total), (3, 3));
    assert_eq!(by_size.rows.iter().map(|row| row.child_count).collect::<Vec<_>>(), [0, 0, 1]);
    assert_eq!(names(&list("", TagSort::Pushed, Order::Descending).await), ["Latest", "v2", "v1"]);
    let searched = list("latest", TagSort::Name, Order::Ascending).await;
    assert_eq!((names(&searched), searched.matching, searched.total), (vec!["Latest"], 1, 3));
    let nowhere = fixture.metadata.list_tags(&name("nowhere"), &ListQuery::default()).await.unwrap();
    assert_eq!((nowhere.rows.len(), nowhere.total), (0, 0));
}

#[tokio::test]
async fn a_manifest_knows_its_tags_and_an_index_its_children_sizes() {
    let fixture = Fixture::new().await;
    let child = fixture.push("app", "amd64", 70, 1).await;
    let index = fixture.push_with("app", "latest", 71, 2, std::slice::from_ref(&child)).await;
    let facts = fixture.metadata.manifest_facts(&name("app"), &child).await.unwrap().unwrap();
    assert_eq!((facts.image_size, facts.pushed_at), (70, datetime!(2024-05-01 00:01 UTC)));
    assert_eq!(facts.tags, [Tag::parse("amd64").unwrap()]);
    let sizes = fixture.metadata.child_sizes(&name("app"), &index).await.unwrap();
    assert_eq!(sizes, HashMap::from([(child.clone(), 70)]));
    assert!(fixture.metadata.manifest_facts(&name("other"), &child).await.unwrap().is_none());
}

#[tokio::test]
async fn a_name_that_is_not_there_leads_to_the_nearest() {
    let fixture = Fixture::new().await;
    for repository in ["library/alpine", "team/app"] {
        fixture.push(repository, "1", 1, 0).await;
    }
    let nearest = async |wanted: &str| {
        fixture.metadata.nearest_repository(wanted, &Visible::All).await.unwrap().map(String::from)
    };
    assert_eq!(nearest("alpine").await.as_deref(), Some("library/alpine"));
    assert_eq!(nearest("team/apq").await.as_deref(), Some("team/app"));
    assert_eq!(nearest("%").await, None);
    assert_eq!(nearest("postgres").await, None);
}

/// The lists are read through an index, not sorted row by row.
#[tokio::test]
async fn the_first_page_is_read_in_the_order_of_an_index() {
    let fixture = Fixture::new().await;
    for column in ["pushed_at", "size_bytes", "tag_count"] {
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT name FROM repository WHERE manifest_count > 0 AND name LIKE '%%' ESCAPE '\\' \
             ORDER BY {} LIMIT 50",
            order_by(column, "name", Order::Descending)
        );
        let rows =
            sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *fixture.metadata.read().await.unwrap()).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.try_get("detail").unwrap()).collect();
        let expected = format!("SCAN repository USING INDEX repository_by_{column}");
        assert_eq!(plan[0], expected.replace("_bytes", ""), "{plan:?}");
        assert!(plan.iter().all(|step| step != "USE TEMP B-TREE FOR ORDER BY"), "{plan:?}");
    }
}

#[tokio::test]
async fn a_tag_tells_its_platforms_its_pulls_and_whether_it_is_signed() {
    let fixture = Fixture::new().await;
    let digest = fixture.push("app", "1.0", 1, 1).await;
    fixture.push("app", "plain", 1, 2).await;
    let row = async |tag: &str| {
        let list = fixture.metadata.list_tags(&name("app"), &ListQuery::default()).await.unwrap();
        list.rows.into_iter().find(|row| row.name.as_str() == tag).unwrap()
    };
    let before = row("1.0").await;
    assert_eq!((before.platforms, before.signed, before.pull_count, before.pulled_at), (None, false, 0, None));

    let at = datetime!(2024-05-02 00:00 UTC);
    let mut tx = fixture.metadata.begin().await.unwrap();
    let id = tx.find_repository(&name("app")).await.unwrap().unwrap();
    tx.set_platforms(id, &digest, "linux/amd64 linux/arm64").await.unwrap();
    let by_tag = crate::oci::Reference::Tag(Tag::parse("1.0").unwrap());
    let by_digest = crate::oci::Reference::Digest(digest.clone());
    for (reference, count, last_at) in [(by_tag, 2, at), (by_digest, 3, at - Duration::hours(1))] {
        tx.note_pull(&name("app"), &reference, PullRecord { count, last_at }).await.unwrap();
    }
    tx.commit(Durability::Relaxed).await.unwrap();
    let after = row("1.0").await;
    assert_eq!(after.platforms.unwrap(), ["linux/amd64", "linux/arm64"]);
    assert_eq!((after.pull_count, after.pulled_at), (5, Some(at)), "the last pull is the latest, whenever it is told");
    assert_eq!(row("plain").await.pull_count, 0);

    // cosign's own way.
    fixture.push("app", &format!("sha256-{}.sig", digest.hex()), 1, 3).await;
    assert!(row("1.0").await.signed && !row("plain").await.signed);
}

#[tokio::test]
async fn a_referrer_that_signs_counts_and_another_does_not() {
    let fixture = Fixture::new().await;
    let digest = fixture.push("app", "1.0", 1, 1).await;
    let attach = async |kind: &str| {
        let mut tx = fixture.metadata.begin().await.unwrap();
        let id = tx.find_repository(&name("app")).await.unwrap().unwrap();
        let own = crate::blob_store::Hasher::digest(crate::oci::Algorithm::Sha256, kind.as_bytes());
        let new = NewManifest {
            digest: &own,
            media_type: crate::oci::media_type::OCI_MANIFEST,
            artifact_type: Some(kind),
            subject: Some(&digest),
            content: b"{}",
            image_size: 2,
        };
        tx.put_manifest(id, new, &[], datetime!(2024-05-01 00:00 UTC)).await.unwrap();
        tx.commit(Durability::Relaxed).await.unwrap();
        fixture.metadata.list_tags(&name("app"), &ListQuery::default()).await.unwrap().rows[0].signed
    };
    assert!(!attach("application/spdx+json").await);
    assert!(attach("application/vnd.cncf.notary.signature").await);
}
