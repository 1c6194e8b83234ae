//! What watches the process: the debug listener, the verb that container engines call, and access by a file of users.

use std::{fs, process::Command};

use crate::{
    command_line::run,
    http::Request,
    server::{Server, folder, until},
};

/// A server by a configuration file, with a second port; the port and the file.
fn start(root: &std::path::Path, more: &str) -> (Server, std::net::SocketAddr, std::path::PathBuf) {
    let watchers = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let file = root.join("config.yml");
    let text = format!(
        "version: 0.1\nstorage:\n  filesystem: {{rootdirectory: {}}}\nhttp:\n  addr: 127.0.0.1:0\n  \
         debug: {{addr: \"{watchers}\", prometheus: {{enabled: true, path: /numbers}}}}\n{more}",
        root.join("data").display()
    );
    fs::write(&file, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_humpback-registry"));
    let server = Server::run(root, command.arg("serve").arg(&file));
    (server, watchers, file)
}

#[test]
fn a_failing_check_is_told_and_stops_the_api() {
    let root = folder();
    let flag = root.path().join("maintenance");
    let more = format!("health: {{file: [{{file: {}, interval: 100ms}}]}}\n", flag.display());
    let (server, watchers, _) = start(root.path(), &more);
    let health = || Request::new("GET", "/debug/health").send(watchers);
    let becomes = |wanted: u16| until("the check is made", || health().status == wanted);
    becomes(200);
    assert_eq!(health().text(), "{}");
    assert_eq!(server.get("/v2/").status, 200);
    fs::write(&flag, "").unwrap();
    becomes(503);
    assert_eq!(health().text(), format!("{{\"{}\":\"file exists\"}}", flag.display()));
    assert_eq!(server.get("/v2/").status, 503);
    fs::remove_file(&flag).unwrap();
    becomes(200);
    assert_eq!(server.get("/v2/").status, 200);
}

#[test]
fn requests_are_counted() {
    let root = folder();
    let (server, watchers, _) = start(root.path(), "");
    server.get("/v2/");
    server.get("/v2/_catalog");
    let metrics = Request::new("GET", "/numbers").send(watchers).text();
    for line in [
        "humpback_http_requests_total{method=\"GET\",route=\"version\",status=\"200\"} 1",
        "humpback_http_requests_total{method=\"GET\",route=\"catalog\",status=\"200\"} 1",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is not in\n{metrics}");
    }
    assert_eq!(server.get("/numbers").status, 404, "not at the port that everyone reaches");
}

#[test]
fn a_file_of_users_that_is_not_there_is_made_and_asked_for() {
    let root = folder();
    let users = root.path().join("users/htpasswd");
    let more = format!("auth: {{htpasswd: {{realm: Test, path: {}}}}}\n", users.display());
    let (server, ..) = start(root.path(), &more);
    assert!(fs::read_to_string(users).unwrap().starts_with("docker:$2b$"));
    let refused = server.get("/v2/");
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Basic realm=\"Test\"")));
    assert_eq!(refused.header("docker-distribution-api-version"), Some("registry/2.0"));
}

#[test]
fn the_verb_health_asks_the_server_of_these_settings() {
    let root = folder();
    let server = Server::start(root.path());
    let mut ask = Command::new(env!("CARGO_BIN_EXE_humpback-registry"));
    ask.env("REGISTRY_CONFIGURATION_PATH", "").args(["health", "--addr", &server.addr.to_string()]);
    assert_eq!(run(&mut ask), (Some(0), String::new()));
    server.kill();
    let (code, said) = run(&mut ask);
    assert_eq!(code, Some(1));
    assert!(said.starts_with("not ready: 127.0.0.1:"), "{said}");
}

#[test]
fn completions_and_the_manual_name_the_verbs() {
    for (arguments, text) in [
        (&["completions", "bash"][..], "complete -F"),
        (&["completions", "zsh"], "#compdef humpback-registry"),
        (&["completions", "fish"], "complete -c humpback-registry"),
        (&["man"], ".TH humpback-registry 1"),
    ] {
        let (code, said) = run(Command::new(env!("CARGO_BIN_EXE_humpback-registry")).args(arguments));
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(text) && said.contains("serve"), "{arguments:?}: {said}");
    }
    let root = folder();
    let (code, _) = run(Command::new(env!("CARGO_BIN_EXE_humpback-registry")).arg("man").arg(root.path()));
    assert_eq!(code, Some(0));
    assert!(root.path().join("humpback-registry-serve.1").exists());
}
