//! `kill -9` in the middle of a push, at every kind of moment. After each: what was acknowledged is there, what was
//! not is gone or can be continued, nothing false is served, and the next push succeeds.

use std::{
    io::{self, Write as _},
    net::TcpStream,
};

use serde_json::json;

use crate::{
    http::{Request, Response},
    server::{Server, folder},
    storage::{assert_sound, digest, noise},
};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const REPOSITORY: &str = "crash/test";

/// When the process dies, within one request of a push.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// Before anything of the request is sent.
    Before,
    /// After this many hundredths of its body.
    Within(usize),
    /// When it is sent whole and the answer may be under way: as much later as that many other requests take.
    Sent(usize),
    /// After its answer.
    Answered,
}

/// One image of two blobs and what the server has promised about it.
struct Push {
    blobs: Vec<Blob>,
    manifest: Vec<u8>,
    tag: String,
    tagged: bool,
}

struct Blob {
    content: Vec<u8>,
    digest: String,
    /// The open upload, as the server named it.
    location: Option<String>,
    /// How many bytes it has acknowledged.
    offset: usize,
    committed: bool,
}

/// The requests of a push, in order: for each blob open, two chunks, end; then the manifest.
const REQUESTS: usize = 9;

impl Push {
    fn new(seed: u64) -> Self {
        let sizes = [40_000, 900_000];
        let blobs: Vec<Blob> = sizes
            .iter()
            .zip(0..)
            .map(|(size, index)| {
                let content = noise(seed * 2 + index, *size);
                Blob { digest: digest(&content), content, location: None, offset: 0, committed: false }
            })
            .collect();
        let descriptor =
            |blob: &Blob, kind| json!({ "mediaType": kind, "digest": blob.digest, "size": blob.content.len() });
        let config = descriptor(&blobs[0], "application/vnd.oci.image.config.v1+json");
        let layers = [descriptor(&blobs[1], "application/vnd.oci.image.layer.v1.tar")];
        let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers });
        Self { blobs, manifest: manifest.to_string().into_bytes(), tag: format!("v{seed}"), tagged: false }
    }

    /// The request number `index`, as a client would send it after all the answers before.
    fn request(&self, index: usize) -> Request {
        let Some(blob) = self.blobs.get(index / 4) else {
            return Request::new("PUT", &format!("/v2/{REPOSITORY}/manifests/{}", self.tag))
                .header("content-type", MANIFEST)
                .body(self.manifest.clone());
        };
        let half = blob.content.len() / 2;
        let location = blob.location.clone().unwrap_or_default();
        match index % 4 {
            0 => Request::new("POST", &format!("/v2/{REPOSITORY}/blobs/uploads/")),
            1 => Request::new("PATCH", &location).body(&blob.content[..half]),
            2 => Request::new("PATCH", &location).body(&blob.content[half..]),
            _ => Request::new("PUT", &format!("{location}?digest={}", blob.digest)),
        }
    }

    /// Takes an answer as the promise that it is.
    fn acknowledge(&mut self, index: usize, response: &Response) {
        let expected = if index % 4 == 3 || index == REQUESTS - 1 { 201 } else { 202 };
        assert_eq!(response.status, expected, "request {index}: {}", response.text());
        let Some(blob) = self.blobs.get_mut(index / 4) else {
            self.tagged = true;
            return;
        };
        match index % 4 {
            3 => blob.committed = true,
            step => {
                blob.location = Some(response.location());
                blob.offset = blob.content.len() * step / 2;
            }
        }
    }

    /// Pushes, and kills the server at that moment of that request.
    fn die(&mut self, server: Server, fatal: usize, moment: Moment) {
        for index in 0..fatal {
            let response = server.ask(&self.request(index));
            self.acknowledge(index, &response);
        }
        let request = self.request(fatal);
        match moment {
            Moment::Before => server.kill(),
            Moment::Within(hundredths) => {
                let mut stream = request.open(server.addr).unwrap();
                stream.write_all(&request.body[..request.body.len() * hundredths / 100]).unwrap();
                server.kill();
            }
            Moment::Sent(requests) => {
                let mut stream = request.open(server.addr).unwrap();
                stream.write_all(&request.body).unwrap();
                for _ in 0..requests {
                    assert_eq!(server.get("/healthz").status, 200);
                }
                server.kill();
                // What came through before the end is a promise as well.
                if let Ok(response) = answer(stream) {
                    self.acknowledge(fatal, &response);
                }
            }
            Moment::Answered => {
                let response = server.ask(&request);
                self.acknowledge(fatal, &response);
                server.kill();
            }
        }
    }

    /// Compares what a new process serves with what the old one promised.
    fn assert_kept(&self, server: &Server) {
        for blob in &self.blobs {
            let response = server.get(&format!("/v2/{REPOSITORY}/blobs/{}", blob.digest));
            match response.status {
                200 => assert!(response.body == blob.content, "{} is served with other bytes", blob.digest),
                404 => assert!(!blob.committed, "{} was acknowledged and is gone", blob.digest),
                status => panic!("{status} for {}", blob.digest),
            }
        }
        let response = server.get(&format!("/v2/{REPOSITORY}/manifests/{}", self.tag));
        match response.status {
            200 => assert_eq!(response.body, self.manifest),
            404 => assert!(!self.tagged, "{} was acknowledged and is gone", self.tag),
            status => panic!("{status} for {}", self.tag),
        }
        let tags = server.get(&format!("/v2/{REPOSITORY}/tags/list")).text();
        assert_eq!(tags.contains(&format!("\"{}\"", self.tag)), response.status == 200, "{tags}");
    }

    /// Goes on where the promises end: uploads from where they stand, blobs that are there not again.
    fn complete(&mut self, server: &Server) {
        for blob in &mut self.blobs {
            let path = format!("/v2/{REPOSITORY}/blobs/{}", blob.digest);
            if server.ask(&Request::new("HEAD", &path)).status == 200 {
                continue;
            }
            let location = match &blob.location {
                Some(location) => {
                    let status = server.get(location);
                    assert_eq!(status.status, 204, "an acknowledged upload is gone");
                    let range = status.header("range").unwrap();
                    let last: usize = range.strip_prefix("0-").unwrap().parse().unwrap();
                    // An empty upload and one of a single byte look the same; ours have none or many.
                    let offset = if last == 0 { 0 } else { last + 1 };
                    assert!(offset >= blob.offset, "{offset} bytes are left of {} acknowledged", blob.offset);
                    blob.offset = offset;
                    location.clone()
                }
                None => {
                    blob.offset = 0;
                    server.ask(&Request::new("POST", &format!("/v2/{REPOSITORY}/blobs/uploads/"))).location()
                }
            };
            let rest = &blob.content[blob.offset..];
            let put = server.ask(&Request::new("PUT", &format!("{location}?digest={}", blob.digest)).body(rest));
            assert_eq!(put.status, 201, "{}", put.text());
            blob.committed = true;
        }
        let put = server.ask(&self.request(REQUESTS - 1));
        assert_eq!(put.status, 201, "{}", put.text());
        self.tagged = true;
    }
}

/// The answer, if the connection still brings one.
fn answer(stream: TcpStream) -> io::Result<Response> {
    Response::read(stream)
}

/// Every moment of every request at which something else could be lost.
fn points() -> Vec<(usize, Moment)> {
    let mut points = Vec::new();
    for index in 0..REQUESTS {
        points.push((index, Moment::Before));
        if !matches!(index, 0 | 3 | 4 | 7) {
            points.extend([1, 50, 99].map(|hundredths| (index, Moment::Within(hundredths))));
        }
        points.extend([0, 1, 3].map(|requests| (index, Moment::Sent(requests))));
        points.push((index, Moment::Answered));
    }
    points
}

#[test]
fn a_killed_server_keeps_its_promises() {
    let root = folder();
    let points = points();
    assert!(points.len() >= 25, "{} points", points.len());
    let mut pushes: Vec<Push> = Vec::new();
    let mut server = Server::start(root.path());
    for (seed, (fatal, moment)) in (1..).zip(points) {
        eprintln!("killed in request {fatal}: {moment:?}");
        let mut push = Push::new(seed);
        push.die(server, fatal, moment);
        assert_sound(root.path());
        server = Server::start(root.path());
        push.assert_kept(&server);
        push.complete(&server);
        push.assert_kept(&server);
        pushes.push(push);
    }
    // Later crashes have not touched what was pushed before.
    for push in &pushes {
        push.assert_kept(&server);
    }
    assert_sound(root.path());
}
