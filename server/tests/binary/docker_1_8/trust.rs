//! libtrust as Docker has it: a daemon's own key, and manifests that are signed with one.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
    },
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A key on P-256.
pub struct Key(EcdsaKeyPair);

impl Key {
    pub fn generate() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    /// Signs a payload that is indented by three spaces (`PrettySignature`).
    pub fn sign(&self, payload: &str) -> Vec<u8> {
        let (inside, tail) = payload.split_at(payload.len() - 2);
        assert_eq!(tail, "\n}");
        let protected = json!({
            "formatLength": inside.len(), "formatTail": encode(tail), "time": "2015-10-12T20:17:21Z",
        });
        let protected = encode(protected.to_string());
        let message = format!("{protected}.{}", encode(payload));
        let signature = self.0.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        let point = self.0.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let (x, y, kid, signature) = (encode(x), encode(y), key_id(point), encode(signature.as_ref()));
        let lines = [
            "   \"signatures\": [",
            "      {",
            "         \"header\": {",
            "            \"jwk\": {",
            "               \"crv\": \"P-256\",",
            &format!("               \"kid\": \"{kid}\","),
            "               \"kty\": \"EC\",",
            &format!("               \"x\": \"{x}\","),
            &format!("               \"y\": \"{y}\""),
            "            },",
            "            \"alg\": \"ES256\"",
            "         },",
            &format!("         \"signature\": \"{signature}\","),
            &format!("         \"protected\": \"{protected}\""),
            "      }",
            "   ]",
            "}",
        ];
        format!("{inside},\n{}", lines.join("\n")).into_bytes()
    }

    /// What was signed, once its signature is found right by the key that came with it, which must bear its own name
    /// (`ParsePrettySignature`, `Verify`).
    pub fn verified(document: &[u8]) -> Vec<u8> {
        let parsed: Value = serde_json::from_slice(document).unwrap();
        let block = &parsed["signatures"][0];
        let decode = |value: &Value| BASE64_URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap();
        let protected: Value = serde_json::from_slice(&decode(&block["protected"])).unwrap();
        let length = usize::try_from(protected["formatLength"].as_u64().unwrap()).unwrap();
        let payload = [&document[..length], &decode(&protected["formatTail"])].concat();
        let jwk = &block["header"]["jwk"];
        assert_eq!(
            (&jwk["kty"], &jwk["crv"], &block["header"]["alg"]),
            (&json!("EC"), &json!("P-256"), &json!("ES256"))
        );
        let point = [vec![4], decode(&jwk["x"]), decode(&jwk["y"])].concat();
        assert_eq!(jwk["kid"], key_id(&point), "JWK EC Public Key ID does not match");
        let message = format!("{}.{}", block["protected"].as_str().unwrap(), encode(&payload));
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        key.verify(message.as_bytes(), &decode(&block["signature"])).expect("the signature is right");
        payload
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The name of a key on P-256: the hash of its `SubjectPublicKeyInfo`, cut to 240 bits, in base32 by fours.
fn key_id(point: &[u8]) -> String {
    // RFC 5480: id-ecPublicKey on prime256v1, up to the point.
    let mut der = BASE64_URL_SAFE_NO_PAD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE").unwrap();
    der.extend(&point[1..]);
    let bits: Vec<u8> =
        Sha256::digest(&der)[..30].iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let letter = |five: &[u8]| {
        let index = five.iter().fold(0, |index, bit| index << 1 | usize::from(*bit));
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[index])
    };
    let letters: Vec<char> = bits.chunks(5).map(letter).collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(":")
}
