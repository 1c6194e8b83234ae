//! Every `Accept` against every kind of manifest, by tag and by digest, GET and HEAD: what Distribution 2.8.2 was
//! recorded to answer, and each place where this registry means to answer otherwise.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use serde_json::json;

use crate::{
    schema1::{Recorded, is_signed_rightly},
    support::{Reply, TestRegistry, descriptor, digest},
};

const S1: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
const S1_BARE: &str = "application/vnd.docker.distribution.manifest.v1+json";
const S2: &str = "application/vnd.docker.distribution.manifest.v2+json";
const LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
const OCI: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// What clients send, each value a header of its own.
const ACCEPTS: [(&str, &[&str]); 14] = [
    ("none", &[]),
    ("*/*", &["*/*"]),
    ("v1", &[S1_BARE]),
    ("v1 signed", &[S1]),
    ("json", &["application/json"]),
    ("v2", &[S2]),
    ("v2, v1", &[S2, S1, S1_BARE]),
    ("list", &[LIST]),
    ("list, v2", &[LIST, S2]),
    ("oci", &[OCI]),
    ("oci index", &[INDEX]),
    ("oci both", &[OCI, INDEX]),
    ("all", &[S2, LIST, OCI, INDEX, S1, S1_BARE]),
    (
        "v2 less",
        &[
            "application/vnd.docker.distribution.manifest.v2+json;q=0.5, application/vnd.docker.distribution.manifest.v1+json;q=0.9",
        ],
    ),
];

/// What comes back: a media type, or nothing of the kind.
const NOTHING: &str = "404 MANIFEST_UNKNOWN";

/// Distribution's answers, by the kind of what was pushed and how it is asked for: the answers that only some `Accept`s
/// get, and the answer that all others get.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static [&'static str])], &'static str);

const DISTRIBUTION: [Row; 10] = [
    ("schema 1", "tag", &[], S1),
    ("schema 1", "digest", &[], S1),
    ("schema 2", "tag", &[(S2, &["v2", "v2, v1", "list, v2", "all", "v2 less"])], S1),
    ("schema 2", "digest", &[], S2),
    ("oci", "tag", &[(OCI, &["oci", "oci both", "all"])], NOTHING),
    ("oci", "digest", &[(OCI, &["oci", "oci both", "all"])], NOTHING),
    ("list", "tag", &[(LIST, &["list", "list, v2", "all"]), (S2, &["v2", "v2, v1", "v2 less"])], S1),
    ("list", "digest", &[], LIST),
    ("oci index", "tag", &[(INDEX, &["oci index", "oci both", "all"])], NOTHING),
    ("oci index", "digest", &[(INDEX, &["oci index", "oci both", "all"])], NOTHING),
];

/// Where this registry means to differ, and why.
const DIFFERENCES: [(&str, &str, &[&str], &str, &str); 13] = [
    (
        "schema 2",
        "tag",
        &["*/*", "json", "list", "oci", "oci index", "oci both"],
        S2,
        "schema 1 is for who sends no Accept or names it: a client that names something newer, or anything, reads schema 2",
    ),
    ("list", "tag", &["*/*", "json", "oci index"], LIST, "the same for lists"),
    ("list", "tag", &["oci", "oci both"], LIST, "the list holds no OCI image to choose"),
    ("oci", "tag", &["none", "v1", "v1 signed"], S1, "an OCI image is converted for old clients, too"),
    ("oci", "tag", &["v2, v1", "v2 less"], S1, "so Docker 1.10 to 17.06, which reads schema 1 but no OCI, can pull it"),
    ("oci", "tag", &["*/*"], OCI, "anything is anything"),
    (
        "oci",
        "tag",
        &["json", "v2", "list", "list, v2", "oci index"],
        OCI,
        "a client that can't read what there is says so in its own words",
    ),
    (
        "oci",
        "digest",
        &["none", "*/*", "v1", "v1 signed", "json", "v2", "v2, v1", "list", "list, v2", "oci index", "v2 less"],
        OCI,
        "a digest names one content, whoever asks",
    ),
    (
        "oci index",
        "tag",
        &["none", "v1", "v1 signed", "v2, v1", "v2 less"],
        S1,
        "its image for linux/amd64 is converted",
    ),
    ("oci index", "tag", &["oci"], OCI, "its image for linux/amd64, as Distribution has it for Docker's lists"),
    ("oci index", "tag", &["*/*"], INDEX, "anything is anything"),
    (
        "oci index",
        "tag",
        &["json", "v2", "list", "list, v2"],
        INDEX,
        "a client that can't read what there is says so in its own words",
    ),
    (
        "oci index",
        "digest",
        &["none", "*/*", "v1", "v1 signed", "json", "v2", "v2, v1", "list", "list, v2", "oci", "v2 less"],
        INDEX,
        "a digest names one content, whoever asks",
    ),
];

fn distributions((_, _, some, others): &Row, accept: &str) -> &'static str {
    some.iter().find(|(_, accepts)| accepts.contains(&accept)).map_or(*others, |(answer, _)| *answer)
}

/// The expected answer: the recorded one, unless a difference is listed. One that is none fails.
fn expected(row: &Row, accept: &str) -> &'static str {
    let recorded = distributions(row, accept);
    let mut listed = DIFFERENCES
        .iter()
        .filter(|(kind, by, accepts, ..)| (*kind, *by) == (row.0, row.1) && accepts.contains(&accept));
    let difference = listed.next();
    assert!(listed.next().is_none(), "{row:?} {accept} is listed twice");
    difference.map_or(recorded, |(.., ours, why)| {
        assert_ne!(*ours, recorded, "{row:?} {accept} is listed ({why}) and no difference");
        ours
    })
}

/// Pushes one of each kind with the same two layers, each to a repository of its own under the tag `t`. Returns
/// repositories and digests by kind.
async fn push(registry: &TestRegistry) -> Vec<(&'static str, &'static str, String)> {
    let recorded = Recorded::read();
    let config = br#"{"architecture":"amd64","config":{"Cmd":["/bin/sh"]},"created":"2023-11-14T22:13:20Z","history":[{"created":"2023-11-14T22:13:20Z","created_by":"mkimage layer 0"},{"created":"2023-11-14T22:13:20Z"}],"os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#;
    let image = |kind: &str| {
        let (config_type, layer_type) = if kind == S2 {
            ("application/vnd.docker.container.image.v1+json", "application/vnd.docker.image.rootfs.diff.tar.gzip")
        } else {
            ("application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip")
        };
        let layers: Vec<_> = recorded.layers.iter().map(|layer| descriptor(layer_type, layer)).collect();
        json!({ "schemaVersion": 2, "mediaType": kind, "config": descriptor(config_type, config), "layers": layers })
            .to_string()
    };
    let index = |kind: &str, image_type: &str| {
        let image = image(image_type);
        let child = |architecture: &str| {
            let mut child = descriptor(image_type, image.as_bytes());
            child["platform"] = json!({ "architecture": architecture, "os": "linux" });
            child
        };
        json!({ "schemaVersion": 2, "mediaType": kind, "manifests": [child("arm64"), child("amd64")] }).to_string()
    };
    let mut pushed = Vec::new();
    for (kind, name, media_type, content, child) in [
        ("schema 1", "s1/asv1", S1, recorded.document.clone(), None),
        ("schema 2", "s1/asv2", S2, image(S2), None),
        ("oci", "s1/asoci", OCI, image(OCI), None),
        ("list", "s1/aslist", LIST, index(LIST, S2), Some(S2)),
        ("oci index", "s1/asocii", INDEX, index(INDEX, OCI), Some(OCI)),
    ] {
        for blob in recorded.layers.iter().map(Vec::as_slice).chain([config.as_slice()]) {
            registry.push_blob(name, blob).await;
        }
        if let Some(child) = child {
            let image = image(child);
            let reply = registry.put_manifest(name, &digest(image.as_bytes()), child, &image).await;
            assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
        }
        let reply = registry.put_manifest(name, "t", media_type, &content).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{kind}: {reply:?}");
        pushed.push((kind, name, reply.header("docker-content-digest").to_owned()));
    }
    pushed
}

#[tokio::test]
async fn every_accept_gets_what_it_should() {
    let registry = TestRegistry::open().await;
    let pushed = push(&registry).await;
    let files = registry.files();
    let mut asked = 0;
    for row in &DISTRIBUTION {
        let (kind, by, ..) = row;
        let (_, name, digest) = pushed.iter().find(|(pushed, ..)| pushed == kind).unwrap();
        let reference = if *by == "tag" { "t" } else { digest };
        let path = format!("/v2/{name}/manifests/{reference}");
        for (accept, values) in ACCEPTS {
            let expected = expected(row, accept);
            let headers: Vec<_> = values.iter().map(|value| ("accept", *value)).collect();
            let get = registry.call_with(Method::GET, &path, &headers, Body::empty()).await;
            let head = registry.call_with(Method::HEAD, &path, &headers, Body::empty()).await;
            let what = format!("{kind} by {by} for {accept}: {get:?}");
            assert_eq!((get.status, head.status), (StatusCode::OK, StatusCode::OK), "{what}");
            assert_eq!(get.header("content-type"), expected, "{what}");
            assert!(head.body.is_empty(), "{what}");
            for header in ["content-type", "content-length", "docker-content-digest", "etag", "vary"] {
                assert_eq!(get.header(header), head.header(header), "{header} of {what}");
            }
            assert_eq!(get.header("content-length"), get.body.len().to_string(), "{what}");
            assert_eq!(get.header("etag"), format!("\"{}\"", get.header("docker-content-digest")), "{what}");
            assert_eq!(get.header("vary"), if *by == "tag" { "accept" } else { "" }, "{what}");
            assert_named_by_its_digest(&get);
            asked += 2;
        }
    }
    assert_eq!(asked, 10 * 14 * 2);
    assert_eq!(registry.files(), files, "reading has written something");
}

/// The digest is the content's; of schema 1, the signed part's.
fn assert_named_by_its_digest(reply: &Reply) {
    let named = reply.header("docker-content-digest");
    if reply.header("content-type") == S1 {
        assert_eq!(digest(&is_signed_rightly(&reply.body)), named, "{reply:?}");
    } else {
        assert_eq!(digest(&reply.body), named, "{reply:?}");
    }
}

#[test]
fn no_difference_is_listed_for_what_was_never_asked() {
    for (kind, by, accepts, ..) in DIFFERENCES {
        assert!(DISTRIBUTION.iter().any(|row| (row.0, row.1) == (kind, by)), "{kind} {by}");
        for accept in accepts {
            assert!(ACCEPTS.iter().any(|(name, _)| name == accept), "{accept}");
        }
    }
}
