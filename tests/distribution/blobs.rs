//! Blobs: whole, in part, mounted, deleted.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};

use humpback::oci::{Digest, RepositoryName};

use crate::support::{TestRegistry, blob_file, digest};

#[tokio::test]
async fn a_pushed_blob_comes_back_byte_for_byte() {
    let registry = TestRegistry::open().await;
    // Longer than a batch of writing and several chunks of reading, and no multiple of either.
    let content: Vec<u8> = (0..1_500_001_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let digest = registry.push_blob("team/app", &content).await;
    assert_eq!(registry.files(), [blob_file(&digest)]);
    assert_eq!(std::fs::read(registry.root.path().join(blob_file(&digest))).unwrap(), content);

    let path = format!("/v2/team/app/blobs/{digest}");
    let reply = registry.get(&path).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.body, content);
    let head = registry.head(&path).await;
    assert_eq!(head.status, StatusCode::OK);
    assert!(head.body.is_empty());
    for reply in [reply, head] {
        assert_eq!(reply.header("content-length"), content.len().to_string());
        assert_eq!(reply.header("content-type"), "application/octet-stream");
        assert_eq!(reply.header("docker-content-digest"), digest);
        assert_eq!(reply.header("etag"), format!("\"{digest}\""));
        assert_eq!(reply.header("accept-ranges"), "bytes");
        assert_eq!(reply.header("docker-distribution-api-version"), "registry/2.0");
    }
}

#[tokio::test]
async fn an_empty_blob_is_a_blob() {
    let registry = TestRegistry::open().await;
    let digest = registry.push_blob("a", b"").await;
    let reply = registry.get(&format!("/v2/a/blobs/{digest}")).await;
    assert_eq!((reply.status, reply.header("content-length"), reply.body.len()), (StatusCode::OK, "0", 0));
}

#[tokio::test]
async fn ranges_are_served_and_refused_with_the_size() {
    let registry = TestRegistry::open().await;
    let digest = registry.push_blob("a", b"0123456789").await;
    let path = format!("/v2/a/blobs/{digest}");
    let cases = [
        ("bytes=0-3", StatusCode::PARTIAL_CONTENT, "0123", "bytes 0-3/10"),
        ("bytes=8-", StatusCode::PARTIAL_CONTENT, "89", "bytes 8-9/10"),
        ("bytes=-4", StatusCode::PARTIAL_CONTENT, "6789", "bytes 6-9/10"),
        ("bytes=2-500", StatusCode::PARTIAL_CONTENT, "23456789", "bytes 2-9/10"),
        ("bytes=0-1,4-5", StatusCode::OK, "0123456789", ""),
    ];
    for (range, status, body, content_range) in cases {
        let reply = registry.call(Method::GET, &path, &[("range", range)], Body::empty()).await;
        assert_eq!((reply.status, &reply.body[..]), (status, body.as_bytes()), "{range}");
        assert_eq!(reply.header("content-range"), content_range, "{range}");
        assert_eq!(reply.header("content-length"), body.len().to_string(), "{range}");
    }
    let empty = format!("/v2/a/blobs/{}", registry.push_blob("a", b"").await);
    let reply = registry.call(Method::GET, &empty, &[("range", "bytes=0-99")], Body::empty()).await;
    assert_eq!((reply.status, reply.header("content-length")), (StatusCode::OK, "0"));
    let reply = registry.call(Method::GET, &path, &[("range", "bytes=10-")], Body::empty()).await;
    reply.assert_refused(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID");
    assert_eq!(reply.header("content-range"), "bytes */10");
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    let registry = TestRegistry::open().await;
    let digest = registry.push_blob("a", b"cached").await;
    let path = format!("/v2/a/blobs/{digest}");
    for tag in [format!("\"{digest}\""), digest.clone(), format!("\"other\", \"{digest}\""), "*".to_owned()] {
        let reply = registry.call(Method::GET, &path, &[("if-none-match", &tag)], Body::empty()).await;
        assert_eq!((reply.status, reply.body.len()), (StatusCode::NOT_MODIFIED, 0), "{tag}");
    }
    let reply = registry.call(Method::GET, &path, &[("if-none-match", "\"other\"")], Body::empty()).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn a_blob_belongs_to_the_repositories_that_it_was_pushed_or_mounted_to() {
    let registry = TestRegistry::open().await;
    let digest = registry.push_blob("a", b"shared").await;
    registry.get(&format!("/v2/b/blobs/{digest}")).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UNKNOWN");

    let mount = format!("/v2/b/blobs/uploads/?mount={digest}&from=a");
    let reply = registry.call(Method::POST, &mount, &[], Body::empty()).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(reply.location(), format!("/v2/b/blobs/{digest}"));
    assert_eq!(reply.header("docker-content-digest"), digest);
    assert_eq!(registry.get(&format!("/v2/b/blobs/{digest}")).await.body, "shared");
    assert_eq!(registry.files(), [blob_file(&digest)], "the bytes lie there once");
}

#[tokio::test]
async fn a_mount_that_names_no_repository_finds_one() {
    let registry = TestRegistry::open().await;
    let digest = registry.push_blob("a", b"shared").await;
    let reply = registry.call(Method::POST, &format!("/v2/b/blobs/uploads/?mount={digest}"), &[], Body::empty()).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(registry.get(&format!("/v2/b/blobs/{digest}")).await.body, "shared");
}

#[tokio::test]
async fn nothing_is_mounted_that_the_caller_may_not_read() {
    let registry = TestRegistry::open().await;
    let name = |text: &str| RepositoryName::parse(text).unwrap();
    let digest = registry.push_blob("private/one", b"shared").await;
    registry.push_blob("private/two", b"shared").await;
    let blob = Digest::parse(&digest).unwrap();
    let mount = async |from: Option<&str>, readable: &str| {
        let from = from.map(name);
        let may_read = |name: &RepositoryName| name.as_str() == readable;
        registry.registry.mount_blob(&name("b"), &blob, from.as_ref(), may_read).await.unwrap()
    };
    for from in [None, Some("private/one")] {
        assert_eq!(mount(from, "open").await, None, "{from:?}");
        registry.get(&format!("/v2/b/blobs/{digest}")).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UNKNOWN");
    }
    assert_eq!(mount(None, "private/two").await, Some(name("private/two")));
    assert_eq!(registry.get(&format!("/v2/b/blobs/{digest}")).await.body, "shared");
}

#[tokio::test]
async fn a_mount_looks_beyond_many_repositories_that_may_not_be_read() {
    let registry = TestRegistry::open().await;
    let digest = registry.push_blob("private/0", b"base layer").await;
    for number in 1..250 {
        let mount = format!("/v2/private/{number}/blobs/uploads/?mount={digest}&from=private/0");
        assert_eq!(registry.call(Method::POST, &mount, &[], Body::empty()).await.status, StatusCode::CREATED);
    }
    let last = |name: &RepositoryName| name.as_str() == "private/249";
    let blob = Digest::parse(&digest).unwrap();
    let found = registry.registry.mount_blob(&"b".parse().unwrap(), &blob, None, last).await.unwrap();
    assert_eq!(found, Some("private/249".parse().unwrap()));
}

#[tokio::test]
async fn a_mount_of_what_is_not_there_becomes_an_upload() {
    let registry = TestRegistry::open().await;
    let digest = registry.push_blob("a", b"shared").await;
    for (digest, from) in [(digest.as_str(), "nowhere"), (&crate::support::digest(b"absent"), "a")] {
        let mount = format!("/v2/b/blobs/uploads/?mount={digest}&from={from}");
        let reply = registry.call(Method::POST, &mount, &[], Body::empty()).await;
        assert_eq!(reply.status, StatusCode::ACCEPTED, "{from}");
        assert!(reply.location().starts_with("/v2/b/blobs/uploads/"));
    }
}

#[tokio::test]
async fn deleting_takes_the_blob_from_one_repository() {
    let registry = TestRegistry::open().await;
    let digest = registry.push_blob("a", b"shared").await;
    registry.push_blob("b", b"shared").await;
    let path = format!("/v2/a/blobs/{digest}");
    assert_eq!(registry.delete(&path).await.status, StatusCode::ACCEPTED);
    registry.get(&path).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UNKNOWN");
    registry.delete(&path).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UNKNOWN");
    assert_eq!(registry.get(&format!("/v2/b/blobs/{digest}")).await.body, "shared");
}

#[tokio::test]
async fn a_blob_that_was_damaged_on_the_disk_is_not_served_in_part() {
    let registry = TestRegistry::open().await;
    let digest = registry.push_blob("a", b"0123456789").await;
    let file = registry.root.path().join(blob_file(&digest));
    std::fs::write(&file, b"01234").unwrap();
    let path = format!("/v2/a/blobs/{digest}");
    registry.get(&path).await.assert_refused(StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN");
    std::fs::remove_file(&file).unwrap();
    registry.get(&path).await.assert_refused(StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN");
}

#[test]
fn the_digest_helper_agrees_with_a_known_answer() {
    assert_eq!(digest(b""), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
