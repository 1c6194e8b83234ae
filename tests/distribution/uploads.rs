//! Uploads: in one request and in many, interrupted, out of order, wrong, abandoned.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    body::{Body, Bytes},
    http::{Method, StatusCode},
};
use futures_util::{StreamExt as _, stream};
use humpback::{blob_store::Hasher, oci::Algorithm};
use time::Duration;

use crate::support::{TestRegistry, blob_file, digest};

fn upload_file(upload: &str) -> String {
    format!("humpback/uploads/{}", upload.rsplit('/').next().unwrap())
}

/// A body that breaks off after `content`, as when the client's connection is lost.
fn broken_off(content: &'static [u8]) -> Body {
    let parts = [Ok(Bytes::from_static(content)), Err(std::io::Error::other("connection reset"))];
    Body::from_stream(stream::iter(parts))
}

#[tokio::test]
async fn chunks_in_order_become_a_blob() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    for (chunk, range, so_far) in [("hello ", "0-5", "0-5"), ("world", "6-10", "0-10")] {
        let reply = registry.call(Method::PATCH, &upload, &[("content-range", range)], chunk).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED);
        assert_eq!(reply.header("range"), so_far);
        assert_eq!(reply.location(), upload);
        assert_eq!(reply.header("docker-upload-uuid"), upload.rsplit('/').next().unwrap());
    }
    let status = registry.get(&upload).await;
    assert_eq!((status.status, status.header("range")), (StatusCode::NO_CONTENT, "0-10"));

    let whole = digest(b"hello world!");
    let reply =
        registry.call(Method::PUT, &format!("{upload}?digest={whole}"), &[("content-range", "11-11")], "!").await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(reply.location(), format!("/v2/a/blobs/{whole}"));
    assert_eq!(registry.files(), [blob_file(&whole)]);
    registry.get(&upload).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN");
}

#[tokio::test]
async fn a_new_upload_says_how_long_chunks_should_be_and_takes_shorter_ones() {
    let registry = TestRegistry::open().await;
    let reply = registry.call(Method::POST, "/v2/a/blobs/uploads/", &[], Body::empty()).await;
    assert_eq!((reply.status, reply.header("oci-chunk-min-length")), (StatusCode::ACCEPTED, "65536"));
    let chunk = registry.call(Method::PATCH, &reply.location(), &[("content-range", "0-0")], "x").await;
    assert_eq!((chunk.status, chunk.header("oci-chunk-min-length")), (StatusCode::ACCEPTED, ""));
}

#[tokio::test]
async fn one_request_is_enough() {
    let registry = TestRegistry::open().await;
    let whole = digest(b"single");
    let reply = registry.call(Method::POST, &format!("/v2/a/blobs/uploads/?digest={whole}"), &[], "single").await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(reply.header("docker-content-digest"), whole);
    assert_eq!(registry.get(&format!("/v2/a/blobs/{whole}")).await.body, "single");

    let other = digest(b"two requests");
    let upload = registry.start_upload("a").await;
    let reply = registry.call(Method::PUT, &format!("{upload}?digest={other}"), &[], "two requests").await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(registry.get(&format!("/v2/a/blobs/{other}")).await.body, "two requests");
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    registry.call(Method::PATCH, &upload, &[], "before ").await;
    let registry = registry.restart().await;
    assert_eq!(registry.get(&upload).await.header("range"), "0-6");
    let whole = digest(b"before after");
    let reply = registry.call(Method::PUT, &format!("{upload}?digest={whole}"), &[], "after").await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(registry.get(&format!("/v2/a/blobs/{whole}")).await.body, "before after");
}

#[tokio::test]
async fn bytes_that_were_never_acknowledged_are_written_over() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    registry.call(Method::PATCH, &upload, &[], "good ").await;
    // As a crash in the middle of the next chunk leaves it.
    let file = registry.root.path().join(upload_file(&upload));
    std::fs::write(&file, b"good half of a ch").unwrap();
    let whole = digest(b"good end");
    let reply = registry.call(Method::PUT, &format!("{upload}?digest={whole}"), &[], "end").await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(registry.get(&format!("/v2/a/blobs/{whole}")).await.body, "good end");
}

#[tokio::test]
async fn an_upload_whose_bytes_are_gone_does_not_become_zeros() {
    let registry = TestRegistry::open().await;
    let whole = digest(b"first second");
    for cut_to in [None, Some(2)] {
        let upload = registry.start_upload("a").await;
        registry.call(Method::PATCH, &upload, &[], "first ").await;
        let file = registry.root.path().join(upload_file(&upload));
        match cut_to {
            None => std::fs::remove_file(&file).unwrap(),
            Some(length) => std::fs::File::options().write(true).open(&file).unwrap().set_len(length).unwrap(),
        }
        let reply = registry.call(Method::PUT, &format!("{upload}?digest={whole}"), &[], "second").await;
        reply.assert_refused(StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN");
        assert_eq!(registry.files(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_blob_that_was_published_before_the_crash_is_only_recorded() {
    let registry = TestRegistry::open().await;
    let whole = digest(b"published");
    let upload = registry.start_upload("a").await;
    registry.call(Method::PATCH, &upload, &[], "published").await;
    // As a crash between the rename and the commit leaves it.
    let data = registry.root.path().join(blob_file(&whole));
    std::fs::create_dir_all(data.parent().unwrap()).unwrap();
    std::fs::rename(registry.root.path().join(upload_file(&upload)), &data).unwrap();
    let registry = registry.restart().await;
    let path = format!("/v2/a/blobs/{whole}");
    registry.get(&path).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UNKNOWN");
    let reply = registry.call(Method::PUT, &format!("{upload}?digest={whole}"), &[], Body::empty()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(registry.get(&path).await.body, "published");
}

#[tokio::test]
async fn a_wrong_digest_leaves_nothing() {
    let registry = TestRegistry::open().await;
    let wrong = digest(b"something else");
    let upload = registry.start_upload("a").await;
    let reply = registry.call(Method::PUT, &format!("{upload}?digest={wrong}"), &[], "content").await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "DIGEST_INVALID");
    assert_eq!(reply.json()["errors"][0]["detail"]["actual"], digest(b"content"));
    registry.get(&upload).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN");

    let reply = registry.call(Method::POST, &format!("/v2/a/blobs/uploads/?digest={wrong}"), &[], "content").await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "DIGEST_INVALID");
    assert_eq!(registry.files(), Vec::<String>::new());
    registry.get(&format!("/v2/a/blobs/{wrong}")).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UNKNOWN");
}

#[tokio::test]
async fn a_chunk_out_of_order_is_told_where_the_upload_stands() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    registry.call(Method::PATCH, &upload, &[("content-range", "0-4")], "01234").await;
    for range in ["0-4", "6-7", "99-100"] {
        let length = if range == "0-4" { "01234" } else { "56" };
        let reply = registry.call(Method::PATCH, &upload, &[("content-range", range)], length).await;
        reply.assert_refused(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID");
        assert_eq!(reply.header("range"), "0-4");
        assert_eq!(reply.location(), upload);
    }
    let put = format!("{upload}?digest={}", digest(b"01234"));
    registry
        .call(Method::PUT, &put, &[("content-range", "9-9")], "x")
        .await
        .assert_refused(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID");
    let reply = registry.call(Method::PATCH, &upload, &[("content-range", "never")], "x").await;
    reply.assert_refused(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID");
    assert_eq!(registry.call(Method::PUT, &put, &[], Body::empty()).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_kept_to_go_on_from() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    let reply = registry.call(Method::PATCH, &upload, &[], broken_off(b"first ")).await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "SIZE_INVALID");
    assert_eq!(registry.get(&upload).await.header("range"), "0-5");
    let whole = digest(b"first second third");
    let put = format!("{upload}?digest={whole}");
    registry
        .call(Method::PUT, &put, &[], broken_off(b"second "))
        .await
        .assert_refused(StatusCode::BAD_REQUEST, "SIZE_INVALID");
    assert_eq!(registry.get(&upload).await.header("range"), "0-12");
    assert_eq!(registry.call(Method::PUT, &put, &[], "third").await.status, StatusCode::CREATED);
    assert_eq!(registry.get(&format!("/v2/a/blobs/{whole}")).await.body, "first second third");
}

#[tokio::test]
async fn a_single_request_that_breaks_off_leaves_nothing() {
    let registry = TestRegistry::open().await;
    let path = format!("/v2/a/blobs/uploads/?digest={}", digest(b"whole"));
    let reply = registry.call(Method::POST, &path, &[], broken_off(b"who")).await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "SIZE_INVALID");
    assert_eq!(registry.files(), Vec::<String>::new());
}

#[tokio::test]
async fn lengths_must_agree() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    let headers = [("content-range", "0-9"), ("content-length", "5")];
    let reply = registry.call(Method::PATCH, &upload, &headers, "01234").await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "SIZE_INVALID");
    let reply = registry.call(Method::PATCH, &upload, &[("content-range", "0-9")], "01234").await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "SIZE_INVALID");
}

#[tokio::test]
async fn a_cancelled_upload_is_gone() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    registry.call(Method::PATCH, &upload, &[], "content").await;
    assert_eq!(registry.files(), [upload_file(&upload)]);
    assert_eq!(registry.delete(&upload).await.status, StatusCode::NO_CONTENT);
    assert_eq!(registry.files(), Vec::<String>::new());
    registry.delete(&upload).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN");
}

#[tokio::test]
async fn an_upload_belongs_to_its_repository() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    let elsewhere = upload.replacen("/v2/a/", "/v2/b/", 1);
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        let reply = registry.call(method, &elsewhere, &[], Body::empty()).await;
        reply.assert_refused(StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN");
    }
}

#[tokio::test]
async fn sha512_is_named_at_the_start_or_at_the_end() {
    let registry = TestRegistry::open().await;
    let whole = Hasher::digest(Algorithm::Sha512, b"part one, part two").to_string();
    for query in ["?digest-algorithm=sha512", ""] {
        let path = format!("/v2/a/blobs/uploads/{query}");
        let upload = registry.call(Method::POST, &path, &[], Body::empty()).await.location();
        registry.call(Method::PATCH, &upload, &[], "part one, ").await;
        let reply = registry.call(Method::PUT, &format!("{upload}?digest={whole}"), &[], "part two").await;
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    }
    let reply = registry.get(&format!("/v2/a/blobs/{whole}")).await;
    assert_eq!((reply.header("docker-content-digest"), &reply.body[..]), (&*whole, &b"part one, part two"[..]));
}

#[tokio::test]
async fn two_requests_do_not_write_to_one_upload() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    let name = humpback::oci::RepositoryName::parse("a").unwrap();
    let id = upload.rsplit('/').next().unwrap().parse().unwrap();
    let session = registry.registry.upload(&name, None, id).await.unwrap();
    assert!(session.is_some());
    let reply = registry.call(Method::PATCH, &upload, &[], "x").await;
    reply.assert_refused(StatusCode::CONFLICT, "BLOB_UPLOAD_INVALID");
    drop(session);
    assert_eq!(registry.call(Method::PATCH, &upload, &[], "x").await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn abandoned_uploads_are_thrown_away_after_their_time() {
    let registry = TestRegistry::open().await;
    let old = registry.start_upload("a").await;
    registry.call(Method::PATCH, &old, &[], "old").await;
    registry.clock.advance(Duration::hours(100));
    let young = registry.start_upload("a").await;
    registry.call(Method::PATCH, &young, &[], "young").await;
    registry.clock.advance(Duration::hours(69));
    assert_eq!(registry.registry.purge_uploads(Duration::hours(168)).await.unwrap(), 1);
    assert_eq!(registry.files(), [upload_file(&young)]);
    registry.get(&old).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN");
    assert_eq!(registry.get(&young).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn bytes_without_a_session_are_thrown_away_and_strangers_are_left() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    registry.call(Method::PATCH, &upload, &[], "known").await;
    let folder = registry.root.path().join("humpback/uploads");
    std::fs::write(folder.join("0b0c6a5e-7c3e-4a67-9a5e-3f1f0c9e2d11"), "left by a crash").unwrap();
    std::fs::write(folder.join("README"), "not ours").unwrap();
    assert_eq!(registry.registry.purge_uploads(Duration::hours(168)).await.unwrap(), 1);
    let mut expected = ["humpback/uploads/README".to_owned(), upload_file(&upload)];
    expected.sort();
    assert_eq!(registry.files(), expected);
}

#[tokio::test]
async fn many_at_once_are_all_kept() {
    let registry = TestRegistry::open().await;
    let contents: Vec<String> = (0..40).map(|n| format!("blob number {n} ").repeat(n + 1)).collect();
    let pushes = contents.iter().map(|content| registry.push_blob("a", content.as_bytes()));
    let digests = futures_util::future::join_all(pushes).await;
    let registry = registry.restart().await;
    for (content, digest) in contents.iter().zip(digests) {
        assert_eq!(registry.get(&format!("/v2/a/blobs/{digest}")).await.body, *content);
    }
}

#[tokio::test]
async fn a_refused_chunk_is_read_to_its_end_before_the_answer() {
    let registry = TestRegistry::open().await;
    let upload = registry.start_upload("a").await;
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let parts = stream::iter(0..3).map(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        Ok::<_, std::io::Error>(Bytes::from_static(&[7; 1000]))
    });
    let headers = [("content-range", "5-3004"), ("content-length", "3000")];
    let reply = registry.call(Method::PATCH, &upload, &headers, Body::from_stream(parts)).await;
    reply.assert_refused(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID");
    assert_eq!(taken.load(Ordering::Relaxed), 3, "what lies unread would cut the connection");
    assert_eq!(registry.get(&upload).await.header("range"), "0-0");
}
