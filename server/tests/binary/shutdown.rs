//! The end: polite to uploads in progress, within a limit, and at once when asked twice.

use std::{io::Write as _, net::TcpStream};

use crate::{
    http::{Request, Response},
    server::{Server, command, folder, until},
    storage::{assert_sound, digest, noise},
};

#[test]
fn an_upload_in_progress_is_finished_before_the_end() {
    let root = folder();
    let mut server = Server::start(root.path());
    let content = noise(1, 300_000);
    let (location, mut stream) = server.begin_chunk(content.len());
    stream.write_all(&content[..100_000]).unwrap();

    server.signal("TERM");
    until("no connection is accepted", || !server.accepts());
    stream.write_all(&content[100_000..]).unwrap();
    let response = Response::read(stream).unwrap();
    assert_eq!(response.status, 202);
    assert_eq!(response.header("range"), Some("0-299999"));
    assert_eq!(server.wait().code(), Some(0));
    assert!(server.log().contains("Stopped"), "{}", server.log());
    assert_sound(root.path());

    let server = Server::start(root.path());
    let put = server.ask(&Request::new("PUT", &format!("{location}?digest={}", digest(&content))));
    assert_eq!(put.status, 201, "{}", put.text());
}

#[test]
fn an_upload_that_stands_still_is_cut_at_the_limit() {
    let root = folder();
    let mut server = Server::run(root.path(), command(root.path()).args(["--shutdown-timeout", "0"]));
    let content = noise(2, 300_000);
    let (location, mut stream) = server.begin_chunk(content.len());
    stream.write_all(&content[..100_000]).unwrap();

    server.signal("INT");
    assert_eq!(server.wait().code(), Some(0));
    assert!(server.log().contains("did not finish in time"), "{}", server.log());

    // The upload itself lives on.
    let server = Server::start(root.path());
    assert_eq!(server.get(&location).status, 204);
    assert_sound(root.path());
}

#[test]
fn a_second_signal_ends_at_once() {
    let root = folder();
    let mut server = Server::start(root.path());
    let (_location, _stream) = server.begin_chunk(1000);
    server.signal("TERM");
    until("no connection is accepted", || !server.accepts());
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(1));
    assert_sound(root.path());
}

#[test]
fn an_idle_connection_does_not_hold_up_the_end() {
    let root = folder();
    let mut server = Server::start(root.path());
    let _idle = TcpStream::connect(server.addr).unwrap();
    assert_eq!(server.get("/healthz").status, 200);
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(0));
    assert!(!server.log().contains("did not finish in time"), "{}", server.log());
}
