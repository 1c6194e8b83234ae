//! The search against a real database file, filled by the engine's own units of work.

#![allow(clippy::unwrap_used)]

use sqlx::Row as _;
use time::{Duration, macros::datetime};

use super::*;
use crate::{
    blob_store::Hasher,
    explorer::{FoundRepository, NamespaceSummary, Order},
    metadata::{Durability, NewManifest, ReferenceKind, Stroke},
    oci::{Digest, RepositoryName, Tag},
};

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

    /// Pushes `tag`, `minute` minutes into the day, with those labels and a layer of its own.
    async fn push(&self, repository: &str, tag: &str, minute: i64, labels: &[&str]) -> Digest {
        let now = datetime!(2024-05-01 00:00 UTC) + Duration::minutes(minute);
        let digest = digest(&format!("{repository}:{tag}"));
        let mut tx = self.metadata.begin().await.unwrap();
        let id = tx.repository(&name(repository), now).await.unwrap();
        let manifest = NewManifest {
            digest: &digest,
            media_type: crate::oci::media_type::OCI_MANIFEST,
            artifact_type: None,
            subject: None,
            content: b"0123456789",
            image_size: 10,
        };
        let layer = (ReferenceKind::Layer, layer(repository, tag));
        tx.put_manifest(id, manifest, &[layer], now).await.unwrap();
        tx.put_tag(id, &Tag::parse(tag).unwrap(), &digest, &Stroke::new(now, "")).await.unwrap();
        let labels: Vec<String> = labels.iter().map(|&label| label.to_owned()).collect();
        tx.set_labels(id, &digest, &labels).await.unwrap();
        tx.commit(Durability::Relaxed).await.unwrap();
        digest
    }

    async fn entries(&self, search: &str, visible: &Visible) -> Entries {
        let query = ListQuery { search: search.into(), sort: RepositorySort::Name, order: Order::Ascending, page: 1 };
        self.metadata.search_repositories(&query, &Namespace::default(), visible).await.unwrap()
    }

    /// What is found, each as `name: kind text`.
    async fn found(&self, search: &str) -> Vec<String> {
        let entries = self.entries(search, &Visible::All).await;
        assert_eq!(entries.list.matching, entries.list.rows.len() as u64);
        entries.list.rows.into_iter().map(|entry| told(&entry)).collect()
    }

    async fn below(&self, namespace: &str, sort: RepositorySort) -> (Vec<String>, u64, u64) {
        let query = ListQuery { sort, order: sort_order(sort), ..ListQuery::default() };
        let entries =
            self.metadata.list_namespace(&query, &Namespace::of_word(namespace), &Visible::All).await.unwrap();
        let rows = entries.list.rows.iter().map(told).collect();
        (rows, entries.list.matching, entries.repositories)
    }

    async fn terms(&self) -> Vec<String> {
        let sql = "SELECT text FROM search_term WHERE id IN (SELECT term_id FROM search_word) ORDER BY text";
        sqlx::query_scalar(sql).fetch_all(&mut *self.metadata.read().await.unwrap()).await.unwrap()
    }
}

fn sort_order(sort: RepositorySort) -> Order {
    if sort == RepositorySort::Name { Order::Ascending } else { Order::Descending }
}

fn told(entry: &Entry) -> String {
    match entry {
        Entry::Repository(FoundRepository { summary, found: None }) => summary.name.to_string(),
        Entry::Repository(FoundRepository { summary, found: Some(found) }) => {
            format!("{}: {:?} {}", summary.name, found.kind, found.text)
        }
        Entry::Namespace(NamespaceSummary { name, repository_count, .. }) => {
            format!("{} {repository_count}", name.as_str())
        }
    }
}

fn digest(content: &str) -> Digest {
    Hasher::digest(Algorithm::Sha256, content.as_bytes())
}

fn layer(repository: &str, tag: &str) -> Digest {
    digest(&format!("layer of {repository}:{tag}"))
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

/// The keys of repositories, as rules tell them.
async fn only(fixture: &Fixture, names: &[&str]) -> Visible {
    let mut keys = Vec::new();
    for name in names {
        let key: i64 = sqlx::query_scalar("SELECT id FROM repository WHERE name = $1")
            .bind(*name)
            .fetch_one(&mut *fixture.metadata.read().await.unwrap())
            .await
            .unwrap();
        keys.push(key.to_string());
    }
    Visible::Only(format!("[{}]", keys.join(",")).into())
}

#[tokio::test]
async fn a_repository_is_found_by_its_name_its_tags_and_its_labels() {
    let fixture = Fixture::new().await;
    fixture.push("team/app", "1.4-RC1", 1, &["org.opencontainers.image.title=Payment Service", "vendor=Acme"]).await;
    fixture.push("team/app", "latest", 2, &[]).await;
    fixture.push("tools/payment", "v2.0", 3, &["说明=支付服务"]).await;
    for (search, found) in [
        ("TEAM", vec!["team/app"]),
        ("rc1", vec!["team/app: Tag 1.4-RC1"]),
        ("1.4", vec!["team/app: Tag 1.4-RC1"]),
        ("2.0", vec!["tools/payment: Tag v2.0"]),
        ("v2", vec!["tools/payment: Tag v2.0"]),
        ("payment", vec!["team/app: Label org.opencontainers.image.title=Payment Service", "tools/payment"]),
        ("payment serv", vec!["team/app: Label org.opencontainers.image.title=Payment Service"]),
        ("org.opencontainers.image.ti", vec!["team/app: Label org.opencontainers.image.title=Payment Service"]),
        ("vendor=acme", vec!["team/app: Label vendor=Acme"]),
        ("支付", vec!["tools/payment: Label 说明=支付服务"]),
        ("付", vec!["tools/payment: Label 说明=支付服务"]),
        ("ayment", vec!["tools/payment"]),
    ] {
        assert_eq!(fixture.found(search).await, found, "{search}");
    }
    for nothing in ["nothing", "%", "r_1", "c1", "' OR 1=1 --", "\\", "\u{10ffff}"] {
        assert!(fixture.found(nothing).await.is_empty(), "{nothing}");
    }
    assert_eq!(fixture.found("").await, ["team/app", "tools/payment"]);
}

#[tokio::test]
async fn the_tag_that_says_it_best_is_named() {
    let fixture = Fixture::new().await;
    for (minute, tag) in ["x-1.0", "1.0.1", "1.0", "1.0.2"].into_iter().enumerate() {
        fixture.push("app", tag, i64::try_from(minute).unwrap(), &[]).await;
    }
    assert_eq!(fixture.found("1.0").await, ["app: Tag 1.0"]);
    assert_eq!(fixture.found("1.0.").await, ["app: Tag 1.0.2"], "the last one");
}

/// More of them than are followed one by one.
#[tokio::test]
async fn a_label_that_begins_as_hundreds_of_others_do_is_named_too() {
    let fixture = Fixture::new().await;
    let labels: Vec<_> = (0..250).map(|number| format!("org.revision=a{number:03}")).collect();
    fixture.push("app", "1", 1, &labels.iter().map(String::as_str).collect::<Vec<_>>()).await;
    fixture.push("zoo", "1", 1, &["org.revision=z"]).await;
    let found = fixture.found("org.rev").await;
    assert!(found[0].starts_with("app: Label org.revision=a"), "{found:?}");
    assert_eq!(found[1], "zoo: Label org.revision=z");
}

#[tokio::test]
async fn a_digest_is_found_by_its_first_digits() {
    let fixture = Fixture::new().await;
    let digest = fixture.push("app", "1", 1, &[]).await;
    fixture.push("other", "1", 2, &[]).await;
    let by_manifest = vec![format!("app: Manifest {digest}")];
    for search in
        [digest.as_str(), digest.hex(), &digest.hex()[..6], &digest.as_str()[..13], &digest.hex().to_uppercase()]
    {
        assert_eq!(fixture.found(search).await, by_manifest, "{search}");
    }
    let layer = layer("other", "1");
    assert_eq!(fixture.found(&layer.hex()[..12]).await, [format!("other: Blob {layer}")]);
    let entries = fixture.entries(layer.as_str(), &Visible::All).await;
    let Entry::Repository(found) = &entries.list.rows[0] else { panic!("{entries:?}") };
    assert_eq!(found.found.as_ref().unwrap().reference, self::digest("other:1").as_str(), "the manifest that names it");
    for nothing in [&digest.hex()[..5], &digest.as_str()[..12], &format!("sha512:{}", &digest.hex()[..8])] {
        assert!(fixture.found(nothing).await.is_empty(), "{nothing}");
    }
}

#[tokio::test]
async fn nothing_is_found_that_may_not_be_seen() {
    let fixture = Fixture::new().await;
    let hidden = fixture.push("secret/app", "9.9-secret", 1, &["owner=secret"]).await;
    fixture.push("public/app", "9.9", 2, &[]).await;
    let searches = ["secret", "9.9-secret", "owner", hidden.as_str(), layer("secret/app", "9.9-secret").as_str()]
        .map(str::to_owned);
    let visible = only(&fixture, &["public/app"]).await;
    let mark = fixture.metadata.catalogue_mark().await.unwrap();
    let Visible::Only(secret) = only(&fixture, &["secret/app"]).await else { panic!() };
    for visible in [visible, Visible::AllBut(secret, mark)] {
        for search in &searches {
            let Entries { list, repositories } = fixture.entries(search, &visible).await;
            assert_eq!((list.rows.len(), list.matching, list.total, repositories), (0, 0, 1, 0), "{search}");
        }
        let entries = fixture.entries("9.9", &visible).await;
        assert_eq!(entries.list.rows.iter().map(told).collect::<Vec<_>>(), ["public/app: Tag 9.9"]);
        let tree =
            fixture.metadata.list_namespace(&ListQuery::default(), &Namespace::default(), &visible).await.unwrap();
        assert_eq!(tree.list.rows.iter().map(told).collect::<Vec<_>>(), ["public/ 1"]);
        let secret = Namespace::of_word("secret");
        let tree = fixture.metadata.list_namespace(&ListQuery::default(), &secret, &visible).await.unwrap();
        assert_eq!((tree.list.rows.len(), tree.list.matching, tree.list.total, tree.repositories), (0, 0, 1, 0));
    }
    assert_eq!(fixture.entries("secret", &Visible::nothing()).await.list.total, 0);
}

#[tokio::test]
async fn a_namespace_stands_for_all_below_it() {
    let fixture = Fixture::new().await;
    for (minute, repository) in
        ["team", "team/app", "team/back/api", "team/back/jobs", "teams/x", "zoo"].into_iter().enumerate()
    {
        fixture.push(repository, "1", i64::try_from(minute).unwrap(), &[]).await;
    }
    let by_name = async |namespace| fixture.below(namespace, RepositorySort::Name).await;
    assert_eq!(by_name("").await, (vec!["team".into(), "team/ 3".into(), "teams/ 1".into(), "zoo".into()], 4, 6));
    assert_eq!(by_name("team/").await, (vec!["team/app".into(), "team/back/ 2".into()], 2, 3));
    assert_eq!(by_name("team/back").await.0, ["team/back/api", "team/back/jobs"]);
    assert_eq!(by_name("nowhere").await, (Vec::new(), 0, 0));
    assert_eq!(fixture.below("", RepositorySort::Pushed).await.0, ["zoo", "teams/ 1", "team/ 3", "team"]);
    assert_eq!(fixture.below("", RepositorySort::Size).await.0[0], "team/ 3");

    let query = ListQuery { search: "back".into(), ..ListQuery::default() };
    let within =
        fixture.metadata.search_repositories(&query, &Namespace::of_word("teams"), &Visible::All).await.unwrap();
    assert_eq!((within.list.matching, within.list.total), (0, 6), "another namespace is not searched");
    let within =
        fixture.metadata.search_repositories(&query, &Namespace::of_word("team"), &Visible::All).await.unwrap();
    assert_eq!(within.list.matching, 2);
}

#[tokio::test]
async fn what_is_deleted_is_not_found_and_its_words_go_with_it() {
    let fixture = Fixture::new().await;
    let digest = fixture.push("app", "old-tag", 1, &["vendor=Acme"]).await;
    fixture.push("app", "kept", 2, &["kind=Tool"]).await;
    assert_eq!(fixture.terms().await, ["kept", "kind=Tool", "old-tag", "vendor=Acme"]);
    let mut tx = fixture.metadata.begin().await.unwrap();
    let id = tx.find_repository(&name("app")).await.unwrap().unwrap();
    tx.delete_manifest(id, &digest, &Stroke::new(datetime!(2024-05-02 00:00 UTC), "")).await.unwrap();
    tx.commit(Durability::Relaxed).await.unwrap();
    for search in ["old-tag", "acme"] {
        assert!(fixture.found(search).await.is_empty(), "{search}");
    }
    let mut tx = fixture.metadata.begin().await.unwrap();
    let mut last = tx.purge_terms(0, 3).await.unwrap();
    while let Some(after) = last {
        last = tx.purge_terms(after, 3).await.unwrap();
    }
    tx.commit(Durability::Relaxed).await.unwrap();
    assert_eq!(fixture.terms().await, ["kept", "kind=Tool"]);
    assert_eq!(fixture.found("tool").await, ["app: Label kind=Tool"]);
    fixture.push("app", "old-tag", 3, &["vendor=Acme"]).await;
    assert_eq!(fixture.found("acme").await, ["app: Label vendor=Acme"]);
}

/// As the migration leaves what was there before it.
#[tokio::test]
async fn tags_without_words_are_split_later() {
    let fixture = Fixture::new().await;
    fixture.push("app", "1.0-beta", 1, &[]).await;
    let mut tx = fixture.metadata.begin().await.unwrap();
    for sql in ["DELETE FROM search_word", "UPDATE search_term SET split = 0"] {
        sqlx::query(sql).execute(tx.connection().unwrap()).await.unwrap();
    }
    tx.commit(Durability::Relaxed).await.unwrap();
    assert!(fixture.metadata.has_terms_to_split().await.unwrap() && fixture.found("beta").await.is_empty());
    let mut tx = fixture.metadata.begin().await.unwrap();
    assert_eq!(tx.split_terms(10).await.unwrap(), 1);
    tx.commit(Durability::Relaxed).await.unwrap();
    assert!(!fixture.metadata.has_terms_to_split().await.unwrap());
    assert_eq!(fixture.found("beta").await, ["app: Tag 1.0-beta"]);
}

/// Nothing but names is looked through row by row.
#[tokio::test]
async fn tags_labels_and_digests_are_found_through_indexes() {
    let fixture = Fixture::new().await;
    let digest = fixture.push("app", "1.0", 1, &["vendor=Acme"]).await;
    let wanted = Wanted::of(&digest.hex()[..8]);
    let searches = searches(&wanted);
    assert_eq!(searches.len(), 2 + 2 * 2);
    for (sql, ..) in searches {
        let sql = format!("EXPLAIN QUERY PLAN SELECT DISTINCT {sql}");
        let rows = sqlx::query(AssertSqlSafe(sql.clone())).bind("a").bind("b");
        let rows = rows.fetch_all(&mut *fixture.metadata.read().await.unwrap()).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.try_get("detail").unwrap()).collect();
        assert!(plan.iter().all(|step| !step.starts_with("SCAN") || step == "SCAN w"), "{sql}: {plan:?}");
        assert!(plan.iter().any(|step| step.starts_with("SEARCH") && step.contains(">? AND")), "{sql}: {plan:?}");
    }
}
