//! The proxy check as a proxy's administrator meets it: what arrived, files to load, and who may send probes.

use std::{io::Write as _, path::Path};

use crate::{
    http::{Request, Response},
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
    for method in ["GET", "POST"] {
        assert_eq!(server.ask(&Request::new(method, "/api/probe/7")).status, 403, "{method}");
    }
}

#[test]
fn a_probe_is_held_until_it_is_let_go_on() {
    let root = folder();
    let server = start(root.path());
    let form = Request::new("POST", "/api/sign_in")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("user_name=admin&password=correct+horse&return_to=");
    let cookie = server.ask(&form).header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let origin = format!("http://{}", server.addr);
    let request = |method, path| Request::new(method, path).header("cookie", &cookie).header("origin", &origin);
    assert_eq!(server.ask(&request("GET", "/api/probe/7")).status, 204);
    let probe = request("POST", "/api/probe?hold=7").body(vec![0; 1000]);
    let mut held = probe.open(server.addr).unwrap();
    held.write_all(&probe.body).unwrap();
    while server.ask(&request("GET", "/api/probe/7")).status != 200 {}
    // Who lets another one go on leaves it alone.
    assert_eq!(server.ask(&request("POST", "/api/probe/8")).status, 204);
    assert_eq!(server.ask(&request("GET", "/api/probe/7")).status, 200);
    assert_eq!(server.ask(&request("POST", "/api/probe/7")).status, 204);
    let answer = Response::read(held).unwrap();
    assert_eq!((answer.status, answer.json()["received"].as_u64()), (200, Some(1000)));
    assert_eq!(server.ask(&request("GET", "/api/probe/7")).status, 204);
}
