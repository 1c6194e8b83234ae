//! Units of work that share a commit do not share their fate.

#![allow(clippy::unwrap_used)]

use tempfile::TempDir;
use time::OffsetDateTime;

use super::Durability;
use crate::{metadata::Metadata, oci::RepositoryName};

async fn open() -> (TempDir, Metadata) {
    let folder = TempDir::new().unwrap();
    let metadata = Metadata::open(&folder.path().join("test.db")).await.unwrap();
    (folder, metadata)
}

fn name(n: usize) -> RepositoryName {
    RepositoryName::parse(&format!("r{n}")).unwrap()
}

async fn exists(metadata: &Metadata, n: usize) -> bool {
    metadata.has_repository(&name(n)).await.unwrap()
}

#[tokio::test]
async fn what_is_dropped_leaves_no_trace() {
    let (_folder, metadata) = open().await;
    let mut tx = metadata.begin().await.unwrap();
    tx.repository(&name(1), OffsetDateTime::UNIX_EPOCH).await.unwrap();
    drop(tx);
    let mut tx = metadata.begin().await.unwrap();
    tx.repository(&name(2), OffsetDateTime::UNIX_EPOCH).await.unwrap();
    tx.commit(Durability::Synced).await.unwrap();
    assert!(!exists(&metadata, 1).await);
    assert!(exists(&metadata, 2).await);
}

#[tokio::test]
async fn what_is_not_committed_is_not_seen() {
    let (_folder, metadata) = open().await;
    let mut tx = metadata.begin().await.unwrap();
    tx.repository(&name(1), OffsetDateTime::UNIX_EPOCH).await.unwrap();
    assert!(!exists(&metadata, 1).await);
    tx.commit(Durability::Relaxed).await.unwrap();
    assert!(exists(&metadata, 1).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_exactly_those_that_committed_are_there() {
    let (folder, metadata) = open().await;
    let work = (0..200).map(|n| {
        let metadata = metadata.clone();
        tokio::spawn(async move {
            let mut tx = metadata.begin().await.unwrap();
            tx.repository(&name(n), OffsetDateTime::UNIX_EPOCH).await.unwrap();
            if n % 3 == 0 {
                // A client that went away in the middle.
                return;
            }
            let durability = if n % 2 == 0 { Durability::Synced } else { Durability::Relaxed };
            tx.commit(durability).await.unwrap();
            assert!(metadata.has_repository(&name(n)).await.unwrap(), "seen as soon as it is committed");
        })
    });
    for work in work.collect::<Vec<_>>() {
        work.await.unwrap();
    }
    metadata.close().await;
    let metadata = Metadata::open(&folder.path().join("test.db")).await.unwrap();
    for n in 0..200 {
        assert_eq!(exists(&metadata, n).await, n % 3 != 0, "{n}");
    }
}

#[tokio::test]
async fn a_commit_goes_on_when_nobody_waits_for_it() {
    let (_folder, metadata) = open().await;
    let mut tx = metadata.begin().await.unwrap();
    tx.repository(&name(1), OffsetDateTime::UNIX_EPOCH).await.unwrap();
    let mut commit = Box::pin(tx.commit(Durability::Synced));
    // Polled once, so that it has begun, and dropped.
    let _ = futures_util::poll!(&mut commit);
    drop(commit);
    metadata.begin().await.unwrap().commit(Durability::Synced).await.unwrap();
    assert!(exists(&metadata, 1).await);
}

#[tokio::test]
async fn a_closed_database_says_so() {
    let (_folder, metadata) = open().await;
    metadata.close().await;
    assert!(metadata.begin().await.is_err());
    assert!(metadata.check().await.is_err());
}
