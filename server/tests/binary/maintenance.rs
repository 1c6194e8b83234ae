//! What is done to a data folder besides serving it.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::{
    http::Request,
    server::{Server, folder},
    storage::{digest, query},
};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Runs a command in its form for programs: its exit code and what it said.
fn run(verb: &str, root: &Path, more: &[&str]) -> (Option<i32>, Vec<Value>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_humpback-registry"));
    let output = command.args([verb, "--json", "--root"]).arg(root).args(more).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn push_blob(server: &Server, content: &[u8]) -> String {
    let digest = digest(content);
    let push = Request::new("POST", &format!("/v2/team/app/blobs/uploads/?digest={digest}")).body(content);
    assert_eq!(server.ask(&push).status, 201);
    digest
}

/// Pushes an image of one layer; the layer's digest and the manifest.
fn push(server: &Server) -> (String, String) {
    let config = push_blob(server, b"{}");
    let layer = push_blob(server, b"a layer");
    let described = |kind: &str, digest: &str, size: usize| serde_json::json!({ "mediaType": format!("application/vnd.oci.image.{kind}"), "digest": digest, "size": size });
    let manifest = serde_json::json!({ "schemaVersion": 2, "mediaType": MANIFEST,
        "config": described("config.v1+json", &config, 2), "layers": [described("layer.v1.tar", &layer, 7)] });
    let manifest = manifest.to_string();
    let put = Request::new("PUT", "/v2/team/app/manifests/1.0").header("content-type", MANIFEST);
    assert_eq!(server.ask(&put.body(manifest.as_bytes())).status, 201);
    (layer, manifest)
}

fn stop(mut server: Server) {
    server.signal("TERM");
    assert!(server.wait().success());
}

fn data(root: &Path, digest: &str) -> std::path::PathBuf {
    let hex = digest.strip_prefix("sha256:").unwrap();
    root.join("docker/registry/v2/blobs/sha256").join(&hex[..2]).join(hex).join("data")
}

#[test]
fn a_lost_database_is_built_from_the_tree() {
    let root = folder();
    let server = Server::start(root.path());
    let (_, manifest) = push(&server);
    let (code, _) = run("reindex", root.path(), &[]);
    assert_eq!(code, Some(2), "not while a server is running");
    stop(server);
    let database = root.path().join("humpback/humpback.db");
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{suffix}", database.display()));
    }
    let stray = root.path().join("docker/registry/v2/repositories/team/notes.txt");
    fs::write(&stray, "mine").unwrap();

    let (code, said) = run("reindex", root.path(), &[]);
    assert_eq!(code, Some(0), "{said:?}");
    assert_eq!(said[0]["event"], "problem");
    assert_eq!(said[0]["path"], "docker/registry/v2/repositories/team/notes.txt");
    assert_eq!((&said[1]["event"], &said[1]["repositories"]), (&"summary".into(), &1.into()));
    assert!(stray.exists());
    assert_eq!(query(root.path(), "SELECT name FROM tag"), ["1.0"]);
    let server = Server::start(root.path());
    assert_eq!(server.get("/v2/team/app/manifests/1.0").body, manifest.as_bytes());
}

#[test]
fn what_is_bad_missing_or_unnamed_is_told() {
    let root = folder();
    let server = Server::start(root.path());
    let (layer, _) = push(&server);
    let lost = push_blob(&server, b"to be lost");
    let (code, said) = run("verify", root.path(), &["--rate", "0"]);
    assert_eq!(code, Some(0), "beside a running server: {said:?}");
    stop(server);

    fs::write(data(root.path(), &layer), b"A layer").unwrap();
    fs::remove_file(data(root.path(), &lost)).unwrap();
    let orphan = digest(b"nobody knows it");
    fs::create_dir_all(data(root.path(), &orphan).parent().unwrap()).unwrap();
    fs::write(data(root.path(), &orphan), b"nobody knows it").unwrap();
    let (code, said) = run("verify", root.path(), &["--rate", "1GiB/s"]);
    assert_eq!(code, Some(1), "{said:?}");
    let found = |event: &str| said.iter().find(|line| line["event"] == event).unwrap();
    assert_eq!(found("bad")["digest"], layer);
    assert_eq!(found("bad")["actual"], digest(b"A layer"));
    assert_eq!(found("bad")["repositories"][0], "team/app");
    assert_eq!(found("missing")["digest"], lost);
    assert_eq!(found("orphan")["digest"], orphan);
    let summary = found("summary");
    // The config, the layer, the manifest and the orphan.
    assert_eq!(summary["blobs"], 4);
    assert_eq!((&summary["bad"], &summary["missing"], &summary["orphans"]), (&1.into(), &1.into(), &1.into()));
}

#[test]
fn where_there_is_nothing_the_call_was_wrong() {
    let root = folder();
    for verb in ["reindex", "verify"] {
        let (code, said) = run(verb, root.path(), &[]);
        assert_eq!((code, said.len()), (Some(2), 0), "{verb}");
    }
    let (code, _) = run("verify", root.path(), &["--rate", "fast"]);
    assert_eq!(code, Some(2));
}
