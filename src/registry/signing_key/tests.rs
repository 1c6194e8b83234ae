//! Keys of every kind, and signatures that libtrust and others have made.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use time::macros::datetime;

use super::*;
use crate::oci::schema1::Signed;

fn recorded(part: &str) -> String {
    let recorded: Value = serde_json::from_str(include_str!("../../../tests/fixtures/schema1.json")).unwrap();
    recorded[part]["document"].as_str().unwrap().to_owned()
}

fn is_verified(document: &[u8]) -> bool {
    Signed::parse(document).unwrap().is_verified(is_valid)
}

#[test]
fn signatures_of_skopeo_and_distribution_are_right() {
    for part in ["signed", "converted"] {
        let document = recorded(part);
        assert!(is_verified(document.as_bytes()));
        assert!(!is_verified(document.replace("amd64", "arm64").as_bytes()));
        let signature = Signed::parse(document.as_bytes()).unwrap().signatures.remove(0);
        assert!(!is_valid(&Signature { algorithm: Algorithm::Es384, ..signature.clone() }, b""));
        assert!(!is_valid(&Signature { algorithm: Algorithm::Rs256, ..signature }, b""));
    }
}

#[test]
fn a_key_has_the_name_that_libtrust_gives_it() {
    let document: Value = serde_json::from_str(&recorded("signed")).unwrap();
    let jwk = &document["signatures"][0]["header"]["jwk"];
    let number = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    // RFC 5480: a SubjectPublicKeyInfo of id-ecPublicKey on prime256v1, up to the point.
    let mut der = BASE64_URL_SAFE_NO_PAD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE").unwrap();
    der.extend(number("x"));
    der.extend(number("y"));
    assert_eq!(key_id(&der), jwk["kid"].as_str().unwrap());
}

#[test]
fn what_a_kept_key_signs_is_right() {
    let (key, kept) = SigningKey::generate().unwrap();
    let again = SigningKey::from_der(&kept).unwrap();
    assert_eq!(key.jwk, again.jwk);
    for payload in ["{\"a\":1}", "{\n   \"a\": [1]\n}\n"] {
        let unsigned = Unsigned::new(payload.as_bytes()).unwrap();
        let document = again.sign(&unsigned, datetime!(2026-01-02 03:04:05 UTC)).unwrap();
        assert!(is_verified(&document));
        assert_eq!(Signed::parse(&document).unwrap().payload, payload.as_bytes());
    }
    assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.jwk["kid"]));
}

#[test]
fn keys_in_pem_are_read_and_others_are_named() {
    let p256 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    assert!(SigningKey::from_pem(p256.serialize_pem().as_bytes()).is_ok());
    // As `openssl ecparam -genkey` writes it: the curve first, then the key in RFC 5915's form.
    let openssl = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n\
        -----BEGIN EC PRIVATE KEY-----\n\
        MHcCAQEEIP0HXo/+b71sWkO5Ggl1CiMdAoeqJ4coN4Ct75QwiMMWoAoGCCqGSM49\n\
        AwEHoUQDQgAEKpBhvXBw0JMTQ6xgJmjlvCz5cL02sY59BtpVrQKGKLK9ZmDhLDkt\n\
        AC+8P+z/CyNQWxMhZiNrzabtTRXTk1K3oA==\n-----END EC PRIVATE KEY-----\n";
    assert!(SigningKey::from_pem(openssl.as_bytes()).is_ok());
    let p384 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    assert!(matches!(SigningKey::from_pem(p384.serialize_pem().as_bytes()), Err(KeyError::Kind)));
    assert!(matches!(SigningKey::from_pem(b"no key"), Err(KeyError::Pem(_))));
    let missing = SigningKey::read(Path::new("/nonexistent/key.pem")).unwrap_err().to_string();
    assert!(missing.contains("/nonexistent/key.pem"), "{missing}");
}

/// A document with a signature that was made for it.
fn signed(algorithm: &str, header: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let payload = br#"{"name":"a"}"#;
    let unsigned = Unsigned::new(payload).unwrap();
    let protected = unsigned.protected(datetime!(2026-01-02 03:04:05 UTC));
    let signature = sign(&unsigned.message(&protected));
    let document = unsigned.finish(&protected, &header["jwk"], algorithm, &signature);
    let mut document: Value = serde_json::from_slice(&document).unwrap();
    document["signatures"][0]["header"] = header.clone();
    document["signatures"][0]["header"]["alg"] = algorithm.into();
    // The payload comes first, on one line, as it was signed.
    let text = document.to_string();
    assert!(text.starts_with(r#"{"name":"a","#));
    text.into_bytes()
}

#[test]
fn rsa_keys_and_certificates_verify_too() {
    use aws_lc_rs::{
        encoding::Pkcs8V1Der,
        rsa::KeySize,
        signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA512},
    };
    use base64::prelude::BASE64_STANDARD;

    let pair = rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
    // RFC 8017, RSAPublicKey: SEQUENCE { INTEGER n, INTEGER e }, n with a zero before it, e 65537.
    let der = pair.public_key().as_ref();
    let n = &der[der.len() - 5 - 256..der.len() - 5];
    let jwk = serde_json::json!({
        "kty": "RSA", "n": BASE64_URL_SAFE_NO_PAD.encode(n), "e": "AQAB", "kid": "not looked at",
    });
    let rsa_sign = |message: &[u8]| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    };
    assert!(is_verified(&signed("RS256", &serde_json::json!({ "jwk": jwk }), rsa_sign)));
    assert!(!is_verified(&signed("RS512", &serde_json::json!({ "jwk": jwk }), rsa_sign)));
    let sha512 = |message: &[u8]| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA512, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    };
    assert!(is_verified(&signed("RS512", &serde_json::json!({ "jwk": jwk }), sha512)));

    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let pem =
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64_STANDARD.encode(pkcs8.as_ref()));
    let certified = rcgen::KeyPair::from_pem_and_sign_algo(&pem, &rcgen::PKCS_RSA_SHA256).unwrap();
    let certificate =
        rcgen::CertificateParams::new(vec!["a.example".to_owned()]).unwrap().self_signed(&certified).unwrap();
    let x5c = serde_json::json!({ "x5c": [BASE64_STANDARD.encode(certificate.der())] });
    assert!(is_verified(&signed("RS256", &x5c, rsa_sign)));
    assert!(!is_verified(&signed("ES256", &x5c, rsa_sign)));

    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let ec = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.serialized_der()).unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["a.example".to_owned()]).unwrap().self_signed(&key).unwrap();
    let x5c = serde_json::json!({ "x5c": [BASE64_STANDARD.encode(certificate.der())] });
    assert!(is_verified(&signed("ES256", &x5c, |message| {
        ec.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
    })));
}
