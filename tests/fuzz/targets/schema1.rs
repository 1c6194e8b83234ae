//! Docker's schema 1: signed documents, what stands in them, certificates, and configs that are converted to it.
#![no_main]

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use humpback::oci::{
    Algorithm, Descriptor, Digest, RepositoryName, Tag,
    media_type::DOCKER_LAYER,
    schema1::{Image, Signed, Source, Unsigned, certificate, convert},
};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|content: &[u8]| {
    signed(content);
    // The same bytes as the part that stands inside, in base64.
    let protected = BASE64_URL_SAFE_NO_PAD.encode(content);
    let key = json!({ "kty": "RSA", "n": protected, "e": "AQAB" });
    let block = json!({ "header": { "alg": "RS256", "jwk": key }, "signature": protected, "protected": protected });
    signed(json!({ "name": "a", "signatures": [block] }).to_string().as_bytes());

    if let Ok(image) = Image::parse(content) {
        assert!(!image.layers.is_empty());
        assert!(image.layers.iter().all(|layer| fuzz::is_digest(layer.blob.digest.as_str())));
        sign(content);
    }
    if let Some(key) = certificate::subject_public_key(content) {
        assert!(content.windows(key.len()).any(|part| part == key));
    }
    for layers in [0, 1, 3] {
        converted(content, layers);
    }
});

fn signed(document: &[u8]) {
    let Ok(signed) = Signed::parse(document) else { return };
    assert!((1..=8).contains(&signed.signatures.len()));
    assert!(signed.payload.len() <= 2 * document.len());
    assert!(signed.payload.trim_ascii_end().ends_with(b"}"));
    assert!(!signed.is_verified(|_, _| false));
}

/// What is an image can be signed, and comes out again as it was.
fn sign(payload: &[u8]) {
    let unsigned = Unsigned::new(payload).expect("an image is an object with something in it");
    let protected =
        json!({ "formatLength": unsigned.length(), "formatTail": BASE64_URL_SAFE_NO_PAD.encode(unsigned.tail()) });
    let protected = BASE64_URL_SAFE_NO_PAD.encode(protected.to_string());
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": "AQ", "y": "Ag" });
    let document = unsigned.finish(&protected, &jwk, "ES256", b"signature");
    assert_eq!(Signed::parse(&document).expect("signed").payload, payload);
}

fn converted(config: &[u8], count: u8) {
    let layer = |number: u8| Descriptor {
        media_type: DOCKER_LAYER.to_owned(),
        digest: hash(&[number]),
        size: 1,
        urls: Vec::new(),
        data: None,
        annotations: None,
        platform: None,
        artifact_type: None,
    };
    let layers: Vec<Descriptor> = (0..count).map(layer).collect();
    let (repository, tag) = (RepositoryName::parse("a").expect("a name"), Tag::parse("t").expect("a tag"));
    let source = Source { repository: &repository, tag: &tag, config, layers: &layers };
    let Ok(payload) = convert(&source, hash) else { return };
    let image = Image::parse(payload.as_bytes()).expect("an image");
    let entries =
        image.layers.iter().map(|layer| serde_json::from_str::<Value>(&layer.v1_compatibility).expect("JSON"));
    let entries: Vec<Value> = entries.collect();
    for (at, entry) in entries.iter().enumerate() {
        assert_eq!(entry.get("parent"), entries.get(at + 1).map(|below| &below["id"]));
    }
    sign(payload.as_bytes());
}

/// Not SHA-256, and quicker.
fn hash(content: &[u8]) -> Digest {
    let hash = content
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Digest::from_hash(Algorithm::Sha256, &[hash.to_le_bytes(); 4].concat())
}
