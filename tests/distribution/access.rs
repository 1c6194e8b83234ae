//! Who may use the API: users of a file, and tokens of another server.

use std::{fs, path::Path};

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use humpback::{
    access::Source,
    auth::{Auth, Htpasswd, Tokens, token::Options},
    clock::Clock,
    v2,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{
    BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384,
    PublicKeyData as _,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Reply, TestRegistry, digest};

/// With deleting on or off.
fn settings(anonymous_delete: bool) -> v2::Settings {
    v2::Settings { anonymous_delete, ..v2::Settings::default() }
}

impl TestRegistry {
    async fn ask(&self, method: Method, path: &str, authorization: &str) -> Reply {
        self.call(method, path, &[("authorization", authorization)], Body::empty()).await
    }

    async fn post_blob(&self, name: &str, content: &[u8], authorization: &str) -> Reply {
        let path = format!("/v2/{name}/blobs/uploads/?digest={}", digest(content));
        self.call(Method::POST, &path, &[("authorization", authorization)], content.to_vec()).await
    }
}

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{password}")))
}

async fn with_users(settings: v2::Settings) -> TestRegistry {
    let guard = async |root: &Path, auth: &Auth, _: &Clock| {
        let path = root.join("htpasswd");
        fs::write(&path, format!("ann:{}\n", bcrypt::hash("secret", 4).unwrap())).unwrap();
        Source::Htpasswd(Htpasswd::open("My Realm".into(), path, auth).await.unwrap())
    };
    TestRegistry::guarded(settings, guard).await
}

#[tokio::test]
async fn without_a_password_every_endpoint_asks_for_it() {
    let registry = with_users(settings(true)).await;
    for (method, path) in [
        (Method::GET, "/v2/"),
        (Method::GET, "/v2/_catalog"),
        (Method::GET, "/v2/a/manifests/v1"),
        (Method::POST, "/v2/a/blobs/uploads/"),
        (Method::DELETE, "/v2/a/manifests/v1"),
    ] {
        let reply = registry.call(method, path, &[], Body::empty()).await;
        reply.assert_refused(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
        assert_eq!(reply.header("www-authenticate"), "Basic realm=\"My Realm\"");
    }
    let search = registry.get("/v1/search?q=a").await;
    assert_eq!(
        (search.status, search.header("www-authenticate")),
        (StatusCode::UNAUTHORIZED, "Basic realm=\"My Realm\"")
    );
}

#[tokio::test]
async fn a_user_of_the_file_pulls_pushes_and_deletes() {
    let registry = with_users(settings(true)).await;
    let ann = basic("ann", "secret");
    assert_eq!(registry.ask(Method::GET, "/v2/", &ann).await.status, StatusCode::OK);
    assert_eq!(registry.post_blob("a", b"layer", &ann).await.status, StatusCode::CREATED);
    let blob = format!("/v2/a/blobs/{}", digest(b"layer"));
    assert_eq!(registry.ask(Method::GET, &blob, &ann).await.body, "layer");
    for wrong in [basic("ann", "wrong"), basic("bob", "secret"), "Bearer secret".into(), "Basic !".into()] {
        let reply = registry.ask(Method::GET, &blob, &wrong).await;
        reply.assert_refused(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
        assert_eq!(reply.json()["errors"][0]["detail"][0]["Action"], "pull");
    }
    assert_eq!(registry.ask(Method::DELETE, &blob, &ann).await.status, StatusCode::ACCEPTED);
    assert_eq!(registry.ask(Method::GET, "/v1/search?q=a", &ann).await.status, StatusCode::OK);
}

#[tokio::test]
async fn deleting_is_off_unless_it_was_switched_on() {
    let registry = with_users(settings(false)).await;
    let ann = basic("ann", "secret");
    registry.post_blob("a", b"layer", &ann).await;
    let blob = format!("/v2/a/blobs/{}", digest(b"layer"));
    registry.ask(Method::DELETE, &blob, &ann).await.assert_refused(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED");
    assert_eq!(registry.ask(Method::GET, &blob, &ann).await.status, StatusCode::OK);
}

/// A token server: a root, and a key that it has certified.
struct Issuing {
    root: rcgen::Certificate,
    root_key: KeyPair,
    leaf: rcgen::Certificate,
    leaf_key: KeyPair,
}

impl Issuing {
    fn new() -> Self {
        let root_key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
        let mut params = CertificateParams::new(vec!["root.test".into()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = params.self_signed(&root_key).unwrap();
        let issuer = Issuer::from_params(&params, &root_key);
        let leaf_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let leaf_params = CertificateParams::new(vec!["auth.test".into()]).unwrap();
        let leaf = leaf_params.signed_by(&leaf_key, &issuer).unwrap();
        Self { root, root_key, leaf, leaf_key }
    }

    fn chain(&self) -> Header {
        Header { x5c: Some(vec![BASE64_STANDARD.encode(self.leaf.der())]), ..Header::new(Algorithm::ES256) }
    }

    fn sign(&self, header: &Header, claims: &Value) -> String {
        let key = if header.alg == Algorithm::ES384 { &self.root_key } else { &self.leaf_key };
        let key = EncodingKey::from_ec_der(&key.serialize_der());
        format!("Bearer {}", jsonwebtoken::encode(header, claims, &key).unwrap())
    }

    /// A token signed by the certified key, for what it lists.
    fn token(&self, access: &Value) -> String {
        self.sign(&self.chain(), &claims(access))
    }
}

/// The moment at which the tests' clock stands, in seconds.
const NOW: i64 = 1_767_323_045;

fn claims(access: &Value) -> Value {
    json!({
        "iss": "auth.test", "sub": "ann", "aud": ["other", "registry.test"],
        "exp": NOW + 300, "nbf": NOW - 10, "access": access,
    })
}

fn entry(name: &str, actions: &[&str]) -> Value {
    json!({ "type": "repository", "name": name, "actions": actions })
}

fn options(root: &Path) -> Options {
    Options {
        realm: "https://auth.test/token".into(),
        service: "registry.test".into(),
        issuer: "auth.test".into(),
        root_cert_bundle: Some(root.join("bundle.pem")),
        ..Options::default()
    }
}

async fn with_tokens(issuing: &Issuing) -> TestRegistry {
    let pem = issuing.root.pem();
    let guard = async |root: &Path, _: &Auth, clock: &Clock| {
        fs::write(root.join("bundle.pem"), pem).unwrap();
        Source::Token(Tokens::open(options(root), clock.clone()).unwrap())
    };
    TestRegistry::guarded(settings(true), guard).await
}

#[tokio::test]
async fn each_endpoint_asks_for_a_token_of_its_scope() {
    let registry = with_tokens(&Issuing::new()).await;
    let table = [
        (Method::GET, "/v2/", ""),
        (Method::GET, "/v2/_catalog", "registry:catalog:*"),
        (Method::GET, "/v2/team/a/manifests/v1", "repository:team/a:pull"),
        (Method::GET, "/v2/team/a/tags/list", "repository:team/a:pull"),
        (Method::PUT, "/v2/team/a/manifests/v1", "repository:team/a:pull,push"),
        (Method::POST, "/v2/a/blobs/uploads/", "repository:a:pull,push"),
        (Method::POST, "/v2/a/blobs/uploads/?mount=sha256:x&from=b", "repository:a:pull,push repository:b:pull"),
        (Method::DELETE, "/v2/a/manifests/v1", "repository:a:delete"),
    ];
    for (method, path, scope) in table {
        let reply = registry.call(method, path, &[], Body::empty()).await;
        reply.assert_refused(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
        let scope = if scope.is_empty() { String::new() } else { format!(",scope=\"{scope}\"") };
        let expected = format!("Bearer realm=\"https://auth.test/token\",service=\"registry.test\"{scope}");
        assert_eq!(reply.header("www-authenticate"), expected, "{path}");
    }
}

#[tokio::test]
async fn a_token_allows_what_it_lists_and_nothing_else() {
    let issuing = Issuing::new();
    let registry = with_tokens(&issuing).await;
    let token = issuing.token(&json!([entry("a", &["pull", "push"]), entry("b", &["*"])]));
    assert_eq!(registry.ask(Method::GET, "/v2/", &token).await.status, StatusCode::OK);
    assert_eq!(registry.post_blob("a", b"layer", &token).await.status, StatusCode::CREATED);
    assert_eq!(registry.post_blob("b", b"layer", &token).await.status, StatusCode::CREATED);
    let of = |name: &str| format!("/v2/{name}/blobs/{}", digest(b"layer"));
    assert_eq!(registry.ask(Method::DELETE, &of("b"), &token).await.status, StatusCode::ACCEPTED);
    for (method, path) in [
        (Method::DELETE, of("a")),
        (Method::GET, of("c")),
        (Method::GET, "/v2/_catalog".into()),
        (Method::POST, "/v2/a/blobs/uploads/?mount=sha256:x&from=c".into()),
    ] {
        let reply = registry.ask(method, &path, &token).await;
        reply.assert_refused(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
        assert!(reply.header("www-authenticate").ends_with(",error=\"insufficient_scope\""), "{path}");
    }
    let catalog = issuing.token(&json!([{ "type": "registry", "name": "catalog", "actions": ["*"] }]));
    assert_eq!(registry.ask(Method::GET, "/v2/_catalog", &catalog).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_mount_takes_only_what_the_token_may_read() {
    let issuing = Issuing::new();
    let registry = with_tokens(&issuing).await;
    let owner = issuing.token(&json!([entry("secret", &["pull", "push"]), entry("shared", &["pull", "push"])]));
    registry.post_blob("secret", b"hidden", &owner).await;
    registry.post_blob("shared", b"open", &owner).await;
    let token = issuing.token(&json!([entry("mine", &["pull", "push"]), entry("shared", &["pull"])]));
    let mount = async |content: &[u8]| {
        let path = format!("/v2/mine/blobs/uploads/?mount={}", digest(content));
        registry.ask(Method::POST, &path, &token).await.status
    };
    assert_eq!(mount(b"hidden").await, StatusCode::ACCEPTED, "as if it were not there");
    assert_eq!(mount(b"open").await, StatusCode::CREATED);
}

#[tokio::test]
async fn tokens_that_are_not_believed_are_invalid() {
    let issuing = Issuing::new();
    let registry = with_tokens(&issuing).await;
    let good = claims(&json!([entry("a", &["pull", "push"])]));
    let with = |key: &str, value: Value| {
        let mut claims = good.clone();
        claims[key] = value;
        issuing.sign(&issuing.chain(), &claims)
    };
    let stranger = Issuing::new();
    let mut cut = issuing.sign(&issuing.chain(), &good);
    cut.pop();
    let bad = [
        ("an expired token", with("exp", json!(NOW - 61))),
        ("a token of the future", with("nbf", json!(NOW + 61))),
        ("another issuer", with("iss", json!("evil.test"))),
        ("another service", with("aud", json!("other"))),
        ("a chain to another root", stranger.sign(&stranger.chain(), &good)),
        ("a key of another", stranger.sign(&issuing.chain(), &good)),
        ("no key", issuing.sign(&Header::new(Algorithm::ES256), &good)),
        ("a cut signature", cut),
        ("no token", "Bearer a.b".to_owned()),
    ];
    for (what, token) in bad {
        let reply = registry.ask(Method::GET, "/v2/a/tags/list", &token).await;
        reply.assert_refused(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
        assert!(reply.header("www-authenticate").ends_with(",error=\"invalid_token\""), "{what}: {reply:?}");
    }
    // A minute's difference between two clocks is nothing.
    for token in [with("exp", json!(NOW - 59)), with("nbf", json!(NOW + 59)), with("aud", json!("registry.test"))] {
        assert_eq!(registry.ask(Method::GET, "/v2/", &token).await.status, StatusCode::OK);
    }
    let brief = with("exp", json!(NOW + 1));
    assert_eq!(registry.ask(Method::GET, "/v2/", &brief).await.status, StatusCode::OK);
    registry.clock.advance(time::Duration::seconds(62));
    assert_eq!(registry.ask(Method::GET, "/v2/", &brief).await.status, StatusCode::UNAUTHORIZED, "remembered too long");
}

#[tokio::test]
async fn a_key_may_be_named_as_libtrust_and_as_rfc_7638_name_it() {
    let issuing = Issuing::new();
    let registry = with_tokens(&issuing).await;
    // SubjectPublicKeyInfo of P-384: 23 bytes before the point, and one that says that it is not compressed.
    let spki = issuing.root_key.subject_public_key_info();
    let hash = Sha256::digest(&spki);
    let base32 = data_encoding_base32(&hash[..30]);
    let libtrust =
        base32.as_bytes().chunks(4).map(|group| str::from_utf8(group).unwrap()).collect::<Vec<_>>().join(":");
    let (x, y) = spki[spki.len() - 96..].split_at(48);
    let (x, y) = (BASE64_URL_SAFE_NO_PAD.encode(x), BASE64_URL_SAFE_NO_PAD.encode(y));
    let jwk = format!(r#"{{"crv":"P-384","kty":"EC","x":"{x}","y":"{y}"}}"#);
    let thumbprint = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&jwk));
    for kid in [libtrust, thumbprint] {
        let header = Header { kid: Some(kid), ..Header::new(Algorithm::ES384) };
        let token = issuing.sign(&header, &claims(&json!([])));
        assert_eq!(registry.ask(Method::GET, "/v2/", &token).await.status, StatusCode::OK);
    }
}

/// Base 32 without padding (RFC 4648, section 6), bit by bit.
fn data_encoding_base32(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let letter = |five: &[u8]| five.iter().fold(0, |value, bit| value << 1 | bit);
    bits.chunks(5).map(|five| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::from(letter(five))])).collect()
}

#[tokio::test]
async fn keys_may_come_from_a_key_set() {
    let issuing = Issuing::new();
    let spki = issuing.leaf_key.subject_public_key_info();
    let (x, y) = spki[spki.len() - 64..].split_at(32);
    let (x, y) = (BASE64_URL_SAFE_NO_PAD.encode(x), BASE64_URL_SAFE_NO_PAD.encode(y));
    let set = json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "key-1", "use": "sig", "x": x, "y": y }] });
    let guard = async |root: &Path, _: &Auth, clock: &Clock| {
        fs::write(root.join("jwks.json"), set.to_string()).unwrap();
        let options = Options { root_cert_bundle: None, jwks: Some(root.join("jwks.json")), ..options(root) };
        Source::Token(Tokens::open(options, clock.clone()).unwrap())
    };
    let registry = TestRegistry::guarded(settings(true), guard).await;
    let named = |kid: &str| {
        let header = Header { kid: Some(kid.into()), ..Header::new(Algorithm::ES256) };
        issuing.sign(&header, &claims(&json!([])))
    };
    assert_eq!(registry.ask(Method::GET, "/v2/", &named("key-1")).await.status, StatusCode::OK);
    assert_eq!(registry.ask(Method::GET, "/v2/", &named("key-2")).await.status, StatusCode::UNAUTHORIZED);
    let shared = Header { kid: Some("key-1".into()), ..Header::new(Algorithm::HS256) };
    let key = EncodingKey::from_secret(&spki);
    let forged = format!("Bearer {}", jsonwebtoken::encode(&shared, &claims(&json!([])), &key).unwrap());
    assert_eq!(registry.ask(Method::GET, "/v2/", &forged).await.status, StatusCode::UNAUTHORIZED);
}
