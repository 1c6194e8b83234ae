//! What the console is told live of clients that reach the registry, and that telling ends when the process does.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
};

use crate::{
    http::Request,
    server::{PATIENCE, Server, command, folder},
};

/// The feed as a browser opens it. Returns once the server listens.
fn listen(server: &Server) -> BufReader<TcpStream> {
    let mut feed = BufReader::new(Request::new("GET", "/api/visits").open(server.addr).unwrap());
    feed.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
    let head = until(&mut feed, "\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    assert!(head.contains("x-accel-buffering: no"), "{head}");
    assert!(until(&mut feed, "\n\n").contains(": listening"));
    feed
}

/// Reads up to and with `end`.
fn until(feed: &mut BufReader<TcpStream>, end: &str) -> String {
    let mut read = String::new();
    while !read.ends_with(end) {
        let mut byte = [0];
        feed.read_exact(&mut byte).unwrap();
        read.push(char::from(byte[0]));
    }
    read
}

#[test]
fn a_client_is_seen_live() {
    let root = folder();
    let server = Server::start(root.path());
    let mut feed = listen(&server);
    let agent = "docker/24.0.5 go/go1.20.6 os/linux arch/amd64";
    assert_eq!(server.ask(&Request::new("GET", "/v2/").header("user-agent", agent)).status, 200);
    let event = until(&mut feed, "\n\n");
    assert!(event.contains("id: 1"), "{event}");
    assert!(event.contains(r#""program":"Docker","version":"24.0.5","os":"linux","architecture":"amd64""#), "{event}");
    assert!(event.contains(r#""deed":"Reached""#), "{event}");
    // The reader is not signed in: he learns that it came from his own address, and not which that is.
    assert!(event.contains(r#""origin":"Own""#) && !event.contains("127.0.0.1"), "{event}");

    // Whoever lost the feed is told what he missed.
    let again = Request::new("GET", "/api/visits").header("last-event-id", "0").open(server.addr).unwrap();
    let mut again = BufReader::new(again);
    assert!(until(&mut again, "\"deed\":\"Reached\"").contains("24.0.5"));
}

#[test]
fn tls_on_the_plain_port_is_told_and_answered_with_http() {
    let root = folder();
    let server = Server::start(root.path());
    let mut feed = listen(&server);
    let mut client = TcpStream::connect(server.addr).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    // The head of a TLS 1.3 ClientHello: record, handshake, version.
    client.write_all(b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03hello hello hello hello hello").unwrap();
    let mut answer = String::new();
    BufReader::new(client).read_line(&mut answer).unwrap();
    // Go's TLS client knows these five letters: "server gave HTTP response to HTTPS client".
    assert_eq!(answer.trim_end(), "HTTP/1.1 400 Bad Request");
    let event = until(&mut feed, "\n\n");
    assert!(event.contains("TlsOnPlainPort"), "{event}");
}

#[test]
fn an_open_feed_does_not_hold_up_the_end() {
    let root = folder();
    let mut server = Server::start(root.path());
    let mut feed = listen(&server);
    server.signal("TERM");
    assert!(server.wait().success());
    let mut rest = String::new();
    feed.read_to_string(&mut rest).unwrap();
    assert!(!server.log().contains("were cut"), "{}", server.log());
}

#[test]
fn an_administrator_is_told_from_where_and_for_which_image() {
    let root = folder();
    let server = Server::run(root.path(), command(root.path()).env("HUMPBACK_ADMIN_PASSWORD", "correct horse"));
    let form = Request::new("POST", "/api/sign_in")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("user_name=admin&password=correct+horse&return_to=");
    let answer = server.ask(&form);
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let feed = Request::new("GET", "/api/visits").header("cookie", &cookie).open(server.addr).unwrap();
    let mut feed = BufReader::new(feed);
    until(&mut feed, "\n\n");
    server.get("/v2/team/secret/manifests/1.0");
    let event = until(&mut feed, "\n\n");
    assert!(event.contains(r#""origin":{"Address":"127.0.0.1"}"#), "{event}");
    assert!(event.contains("ManifestUnknown") && event.contains("team/secret:1.0"), "{event}");

    // The same account may send probes, which are counted and forgotten.
    let probe = Request::new("POST", "/api/probe")
        .header("cookie", &cookie)
        .header("origin", format!("http://{}", server.addr))
        .body(vec![0; 3_000_000]);
    let answer = server.ask(&probe);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["received"], 3_000_000);
}
