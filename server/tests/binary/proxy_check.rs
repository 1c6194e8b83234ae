//! The proxy check as a proxy's administrator meets it: what arrived, files to load, and who may send probes.

use std::path::Path;

use crate::{
    http::Request,
    server::{Server, command, folder},
};

/// A server that has its administrator: before, every page leads to the first start.
fn start(root: &Path) -> Server {
    Server::run(root, command(root).env("HUMPBACK_ADMIN_PASSWORD", "correct horse"))
}

#[test]
fn a_configuration_is_loaded_with_the_address_in_it() {
    let root = folder();
    let server = start(root.path());
    let file = server.get("/setup/proxy/nginx.conf?address=registry.example.com&upstream=10.0.0.5:5000");
    assert_eq!(file.status, 200);
    let text = file.text();
    for line in
        ["listen 443 ssl;", "server_name registry.example.com;", "server 10.0.0.5:5000;", "client_max_body_size 0;"]
    {
        assert!(text.contains(line), "{text}");
    }
    let chinese = Request::new("GET", "/setup/proxy/Caddyfile").header("accept-language", "zh-CN,zh;q=0.9");
    assert!(server.ask(&chinese).text().contains("镜像层边收边转发"));
    // Nothing that is not an address gets into a line.
    let injected = server.get("/setup/proxy/nginx.conf?address=a%3B%7D%0Aroot%20/");
    assert_eq!(injected.status, 400);
    assert_eq!(server.get("/setup/proxy/iis.conf").status, 404);
}

#[test]
fn probes_are_for_administrators() {
    let root = folder();
    let server = start(root.path());
    let probe = Request::new("POST", "/api/probe").body(vec![0; 1000]);
    assert_eq!(server.ask(&probe).status, 403);
}
