//! The keys that stand in a signature: RFC 7517 (JWK), and the algorithms of RFC 7518 that libtrust knows.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;

/// How a signature was made (RFC 7518, section 3.1). The curve is part of an `ES` algorithm there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256; the signature is r and s, 32 bytes each.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// RSA, PKCS#1 v1.5, with SHA-256.
    Rs256,
    /// RSA, PKCS#1 v1.5, with SHA-384.
    Rs384,
    /// RSA, PKCS#1 v1.5, with SHA-512.
    Rs512,
}

impl Algorithm {
    /// The algorithm of this name in a header's `alg`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "ES512" => Self::Es512,
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            _ => return None,
        })
    }
}

/// A key that verifies, as it came: nothing has looked yet whether it is a point on its curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// A point on the curve of the signature's algorithm, uncompressed: 4, x, y (SEC 1, section 2.3.3).
    Point(Vec<u8>),
    /// An RSA key's modulus and exponent, big-endian, without leading zeros.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The exponent.
        e: Vec<u8>,
    },
    /// The `SubjectPublicKeyInfo` of a certificate (RFC 5280, section 4.1), in DER.
    Certified(Vec<u8>),
}

/// A key as JSON (RFC 7517). `kid` is not read: it only repeats what the key is.
#[derive(Debug, Deserialize)]
#[serde(tag = "kty")]
pub(super) enum Jwk {
    /// An elliptic curve's.
    #[serde(rename = "EC")]
    Ec { x: String, y: String },
    /// RSA's.
    #[serde(rename = "RSA")]
    Rsa { n: String, e: String },
}

impl Jwk {
    /// The key; `None` if its numbers are not base64url.
    pub(super) fn key(&self) -> Option<PublicKey> {
        match self {
            Self::Ec { x, y } => {
                let mut point = vec![4];
                point.extend(decode(x)?);
                point.extend(decode(y)?);
                Some(PublicKey::Point(point))
            }
            Self::Rsa { n, e } => Some(PublicKey::Rsa { n: number(n)?, e: number(e)? }),
        }
    }
}

/// A number without its leading zeros, which some encoders write.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = decode(text)?;
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    Some(bytes[zeros..].to_vec())
}

/// Reads base64url, with or without padding: libtrust writes none and takes both.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// Writes base64url without padding (RFC 7515, section 2).
pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
