//! What Docker 1.8.3 says to a registry, and what it demands of the answers (moby v1.8.3: graph/push_v2.go,
//! graph/pull_v2.go, and the distribution client that it brings along), byte for byte where it can matter: HTTP/1.1 with
//! a connection for each request, no `Accept`, no `Content-Type`, bodies in chunks. Where 1.6 and 1.7 demand more, so
//! does this.

use std::{
    cell::RefCell,
    collections::HashSet,
    io::Write as _,
    net::{SocketAddr, TcpStream},
};

use serde_json::Value;

use super::trust::Key;
use crate::{http::Response, server::PATIENCE, storage::digest};

const AGENT: &str = "docker/1.8.3 go/go1.4.2 git-commit/f4bf5c7 kernel/3.13.0-65-generic os/linux arch/amd64";

/// An image as Docker of that time keeps it: layers, the lowest first, each with its own description.
#[derive(Debug, PartialEq, Eq)]
pub struct Image {
    pub layers: Vec<Layer>,
}

/// A layer.
#[derive(Debug, PartialEq, Eq)]
pub struct Layer {
    /// Its description in JSON.
    pub v1: String,
    /// Its archive.
    pub content: Vec<u8>,
}

/// What a push has come to.
pub struct Pushed {
    /// How many layers had to be sent.
    pub uploaded: usize,
    /// The manifest's digest.
    pub digest: String,
}

/// What was pulled.
pub struct Pulled {
    pub layers: Vec<Layer>,
    pub digest: String,
}

/// A daemon with a key of its own.
pub struct Docker {
    pub(super) addr: SocketAddr,
    key: Key,
    /// Whose password `docker login` has kept.
    pub(super) account: Option<(String, String)>,
    /// What goes with each request, once the registry has asked for it.
    pub(super) authorization: RefCell<Option<String>>,
}

pub(super) enum Body<'a> {
    None,
    Sized(&'a [u8]),
    Chunked(&'a [u8]),
}

impl Docker {
    pub fn new(addr: SocketAddr) -> Self {
        Self { addr, key: Key::generate(), account: None, authorization: RefCell::default() }
    }

    pub(super) fn ask(&self, method: &str, target: &str, body: &Body<'_>) -> Response {
        self.ask_with(method, target, "", body)
    }

    /// Sends what Go 1.4 sends, in its order. `Connection: close` on each request: that client keeps none.
    fn ask_with(&self, method: &str, target: &str, header: &str, body: &Body<'_>) -> Response {
        let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {AGENT}\r\n", self.addr);
        match body {
            Body::Sized(content) => request += &format!("Content-Length: {}\r\n", content.len()),
            Body::Chunked(_) => request += "Transfer-Encoding: chunked\r\n",
            Body::None if method == "POST" || method == "PUT" => request += "Content-Length: 0\r\n",
            Body::None => {}
        }
        request += header;
        if let Some(authorization) = &*self.authorization.borrow() {
            request += &format!("Authorization: {authorization}\r\n");
        }
        request += "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n";
        let mut stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        match body {
            Body::None => {}
            Body::Sized(content) => stream.write_all(content).unwrap(),
            Body::Chunked(content) => {
                for chunk in content.chunks(32 * 1024) {
                    write!(stream, "{:x}\r\n", chunk.len()).unwrap();
                    stream.write_all(chunk).unwrap();
                    stream.write_all(b"\r\n").unwrap();
                }
                stream.write_all(b"0\r\n\r\n").unwrap();
            }
        }
        let response = Response::read(stream).unwrap();
        // The token server may be another one.
        if target.starts_with("/v2/") {
            let version = response.header("docker-distribution-api-version");
            assert_eq!(version, Some("registry/2.0"), "{method} {target}: without it, it goes on with the v1 protocol");
        }
        assert_eq!(response.header("content-encoding"), None, "{method} {target}: it would not understand");
        response
    }

    /// Asks whether this is a registry, as the daemon and as its distribution client do.
    pub fn ping(&self) {
        for header in ["", "Docker-Distribution-Api-Version: registry/2.0\r\n"] {
            assert_eq!(self.ask_with("GET", "/v2/", header, &Body::None).status, 200);
        }
    }

    /// The tags, for `pull -a`.
    pub fn tags(&self, name: &str) -> Vec<String> {
        self.authorize(name);
        let answer = self.ask("GET", &format!("/v2/{name}/tags/list"), &Body::None);
        assert_eq!(answer.status, 200);
        serde_json::from_value(answer.json()["tags"].clone()).unwrap()
    }

    /// Pushes, the topmost layer first.
    pub fn push(&self, name: &str, tag: &str, image: &Image) -> Pushed {
        self.authorize(name);
        let mut uploaded = 0;
        for layer in image.layers.iter().rev() {
            if self.stat(name, &digest(&layer.content)).is_none() {
                self.upload(name, &layer.content);
                uploaded += 1;
            }
        }
        let signed = self.signed(name, tag, image);
        let answer = self.put_manifest(name, tag, &signed);
        // 1.8 takes anything that is a success.
        assert_eq!(answer.status, 201, "{}", answer.text());
        let told = answer.header("docker-content-digest").expect("1.6 and 1.7 want the digest").to_owned();
        assert_eq!(told, digest(&Key::verified(&signed)), "it must be that of what was signed");
        Pushed { uploaded, digest: told }
    }

    /// `HEAD` of a blob: its length, which must be told; `None` if it is not there.
    fn stat(&self, name: &str, digest: &str) -> Option<usize> {
        let answer = self.ask("HEAD", &format!("/v2/{name}/blobs/{digest}"), &Body::None);
        match answer.status {
            404 => None,
            200 => Some(answer.header("content-length").expect("a length").parse().unwrap()),
            status => panic!("HEAD of a blob: {status}"),
        }
    }

    fn upload(&self, name: &str, content: &[u8]) {
        let start = self.ask("POST", &format!("/v2/{name}/blobs/uploads/"), &Body::None);
        assert_eq!(start.status, 202, "1.6 and 1.7 take nothing else");
        assert!(start.header("docker-upload-uuid").is_some());
        let patched = self.ask("PATCH", &self.location(&start), &Body::Chunked(content));
        assert_eq!(patched.status, 202);
        assert!(patched.header("docker-upload-uuid").is_some());
        // Sscanf(range, "%d-%d"): no unit.
        let (first, last) = patched.header("range").unwrap().split_once('-').unwrap();
        let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
        assert_eq!(last - first + 1, content.len());
        let target = sorted(&self.location(&patched), ("digest", &digest(content)));
        assert_eq!(self.ask("PUT", &target, &Body::None).status, 201, "1.6 and 1.7 take nothing else");
        assert_eq!(self.stat(name, &digest(content)), Some(content.len()), "it looks whether it has arrived");
    }

    /// Where to go on: an absolute URL, because 1.6 and 1.7 follow nothing else. As a request's target.
    fn location(&self, answer: &Response) -> String {
        let location = answer.header("location").expect("a Location");
        let path = location.strip_prefix(&format!("http://{}", self.addr));
        path.unwrap_or_else(|| panic!("{location} is not an URL of this registry")).to_owned()
    }

    /// The manifest of an image, signed with the daemon's key.
    pub fn signed(&self, name: &str, tag: &str, image: &Image) -> Vec<u8> {
        let list = |key: &str, values: Vec<String>| {
            let object = |value: &String| {
                format!("      {{\n         \"{key}\": {}\n      }}", serde_json::to_string(value).unwrap())
            };
            values.iter().map(object).collect::<Vec<_>>().join(",\n")
        };
        let layers = list("blobSum", image.layers.iter().rev().map(|layer| digest(&layer.content)).collect());
        let history = list("v1Compatibility", image.layers.iter().rev().map(|layer| layer.v1.clone()).collect());
        let payload = format!(
            "{{\n   \"schemaVersion\": 1,\n   \"name\": \"{name}\",\n   \"tag\": \"{tag}\",\n   \"architecture\": \
             \"amd64\",\n   \"fsLayers\": [\n{layers}\n   ],\n   \"history\": [\n{history}\n   ]\n}}"
        );
        self.key.sign(&payload)
    }

    /// Sends a manifest without saying what it is.
    pub fn put_manifest(&self, name: &str, tag: &str, signed: &[u8]) -> Response {
        self.ask("PUT", &format!("/v2/{name}/manifests/{tag}"), &Body::Sized(signed))
    }

    /// Pulls by a tag or a digest.
    pub fn pull(&self, name: &str, reference: &str) -> Pulled {
        self.authorize(name);
        let answer = self.ask("GET", &format!("/v2/{name}/manifests/{reference}"), &Body::None);
        assert_eq!(answer.status, 200, "{}", answer.text());
        // 1.8 verifies by digest only; 1.6 and 1.7 always.
        let payload = Key::verified(&answer.body);
        let told = answer.header("docker-content-digest").expect("a digest").to_owned();
        assert_eq!(told, digest(&payload));
        if reference.contains(':') {
            assert_eq!(told, reference);
        }
        let manifest: Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(manifest["schemaVersion"], 1);
        let (layers, history) = (manifest["fsLayers"].as_array().unwrap(), manifest["history"].as_array().unwrap());
        assert!(!layers.is_empty());
        assert_eq!(layers.len(), history.len());
        let entries: Vec<&str> = history.iter().map(|entry| entry["v1Compatibility"].as_str().unwrap()).collect();
        assert_chained(&entries);
        let fetch = |(layer, v1): (&Value, &&str)| Layer {
            v1: (*v1).to_owned(),
            content: self.fetch(name, layer["blobSum"].as_str().unwrap()),
        };
        Pulled { layers: layers.iter().zip(&entries).rev().map(fetch).collect(), digest: told }
    }

    fn fetch(&self, name: &str, blob: &str) -> Vec<u8> {
        let length = self.stat(name, blob).expect("a layer of the manifest is there");
        let answer = self.ask("GET", &format!("/v2/{name}/blobs/{blob}"), &Body::None);
        assert_eq!((answer.status, answer.body.len()), (200, length));
        assert_eq!(digest(&answer.body), blob, "filesystem layer verification failed for digest");
        answer.body
    }
}

/// What pull_v2.go demands (`fixManifestLayers`): ids of 64 hexadecimal digits, none twice, each entry's parent the one
/// below it, the lowest without one.
fn assert_chained(entries: &[&str]) {
    let entries: Vec<Value> = entries.iter().map(|entry| serde_json::from_str(entry).unwrap()).collect();
    let mut seen = HashSet::new();
    for (at, entry) in entries.iter().enumerate() {
        let id = entry["id"].as_str().unwrap();
        assert!(id.len() == 64 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{id}");
        assert!(seen.insert(id), "{id} is there twice");
        let parent = entry["parent"].as_str().filter(|parent| !parent.is_empty());
        assert_eq!(parent, entries.get(at + 1).map(|below| below["id"].as_str().unwrap()), "invalid parent ID");
    }
}

/// A URL with one more parameter, written anew as Go's `url.Values.Encode` does: sorted by name, escaped.
fn sorted(target: &str, (name, value): (&str, &str)) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut pairs: Vec<String> = query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
    pairs.push(format!("{name}={}", value.replace(':', "%3A")));
    pairs.sort();
    format!("{path}?{}", pairs.join("&"))
}
