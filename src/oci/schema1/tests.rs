//! Against what libtrust and Distribution 2.8 have written, and against what nobody would.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use time::macros::datetime;

use super::*;
use crate::oci::{Descriptor, RepositoryName, Tag};

/// A manifest that skopeo has signed, and one that Distribution has converted, with what they were made of.
fn recorded() -> Value {
    serde_json::from_str(include_str!("../../../tests/fixtures/schema1.json")).unwrap()
}

fn sha256(content: &[u8]) -> Digest {
    Digest::from_hash(crate::oci::Algorithm::Sha256, &Sha256::digest(content))
}

fn layer(media_type: &str, digest: &str) -> Descriptor {
    serde_json::from_value(json!({ "mediaType": media_type, "digest": digest, "size": 1 })).unwrap()
}

fn image(repository: &str, config: &str, layers: &[Descriptor]) -> Result<String, Unconvertible> {
    let repository = RepositoryName::parse(repository).unwrap();
    let tag = Tag::parse("t").unwrap();
    convert(&Source { repository: &repository, tag: &tag, config: config.as_bytes(), layers }, sha256)
}

const GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

fn layers(count: u8) -> Vec<Descriptor> {
    (0..count).map(|number| layer(GZIP, &format!("sha256:{}", format!("{number:02x}").repeat(32)))).collect()
}

#[test]
fn the_empty_layer_is_the_one_that_everybody_knows() {
    assert_eq!(sha256(&EMPTY_LAYER).as_str(), EMPTY_LAYER_DIGEST);
    assert!(is_empty_layer(&sha256(&EMPTY_LAYER)));
}

#[test]
fn a_signed_manifest_comes_apart() {
    for part in ["signed", "converted"] {
        let recorded = &recorded()[part];
        let signed = Signed::parse(recorded["document"].as_str().unwrap().as_bytes()).unwrap();
        assert_eq!(sha256(&signed.payload).as_str(), recorded["payload_digest"]);
        let [signature] = signed.signatures.as_slice() else { panic!("{signed:?}") };
        assert_eq!(signature.algorithm, Algorithm::Es256);
        assert_eq!(signature.value.len(), 64);
        assert!(matches!(&signature.key, PublicKey::Point(point) if point.len() == 65));
        let image = Image::parse(&signed.payload).unwrap();
        assert_eq!(image.architecture, "amd64");
        assert_eq!(image.tag, "t");
        assert!(!signed.is_verified(|_, _| false));
        assert!(signed.is_verified(|_, message| message.starts_with(signature.protected.as_bytes())));
    }
}

#[test]
fn a_conversion_is_distributions_to_the_byte() {
    let recorded = &recorded()["converted"];
    let docker = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    let layers: Vec<_> =
        recorded["layers"].as_array().unwrap().iter().map(|digest| layer(docker, digest.as_str().unwrap())).collect();
    let payload = image("s1/hist", recorded["config"].as_str().unwrap(), &layers).unwrap();
    let signed = Signed::parse(recorded["document"].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(payload, String::from_utf8(signed.payload).unwrap());
    assert_eq!(sha256(payload.as_bytes()).as_str(), recorded["payload_digest"]);
}

#[test]
fn odd_configs_become_what_distribution_makes_of_them() {
    for odd in recorded()["odd"].as_array().unwrap() {
        let layers = odd["layers"].as_array().unwrap().iter().map(|digest| layer(GZIP, digest.as_str().unwrap()));
        let (name, config) = (odd["repository"].as_str().unwrap(), odd["config"].as_str().unwrap());
        let payload = image(name, config, &layers.collect::<Vec<_>>()).unwrap();
        assert_eq!(sha256(payload.as_bytes()).as_str(), odd["payload_digest"], "{name}: {payload}");
    }
}

#[test]
fn a_signature_goes_where_libtrust_puts_it() {
    for part in ["signed", "converted"] {
        let recorded = recorded();
        let document = recorded[part]["document"].as_str().unwrap();
        let signed = Signed::parse(document.as_bytes()).unwrap();
        let block = &serde_json::from_str::<Value>(document).unwrap()["signatures"][0];
        let unsigned = Unsigned::new(&signed.payload).unwrap();
        let protected = &signed.signatures[0].protected;
        let again = unsigned.finish(protected, &block["header"]["jwk"], "ES256", &signed.signatures[0].value);
        assert_eq!(String::from_utf8(again).unwrap(), document);
    }
}

#[test]
fn the_protected_header_is_libtrusts() {
    let recorded = recorded();
    let signed = Signed::parse(recorded["signed"]["document"].as_str().unwrap().as_bytes()).unwrap();
    let at = datetime!(2026-11-24 04:32:45.999 +1);
    assert_eq!(Unsigned::new(&signed.payload).unwrap().protected(at), signed.signatures[0].protected);
}

#[test]
fn what_is_not_signed_rightly_has_a_reason() {
    let document: Value = serde_json::from_str(recorded()["signed"]["document"].as_str().unwrap()).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut document = document.clone();
        change(&mut document["signatures"]);
        Signed::parse(document.to_string().as_bytes()).unwrap_err().to_string()
    };
    let protected = |header: Value| key::encode(header.to_string());
    assert!(changed(&|all| *all = json!(null)).contains("must be signed"));
    assert!(changed(&|all| *all = json!([])).contains("must be signed"));
    assert!(changed(&|all| *all = vec![all[0].clone(); 9].into()).contains("8 signatures"));
    assert!(changed(&|all| all[0]["header"]["alg"] = json!("none")).contains("algorithm"));
    assert!(changed(&|all| all[0]["header"]["alg"] = json!("HS256")).contains("algorithm"));
    assert!(changed(&|all| all[0]["header"]["jwk"] = json!(null)).contains("key"));
    assert!(changed(&|all| all[0]["header"]["jwk"]["x"] = json!("ä")).contains("key"));
    assert!(changed(&|all| all[0]["header"]["jwk"]["kty"] = json!("oct")).contains("JSON"));
    assert!(changed(&|all| all[0]["header"]["x5c"] = json!(["AAAA"])).contains("certificate"));
    assert!(changed(&|all| all[0]["signature"] = json!("*")).contains("value"));
    assert!(changed(&|all| all[0]["protected"] = json!("e30")).contains("protected"));
    let far = protected(json!({ "formatLength": 1_u64 << 40, "formatTail": "fQ" }));
    assert!(changed(&|all| all[0]["protected"] = json!(far)).contains("format"));
    let smuggled = protected(json!({ "formatLength": 775, "formatTail": key::encode(",\"tag\":\"evil\"}") }));
    assert!(changed(&|all| all[0]["protected"] = json!(smuggled)).contains("format"));
    let other = protected(json!({ "formatLength": 774, "formatTail": "fQ" }));
    let two = |all: &mut Value| {
        let mut second = all[0].clone();
        second["protected"] = json!(other);
        *all = json!([all[0].clone(), second]);
    };
    assert!(changed(&two).contains("same payload"));
    for content in ["", "[]", "{", "null"] {
        assert!(Signed::parse(content.as_bytes()).is_err(), "{content}");
    }
}

#[test]
fn a_payload_that_is_no_image_has_a_reason() {
    let good = json!({
        "schemaVersion": 1, "name": "a/b", "tag": "t", "architecture": "amd64",
        "fsLayers": [{ "blobSum": EMPTY_LAYER_DIGEST }], "history": [{ "v1Compatibility": "{}" }],
    });
    assert!(Image::parse(good.to_string().as_bytes()).is_ok());
    let cases = [
        ("schemaVersion", json!(2), "must be 1"),
        ("name", json!("Upper"), "name"),
        ("tag", json!(".x"), "tag"),
        ("fsLayers", json!([]), "0 layers and 1"),
        ("fsLayers", json!([{ "blobSum": "sha256:1" }]), "JSON"),
        ("history", json!([]), "1 layers and 0"),
        ("signatures", json!([]), "signatures"),
    ];
    for (key, value, expected) in cases {
        let mut document = good.clone();
        document[key] = value;
        let error = Image::parse(document.to_string().as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error} should say {expected}");
    }
}

#[test]
fn an_image_without_a_fitting_history_gets_one() {
    let odd = r#"{"architecture":"arm64","created":"2024-01-02T03:04:05.600Z","history":[{"created_by":"a"},
        {"created_by":"b"}],"rootfs":{}}"#;
    for config in ["{}", r#"{"history":[]}"#, r#"{"history":"none"}"#, odd] {
        let image = Image::parse(image("a", config, &layers(3)).unwrap().as_bytes()).unwrap();
        let expected: Vec<_> = layers(3).into_iter().rev().map(|layer| layer.digest).collect();
        assert_eq!(image.layers.iter().map(|layer| layer.blob.digest.clone()).collect::<Vec<_>>(), expected);
        assert_chained(&image);
    }
    let image = Image::parse(image("a", odd, &layers(3)).unwrap().as_bytes()).unwrap();
    assert!(image.layers[2].v1_compatibility.contains(r#""created":"2024-01-02T03:04:05.6Z""#), "{image:?}");
    assert_eq!(image.architecture, "arm64");
}

#[test]
fn an_image_of_nothing_is_one_empty_step() {
    let image = Image::parse(image("a", "{}", &[]).unwrap().as_bytes()).unwrap();
    assert_eq!(image.layers.len(), 1);
    assert!(is_empty_layer(&image.layers[0].blob.digest));
    assert_chained(&image);
}

/// Demands what Docker 1.8.3 does: ids of 64 digits, each entry's parent the one below, the lowest without one.
fn assert_chained(image: &Image) {
    let entries: Vec<Value> =
        image.layers.iter().map(|layer| serde_json::from_str(&layer.v1_compatibility).unwrap()).collect();
    for (at, entry) in entries.iter().enumerate() {
        assert_eq!(entry["id"].as_str().unwrap().len(), 64);
        assert_eq!(entry.get("parent"), entries.get(at + 1).map(|below| &below["id"]));
    }
}

#[test]
fn an_image_that_old_clients_cannot_have_says_why() {
    let zstd = layer("application/vnd.oci.image.layer.v1.tar+zstd", EMPTY_LAYER_DIGEST);
    let mut foreign = layer(GZIP, EMPTY_LAYER_DIGEST);
    foreign.urls.push("https://example.com/layer".to_owned());
    assert!(image("a", "{}", &[zstd]).unwrap_err().to_string().contains("zstd"));
    assert!(matches!(image("a", "{}", &[foreign]), Err(Unconvertible::Layer(_))));
    for config in ["", "[]", "{", "7"] {
        assert!(matches!(image("a", config, &layers(1)), Err(Unconvertible::Config)), "{config}");
    }
    let many = json!({ "history": vec![json!({ "empty_layer": true }); 1025] }).to_string();
    assert!(matches!(image("a", &many, &[]), Err(Unconvertible::Steps)));
}

#[test]
fn a_wide_indent_is_not_taken_up() {
    let wide = format!("{{\n{}\"a\": 1\n}}", " ".repeat(5000));
    let signed = Unsigned::new(wide.as_bytes()).unwrap().finish("e30", &json!({}), "ES256", b"x");
    assert!(signed.len() < wide.len() + 200);
    for payload in ["", "{}", "{ }", "[1]", "{\"a\":1,}", "}"] {
        assert!(Unsigned::new(payload.as_bytes()).is_none(), "{payload}");
    }
}

#[test]
fn the_key_is_found_in_a_certificate() {
    for algorithm in [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384] {
        let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
        let parameters = rcgen::CertificateParams::new(vec!["a.example".to_owned()]).unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        use rcgen::PublicKeyData as _;
        let found = certificate::subject_public_key(certificate.der()).unwrap();
        assert_eq!(found, key.subject_public_key_info());
        for cut in 0..certificate.der().len() {
            assert_eq!(certificate::subject_public_key(&certificate.der()[..cut]), None);
        }
    }
}

proptest::proptest! {
    #[test]
    fn nothing_makes_the_parsers_panic(content in proptest::collection::vec(0u8.., 0..300)) {
        let _ = Signed::parse(&content);
        let _ = Image::parse(&content);
        let _ = certificate::subject_public_key(&content);
        let _ = Unsigned::new(&content);
    }

    #[test]
    fn nothing_inside_a_signature_does_either(
        length in 0usize.., tail in "\\PC{0,9}", protected in "[a-zA-Z0-9_-]{0,40}", x5c in "[a-zA-Z0-9+/=]{0,40}", alg in "[ER]S256",
    ) {
        let header = key::encode(json!({ "formatLength": length, "formatTail": key::encode(tail) }).to_string());
        for protected in [header, protected] {
            let block = json!({ "header": { "alg": alg, "x5c": [x5c] }, "signature": protected, "protected": protected });
            let _ = Signed::parse(json!({ "a": 1, "signatures": [block] }).to_string().as_bytes());
        }
    }

    #[test]
    fn a_payload_survives_being_signed(name in "\\PC{0,20}", spaces in "[ \n\t]{0,12}", indent in 0usize..12) {
        let payload = format!("{{\n{}\"name\": {}{spaces}}}{spaces}", " ".repeat(indent), json!(name));
        let unsigned = Unsigned::new(payload.as_bytes()).unwrap();
        let protected = unsigned.protected(datetime!(2026-01-01 00:00 UTC));
        let jwk = json!({ "kty": "EC", "x": "AQ", "y": "Ag" });
        let signed = Signed::parse(&unsigned.finish(&protected, &jwk, "ES256", b"signature")).unwrap();
        proptest::prop_assert_eq!(&signed.payload, payload.as_bytes());
        proptest::prop_assert!(signed.is_verified(|_, message| message == unsigned.message(&protected)));
    }

    #[test]
    fn every_config_is_converted_or_refused(config in "\\PC{0,200}", count in 0u8..4) {
        let _ = image("a", &config, &layers(count));
        let config = json!({ "architecture": config, "history": [{ "created_by": config, "created": config }] }).to_string();
        let payload = image("a", &config, &layers(count)).unwrap();
        assert_chained(&Image::parse(payload.as_bytes()).unwrap());
        proptest::prop_assert_eq!(image("a", &config, &layers(count)).unwrap(), payload);
    }
}
