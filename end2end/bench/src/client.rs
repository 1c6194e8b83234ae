//! One connection to a registry, and the few requests that the work is made of.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, LOCATION};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use sha2::{Digest, Sha256};
use tokio::net::TcpStream;

use crate::Result;

pub const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// An answer, its body read and counted.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub length: usize,
}

/// A connection that is kept.
pub struct Client {
    address: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

pub fn digest(content: &[u8]) -> String {
    let hex: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Result<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Client { address, sender })
    }

    pub async fn send(&mut self, method: Method, path: &str, media_type: &str, body: Bytes) -> Result<Answer> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.address.to_string())
            .header("accept", MANIFEST)
            .header(CONTENT_TYPE, media_type)
            .body(Full::new(body))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let (head, mut body) = answer.into_parts();
        let mut length = 0;
        while let Some(frame) = body.frame().await {
            length += frame?.data_ref().map_or(0, Bytes::len);
        }
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, length })
    }

    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, "", Bytes::new()).await
    }

    /// Pushes a blob as docker does, by a session and one PUT.
    pub async fn push_blob(&mut self, repository: &str, content: Bytes, digest: &str) -> Result<()> {
        let path = format!("/v2/{repository}/blobs/uploads/");
        let begun = self.send(Method::POST, &path, "", Bytes::new()).await?;
        expect(&begun, 202, &path)?;
        let location = begun.headers.get(LOCATION).ok_or("no Location")?.to_str()?;
        let start = location.find("/v2/").ok_or("a Location outside of /v2/")?;
        let joint = if location.contains('?') { '&' } else { '?' };
        let path = format!("{}{joint}digest={digest}", &location[start..]);
        let done = self.send(Method::PUT, &path, "application/octet-stream", content).await?;
        expect(&done, 201, &path)
    }

    pub async fn put_manifest(&mut self, repository: &str, tag: &str, content: Bytes) -> Result<()> {
        let path = format!("/v2/{repository}/manifests/{tag}");
        let answer = self.send(Method::PUT, &path, MANIFEST, content).await?;
        expect(&answer, 201, &path)
    }

    pub async fn mount(&mut self, repository: &str, from: &str, digest: &str) -> Result<()> {
        let path = format!("/v2/{repository}/blobs/uploads/?mount={digest}&from={from}");
        let answer = self.send(Method::POST, &path, "", Bytes::new()).await?;
        expect(&answer, 201, &path)
    }
}

pub fn expect(answer: &Answer, status: u16, path: &str) -> Result<()> {
    if answer.status == status { Ok(()) } else { Err(format!("{path} answered {}", answer.status).into()) }
}
