//! The process behind a reverse proxy: whom it believes, where it sends clients, what it writes down, and what pages of
//! other origins may do.

use crate::{
    http::Request,
    server::{Server, command, folder, until},
};

const UPLOADS: &str = "/v2/team/app/blobs/uploads/";

fn start(arguments: &[&str]) -> (tempfile::TempDir, Server) {
    let root = folder();
    let server = Server::run(root.path(), command(root.path()).args(arguments));
    (root, server)
}

/// As nginx sends it.
fn forwarded(target: &str) -> Request {
    Request::new("POST", target)
        .header("x-forwarded-for", "198.51.100.1, 203.0.113.7")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-host", "hub.example")
}

/// What stands in front of the path of the API in an upload's `Location`.
fn base(server: &Server, request: &Request) -> String {
    let response = server.ask(request);
    assert_eq!(response.status, 202, "{}", response.text());
    response.header("location").unwrap().split(UPLOADS).next().unwrap().to_owned()
}

#[test]
fn a_proxy_on_this_machine_is_believed_unless_it_was_forbidden() {
    let (_root, server) = start(&[]);
    assert_eq!(base(&server, &forwarded(UPLOADS)), "https://hub.example");
    assert_eq!(base(&server, &Request::new("POST", UPLOADS)), format!("http://{}", server.addr));
    until("the request is logged", || server.log().contains("client=203.0.113.7"));

    let (_root, server) = start(&["--trusted-proxy", "none"]);
    assert_eq!(base(&server, &forwarded(UPLOADS)), format!("http://{}", server.addr));
    until("the request is logged", || server.log().contains("client=127.0.0.1"));
    assert!(!server.log().contains("203.0.113.7"));
}

#[test]
fn clients_are_sent_where_the_options_say() {
    let (_root, server) = start(&["--external-url", "https://fixed.example/registry/"]);
    assert_eq!(base(&server, &forwarded(UPLOADS)), "https://fixed.example/registry");

    let (_root, server) = start(&["--relative-urls"]);
    assert_eq!(base(&server, &forwarded(UPLOADS)), "");

    let (_root, server) = start(&["--prefix", "/registry/"]);
    assert_eq!(base(&server, &forwarded(&format!("/registry{UPLOADS}"))), "https://hub.example/registry");
    assert_eq!(server.get("/registry/v2/").status, 200);
    // The rest of the port stays where it was.
    assert_eq!(server.get("/v2/").status, 200);
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.get("/first-start").status, 200);
}

#[test]
fn a_preflight_needs_no_credentials() {
    let (_root, server) = start(&["--cors-origin", "http://humpback.example:8000"]);
    let preflight = |origin: &str| {
        let request = Request::new("OPTIONS", "/v2/team/app/manifests/latest").header("origin", origin);
        let request = request.header("access-control-request-method", "DELETE");
        server.ask(&request.header("access-control-request-headers", "authorization"))
    };
    let known = preflight("http://humpback.example:8000");
    assert_eq!(known.status, 200);
    assert_eq!(known.header("access-control-allow-origin"), Some("http://humpback.example:8000"));
    assert!(known.header("access-control-allow-methods").is_some_and(|methods| methods.contains("DELETE")));
    assert!(known.header("access-control-allow-headers").is_some_and(|headers| headers.contains("authorization")));
    assert_eq!(preflight("http://evil.example").header("access-control-allow-origin"), None);
    // The call itself still needs them, and the page may read why it was refused.
    let delete =
        Request::new("DELETE", "/v2/team/app/manifests/latest").header("origin", "http://humpback.example:8000");
    let refused = server.ask(&delete);
    assert_eq!((refused.status, refused.oci_code().as_str()), (401, "UNAUTHORIZED"));
    assert_eq!(refused.header("access-control-allow-origin"), Some("http://humpback.example:8000"));
    let exposed = refused.header("access-control-expose-headers").unwrap();
    assert!(["www-authenticate", "warning", "retry-after"].iter().all(|name| exposed.contains(name)), "{exposed}");
}

#[test]
fn no_path_leads_to_a_file_of_the_machine() {
    let (root, server) = start(&[]);
    std::fs::write(root.path().join("humpback/secret"), "what nobody may read").unwrap();
    for folder in ["", "/pkg", "/v2", "/v2/a/blobs", "/api", "/registry"] {
        for up in [
            "/../../../../../../../../..",
            "/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..",
            "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e",
            "/",
        ] {
            for file in
                ["/etc/passwd", "/humpback/secret", "/humpback/humpback.db", "%2fetc%2fpasswd%00", "\\etc\\passwd"]
            {
                let response = server.get(&format!("{folder}{up}{file}"));
                let text = response.text();
                assert!(!text.contains("root:x:0") && !text.contains("what nobody may read"), "{folder}{up}{file}");
                assert!(!text.contains("SQLite format 3") && response.status < 500, "{folder}{up}{file}");
            }
        }
    }
}
