//! Docker 1.8.3 of 2015 pushes and pulls; what it does is written down in [`client`]. And Docker 1.6 and 1.7, which ask
//! for more: that signatures are right, and that the digest is told.

use serde_json::{Value, json};

use crate::{
    http::Request,
    server::{Server, folder},
    storage::{Stored, assert_sound, digest, noise},
};

mod client;
mod login;
mod presets;
mod trust;

use client::{Docker, Image, Layer};

const EMPTY: &str = "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4";

/// The layer of a step that changed nothing, as every Docker of that time has it.
const EMPTY_LAYER: [u8; 32] = [
    31, 139, 8, 0, 0, 9, 110, 136, 0, 255, 98, 24, 5, 163, 96, 20, 140, 88, 0, 8, 0, 0, 255, 255, 46, 175, 181, 239, 0,
    4, 0, 0,
];

/// An image of three steps, the last of which only sets the command.
fn image(seed: u64) -> Image {
    let contents = [noise(seed, 300_000), noise(seed + 1, 70), EMPTY_LAYER.to_vec()];
    let ids: Vec<String> = (0..3).map(|step| format!("{:064x}", seed * 100 + step)).collect();
    let layer = |(step, content): (usize, Vec<u8>)| {
        let mut v1 = json!({
            "id": ids[step], "created": "2015-10-12T20:17:21.1Z", "architecture": "amd64", "os": "linux",
            "container_config": { "Cmd": ["/bin/sh", "-c", format!("#(nop) step {step}")] },
            "config": { "Cmd": ["/bin/sh"] },
        });
        if let Some(below) = step.checked_sub(1) {
            v1["parent"] = json!(ids[below]);
        }
        Layer { v1: v1.to_string(), content }
    };
    Image { layers: contents.into_iter().enumerate().map(layer).collect() }
}

#[test]
fn an_old_docker_pulls_what_an_old_docker_has_pushed() {
    let root = folder();
    let server = Server::start(root.path());
    let docker = Docker::new(server.addr);
    docker.ping();
    let (first, second) = (image(1), image(2));
    let pushed = docker.push("library/old", "1.0", &first);
    assert_eq!(pushed.uploaded, 3, "nothing was there");
    let pushed_again = docker.push("library/old", "1.0", &first);
    assert_eq!((pushed_again.uploaded, &pushed_again.digest), (0, &pushed.digest), "all was there");
    assert_eq!(docker.push("library/old", "2.0", &second).uploaded, 2, "all but the empty layer");
    assert_eq!(docker.tags("library/old"), ["1.0", "2.0"]);

    // To another repository that has only just begun: the empty layer is there already, and is not sent.
    server.ask(&Request::new("POST", &format!("/v2/other/blobs/uploads/?digest={}", digest(b"x"))).body("x"));
    assert_eq!(docker.push("other", "1.0", &first).uploaded, 2);

    let another = Docker::new(server.addr);
    for (name, tag, image) in
        [("library/old", "1.0", &first), ("library/old", "2.0", &second), ("other", "1.0", &first)]
    {
        assert_eq!(another.pull(name, tag).layers, image.layers, "{name}:{tag}");
    }
    let by_digest = another.pull("library/old", &pushed.digest);
    assert_eq!(by_digest.layers, first.layers);
    assert_sound(root.path());
}

#[test]
fn a_manifest_changed_after_it_was_signed_is_refused() {
    let root = folder();
    let server = Server::start(root.path());
    let docker = Docker::new(server.addr);
    docker.push("a", "t", &image(1));
    let before = Stored::settled(root.path());
    let signed = docker.signed("a", "other", &image(1));
    let changed = String::from_utf8(signed).unwrap().replacen("amd64", "arm64", 1);
    let refused = docker.put_manifest("a", "other", changed.as_bytes());
    assert_eq!((refused.status, refused.oci_code().as_str()), (400, "MANIFEST_UNVERIFIED"));
    assert_eq!(Stored::look(root.path()), before);
}

/// Pushes an image of the present: a config with a history, and layers of which one step made none. Returns the
/// layers and the manifest.
fn push_new(server: &Server, name: &str, types: [&str; 3]) -> (Vec<Vec<u8>>, Vec<u8>) {
    let [manifest_type, config_type, layer_type] = types;
    let layers = vec![noise(7, 100_000), noise(8, 33)];
    let config = json!({
        "architecture": "amd64", "os": "linux", "created": "2026-01-02T03:04:05.67Z",
        "config": { "Cmd": ["/app", "<&>"], "Env": ["PATH=/bin"], "Labels": { "x": "y" } },
        "history": [
            { "created": "2026-01-02T03:04:01Z", "created_by": "COPY base /" },
            { "created": "2026-01-02T03:04:02Z", "created_by": "ENV A=b", "empty_layer": true },
            { "created": "2026-01-02T03:04:03Z", "created_by": "RUN make <all> && \"x\"", "author": "me" },
        ],
        "rootfs": { "type": "layers", "diff_ids": ["sha256:1", "sha256:2"] },
    })
    .to_string();
    let push = |content: &[u8]| {
        let target = format!("/v2/{name}/blobs/uploads/?digest={}", digest(content));
        assert_eq!(server.ask(&Request::new("POST", &target).body(content)).status, 201);
    };
    let descriptor = |kind: &str, content: &[u8]| {
        push(content);
        json!({ "mediaType": kind, "digest": digest(content), "size": content.len() })
    };
    let manifest = json!({
        "schemaVersion": 2, "mediaType": manifest_type, "config": descriptor(config_type, config.as_bytes()),
        "layers": layers.iter().map(|layer| descriptor(layer_type, layer)).collect::<Vec<_>>(),
    });
    let manifest = manifest.to_string().into_bytes();
    put(server, name, "new", manifest_type, &manifest);
    (layers, manifest)
}

fn put(server: &Server, name: &str, reference: &str, kind: &str, manifest: &[u8]) {
    let put = Request::new("PUT", &format!("/v2/{name}/manifests/{reference}")).header("content-type", kind);
    let answer = server.ask(&put.body(manifest));
    assert_eq!(answer.status, 201, "{}", answer.text());
}

const DOCKER: [&str; 3] = [
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.container.image.v1+json",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
];
const OCI: [&str; 3] = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.oci.image.layer.v1.tar+gzip",
];

#[test]
fn an_old_docker_pulls_what_new_clients_have_pushed() {
    let root = folder();
    let server = Server::start(root.path());
    let docker = Docker::new(server.addr);
    for (name, types, list) in [
        ("from/docker", DOCKER, "application/vnd.docker.distribution.manifest.list.v2+json"),
        ("from/oci", OCI, "application/vnd.oci.image.index.v1+json"),
    ] {
        let (layers, manifest) = push_new(&server, name, types);
        let child = |architecture: &str, digest: &str| {
            json!({ "mediaType": types[0], "digest": digest, "size": manifest.len(),
                "platform": { "os": "linux", "architecture": architecture } })
        };
        let index = json!({
            "schemaVersion": 2, "mediaType": list,
            "manifests": [child("arm64", &digest(&manifest)), child("amd64", &digest(&manifest))],
        });
        put(&server, name, "list", list, index.to_string().as_bytes());
        let before = Stored::settled(root.path());
        for tag in ["new", "list"] {
            let pulled = docker.pull(name, tag);
            let contents: Vec<_> = pulled.layers.iter().map(|layer| layer.content.clone()).collect();
            assert_eq!(contents, [layers[0].clone(), EMPTY_LAYER.to_vec(), layers[1].clone()], "{name}:{tag}");
            let entries: Vec<Value> =
                pulled.layers.iter().map(|layer| serde_json::from_str(&layer.v1).unwrap()).collect();
            assert_eq!(entries[2]["config"]["Cmd"], json!(["/app", "<&>"]));
            assert_eq!(entries[2]["created"], "2026-01-02T03:04:05.67Z");
            assert_eq!(entries[0]["container_config"]["Cmd"], json!(["COPY base /"]));
            assert_eq!((&entries[1]["throwaway"], entries[2].get("rootfs")), (&json!(true), None));
            assert_eq!(docker.pull(name, tag).digest, pulled.digest, "a conversion is always the same");
        }
        assert_eq!(Stored::look(root.path()), before, "a pull writes nothing");
        assert_eq!(server.get(&format!("/v2/{name}/manifests/new")).body, manifest, "curl gets what was pushed");
        assert_eq!(server.get(&format!("/v2/{name}/blobs/{EMPTY}")).body, EMPTY_LAYER);
    }
}

#[test]
fn the_signing_key_is_kept() {
    let root = folder();
    let server = Server::start(root.path());
    Docker::new(server.addr).push("a", "t", &image(1));
    let key = |server: &Server| {
        server.get("/v2/a/manifests/t").json()["signatures"][0]["header"]["jwk"]["kid"].as_str().unwrap().to_owned()
    };
    let before = key(&server);
    server.kill();
    assert_eq!(key(&Server::start(root.path())), before);
}
