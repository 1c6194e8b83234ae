//! Configured as Distribution's registry is: by its file and its variables.

use std::{fs, path::Path, process::Command};

use crate::{
    command_line::run,
    http::Request,
    server::{Server, folder},
};

/// `serve <file>` with `text` in the file, which begins at line 4, on a free port and with the data in `root`.
fn command(root: &Path, text: &str) -> Command {
    let file = root.with_extension("yml");
    let data = root.join("data");
    let head = format!("version: 0.1\nstorage: {{filesystem: {{rootdirectory: {}}}}}\n\n", data.display());
    fs::write(&file, head + text).unwrap();
    let mut command = binary();
    command.arg("serve").arg(file);
    command
}

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_humpback-registry"));
    command.env("REGISTRY_CONFIGURATION_PATH", "");
    command
}

#[test]
fn a_file_of_distributions_is_served() {
    let root = folder();
    let text = "log: {level: debug, formatter: text, fields: {service: registry}, hooks: [{type: mail}]}\n\
        http:\n  addr: 127.0.0.1:0\n  headers: {X-Content-Type-Options: [nosniff], X-Two: [one, two]}\n  prefix: /images/\n\
        health: {storagedriver: {enabled: true}}\nxyzzy: 1\n";
    let server = Server::run(root.path(), &mut command(root.path(), text));
    assert!(root.path().join("data/humpback/humpback.db").exists());
    let answer = server.get("/images/v2/");
    assert_eq!((answer.status, answer.header("x-content-type-options")), (200, Some("nosniff")));
    let twice = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-two")).count();
    assert_eq!(twice, 2, "{:?}", answer.headers);
    assert_eq!(server.get("/healthz").header("x-content-type-options"), None, "only the API's answers have them");
    let log = server.log();
    assert!(log.contains("service=registry"), "{log}");
    let warnings: Vec<_> = log.lines().filter(|line| line.contains("Without effect here")).collect();
    assert_eq!(warnings.len(), 1, "{log}");
    for told in ["log.hooks: the registry sends no mail", "xyzzy: there is no such key"] {
        assert!(warnings[0].contains(told), "{log}");
    }
}

#[test]
fn variables_and_options_count_before_the_file() {
    let root = folder();
    let mut command = command(root.path(), "http: {addr: '127.0.0.1:1', relativeurls: true}\n");
    command
        .env("REGISTRY_HTTP_ADDR", "127.0.0.1:2")
        .env("HUMPBACK_ADDR", "127.0.0.1:3")
        .args(["--addr", "127.0.0.1:0"]);
    command.env("REGISTRY_STORAGE_DELETE_ENABLED", "true");
    let server = Server::run(root.path(), &mut command);
    let started = server.ask(&Request::new("POST", "/v2/team/app/blobs/uploads/"));
    assert!(started.header("location").unwrap().starts_with("/v2/team/app/blobs/uploads/"), "relative URLs");
    let nothing = format!("/v2/team/app/blobs/sha256:{}", "0".repeat(64));
    assert_eq!(server.ask(&Request::new("DELETE", &nothing)).status, 404, "deleting is allowed, but there is nothing");
}

#[test]
fn what_is_wrong_is_told_line_by_line_and_nothing_is_started() {
    let root = folder();
    let text = "http: {addr: '127.0.0.1:0', tls: {certificate: /nonexistent/cert.pem, key: /nonexistent/key.pem}}\n";
    let (code, told) = run(&mut command(root.path(), text));
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains(".yml:4:"), "{told}");
    assert!(told.contains("http.tls.certificate: /nonexistent/cert.pem: there is no such file."), "{told}");
    assert!(!root.path().join("data").exists(), "no folder is made");

    let text =
        "storage_: {}\nproxy: {remoteurl: 'https://registry-1.docker.io'}\nhttp: {addr: 5000, draintimeout: 60}\n";
    let (code, told) = run(command(root.path(), text).env("REGISTRY_STORAGE_DELETE_ENABLED", "maybe"));
    assert_eq!(code, Some(2), "{told}");
    let file = root.path().with_extension("yml");
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), 4, "{told}");
    for (line, start) in lines.iter().zip([
        format!("error: {}:5:1: proxy: this registry is no cache", file.display()),
        format!("error: {}:6:14: http.addr: expected an address with a port, found `5000`.", file.display()),
        format!("error: {}:6:20: http.draintimeout: expected a duration, found `60`.", file.display()),
        "error: REGISTRY_STORAGE_DELETE_ENABLED: storage.delete.enabled: expected true or false, found `maybe`."
            .to_owned(),
    ]) {
        assert!(line.starts_with(&start), "{line}\n{start}");
    }
    assert!(!root.path().join("data").exists(), "no folder is made");
}

#[test]
fn an_htpasswd_file_keeps_strangers_out() {
    let root = folder();
    let users = root.path().join("users");
    // The password is "secret", hashed at the lowest cost.
    fs::write(&users, format!("docker:{}\n", bcrypt::hash("secret", 4).unwrap())).unwrap();
    let text =
        format!("http: {{addr: '127.0.0.1:0'}}\nauth: {{htpasswd: {{realm: Here, path: {}}}}}\n", users.display());
    let server = Server::run(root.path(), &mut command(root.path(), &text));
    let refused = server.get("/v2/");
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Basic realm=\"Here\"")));
    let admitted = server.ask(&Request::new("GET", "/v2/").header("authorization", "Basic ZG9ja2VyOnNlY3JldA=="));
    assert_eq!(admitted.status, 200);
}

#[test]
fn a_registry_that_only_reads_refuses_what_changes_it() {
    let root = folder();
    let text = "http: {addr: '127.0.0.1:0'}\n";
    let mut read_only = command(root.path(), text);
    read_only
        .env("REGISTRY_STORAGE_MAINTENANCE_READONLY", "{\"enabled\":true}")
        .env("REGISTRY_STORAGE_DELETE_ENABLED", "true");
    let server = Server::run(root.path(), &mut read_only);
    let digest = format!("sha256:{}", "0".repeat(64));
    for (method, target) in [
        ("POST", "/v2/team/app/blobs/uploads/".to_owned()),
        ("PATCH", "/v2/team/app/blobs/uploads/00000000-0000-4000-8000-000000000000".to_owned()),
        ("PUT", "/v2/team/app/manifests/latest".to_owned()),
        ("DELETE", "/v2/team/app/manifests/latest".to_owned()),
        ("DELETE", format!("/v2/team/app/blobs/{digest}")),
    ] {
        let refused = server.ask(&Request::new(method, &target));
        assert_eq!((refused.status, refused.oci_code().as_str()), (405, "UNSUPPORTED"), "{method} {target}");
    }
    assert_eq!(server.get("/v2/_catalog").status, 200);
}

#[test]
fn lists_are_as_long_as_the_file_allows() {
    let root = folder();
    let text = "http: {addr: '127.0.0.1:0'}\ncatalog: {maxentries: 2}\n";
    let server = Server::run(root.path(), &mut command(root.path(), text));
    for name in ["a", "b", "c"] {
        let media_type = "application/vnd.oci.image.index.v1+json";
        let index = format!(r#"{{"schemaVersion":2,"mediaType":"{media_type}","manifests":[]}}"#);
        let push = Request::new("PUT", &format!("/v2/{name}/manifests/latest")).header("content-type", media_type);
        assert_eq!(server.ask(&push.body(index)).status, 201);
    }
    for query in ["", "?n=50"] {
        let list = server.get(&format!("/v2/_catalog{query}"));
        assert_eq!(list.text(), r#"{"repositories":["a","b"]}"#);
        assert!(list.header("link").is_some_and(|link| link.contains("last=b")), "{:?}", list.headers);
    }
}

#[test]
fn config_check_explains_and_ends_with_2_if_the_server_would() {
    let root = folder();
    let file = root.path().join("config.yml");
    let check = |text: &str, more: &[&str]| {
        fs::write(&file, text).unwrap();
        run(binary().args(["config", "check"]).arg(&file).args(more))
    };
    let (code, told) = check("version: 0.1\nstorage:\n  delete: {enabled: yes}\nredis: {password: secret}\n", &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("storage.delete.enabled: yes") && told.contains("The server starts with this file."),
        "{told}"
    );
    assert!(!told.contains("secret"), "{told}");

    let (code, told) = check("version: 0.1\nstorage: {s3: {secretkey: secret}}\n", &["--json"]);
    assert_eq!(code, Some(2), "{told}");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["starts"], false);
    assert_eq!((&told["keys"][1]["key"], &told["keys"][1]["verdict"]), (&"storage.s3".into(), &"refused".into()));
    assert_eq!(told["keys"][1]["origin"]["line"], 2);
    assert!(!told.to_string().contains("\"secret\""), "{told}");

    let (code, told) = run(binary().args(["config", "check", "/nonexistent.yml"]));
    assert_eq!(code, Some(2), "{told}");
}

#[test]
fn config_show_tells_each_value_with_its_origin() {
    let root = folder();
    let file = root.path().join("config.yml");
    fs::write(&file, "version: 0.1\nhttp: {addr: ':1', secret: s3cret}\n").unwrap();
    let show = |more: &[&str]| {
        let mut command = binary();
        command.args(["config", "show"]).arg(&file).args(["--root", "/srv"]).args(more);
        run(command.env("REGISTRY_LOG_LEVEL", "debug").env("HUMPBACK_SPARSE", "true"))
    };
    let (code, told) = show(&["--json"]);
    assert_eq!(code, Some(0), "{told}");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let origin = |key: &str| {
        let values = told["values"].as_array().unwrap();
        let value = values.iter().find(|value| value["key"] == key).unwrap_or_else(|| panic!("{key} is missing"));
        (value["value"].as_str().unwrap().to_owned(), value["origin"].clone())
    };
    assert_eq!(origin("http.addr").1["line"], 2);
    assert_eq!(
        origin("log.level"),
        ("debug".to_owned(), serde_json::json!({ "kind": "variable", "name": "REGISTRY_LOG_LEVEL" }))
    );
    assert_eq!(origin("humpback.sparse").1["name"], "HUMPBACK_SPARSE");
    assert_eq!(origin("storage.filesystem.rootdirectory").1["name"], "--root");
    assert_eq!(origin("storage.delete.enabled"), ("false".to_owned(), serde_json::json!({ "kind": "default" })));

    let (code, told) = show(&[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("http.addr: :1 ") && told.contains("# HUMPBACK_SPARSE"), "{told}");
    assert!(!told.contains("s3cret"), "{told}");
}
