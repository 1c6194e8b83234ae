//! The log and the health checks: what those who watch the process read.

use std::{
    fs::{self, File},
    process::Stdio,
};

use serde_json::Value;

use crate::{
    http::Request,
    server::{Server, command, folder, until},
};

#[test]
fn each_line_of_a_request_has_its_id_and_no_secret() {
    let root = folder();
    let server = Server::start(root.path());
    let ask = Request::new("GET", "/v2/_catalog?n=5&token=secret").header("x-request-id", "build-42");
    let response = server.ask(&ask.header("authorization", "Basic c2VjcmV0OnNlY3JldA=="));
    assert_eq!(response.status, 200);
    assert_eq!(response.header("x-request-id"), Some("build-42"));

    until("the request is logged", || server.log().contains("GET /v2/_catalog 200"));
    let log = server.log();
    let line = log.lines().find(|line| line.contains("build-42")).unwrap();
    for field in ["status=200", "sent_bytes=19", "duration_ms=", "client=127.0.0.1", "peer=127.0.0.1:", "complete=true"]
    {
        assert!(line.contains(field), "{field} is missing in {line}");
    }
    assert!(!log.contains("secret") && !log.contains("c2VjcmV0"), "{log}");
}

#[test]
fn health_is_answered_and_not_logged() {
    let root = folder();
    let server = Server::start(root.path());
    assert_eq!(server.get("/healthz").json()["status"], "alive");
    assert_eq!(server.get("/readyz").json()["status"], "ready");
    assert_eq!(server.get("/v2/").status, 200);
    until("the other request is logged", || server.log().contains("GET /v2/ 200"));
    assert!(!server.log().contains("healthz") && !server.log().contains("readyz"), "{}", server.log());
}

#[test]
fn a_store_that_can_not_be_written_is_not_ready() {
    let root = folder();
    let server = Server::start(root.path());
    let uploads = root.path().join("humpback/uploads");
    fs::remove_dir(&uploads).unwrap();
    assert_eq!(server.get("/readyz").status, 503);
    assert_eq!(server.get("/healthz").status, 200);
    fs::create_dir(&uploads).unwrap();
    assert_eq!(server.get("/readyz").status, 200);
}

#[test]
fn a_collector_finds_everything_in_json() {
    let root = folder();
    let log = root.path().with_extension("json");
    let mut command = command(root.path());
    command.args(["--log-format", "json"]).stdout(Stdio::piped()).stderr(File::create(&log).unwrap());
    let mut child = command.spawn().unwrap();
    let events = || -> Vec<Value> {
        let text = fs::read_to_string(&log).unwrap();
        text.split_inclusive('\n')
            .filter(|line| line.ends_with('\n'))
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    };
    until("the server serves", || events().iter().any(|event| event["addr"].is_string()));
    let start = events().into_iter().find(|event| event["addr"].is_string()).unwrap();
    assert!(start["setup_code"].as_str().is_some_and(|code| code.len() == 19), "{start}");
    assert!(start["console_url"].as_str().is_some_and(|url| url.starts_with("http://127.0.0.1:")), "{start}");

    let addr = start["addr"].as_str().unwrap().parse().unwrap();
    let id = Request::new("GET", "/v2/").send(addr).header("x-request-id").unwrap().to_owned();
    until("the request is logged", || events().iter().any(|event| event["span"]["request_id"] == id.as_str()));
    let event = events().into_iter().find(|event| event["span"]["request_id"] == id.as_str()).unwrap();
    assert_eq!(event["status"], 200);
    assert_eq!(event["path"], "/v2/");

    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "", "nothing but JSON comes out");
}
