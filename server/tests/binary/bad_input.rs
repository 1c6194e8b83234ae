//! What a client may get wrong over the wire: each is refused with the specification's code and leaves nothing.

use std::{io::Write as _, net::Shutdown};

use serde_json::json;

use crate::{
    http::{Request, Response},
    server::{Server, folder, until},
    storage::{Stored, assert_sound, digest, noise},
};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn start_upload(server: &Server, repository: &str) -> String {
    let response = server.ask(&Request::new("POST", &format!("/v2/{repository}/blobs/uploads/")));
    assert_eq!(response.status, 202);
    response.location()
}

fn refused(response: &Response, status: u16, code: &str) {
    assert_eq!((response.status, response.oci_code().as_str()), (status, code), "{}", response.text());
    assert_eq!(response.header("docker-distribution-api-version"), Some("registry/2.0"));
    assert!(response.header("content-type").is_some_and(|media_type| media_type.starts_with("application/json")));
}

#[test]
fn requests_that_can_not_be_right_leave_nothing_behind() {
    let root = folder();
    let server = Server::start(root.path());
    let before = Stored::settled(root.path());

    let wrong = digest(b"something else");
    let post = |query: &str| Request::new("POST", &format!("/v2/team/app/blobs/uploads/{query}"));
    let manifest = |reference: &str, body: Vec<u8>| {
        Request::new("PUT", &format!("/v2/team/app/manifests/{reference}")).header("content-type", MANIFEST).body(body)
    };
    let unknown = "/v2/team/app/blobs/uploads/00000000-0000-4000-8000-000000000000";
    let cases = [
        (post(&format!("?digest={wrong}")).body(*b"content"), 400, "DIGEST_INVALID"),
        (post("?digest=sha256:abc").body(*b"content"), 400, "DIGEST_INVALID"),
        (post("?digest=md5:d41d8cd98f00b204e9800998ecf8427e").body(*b""), 400, "DIGEST_INVALID"),
        (Request::new("POST", "/v2/Team/app/blobs/uploads/"), 400, "NAME_INVALID"),
        (Request::new("POST", "/v2/team//app/blobs/uploads/"), 400, "NAME_INVALID"),
        (Request::new("POST", "/v2/../etc/blobs/uploads/"), 400, "NAME_INVALID"),
        (Request::new("POST", &format!("/v2/{}/blobs/uploads/", "a".repeat(256))), 400, "NAME_INVALID"),
        (Request::new("GET", "/v2/%2e%2e/manifests/latest"), 400, "NAME_INVALID"),
        (Request::new("PATCH", unknown).body(*b"content"), 404, "BLOB_UPLOAD_UNKNOWN"),
        (Request::new("PUT", &format!("{unknown}?digest={wrong}")), 404, "BLOB_UPLOAD_UNKNOWN"),
        (Request::new("GET", unknown), 404, "BLOB_UPLOAD_UNKNOWN"),
        (Request::new("DELETE", unknown), 404, "BLOB_UPLOAD_UNKNOWN"),
        (manifest("latest", vec![b' '; 5 * 1024 * 1024]), 413, "MANIFEST_INVALID"),
        (manifest("latest", b"{}".to_vec()), 400, "MANIFEST_INVALID"),
        (manifest("latest", b"not json".to_vec()), 400, "MANIFEST_INVALID"),
        (manifest(&"t".repeat(129), b"{}".to_vec()), 400, "TAG_INVALID"),
        (manifest("-x", b"{}".to_vec()), 400, "TAG_INVALID"),
        (manifest(&wrong, image(&digest(b"{}"), 2)), 400, "DIGEST_INVALID"),
        (manifest("latest", image(&wrong, 14)), 400, "MANIFEST_BLOB_UNKNOWN"),
    ];
    for (request, status, code) in cases {
        let response = server.ask(&request);
        let what = format!("{} {}", request.method, request.target);
        assert_eq!((response.status, response.oci_code().as_str()), (status, code), "{what}: {}", response.text());
        refused(&response, status, code);
        assert_eq!(Stored::look(root.path()), before, "{what} left something");
    }
    assert_eq!(server.get("/v2/_catalog").text(), r#"{"repositories":[]}"#);
    assert_sound(root.path());
}

/// A manifest with one blob.
fn image(blob: &str, size: usize) -> Vec<u8> {
    let descriptor = json!({ "mediaType": "application/vnd.oci.image.config.v1+json", "digest": blob, "size": size });
    json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor, "layers": [] }).to_string().into_bytes()
}

#[test]
fn a_wrong_digest_ends_the_upload_and_its_bytes() {
    let root = folder();
    let server = Server::start(root.path());
    let before = Stored::settled(root.path());
    let location = start_upload(&server, "team/app");
    let appended = server.ask(&Request::new("PATCH", &location).body(noise(1, 100_000)));
    assert_eq!(appended.status, 202);

    let put = Request::new("PUT", &format!("{}?digest={}", appended.location(), digest(b"something else")));
    let response = server.ask(&put);
    refused(&response, 400, "DIGEST_INVALID");
    assert_eq!(Stored::look(root.path()), before);
}

#[test]
fn a_range_that_skips_bytes_is_refused_and_the_upload_goes_on() {
    let root = folder();
    let server = Server::start(root.path());
    let content = noise(2, 3000);
    let location = start_upload(&server, "team/app");
    let chunk =
        |range: &str, body: &[u8]| Request::new("PATCH", &location).header("content-range", range).body(body.to_vec());
    assert_eq!(server.ask(&chunk("0-999", &content[..1000])).status, 202);
    let files = Stored::settled(root.path()).files;

    for range in ["2000-2999", "500-1499", "0-999"] {
        let response = server.ask(&chunk(range, &content[1000..2000]));
        refused(&response, 416, "RANGE_INVALID");
        assert_eq!(response.header("range"), Some("0-999"), "the client is told where to go on");
    }
    refused(&server.ask(&chunk("1000-1999", &content[1000..1500])), 400, "SIZE_INVALID");
    refused(&server.ask(&chunk("some-where", &content[1000..2000])), 416, "RANGE_INVALID");
    assert_eq!(Stored::look(root.path()).files, files);

    assert_eq!(server.ask(&chunk("1000-2999", &content[1000..])).status, 202);
    let put = server.ask(&Request::new("PUT", &format!("{location}?digest={}", digest(&content))));
    assert_eq!(put.status, 201, "{}", put.text());
    assert_eq!(server.get(&put.location()).body, content);
}

#[test]
fn a_body_that_breaks_off_stores_no_blob_and_no_manifest() {
    let root = folder();
    let server = Server::start(root.path());
    let before = Stored::settled(root.path());
    let content = noise(3, 500_000);
    let put = Request::new("PUT", "/v2/team/app/manifests/latest").header("content-type", MANIFEST);
    let post = Request::new("POST", &format!("/v2/team/app/blobs/uploads/?digest={}", digest(&content)));
    for request in [put, post] {
        let mut stream = request.header("content-length", content.len()).open(server.addr).unwrap();
        stream.write_all(&content[..400_000]).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        // Whether or not a refusal still reaches the client, the server is done with the request after this.
        drop(Response::read(&stream));
        until("nothing is left of the request", || Stored::look(root.path()) == before);
    }
    assert_eq!(server.get(&format!("/v2/team/app/blobs/{}", digest(&content))).status, 404);
    assert_sound(root.path());
}

#[test]
fn a_chunk_that_breaks_off_can_be_continued_from_where_it_came() {
    let root = folder();
    let server = Server::start(root.path());
    let content = noise(4, 500_000);
    let location = start_upload(&server, "team/app");
    let patch = Request::new("PATCH", &location).header("content-length", content.len());
    let mut stream = patch.open(server.addr).unwrap();
    stream.write_all(&content[..300_000]).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    drop(Response::read(&stream));

    let mut offset = 0;
    until("the bytes that came are acknowledged", || {
        let status = server.get(&location);
        let range = status.header("range").unwrap_or("0-0");
        offset = range.trim_start_matches("0-").parse::<usize>().unwrap() + 1;
        status.status == 204 && offset == 300_000
    });
    let rest = Request::new("PUT", &format!("{location}?digest={}", digest(&content))).body(&content[offset..]);
    let put = server.ask(&rest);
    assert_eq!(put.status, 201, "{}", put.text());
    assert_eq!(server.get(&put.location()).body, content);
}

#[test]
fn an_upload_takes_one_request_at_a_time() {
    let root = folder();
    let server = Server::start(root.path());
    let content = noise(5, 10_000);
    let (location, mut stream) = server.begin_chunk(content.len());
    // More than one: the first refusal must not let the second in.
    for _ in 0..3 {
        refused(&server.ask(&Request::new("PATCH", &location).body(*b"other")), 409, "BLOB_UPLOAD_INVALID");
    }
    stream.write_all(&content).unwrap();
    assert_eq!(Response::read(stream).unwrap().status, 202);
    let put = server.ask(&Request::new("PUT", &format!("{location}?digest={}", digest(&content))));
    assert_eq!(put.status, 201, "{}", put.text());
}
