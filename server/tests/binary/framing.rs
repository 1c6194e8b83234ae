//! Bodies as old and odd clients send them: in chunks of unknown number, and only when they are asked for.

use std::io::{BufReader, Write as _};

use crate::{
    http::{Request, Response},
    server::{Server, folder, until},
    storage::{assert_sound, digest, noise},
};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// A body in chunks of these sizes, over and over; without its end.
fn chunked(body: &[u8], sizes: &[usize]) -> Vec<u8> {
    let mut framed = Vec::new();
    let (mut rest, mut sizes) = (body, sizes.iter().cycle());
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
        framed.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        framed.extend(chunk);
        framed.extend(b"\r\n");
        rest = after;
    }
    framed
}

const END: &[u8] = b"0\r\n\r\n";

fn in_chunks(method: &str, target: &str, body: &[u8]) -> Request {
    let framed = [&chunked(body, &[1, 17, 4096, 65_536]), END].concat();
    Request::new(method, target).header("transfer-encoding", "chunked").body(framed)
}

fn start_upload(server: &Server) -> String {
    server.ask(&Request::new("POST", "/v2/team/app/blobs/uploads/")).location()
}

#[test]
fn bodies_need_no_length_and_no_type() {
    let root = folder();
    let server = Server::start(root.path());
    let content = noise(11, 300_000);
    let (first, last) = content.split_at(200_000);
    // As Docker before 1.10 does it, with the last chunk in the PUT besides.
    let location = start_upload(&server);
    let patched = server.ask(&in_chunks("PATCH", &location, first));
    assert_eq!((patched.status, patched.header("range")), (202, Some("0-199999")), "{}", patched.text());
    let put = server.ask(&in_chunks("PUT", &format!("{location}?digest={}", digest(&content)), last));
    assert_eq!(put.status, 201, "{}", put.text());
    assert_eq!(server.get(&put.location()).body, content);

    let single = noise(12, 100_000);
    let post = in_chunks("POST", &format!("/v2/team/app/blobs/uploads/?digest={}", digest(&single)), &single);
    assert_eq!(server.ask(&post).status, 201);
    let config = in_chunks("POST", &format!("/v2/team/app/blobs/uploads/?digest={}", digest(b"{}")), b"{}");
    assert_eq!(server.ask(&config).status, 201);
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{}","size":2}},"layers":[]}}"#,
        digest(b"{}")
    );
    let put = server.ask(&in_chunks("PUT", "/v2/team/app/manifests/latest", manifest.as_bytes()));
    assert_eq!(put.status, 201, "{}", put.text());
    let pulled = server.ask(&Request::new("GET", "/v2/team/app/manifests/latest").header("accept", MANIFEST));
    assert_eq!(pulled.text(), manifest);
    assert_sound(root.path());
}

#[test]
fn a_body_whose_last_chunk_never_comes_is_kept_up_to_there() {
    let root = folder();
    let server = Server::start(root.path());
    let content = noise(13, 150_000);
    let location = start_upload(&server);
    let patch = Request::new("PATCH", &location).header("transfer-encoding", "chunked");
    let mut stream = patch.open(server.addr).unwrap();
    stream.write_all(&chunked(&content[..100_000], &[10_000])).unwrap();
    drop(stream);
    until("the bytes that came are acknowledged", || server.get(&location).header("range") == Some("0-99999"));
    let rest = in_chunks("PUT", &format!("{location}?digest={}", digest(&content)), &content[100_000..]);
    // The request that broke off may hold the upload for a moment after it has acknowledged what came.
    let mut put = None;
    until("the upload is let go", || put.insert(server.ask(&rest)).status != 409);
    let put = put.unwrap();
    assert_eq!(put.status, 201, "{}", put.text());
    assert_eq!(server.get(&put.location()).body, content);
}

#[test]
fn a_client_that_waits_is_told_to_go_on_and_one_that_is_refused_sends_nothing() {
    let root = folder();
    let server = Server::start(root.path());
    let content = noise(14, 10_000);
    let location = start_upload(&server);
    let target = format!("{location}?digest={}", digest(&content));
    let put = Request::new("PUT", &target).header("content-length", content.len()).header("expect", "100-continue");
    let mut stream = put.open(server.addr).unwrap();
    let asked = Response::read_head(&mut BufReader::new(stream.try_clone().unwrap())).unwrap();
    assert_eq!(asked.status, 100);
    stream.write_all(&content).unwrap();
    let put = Response::read(stream).unwrap();
    assert_eq!(put.status, 201, "{}", put.text());
    assert_eq!(server.get(&put.location()).body, content);

    // What is wrong with the head alone is said before a body of any size is sent.
    let gone = format!("{location}?digest={}", digest(&content));
    let cases = [
        ("PUT", gone.as_str(), 404, "BLOB_UPLOAD_UNKNOWN"),
        ("POST", "/v2/Team/app/blobs/uploads/?digest=x", 400, "NAME_INVALID"),
        ("POST", "/v2/team/app/blobs/uploads/?digest=x", 400, "DIGEST_INVALID"),
        ("PUT", "/v2/team/app/manifests/.tag", 400, "TAG_INVALID"),
        ("PUT", "/v2/team/app/manifests/latest", 413, "MANIFEST_INVALID"),
    ];
    for (method, target, status, code) in cases {
        let request =
            Request::new(method, target).header("content-length", 1_u64 << 40).header("expect", "100-continue");
        let response = Response::read(request.open(server.addr).unwrap()).unwrap();
        assert_eq!((response.status, response.oci_code().as_str()), (status, code), "{method} {target}");
    }
}
