#![allow(clippy::unwrap_used)]
use time::{
    Duration, OffsetDateTime,
    macros::{date, datetime},
};

use super::*;
use crate::{
    metadata::{NewManifest, Stroke},
    oci::{Digest, RepositoryName, Tag},
};

const NOW: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);

async fn open() -> (Metadata, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    (Metadata::open(&directory.path().join("humpback.db")).await.unwrap(), directory)
}

async fn push(metadata: &Metadata, repository: &str, tag: &str, at: OffsetDateTime) {
    let digest = Digest::parse(&format!("sha256:{:064x}", repository.len())).unwrap();
    let new = NewManifest {
        digest: &digest,
        media_type: "application/vnd.oci.image.manifest.v1+json",
        artifact_type: None,
        subject: None,
        content: b"{}",
        image_size: 2,
    };
    let mut tx = metadata.begin().await.unwrap();
    let id = tx.repository(&RepositoryName::parse(repository).unwrap(), at).await.unwrap();
    tx.put_manifest(id, new, &[], at).await.unwrap();
    tx.put_tag(id, &Tag::parse(tag).unwrap(), &digest, &Stroke::new(at, "ann")).await.unwrap();
    tx.commit(Durability::Relaxed).await.unwrap();
}

#[tokio::test]
async fn the_last_pushes_come_first_and_only_from_where_one_may_look() {
    let (metadata, _directory) = open().await;
    for (minutes, (repository, tag)) in [("app", "1"), ("secret", "1"), ("app", "2")].into_iter().enumerate() {
        push(&metadata, repository, tag, NOW + Duration::minutes(i64::try_from(minutes).unwrap())).await;
    }
    // An old tag that moves is the last push.
    push(&metadata, "app", "1", NOW + Duration::hours(1)).await;
    let named = async |visible: &Visible, limit| {
        let pushes = metadata.latest_pushes(visible, limit).await.unwrap();
        pushes.into_iter().map(|push| format!("{}:{}", push.repository, push.tag)).collect::<Vec<_>>()
    };
    assert_eq!(named(&Visible::All, 10).await, ["app:1", "app:2", "secret:1"]);
    assert_eq!(named(&Visible::All, 1).await, ["app:1"]);
    assert_eq!(named(&Visible::Only("[1]".into()), 10).await, ["app:1", "app:2"]);
    assert_eq!(named(&Visible::nothing(), 10).await, [""; 0]);
    assert_eq!(metadata.latest_pushes(&Visible::All, 1).await.unwrap()[0].at, NOW + Duration::hours(1));
}

#[tokio::test]
async fn a_day_has_one_row_and_old_ones_go() {
    let (metadata, _directory) = open().await;
    let totals = |blob_bytes| Totals { blobs: 1, blob_bytes, repositories: 2, manifests: 3, tags: 4 };
    for (day, bytes) in [
        (date!(2025 - 01 - 01), 1),
        (date!(2026 - 03 - 01), 10),
        (date!(2026 - 03 - 02), 20),
        (date!(2026 - 03 - 02), 30),
    ] {
        metadata.save_storage_sample(day, &totals(bytes)).await.unwrap();
    }
    let samples = metadata.storage_samples(date!(2024 - 01 - 01)).await.unwrap();
    let read: Vec<_> = samples.iter().map(|sample| (sample.day, sample.blob_bytes)).collect();
    assert_eq!(read, [(date!(2026 - 03 - 01), 10), (date!(2026 - 03 - 02), 30)]);
    assert_eq!((samples[0].blobs, samples[0].repositories, samples[0].tags), (1, 2, 4));
    assert_eq!(metadata.storage_samples(date!(2026 - 03 - 02)).await.unwrap().len(), 1);
}
