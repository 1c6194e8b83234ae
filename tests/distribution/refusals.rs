//! What is not there and what is not understood: the right code, and nothing stored.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};

use crate::support::{MANIFEST, TestRegistry, digest};

#[tokio::test]
async fn every_refusal_has_its_code_and_stores_nothing() {
    let registry = TestRegistry::open().await;
    let absent = digest(b"absent");
    let unknown_upload = "/v2/a/blobs/uploads/0b0c6a5e-7c3e-4a67-9a5e-3f1f0c9e2d11".to_owned();
    let put_upload = format!("{unknown_upload}?digest={absent}");
    let cases: Vec<(Method, String, StatusCode, &str)> = vec![
        (Method::GET, "/v2/nothing".into(), StatusCode::NOT_FOUND, "NOT_FOUND"),
        (Method::POST, "/v2/".into(), StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED"),
        (Method::PUT, "/v2/a/tags/list".into(), StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED"),
        (Method::GET, "/v2/Upper/tags/list".into(), StatusCode::BAD_REQUEST, "NAME_INVALID"),
        (Method::POST, "/v2/a..b/blobs/uploads/".into(), StatusCode::BAD_REQUEST, "NAME_INVALID"),
        (Method::POST, "/v2/../../etc/blobs/uploads/".into(), StatusCode::BAD_REQUEST, "NAME_INVALID"),
        (Method::GET, format!("/v2/a/blobs/{absent}"), StatusCode::NOT_FOUND, "BLOB_UNKNOWN"),
        (Method::GET, "/v2/a/blobs/sha256:short".into(), StatusCode::BAD_REQUEST, "DIGEST_INVALID"),
        (
            Method::GET,
            "/v2/a/blobs/md5:d41d8cd98f00b204e9800998ecf8427e".into(),
            StatusCode::BAD_REQUEST,
            "DIGEST_INVALID",
        ),
        (Method::GET, "/v2/a/manifests/latest".into(), StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN"),
        (Method::GET, format!("/v2/a/manifests/{absent}"), StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN"),
        (Method::GET, "/v2/a/manifests/.INVALID".into(), StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN"),
        (Method::PUT, "/v2/a/manifests/.INVALID".into(), StatusCode::BAD_REQUEST, "TAG_INVALID"),
        (Method::GET, unknown_upload.clone(), StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN"),
        (Method::PATCH, unknown_upload.clone(), StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN"),
        (Method::PUT, put_upload, StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN"),
        (Method::PUT, unknown_upload, StatusCode::BAD_REQUEST, "DIGEST_INVALID"),
        (Method::POST, "/v2/a/blobs/uploads/?digest=sha256:1".into(), StatusCode::BAD_REQUEST, "DIGEST_INVALID"),
        (Method::POST, "/v2/a/blobs/uploads/?digest-algorithm=md5".into(), StatusCode::BAD_REQUEST, "DIGEST_INVALID"),
        (Method::POST, format!("/v2/a/blobs/uploads/?mount={absent}&from=B"), StatusCode::BAD_REQUEST, "NAME_INVALID"),
    ];
    for (method, path, status, code) in cases {
        let reply = registry.call(method.clone(), &path, &[("content-type", MANIFEST)], "content").await;
        assert_eq!(reply.status, status, "{method} {path} {reply:?}");
        reply.assert_refused(status, code);
    }
    assert_eq!(registry.files(), Vec::<String>::new());
    assert_eq!(registry.get("/v2/_catalog").await.body, r#"{"repositories":[]}"#);
}

#[tokio::test]
async fn a_method_that_is_not_taken_names_those_that_are() {
    let registry = TestRegistry::open().await;
    let reply = registry.call(Method::POST, "/v2/a/manifests/x", &[], Body::empty()).await;
    assert_eq!(reply.header("allow"), "GET, HEAD, PUT, DELETE");
}
