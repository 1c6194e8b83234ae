#![allow(clippy::unwrap_used)]
use bytes::Bytes;
use futures_util::stream;
use time::macros::datetime;

use super::*;
use crate::{
    blob_store::{BlobStore, Hasher},
    clock::Clock,
    metadata::Metadata,
    oci::{Algorithm, RepositoryName},
};

#[tokio::test]
async fn what_was_counted_is_told_for_a_moment() {
    let directory = tempfile::tempdir().unwrap();
    let metadata = Metadata::open(&directory.path().join("test.db")).await.unwrap();
    let clock = Clock::test(datetime!(2026-01-02 03:04:05 UTC));
    let registry = Registry::new(metadata, BlobStore::open(directory.path()).unwrap(), clock.clone());
    let name = RepositoryName::parse("team/app").unwrap();
    let push = async |content: &'static [u8]| {
        let id = registry.start_upload(&name, None, Algorithm::Sha256).await.unwrap();
        let session = registry.upload(&name, None, id).await.unwrap().unwrap();
        let body = stream::iter([Ok(Bytes::from_static(content))]);
        session.commit(&Hasher::digest(Algorithm::Sha256, content), None, None, body).await.unwrap();
    };
    // Nothing was read, so nothing is saved.
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 0);
    push(b"three").await;
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 5);
    push(b"four").await;
    clock.advance(Duration::microseconds(99));
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 5);
    clock.advance(Duration::microseconds(1));
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 9);
    // Who wants to know exactly counts, and others have it from him.
    push(b"of six").await;
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 9);
    assert_eq!(registry.totals().await.unwrap().blob_bytes, 15);
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 15);
}

#[test]
fn no_count_is_told_for_longer_than_half_a_minute() {
    let of = |blobs, repositories| fresh(&Totals { blobs, repositories, ..Totals::default() });
    assert_eq!(of(90_000, 10_000), Duration::seconds(10));
    for many in [300_000, u64::from(u32::MAX), u64::MAX / 4] {
        assert_eq!(of(many, many), Duration::seconds(30));
    }
}
