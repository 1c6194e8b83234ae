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
async fn what_was_counted_is_told_for_half_a_minute() {
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
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 0);
    push(b"three").await;
    clock.advance(Duration::seconds(29));
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 0);
    clock.advance(Duration::seconds(1));
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 5);
    // Who wants to know exactly counts, and others have it from him.
    push(b"four").await;
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 5);
    assert_eq!(registry.totals().await.unwrap().blob_bytes, 9);
    assert_eq!(registry.recent_totals().await.unwrap().blob_bytes, 9);
}
