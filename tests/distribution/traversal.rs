//! Requests that would like to read or write outside the registry's tree.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use axum::{
    body::Body,
    http::{Method, Request},
};
use tempfile::TempDir;

use crate::support::{MANIFEST, TestRegistry, digest};

const SECRET: &str = "what nobody may read";

/// Every file below a folder but the database, with its content.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.to_string_lossy().contains("humpback.db") {
                files.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    files
}

/// Ways to write "up and out, then to the secret", for each place in a request where a name stands.
fn ways_out(root: &Path, outside: &Path) -> Vec<String> {
    let up = "../".repeat(root.components().count() + 8);
    let out = format!("{up}{}", outside.strip_prefix("/").unwrap().display());
    let absolute = outside.display().to_string();
    let inside = "../../../../../humpback/secret".to_owned();
    let mut ways = Vec::new();
    for plain in
        [out, absolute, inside, "..".to_owned(), ".".to_owned(), "../a".to_owned(), "a/../../secret".to_owned()]
    {
        ways.push(plain.replace('/', "%2f"));
        ways.push(plain.replace('.', "%2e"));
        ways.push(plain.replace('.', "%2E").replace('/', "%2F"));
        ways.push(plain.replace('.', "%252e").replace('/', "%252f"));
        ways.push(plain.replace('/', "%5c"));
        ways.push(format!("{plain}%00"));
        ways.push(format!("sha256:{}", plain.replace('/', "%2f")));
        ways.push(plain);
    }
    ways.extend(
        ["%00", "%ff%fe", "%c0%ae%c0%ae%c0%af", "a%0d%0aset-cookie:%20a=b", "%e2%80%ae", "~", "%24HOME", "%2e"]
            .map(Into::into),
    );
    ways.push("a".repeat(20_000));
    ways.push("a/".repeat(10_000));
    ways.push("%2e%2e%2f".repeat(5_000));
    ways
}

#[tokio::test]
async fn no_request_reads_or_writes_outside_the_tree() {
    let registry = TestRegistry::open().await;
    let outside = TempDir::new().unwrap();
    let secret = outside.path().join("secret");
    fs::write(&secret, SECRET).unwrap();
    // Inside the root too: only blobs are for clients.
    fs::write(registry.root.path().join("humpback/secret"), SECRET).unwrap();
    registry.push_image("a", "latest", b"layer").await;
    let before = (snapshot(registry.root.path()), snapshot(outside.path()));
    let lists = async || (registry.get("/v2/_catalog").await.body, registry.get("/v2/a/tags/list").await.body);
    let listed = lists().await;

    let blob = digest(b"layer");
    let upload = "/v2/a/blobs/uploads/0b0c6a5e-7c3e-4a67-9a5e-3f1f0c9e2d11";
    let places = |way: &str| {
        [
            format!("/v2/{way}"),
            format!("/v2/{way}/tags/list"),
            format!("/v2/a/{way}/tags/list"),
            format!("/v2/{way}/manifests/latest"),
            format!("/v2/a/manifests/{way}"),
            format!("/v2/{way}/blobs/{blob}"),
            format!("/v2/a/blobs/{way}"),
            format!("/v2/a/blobs/sha256:{way}"),
            format!("/v2/a/referrers/{way}"),
            format!("/v2/a/referrers/{blob}?artifactType={way}&last={way}"),
            format!("/v2/{way}/blobs/uploads/"),
            format!("/v2/a/blobs/uploads/{way}"),
            format!("/v2/a/blobs/uploads/?digest={way}"),
            format!("/v2/a/blobs/uploads/?digest-algorithm={way}"),
            format!("/v2/a/blobs/uploads/?mount={way}&from=a"),
            format!("/v2/b/blobs/uploads/?mount={blob}&from={way}"),
            format!("{upload}?digest={way}"),
            format!("/v2/a/manifests/{blob}?tag={way}"),
            format!("/v2/_catalog?last={way}"),
            format!("/v2/a/tags/list?last={way}&n={way}"),
            format!("/v1/search?q={way}"),
        ]
    };
    let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let mut asked = 0;
    for way in ways_out(registry.root.path(), &secret) {
        for place in places(&way) {
            for method in &methods {
                let request = Request::builder().method(method).uri(&place).header("content-type", MANIFEST);
                // What is no URI at all does not come so far.
                let Ok(request) = request.body(Body::from("content")) else { continue };
                let reply = registry.send(request).await;
                asked += 1;
                let what = format!("{method} {}", &place[..place.len().min(200)]);
                assert!(!reply.status.is_server_error(), "{what} {}", reply.status);
                assert!(!String::from_utf8_lossy(&reply.body).contains(SECRET), "{what}");
                assert!(reply.body.len() < 100_000, "{what} is echoed {} times", reply.body.len() / way.len());
                assert_eq!(reply.header("set-cookie"), "", "{what}");
                assert!(reply.status.is_client_error() || *method != Method::PUT, "{what} {}", reply.status);
            }
        }
    }
    assert!(asked > 5_000, "{asked}");
    assert_eq!((snapshot(registry.root.path()), snapshot(outside.path())), before);
    assert_eq!(lists().await, listed);
}
