#![allow(clippy::unwrap_used)]

use tempfile::TempDir;
use time::macros::datetime;
use tokio::net::TcpListener;

use super::*;
use crate::{
    blob_store::BlobStore,
    clock::Clock,
    metadata::Metadata,
    settings::{Sources, load},
};

async fn registry(folder: &TempDir) -> Registry {
    let metadata = Metadata::open(&folder.path().join("test.db")).await.unwrap();
    let clock = Clock::test(datetime!(2026-01-02 03:04:05 UTC));
    Registry::new(metadata, BlobStore::open(folder.path()).unwrap(), clock)
}

async fn health(folder: &TempDir, yaml: &str) -> Health {
    let yaml = format!("version: 0.1\nstorage: {{filesystem: {{}}}}\nhealth:\n{yaml}");
    let sources = Sources { file: Some(("config.yml", &yaml)), ..Sources::default() };
    let settings = load(sources).map_err(|problems| problems.to_string()).unwrap().settings;
    Health::new(&settings.health, &registry(folder).await).unwrap()
}

#[tokio::test]
async fn a_check_counts_once_it_has_failed_often_enough_and_is_well_at_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("maintenance");
    let health = health(&folder, &format!("  file: [{{file: {}, threshold: 2}}]\n", path.display())).await;
    std::fs::write(&path, "").unwrap();
    health.run_once().await;
    assert!(health.is_healthy() && health.failures().is_empty());
    health.run_once().await;
    assert!(!health.is_healthy());
    let expected = BTreeMap::from([(path.display().to_string(), "file exists".to_owned())]);
    assert_eq!(health.failures(), expected);
    std::fs::remove_file(path).unwrap();
    health.run_once().await;
    assert!(health.is_healthy() && health.failures().is_empty());
}

#[tokio::test]
async fn addresses_and_urls_are_asked() {
    let folder = TempDir::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let health = health(
        &folder,
        &format!(
            "  storagedriver: {{enabled: true}}\n  tcp: [{{addr: \"{address}\", timeout: 1s}}]\n  \
             http: [{{uri: \"http://{address}/ok\", statuscode: 204, timeout: 5s}}, \
             {{uri: \"http://{address}/no\", timeout: 5s}}]\n"
        ),
    )
    .await;
    let answer = axum::Router::new().fallback(async || axum::http::StatusCode::NO_CONTENT);
    let server = tokio::spawn(async move { axum::serve(listener, answer).await });
    health.run_once().await;
    let failures = health.failures();
    let expected = "downstream service returned unexpected status: 204";
    assert_eq!(failures.into_iter().collect::<Vec<_>>(), [(format!("http://{address}/no"), expected.to_owned())]);
    server.abort();
    let _ = server.await;
    health.run_once().await;
    let failures = health.failures();
    assert_eq!(failures.len(), 3, "{failures:?}");
    assert_eq!(failures[&address.to_string()], format!("connection to {address} failed"));
}
