//! HTTP by hand, because tests must be able to do what no client does: stop in the middle, lie about lengths.

use std::{
    io::{self, BufRead as _, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

use serde_json::Value;

use crate::server::PATIENCE;

/// A request, not sent yet.
#[derive(Clone)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn new(method: &str, target: &str) -> Self {
        Self { method: method.into(), target: target.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.into(), value.to_string()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it whole and reads the answer.
    pub fn send(&self, addr: SocketAddr) -> Response {
        let mut connection = self.open(addr).unwrap();
        // An answer may come before the body is taken in, and the rest be refused.
        let _ = connection.write_all(&self.body);
        Response::read(connection).unwrap()
    }

    /// Sends all but the body.
    pub fn open(&self, addr: SocketAddr) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut head = format!("{} {} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !self.headers.iter().any(|(name, _)| name == "accept") {
            // As curl and every client of our time: what sends no Accept is Docker before 1.10.
            head += "accept: */*\r\n";
        }
        let framed = ["content-length", "transfer-encoding"];
        if !self.headers.iter().any(|(name, _)| framed.contains(&name.as_str())) {
            head += &format!("content-length: {}\r\n", self.body.len());
        }
        head += "\r\n";
        stream.write_all(head.as_bytes())?;
        Ok(stream)
    }
}

/// An answer with its whole body.
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// Reads an answer to its end.
    pub fn read(stream: impl Read) -> io::Result<Self> {
        let mut reader = BufReader::new(stream);
        let mut response = Self::read_head(&mut reader)?;
        while response.status == 100 {
            response = Self::read_head(&mut reader)?;
        }
        match response.header("content-length") {
            // The server may leave the connection to the client.
            Some(length) => {
                let length = length.parse().map_err(io::Error::other)?;
                let read = reader.take(length).read_to_end(&mut response.body);
                // The answer to HEAD has a length and no body.
                read.or_else(|error| if response.body.is_empty() { Ok(0) } else { Err(error) })?;
            }
            None => {
                let mut raw = Vec::new();
                reader.read_to_end(&mut raw)?;
                let chunked = response.header("transfer-encoding") == Some("chunked");
                response.body = if chunked { unchunk(&raw)? } else { raw };
            }
        }
        Ok(response)
    }

    /// Reads an answer up to the empty line.
    pub fn read_head(reader: &mut impl io::BufRead) -> io::Result<Self> {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no status line: {line:?}")))?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Ok(Self { status, headers, body: Vec::new() })
    }

    /// A header's value; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// `Location` without the scheme and the host, as the next request's target.
    pub fn location(&self) -> String {
        let location = self.header("location").expect("a Location");
        let path = location.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
        path.map_or_else(|| location.to_owned(), |(_, path)| format!("/{path}"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The only code in an OCI error body; its message must say something.
    pub fn oci_code(&self) -> String {
        let body = self.json();
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("no errors in {body}"));
        assert_eq!(errors.len(), 1, "{body}");
        assert!(errors[0]["message"].as_str().is_some_and(|message| message.len() > 10), "{body}");
        errors[0]["code"].as_str().unwrap().to_owned()
    }
}

fn unchunk(mut raw: &[u8]) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        raw.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
        if length == 0 {
            return Ok(body);
        }
        let (chunk, rest) = raw.split_at_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
        body.extend_from_slice(chunk);
        raw = rest.get(2..).ok_or(io::ErrorKind::UnexpectedEof)?;
    }
}
