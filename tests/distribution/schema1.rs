//! Docker's format before 1.10: pushed in every way that was recorded with Distribution, pulled, converted, deleted.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use humpback::registry::{Policy, SigningKey};
use serde_json::{Value, json};

use crate::support::{Reply, TestRegistry, descriptor, digest, index};

const S1: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
const S2: &str = "application/vnd.docker.distribution.manifest.v2+json";
const OCI: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const EMPTY: &str = "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4";

/// What skopeo 1.9.3 has pushed to Distribution 2.8.2 as `v2s1`.
pub struct Recorded {
    /// The signed manifest.
    pub document: String,
    /// The digest that Distribution gave it.
    pub digest: String,
    /// The layers, the lowest first.
    pub layers: Vec<Vec<u8>>,
}

fn fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/schema1.json")).unwrap()
}

impl Recorded {
    pub fn read() -> Self {
        let signed = &fixture()["signed"];
        let layers = signed["layers"].as_object().unwrap().values();
        Self {
            document: signed["document"].as_str().unwrap().to_owned(),
            digest: signed["payload_digest"].as_str().unwrap().to_owned(),
            layers: layers.map(|layer| BASE64_STANDARD.decode(layer.as_str().unwrap()).unwrap()).collect(),
        }
    }

    async fn push_layers(&self, registry: &TestRegistry, name: &str) {
        for layer in &self.layers {
            registry.push_blob(name, layer).await;
        }
    }
}

/// Verifies a signed manifest as Docker 1.6 does: by the key that stands in it. Returns what was signed.
pub fn is_signed_rightly(document: &[u8]) -> Vec<u8> {
    let parsed: Value = serde_json::from_slice(document).unwrap();
    let block = &parsed["signatures"][0];
    let decode = |text: &Value| BASE64_URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap();
    let protected: Value = serde_json::from_slice(&decode(&block["protected"])).unwrap();
    let length = usize::try_from(protected["formatLength"].as_u64().unwrap()).unwrap();
    let payload = [&document[..length], &decode(&protected["formatTail"])].concat();
    let jwk = &block["header"]["jwk"];
    assert_eq!((&jwk["kty"], &jwk["crv"], &block["header"]["alg"]), (&json!("EC"), &json!("P-256"), &json!("ES256")));
    let point = [vec![4], decode(&jwk["x"]), decode(&jwk["y"])].concat();
    let message = format!("{}.{}", block["protected"].as_str().unwrap(), BASE64_URL_SAFE_NO_PAD.encode(&payload));
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    key.verify(message.as_bytes(), &decode(&block["signature"])).expect("the signature is right");
    payload
}

async fn without_accept(registry: &TestRegistry, method: Method, path: &str) -> Reply {
    registry.call_with(method, path, &[], Body::empty()).await
}

/// How a push is told, and what comes back.
struct Variant {
    what: &'static str,
    path: String,
    content_type: Option<&'static str>,
    body: String,
    status: StatusCode,
    code: &'static str,
}

#[tokio::test]
async fn every_recorded_way_to_push_is_answered_as_distribution_does() {
    let recorded = Recorded::read();
    let registry = TestRegistry::open().await;
    recorded.push_layers(&registry, "s1/asv1").await;
    let document = recorded.document.clone();
    let unsigned = format!("{}}}", &document[..775]);
    let tampered_signature = document.replace("-qN2Ct9N", "-qN2CA9N");
    assert_ne!(tampered_signature, document);
    let by_digest = format!("/v2/s1/asv1/manifests/{}", recorded.digest);
    let by_body = format!("/v2/s1/asv1/manifests/{}", digest(document.as_bytes()));
    let made = |what, path: &str, content_type, body: &str, status, code| Variant {
        what,
        path: path.to_owned(),
        content_type,
        body: body.to_owned(),
        status,
        code,
    };
    let (tag, bare, created, bad) = (
        "/v2/s1/asv1/manifests/t",
        "application/vnd.docker.distribution.manifest.v1+json",
        StatusCode::CREATED,
        StatusCode::BAD_REQUEST,
    );
    // One intended difference: where Distribution says only "manifest invalid" with an empty detail, the message says
    // what is wrong; and the detail of MANIFEST_BLOB_UNKNOWN is an object, as for every manifest here.
    let variants = [
        made("signed", tag, Some(S1), &document, created, ""),
        made("as v1+json", tag, Some(bare), &document, created, ""),
        made("as JSON", tag, Some("application/json"), &document, created, ""),
        made("as JSON with a charset", tag, Some("application/json; charset=utf-8"), &document, created, ""),
        made("without a type", tag, None, &document, created, ""),
        made("as text", tag, Some("text/plain"), &document, created, ""),
        made("as schema 2", tag, Some(S2), &document, bad, "MANIFEST_INVALID"),
        made("by the payload's digest", &by_digest, Some(S1), &document, created, ""),
        made("by the body's digest", &by_body, Some(S1), &document, bad, "DIGEST_INVALID"),
        made("under another tag", "/v2/s1/asv1/manifests/other", Some(S1), &document, created, ""),
        made("to another repository", "/v2/s1/other/manifests/t", Some(S1), &document, bad, "MANIFEST_BLOB_UNKNOWN"),
        made("unsigned as v1+json", tag, Some(bare), &unsigned, bad, "MANIFEST_INVALID"),
        made("unsigned", tag, Some(S1), &unsigned, bad, "MANIFEST_INVALID"),
        made("unsigned without a type", tag, None, &unsigned, bad, "MANIFEST_INVALID"),
        made(
            "with another payload",
            tag,
            Some(S1),
            &document.replacen("amd64", "arm64", 1),
            bad,
            "MANIFEST_UNVERIFIED",
        ),
        made("with another signature", tag, Some(S1), &tampered_signature, bad, "MANIFEST_UNVERIFIED"),
        made("not JSON", tag, Some(S1), "not json", bad, "MANIFEST_INVALID"),
        made("empty", tag, Some(S1), "", bad, "MANIFEST_INVALID"),
        made("empty without a type", tag, None, "", bad, "MANIFEST_INVALID"),
    ];
    for variant in variants {
        let headers: Vec<_> = variant.content_type.iter().map(|kind| ("content-type", *kind)).collect();
        let reply = registry.call_with(Method::PUT, &variant.path, &headers, variant.body).await;
        assert_eq!(reply.status, variant.status, "{}: {reply:?}", variant.what);
        if variant.status == StatusCode::CREATED {
            assert_eq!(reply.header("docker-content-digest"), recorded.digest, "{}", variant.what);
            assert_eq!(reply.location(), by_digest, "{}", variant.what);
            assert!(reply.body.is_empty());
        } else {
            reply.assert_refused(variant.status, variant.code);
        }
    }
    let tags = registry.get("/v2/s1/asv1/tags/list").await.json();
    assert_eq!(tags, json!({ "name": "s1/asv1", "tags": ["other", "t"] }));
}

#[tokio::test]
async fn every_missing_layer_is_named_in_the_manifests_order() {
    let recorded = Recorded::read();
    let registry = TestRegistry::open().await;
    let reply = registry.put_manifest("s1/other", "t", S1, &recorded.document).await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN");
    let missing: Vec<_> =
        reply.json()["errors"].as_array().unwrap().iter().map(|error| error["detail"]["digest"].clone()).collect();
    let layers: Vec<_> = recorded.layers.iter().rev().map(|layer| json!(digest(layer))).collect();
    assert_eq!(missing, layers);
    // The name inside is not the repository's, and need not be.
    recorded.push_layers(&registry, "s1/other").await;
    let reply = registry.put_manifest("s1/other", "t", S1, &recorded.document).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
}

#[tokio::test]
async fn what_was_pushed_comes_back_with_a_signature_of_the_registrys() {
    let recorded = Recorded::read();
    let registry = TestRegistry::open().await;
    recorded.push_layers(&registry, "a").await;
    registry.put_manifest("a", "t", S1, &recorded.document).await;
    let path = format!("/v2/a/manifests/{}", recorded.digest);
    let reply = without_accept(&registry, Method::GET, &path).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, S1));
    assert_eq!(reply.header("docker-content-digest"), recorded.digest);
    // The form is kept: all on one line, and of the same length.
    assert_eq!(reply.body.len(), recorded.document.len());
    assert_eq!(digest(&is_signed_rightly(&reply.body)), recorded.digest);
    assert_ne!(reply.body, recorded.document);
    for tag in [format!("\"{}\"", recorded.digest), recorded.digest.clone()] {
        let headers = [("if-none-match", tag.as_str())];
        let reply = registry.call_with(Method::GET, "/v2/a/manifests/t", &headers, Body::empty()).await;
        assert_eq!((reply.status, reply.body.len()), (StatusCode::NOT_MODIFIED, 0));
    }
    registry
        .get(&format!("/v2/a/blobs/{}", recorded.digest))
        .await
        .assert_refused(StatusCode::NOT_FOUND, "BLOB_UNKNOWN");

    let key = |reply: &Reply| reply.json()["signatures"][0]["header"]["jwk"].clone();
    let before = key(&reply);
    let registry = registry.restart().await;
    let again = without_accept(&registry, Method::GET, "/v2/a/manifests/t").await;
    assert_eq!(key(&again), before, "the key is kept");

    assert_eq!(registry.delete(&path).await.status, StatusCode::ACCEPTED);
    registry.get("/v2/a/manifests/t").await.assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");
    assert_eq!(registry.get("/v2/a/tags/list").await.json()["tags"], json!([]));
    let reply = registry.put_manifest("a", "t", S1, &recorded.document).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
}

#[tokio::test]
async fn another_key_can_be_named_and_pushing_be_forbidden() {
    let recorded = Recorded::read();
    let registry = TestRegistry::open().await;
    let pem = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap().serialize_pem();
    assert!(registry.registry.use_signing_key(SigningKey::from_pem(pem.as_bytes()).unwrap()));
    recorded.push_layers(&registry, "a").await;
    registry.put_manifest("a", "t", S1, &recorded.document).await;
    let reply = without_accept(&registry, Method::GET, "/v2/a/manifests/t").await;
    let named = format!("{:?}", SigningKey::from_pem(pem.as_bytes()).unwrap());
    assert!(named.contains(reply.json()["signatures"][0]["header"]["jwk"]["kid"].as_str().unwrap()), "{named}");
    assert!(!registry.registry.use_signing_key(SigningKey::from_pem(pem.as_bytes()).unwrap()));

    let registry = TestRegistry::with_policy(Policy { schema1_push: false, ..Policy::default() }).await;
    recorded.push_layers(&registry, "a").await;
    let reply = registry.put_manifest("a", "t", S1, &recorded.document).await;
    reply.assert_refused(StatusCode::BAD_REQUEST, "MANIFEST_INVALID");
    assert!(String::from_utf8_lossy(&reply.body).contains("schema 1"), "{reply:?}");
}

#[tokio::test]
async fn a_newer_manifest_without_a_type_is_still_known_by_what_stands_inside() {
    let registry = TestRegistry::open().await;
    registry.push_blob("a", b"{}").await;
    for kind in [OCI, S2] {
        let manifest = json!({
            "schemaVersion": 2, "mediaType": kind, "config": descriptor(OCI_CONFIG, b"{}"), "layers": [],
        });
        for headers in [&[][..], &[("content-type", "application/json")]] {
            let reply = registry.call_with(Method::PUT, "/v2/a/manifests/t", headers, manifest.to_string()).await;
            assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
            let reply = registry.get("/v2/a/manifests/t").await;
            assert_eq!((reply.header("content-type"), &reply.body[..]), (kind, manifest.to_string().as_bytes()));
        }
    }
}

#[tokio::test]
async fn a_docker_image_is_converted_to_what_distribution_makes_of_it() {
    let converted = &fixture()["converted"];
    let registry = TestRegistry::sparse().await;
    let config = converted["config"].as_str().unwrap().as_bytes();
    registry.push_blob("s1/hist", config).await;
    let kind = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    let layers = converted["layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|digest| json!({ "mediaType": kind, "digest": digest, "size": 109 }));
    let config = descriptor("application/vnd.docker.container.image.v1+json", config);
    let layers: Vec<_> = layers.collect();
    let manifest = json!({ "schemaVersion": 2, "mediaType": S2, "config": config, "layers": layers }).to_string();
    registry.put_manifest("s1/hist", "t", S2, &manifest).await;
    let files = registry.files();

    let path = "/v2/s1/hist/manifests/t";
    let reply = without_accept(&registry, Method::GET, path).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, S1), "{reply:?}");
    let expected = converted["payload_digest"].as_str().unwrap();
    assert_eq!(reply.header("docker-content-digest"), expected);
    // Signatures of one kind have one length: the whole is as long as Distribution's.
    assert_eq!(reply.body.len(), converted["document"].as_str().unwrap().len());
    assert_eq!(digest(&is_signed_rightly(&reply.body)), expected);

    // An entity tag is that of the form that the client gets. Distribution compares with the stored manifest's, so an
    // old client would keep what it never had.
    let asked = async |tag: &str| {
        let headers = [("if-none-match", tag)];
        registry.call_with(Method::GET, path, &headers, Body::empty()).await.status
    };
    assert_eq!(asked(&format!("\"{expected}\"")).await, StatusCode::NOT_MODIFIED);
    assert_eq!(asked(&format!("\"{}\"", digest(manifest.as_bytes()))).await, StatusCode::OK);
    without_accept(&registry, Method::GET, &format!("/v2/s1/hist/manifests/{expected}"))
        .await
        .assert_refused(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN");

    let empty = without_accept(&registry, Method::GET, &format!("/v2/s1/hist/blobs/{EMPTY}")).await;
    assert_eq!((empty.status, digest(&empty.body).as_str()), (StatusCode::OK, EMPTY));
    assert_eq!(registry.files(), files, "reading has written something");
}

#[tokio::test]
async fn the_empty_layer_is_in_every_repository_and_becomes_real_with_a_push() {
    let recorded = Recorded::read();
    let registry = TestRegistry::open().await;
    let path = |name: &str| format!("/v2/{name}/blobs/{EMPTY}");
    registry.get(&path("a")).await.assert_refused(StatusCode::NOT_FOUND, "BLOB_UNKNOWN");
    recorded.push_layers(&registry, "a").await;
    let head = registry.head(&path("a")).await;
    assert_eq!((head.status, head.header("content-length")), (StatusCode::OK, "32"));
    let part = registry.call(Method::GET, &path("a"), &[("range", "bytes=0-1")], Body::empty()).await;
    assert_eq!((part.status, &part.body[..]), (StatusCode::PARTIAL_CONTENT, &[0x1f, 0x8b][..]));
    let file = crate::support::blob_file(EMPTY);
    assert!(!registry.files().contains(&file));

    // A client that was told so does not send it, in whatever form it then pushes.
    let mut manifest: Value = json!({ "schemaVersion": 2, "mediaType": OCI, "layers": [
        descriptor(GZIP, &recorded.layers[0]), { "mediaType": GZIP, "digest": EMPTY, "size": 32 },
    ]});
    registry.push_blob("a", b"{}").await;
    manifest["config"] = descriptor(OCI_CONFIG, b"{}");
    let reply = registry.put_manifest("a", "t", OCI, &manifest.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    assert!(registry.files().contains(&file), "Distribution can serve the same folder");
    assert_eq!(digest(&registry.get(&path("a")).await.body), EMPTY);
    assert_eq!(registry.delete(&path("a")).await.status, StatusCode::ACCEPTED);
    assert_eq!(registry.head(&path("a")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_old_client_hears_why_it_can_not_have_an_image() {
    let registry = TestRegistry::open().await;
    let config = br#"{"architecture":"amd64","os":"linux"}"#;
    registry.push_blob("a", config).await;
    registry.push_blob("a", b"layer").await;
    let image = |config_type: &str, layer_type: &str| {
        let (config, layer) = (descriptor(config_type, config), descriptor(layer_type, b"layer"));
        json!({ "schemaVersion": 2, "mediaType": OCI, "config": config, "layers": [layer] }).to_string()
    };
    let zstd = image(OCI_CONFIG, "application/vnd.oci.image.layer.v1.tar+zstd");
    let artifact = image("application/vnd.example+json", GZIP);
    let arm = index(&[&zstd]);
    let arm = arm.replace("\"size\"", "\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"},\"size\"");
    let index_type = "application/vnd.oci.image.index.v1+json";
    for (tag, kind, content, says) in [
        ("zstd", OCI, &zstd, "zstd"),
        ("artifact", OCI, &artifact, "application/vnd.example+json"),
        ("arm", index_type, &arm, "linux/amd64"),
    ] {
        let reply = registry.put_manifest("a", tag, kind, content).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
        let path = format!("/v2/a/manifests/{tag}");
        let reply = without_accept(&registry, Method::GET, &path).await;
        reply.assert_refused(StatusCode::BAD_REQUEST, "MANIFEST_INVALID");
        let message = reply.json()["errors"][0]["message"].clone();
        assert!(message.as_str().unwrap().contains(says), "{message}");
        assert_eq!(registry.get(&path).await.body, *content, "curl has it as it is");
    }
}

#[tokio::test]
async fn an_index_without_platforms_gives_its_first_image() {
    let registry = TestRegistry::open().await;
    let image = registry.push_image("a", "image", b"layer").await;
    let reply = registry.put_manifest("a", "index", "application/vnd.oci.image.index.v1+json", &index(&[&image])).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let reply = without_accept(&registry, Method::GET, "/v2/a/manifests/index").await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let payload: Value = serde_json::from_slice(&is_signed_rightly(&reply.body)).unwrap();
    assert_eq!(payload["fsLayers"], json!([{ "blobSum": digest(b"layer") }]));
    assert_eq!((&payload["name"], &payload["tag"]), (&json!("a"), &json!("index")));
    let headers = [("accept", OCI)];
    let reply = registry.call(Method::GET, "/v2/a/manifests/index", &headers, Body::empty()).await;
    assert_eq!(reply.body, image);
}
