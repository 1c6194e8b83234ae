//! Manifests: by tag and by digest, complete or refused, deleted.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, StatusCode},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use humpback::{account::UserName, v2};
use serde_json::json;
use time::Duration;

use crate::support::{CONFIG, INDEX, LAYER, MANIFEST, TestRegistry, descriptor, digest, image, index};

const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

#[tokio::test]
async fn a_manifest_comes_back_byte_for_byte_by_tag_and_by_digest() {
    let registry = TestRegistry::open().await;
    let config = registry.push_blob("a", b"{}").await;
    // Spaces and unknown fields are part of the content.
    let content = format!(
        "{{\n  \"schemaVersion\": 2, \"mediaType\": \"{MANIFEST}\",\n  \"config\": {{\"mediaType\": \"{CONFIG}\", \
         \"digest\": \"{config}\", \"size\": 2}},\n  \"layers\": [], \"unknown\": [1, 2.50]\n}}\n"
    );
    let name = digest(content.as_bytes());
    let reply = registry.put_manifest("a", "v1", MANIFEST, &content).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(reply.location(), format!("/v2/a/manifests/{name}"));
    assert_eq!(reply.header("docker-content-digest"), name);
    for reference in ["v1", &name] {
        let path = format!("/v2/a/manifests/{reference}");
        let reply = registry.get(&path).await;
        assert_eq!((reply.status, &reply.body[..]), (StatusCode::OK, content.as_bytes()));
        let head = registry.head(&path).await;
        assert!(head.body.is_empty());
        for reply in [reply, head] {
            assert_eq!(reply.header("content-type"), MANIFEST);
            assert_eq!(reply.header("content-length"), content.len().to_string());
            assert_eq!(reply.header("docker-content-digest"), name);
        }
        let cached =
            registry.call(Method::GET, &path, &[("if-none-match", &format!("\"{name}\""))], Body::empty()).await;
        assert_eq!((cached.status, cached.body.len()), (StatusCode::NOT_MODIFIED, 0));
    }
}

#[tokio::test]
async fn all_four_kinds_are_taken() {
    let registry = TestRegistry::open().await;
    registry.push_blob("a", b"{}").await;
    let oci = image(b"{}", &[]);
    let docker = oci.replace(MANIFEST, DOCKER_MANIFEST);
    let oci_index = index(&[&oci]);
    let docker_list = json!({
        "schemaVersion": 2,
        "mediaType": DOCKER_LIST,
        "manifests": [{
            "mediaType": DOCKER_MANIFEST, "digest": digest(docker.as_bytes()), "size": docker.len(),
            "platform": { "architecture": "amd64", "os": "linux" },
        }],
    })
    .to_string();
    for (tag, kind, content) in [
        ("oci", MANIFEST, &oci),
        ("docker", DOCKER_MANIFEST, &docker),
        ("index", INDEX, &oci_index),
        ("list", DOCKER_LIST, &docker_list),
    ] {
        let reply = registry.put_manifest("a", tag, kind, content).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{tag} {reply:?}");
        assert_eq!(registry.get(&format!("/v2/a/manifests/{tag}")).await.header("content-type"), kind);
    }
}

#[tokio::test]
async fn a_manifest_waits_for_all_that_it_names() {
    let registry = TestRegistry::open().await;
    let (config, one, two) = (b"{}", b"one", b"two");
    registry.push_blob("a", one).await;
    // In another repository it does not count.
    registry.push_blob("b", two).await;
    let manifest = image(config, &[one, two]);
    let reply = registry.put_manifest("a", "v1", MANIFEST, &manifest).await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN");
    let missing: Vec<_> =
        reply.json()["errors"].as_array().unwrap().iter().map(|e| e["detail"]["digest"].clone()).collect();
    assert_eq!(missing, [digest(config), digest(two)]);
    registry.get("/v2/a/manifests/v1").await.assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");

    let reply = registry.put_manifest("a", "v1", INDEX, &index(&[&manifest])).await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN");

    registry.push_blob("a", config).await;
    registry.push_blob("a", two).await;
    assert_eq!(registry.put_manifest("a", "v1", MANIFEST, &manifest).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_is_not_a_manifest_is_refused_and_not_stored() {
    let registry = TestRegistry::open().await;
    registry.push_blob("a", b"{}").await;
    let files = registry.files();
    let good = image(b"{}", &[]);
    let cases = [
        (MANIFEST, "not json".to_owned()),
        (MANIFEST, "[]".to_owned()),
        (MANIFEST, String::new()),
        (MANIFEST, r#"{"schemaVersion":2}"#.to_owned()),
        (INDEX, good.clone()),
        ("text/plain", good.clone()),
        (MANIFEST, good.replace("\"size\":2", "\"size\":-2")),
        (MANIFEST, good.replace("sha256:", "sha256:../../")),
        // Two clients must not see two things in it.
        (DOCKER_MANIFEST, good.clone()),
        (INDEX, index(&[&good]).replace(INDEX, DOCKER_LIST)),
        (MANIFEST, good.replacen('{', r#"{"manifests":[],"#, 1)),
        ("application/vnd.docker.distribution.manifest.v1+prettyjws", r#"{"schemaVersion":1}"#.to_owned()),
    ];
    for (kind, content) in cases {
        let reply = registry.put_manifest("a", "v1", kind, &content).await;
        reply.assert_refused(StatusCode::BAD_REQUEST, "MANIFEST_INVALID");
    }
    assert_eq!(registry.files(), files);
    registry.get("/v2/a/manifests/v1").await.assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");

    let reply = registry.put_manifest("a", &digest(b"other"), MANIFEST, &good).await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "DIGEST_INVALID");
}

#[tokio::test]
async fn a_manifest_of_five_mebibytes_is_too_large() {
    let registry = TestRegistry::open().await;
    registry.push_blob("a", b"{}").await;
    let padded = |bytes: usize| image(b"{}", &[]).replacen('{', &format!("{{{}", " ".repeat(bytes)), 1);
    let reply = registry.put_manifest("a", "big", MANIFEST, &padded(5 * 1024 * 1024)).await;
    reply.assert_refused(StatusCode::PAYLOAD_TOO_LARGE, "MANIFEST_INVALID");
    registry.get("/v2/a/manifests/big").await.assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");
    let reply = registry.put_manifest("a", "fits", MANIFEST, &padded(4 * 1024 * 1024 - 1024)).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
}

#[tokio::test]
async fn a_tag_moves_and_the_old_manifest_stays() {
    let registry = TestRegistry::open().await;
    let first = registry.push_image("a", "latest", b"first").await;
    let second = registry.push_image("a", "latest", b"second").await;
    assert_eq!(registry.get("/v2/a/manifests/latest").await.body, second);
    let by_digest = registry.get(&format!("/v2/a/manifests/{}", digest(first.as_bytes()))).await;
    assert_eq!(by_digest.body, first);
    assert_eq!(registry.get("/v2/a/tags/list").await.json(), json!({ "name": "a", "tags": ["latest"] }));
}

#[tokio::test]
async fn deleting_a_tag_leaves_the_manifest_and_its_other_tags() {
    let registry = TestRegistry::open().await;
    let manifest = registry.push_image("a", "one", b"layer").await;
    registry.push_image("a", "two", b"layer").await;
    assert_eq!(registry.delete("/v2/a/manifests/one").await.status, StatusCode::ACCEPTED);
    registry.get("/v2/a/manifests/one").await.assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");
    registry.delete("/v2/a/manifests/one").await.assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");
    assert_eq!(registry.get("/v2/a/manifests/two").await.body, manifest);
    assert_eq!(registry.get(&format!("/v2/a/manifests/{}", digest(manifest.as_bytes()))).await.body, manifest);
}

#[tokio::test]
async fn deleting_by_digest_takes_every_tag_on_it() {
    let registry = TestRegistry::open().await;
    let manifest = registry.push_image("a", "one", b"layer").await;
    registry.push_image("a", "two", b"layer").await;
    registry.push_image("a", "other", b"another layer").await;
    let path = format!("/v2/a/manifests/{}", digest(manifest.as_bytes()));
    assert_eq!(registry.delete(&path).await.status, StatusCode::ACCEPTED);
    for gone in ["/v2/a/manifests/one", "/v2/a/manifests/two", &path] {
        registry.get(gone).await.assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");
    }
    assert_eq!(registry.get("/v2/a/tags/list").await.json(), json!({ "name": "a", "tags": ["other"] }));
}

#[tokio::test]
async fn deleting_needs_an_administrator_unless_it_was_opened_at_start() {
    let registry = TestRegistry::with(v2::Settings::default()).await;
    let admin = UserName::parse("admin").unwrap();
    registry.auth.ensure_administrator(&admin, "correct horse battery".into()).await.unwrap();
    let manifest = registry.push_image("a", "one", b"layer").await;
    let basic = |credentials| format!("Basic {}", BASE64_STANDARD.encode(credentials));
    let wrong =
        [None, Some(basic("admin:wrong")), Some(basic("nobody:correct horse battery")), Some("Bearer x".into())];
    for path in [
        "/v2/a/manifests/one".to_owned(),
        format!("/v2/a/manifests/{}", digest(manifest.as_bytes())),
        format!("/v2/a/blobs/{}", digest(b"layer")),
    ] {
        for credentials in &wrong {
            // Past what earlier wrong passwords have cost.
            registry.clock.advance(Duration::hours(1));
            let headers: Vec<_> = credentials.iter().map(|value| ("authorization", value.as_str())).collect();
            let reply = registry.call(Method::DELETE, &path, &headers, Body::empty()).await;
            reply.assert_refused(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
            assert!(reply.header("www-authenticate").starts_with("Basic realm="), "{reply:?}");
        }
    }
    assert_eq!(registry.get("/v2/a/manifests/one").await.body, manifest);
    let right = basic("admin:correct horse battery");
    let reply = registry.call(Method::DELETE, "/v2/a/manifests/one", &[("authorization", &right)], Body::empty()).await;
    assert_eq!(reply.status, StatusCode::ACCEPTED, "{reply:?}");
    registry.get("/v2/a/manifests/one").await.assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");
}

#[tokio::test]
async fn who_guesses_passwords_by_deleting_is_held_up_and_others_are_not() {
    let registry = TestRegistry::with(v2::Settings::default()).await;
    let admin = UserName::parse("admin").unwrap();
    registry.auth.ensure_administrator(&admin, "correct horse battery".into()).await.unwrap();
    registry.push_image("a", "one", b"layer").await;
    let delete = async |from: &str, credentials: &str| {
        let mut request = Request::delete("/v2/a/manifests/one")
            .header("authorization", format!("Basic {}", BASE64_STANDARD.encode(credentials)))
            .body(Body::empty())
            .unwrap();
        request.extensions_mut().insert(ConnectInfo(from.parse::<SocketAddr>().unwrap()));
        registry.send(request).await
    };
    let mut held_up = None;
    for _ in 0..20 {
        let reply = delete("203.0.113.7:1000", "admin:guess").await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            held_up = Some(reply);
            break;
        }
        reply.assert_refused(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
    }
    let held_up = held_up.expect("held up before the twentieth guess");
    held_up.assert_refused(StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS");
    assert!(held_up.header("retry-after").parse::<u32>().unwrap() > 0);
    let owner = delete("198.51.100.1:1000", "admin:correct horse battery").await;
    assert_eq!(owner.status, StatusCode::ACCEPTED, "{owner:?}");
}

#[tokio::test]
async fn a_subject_need_not_be_there_and_is_echoed() {
    let registry = TestRegistry::open().await;
    registry.push_blob("a", b"{}").await;
    let subject = descriptor(MANIFEST, b"not pushed yet");
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, b"{}"), "layers": [], "subject": subject,
    });
    let reply = registry.put_manifest("a", "signature", MANIFEST, &manifest.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(reply.header("oci-subject"), digest(b"not pushed yet"));
}

#[tokio::test]
async fn foreign_layers_need_not_be_pushed() {
    let registry = TestRegistry::open().await;
    registry.push_blob("a", b"{}").await;
    let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    let mut manifest = serde_json::from_str::<serde_json::Value>(&image(b"{}", &[])).unwrap();
    manifest["layers"] = json!([descriptor(foreign, b"windows base")]);
    assert_eq!(registry.put_manifest("a", "win", MANIFEST, &manifest.to_string()).await.status, StatusCode::CREATED);
    manifest["layers"] = json!([descriptor(LAYER, b"windows base")]);
    let reply = registry.put_manifest("a", "win", MANIFEST, &manifest.to_string()).await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN");
}

#[tokio::test]
async fn layers_that_are_to_be_had_elsewhere_need_not_be_pushed() {
    let registry = TestRegistry::open().await;
    registry.push_blob("a", b"{}").await;
    let mut manifest = serde_json::from_str::<serde_json::Value>(&image(b"{}", &[b"elsewhere"])).unwrap();
    manifest["layers"][0]["urls"] = json!(["https://elsewhere.example/layer.tar"]);
    let content = manifest.to_string();
    assert_eq!(registry.put_manifest("a", "urls", MANIFEST, &content).await.status, StatusCode::CREATED);
    assert_eq!(registry.get("/v2/a/manifests/urls").await.body, content);
}

#[tokio::test]
async fn embedded_content_must_be_what_its_descriptor_says() {
    let registry = TestRegistry::open().await;
    registry.push_blob("a", b"{}").await;
    let child = image(b"{}", &[]);
    registry.put_manifest("a", "child", MANIFEST, &child).await;
    let embedded = |place: &str, data: serde_json::Value| {
        let mut image = serde_json::from_str::<serde_json::Value>(&image(b"{}", &[b"{}"])).unwrap();
        let mut index = serde_json::from_str::<serde_json::Value>(&index(&[&child])).unwrap();
        image["subject"] = descriptor(MANIFEST, b"{}");
        match place {
            "config" | "subject" => image[place]["data"] = data,
            "layer" => image["layers"][0]["data"] = data,
            _ => {
                index["manifests"][0]["data"] = data;
                return (INDEX, index.to_string());
            }
        }
        (MANIFEST, image.to_string())
    };
    for place in ["config", "layer", "subject", "manifest"] {
        let content = if place == "manifest" { child.as_str() } else { "{}" };
        let (kind, good) = embedded(place, BASE64_STANDARD.encode(content).into());
        let reply = registry.put_manifest("a", "embedded", kind, &good).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{place} {reply:?}");
        assert_eq!(registry.get("/v2/a/manifests/embedded").await.body, good, "{place}");
        let other = BASE64_STANDARD.encode("[]");
        let longer = BASE64_STANDARD.encode(format!("{content} "));
        for bad in
            [json!(other), json!(longer), json!("e30"), json!("not base64!"), json!(""), json!(7), json!(["e30="])]
        {
            let (kind, content) = embedded(place, bad.clone());
            let reply = registry.put_manifest("a", "bad", kind, &content).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{place} {bad}");
            reply.assert_refused(StatusCode::BAD_REQUEST, "MANIFEST_INVALID");
        }
    }
    registry.get("/v2/a/manifests/bad").await.assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");
}

#[tokio::test]
async fn the_longest_manifest_is_a_setting() {
    let limit = 1000;
    let registry = TestRegistry::with(v2::Settings { manifest_bytes: limit, ..v2::Settings::default() }).await;
    registry.push_blob("a", b"{}").await;
    let padded = |length: usize| format!("{:length$}", image(b"{}", &[]));
    assert_eq!(registry.put_manifest("a", "fits", MANIFEST, &padded(limit)).await.status, StatusCode::CREATED);
    let reply = registry.put_manifest("a", "big", MANIFEST, &padded(limit + 1)).await;
    reply.assert_refused(StatusCode::PAYLOAD_TOO_LARGE, "MANIFEST_INVALID");
    assert!(reply.json()["errors"][0]["message"].as_str().unwrap().contains("1000 bytes"), "{reply:?}");
    registry.get("/v2/a/manifests/big").await.assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");
}

#[tokio::test]
async fn a_whole_manifest_gives_no_warning() {
    let registry = TestRegistry::sparse().await;
    registry.push_blob("a", b"{}").await;
    let put = registry.put_manifest("a", "whole", MANIFEST, &image(b"{}", &[])).await;
    assert_eq!((put.status, put.header("warning")), (StatusCode::CREATED, ""));
}

#[tokio::test]
async fn a_pushed_manifest_is_there_after_a_restart() {
    let registry = TestRegistry::open().await;
    let manifest = registry.push_image("team/app", "v1", b"layer").await;
    let registry = registry.restart().await;
    assert_eq!(registry.get("/v2/team/app/manifests/v1").await.body, manifest);
    assert_eq!(registry.get(&format!("/v2/team/app/blobs/{}", digest(b"layer"))).await.body, "layer");
}

#[tokio::test]
async fn a_push_by_digest_sets_every_tag_that_it_names() {
    let registry = TestRegistry::open().await;
    registry.push_blob("a", b"{}").await;
    let manifest = image(b"{}", &[]);
    let name = digest(manifest.as_bytes());
    let reply = registry.put_manifest("a", &format!("{name}?tag=v1&tag=latest&tag=v1"), MANIFEST, &manifest).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert_eq!(reply.headers.get_all("oci-tag").iter().collect::<Vec<_>>(), ["latest", "v1"]);
    for tag in ["v1", "latest"] {
        assert_eq!(registry.get(&format!("/v2/a/manifests/{tag}")).await.header("docker-content-digest"), name);
    }
    let refused = registry.put_manifest("a", &format!("{name}?tag=good&tag=.bad"), MANIFEST, &manifest).await;
    refused.assert_refused(StatusCode::BAD_REQUEST, "TAG_INVALID");
    let many: String = (0..101).map(|n| format!("&tag=t{n}")).collect();
    let refused = registry.put_manifest("a", &format!("{name}?{many}"), MANIFEST, &manifest).await;
    refused.assert_refused(StatusCode::URI_TOO_LONG, "TAG_INVALID");
    assert_eq!(registry.get("/v2/a/tags/list").await.json()["tags"], json!(["latest", "v1"]));
}

#[tokio::test]
async fn a_sparse_registry_takes_what_is_not_whole() {
    let registry = TestRegistry::sparse().await;
    let manifest = image(b"{}", &[b"never pushed"]);
    let many = index(&[&manifest, &image(b"{}", &[])]);
    for (tag, kind, content, parts) in [("image", MANIFEST, &manifest, "2 parts"), ("index", INDEX, &many, "1 part")] {
        let put = registry.put_manifest("a", tag, kind, content).await;
        assert_eq!(put.status, StatusCode::CREATED);
        // The user is told: the client can't know.
        let warning = format!("299 - \"a lacks {parts} of this manifest: it can't be pulled whole from here\"");
        assert_eq!(put.header("warning"), warning);
        assert_eq!(registry.get(&format!("/v2/a/manifests/{tag}")).await.body, *content);
    }
}

#[tokio::test]
async fn a_get_by_tag_or_digest_is_a_pull_and_a_head_is_none() {
    let registry = TestRegistry::open().await;
    let manifest = registry.push_image("team/app", "1.0", b"layer").await;
    registry.head("/v2/team/app/manifests/1.0").await;
    assert_eq!(registry.registry.write_pulls().await.unwrap(), 0);
    registry.get("/v2/team/app/manifests/1.0").await;
    registry.get("/v2/team/app/manifests/1.0").await;
    registry.get("/v2/team/app/manifests/ghost").await;
    registry.get(&format!("/v2/team/app/manifests/{}", digest(manifest.as_bytes()))).await;
    assert_eq!(registry.registry.write_pulls().await.unwrap(), 2, "two names");
    let name = humpback::oci::RepositoryName::parse("team/app").unwrap();
    let list = registry.metadata.list_tags(&name, &humpback::explorer::ListQuery::default()).await.unwrap();
    assert_eq!((list.rows[0].pull_count, list.rows[0].pulled_at), (3, Some(registry.clock.now())));
}
