#![allow(clippy::unwrap_used)]
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use time::macros::datetime;

use super::*;
use crate::{
    blob_store::{BlobStore, Hasher},
    clock::Clock,
    metadata::Metadata,
    oci::Algorithm,
};

#[tokio::test]
async fn an_upload_is_seen_while_it_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let metadata = Metadata::open(&directory.path().join("test.db")).await.unwrap();
    let now = datetime!(2026-01-02 03:04:05 UTC);
    let registry = Registry::new(metadata, BlobStore::open(directory.path()).unwrap(), Clock::test(now));
    let name = RepositoryName::parse("team/app").unwrap();
    let id = registry.start_upload(&name, None, Algorithm::Sha256).await.unwrap();
    assert_eq!(registry.uploads_being_written(), [], "open, and at rest");

    // Each part looks at what is seen of the parts before it.
    let watched = |parts: &'static [&'static str]| {
        let registry = registry.clone();
        let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        let body = stream::iter(parts).map(move |part| {
            noted.lock().unwrap().push(registry.uploads_being_written());
            Ok(Bytes::from_static(part.as_bytes()))
        });
        (body, seen)
    };
    let progress = |received_bytes, expected_bytes| UploadProgress {
        id: id.to_string(),
        repository: name.clone(),
        received_bytes,
        expected_bytes,
        started_at: now,
    };

    let (body, seen) = watched(&["one", "three"]);
    let mut session = registry.upload(&name, None, id).await.unwrap().unwrap();
    session.append(None, None, body).await.unwrap();
    drop(session);
    assert_eq!(*seen.lock().unwrap(), [[progress(0, None)], [progress(3, None)]]);
    assert_eq!(registry.uploads_being_written(), []);

    // The second request says how long it is, and the bytes of the first one count.
    let (body, seen) = watched(&["two", "five"]);
    let session = registry.upload(&name, None, id).await.unwrap().unwrap();
    session.commit(&Hasher::digest(Algorithm::Sha256, b"onethreetwofive"), None, Some(7), body).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [[progress(8, Some(15))], [progress(11, Some(15))]]);
    assert_eq!(registry.uploads_being_written(), []);
}
