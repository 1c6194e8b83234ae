//! The key that signs schema 1 manifests, and whose signatures on pushed ones are right.
//!
//! The key proves nothing to anybody: clients before Docker 1.8 only ask that a signature is right, not whose it is. It
//! is kept because a key that changes at each start would make each answer another one.

use std::{fmt, path::Path};

use aws_lc_rs::{
    digest::{SHA256, digest},
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED,
        EcdsaKeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
        RsaParameters, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject as _};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::oci::schema1::{Algorithm, PublicKey, Signature, Unsigned};

/// An elliptic curve key on P-256, with what a signature says of it.
pub struct SigningKey {
    pair: EcdsaKeyPair,
    jwk: Value,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read.
    #[error("reading the signing key {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no private key in the text.
    #[error("the signing key is not a private key in PEM: {0}")]
    Pem(#[source] rustls::pki_types::pem::Error),
    /// The key is of another kind.
    #[error(
        "the signing key must be an elliptic curve key on P-256 without a password, as \
         'openssl ecparam -name prime256v1 -genkey -noout' makes it"
    )]
    Kind,
    /// The cryptographic library failed.
    #[error("the cryptographic library could not make or use a key")]
    Crypto,
}

impl From<aws_lc_rs::error::Unspecified> for KeyError {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Crypto
    }
}

impl fmt::Debug for SigningKey {
    /// Writes the public half alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.jwk["kid"])
    }
}

impl SigningKey {
    /// A new key, and how it is kept: PKCS#8 in DER.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generate() -> Result<(Self, Vec<u8>), KeyError> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())?;
        Ok((Self::from_der(document.as_ref())?, document.as_ref().to_vec()))
    }

    /// The key that was kept: PKCS#8 in DER, or RFC 5915's own form.
    ///
    /// # Errors
    /// It is not a key on P-256.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let pair = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, der);
        let pair = pair.map_err(|_| KeyError::Kind)?;
        let (x, y) = match pair.public_key().as_ref() {
            [4, point @ ..] if point.len() == 64 => point.split_at(32),
            _ => return Err(KeyError::Crypto),
        };
        let encode = |number: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(number);
        let der: PublicKeyX509Der<'_> = pair.public_key().as_der()?;
        let jwk = json!({ "crv": "P-256", "kid": key_id(der.as_ref()), "kty": "EC", "x": encode(x), "y": encode(y) });
        Ok(Self { pair, jwk })
    }

    /// The key in a text in PEM, as `compatibility.schema1.signingkeyfile` of Distribution's configuration names one:
    /// `EC PRIVATE KEY` or `PRIVATE KEY`.
    ///
    /// # Errors
    /// There is none, or it is not on P-256.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(KeyError::Pem)?;
        Self::from_der(key.secret_der())
    }

    /// The key in a file in PEM.
    ///
    /// # Errors
    /// The file can't be read, or holds no key on P-256.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let pem = std::fs::read(path).map_err(|source| KeyError::Read { path: path.display().to_string(), source })?;
        Self::from_pem(&pem)
    }

    /// Signs a payload. The same payload at the same time has another signature each time.
    pub(super) fn sign(&self, payload: &Unsigned<'_>, at: OffsetDateTime) -> Result<Vec<u8>, KeyError> {
        let protected = payload.protected(at);
        let signature = self.pair.sign(&SystemRandom::new(), &payload.message(&protected))?;
        Ok(payload.finish(&protected, &self.jwk, "ES256", signature.as_ref()))
    }
}

/// libtrust's name of a key: 240 bits of the hash of its `SubjectPublicKeyInfo`, in twelve groups of base32. Clients
/// before Docker 1.8 compute it too and refuse a key with another name.
fn key_id(public_key: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let hash = digest(&SHA256, public_key);
    let mut text = String::with_capacity(59);
    // Five bytes are eight letters: two groups.
    for (at, five) in hash.as_ref().chunks_exact(5).take(6).enumerate() {
        let bits = five.iter().fold(0_u64, |bits, &byte| (bits << 8) | u64::from(byte));
        for letter in 0..8 {
            if letter % 4 == 0 && (at, letter) != (0, 0) {
                text.push(':');
            }
            let index = (bits >> (35 - 5 * letter)) & 31;
            text.push(usize::try_from(index).ok().and_then(|index| ALPHABET.get(index)).map_or('A', |&c| c.into()));
        }
    }
    text
}

/// Whether `signature` is one of `message`.
pub(super) fn is_valid(signature: &Signature, message: &[u8]) -> bool {
    let elliptic: &'static dyn VerificationAlgorithm = match signature.algorithm {
        Algorithm::Es256 => &ECDSA_P256_SHA256_FIXED,
        Algorithm::Es384 => &ECDSA_P384_SHA384_FIXED,
        Algorithm::Es512 => &ECDSA_P521_SHA512_FIXED,
        Algorithm::Rs256 => return is_valid_rsa(signature, message, &RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => return is_valid_rsa(signature, message, &RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => return is_valid_rsa(signature, message, &RSA_PKCS1_2048_8192_SHA512),
    };
    match &signature.key {
        PublicKey::Point(key) | PublicKey::Certified(key) => {
            UnparsedPublicKey::new(elliptic, key).verify(message, &signature.value).is_ok()
        }
        PublicKey::Rsa { .. } => false,
    }
}

fn is_valid_rsa(signature: &Signature, message: &[u8], parameters: &'static RsaParameters) -> bool {
    match &signature.key {
        PublicKey::Rsa { n, e } => {
            rsa::PublicKeyComponents { n, e }.verify(parameters, message, &signature.value).is_ok()
        }
        PublicKey::Certified(key) => UnparsedPublicKey::new(parameters, key).verify(message, &signature.value).is_ok(),
        PublicKey::Point(_) => false,
    }
}

#[cfg(test)]
mod tests;
