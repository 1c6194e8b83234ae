//! A signed document: JSON with its own signatures beside its other keys, as libtrust writes it.
//!
//! Each signature's protected header tells how the payload is put together again: so many bytes from the beginning,
//! and a tail that closes them. What is signed is the payload, byte for byte, and that header (RFC 7515, section 5.1).

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;

use super::{
    certificate,
    key::{Algorithm, Jwk, PublicKey, decode, encode},
};

/// How many signatures a document may have: each is verified, over the whole payload.
const SIGNATURES_MAX: usize = 8;

/// A signed document, taken apart. Not verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What was signed: the content.
    pub payload: Vec<u8>,
    /// At least one.
    pub signatures: Vec<Signature>,
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Whose it is.
    pub key: PublicKey,
    /// How it was made.
    pub algorithm: Algorithm,
    /// The protected header, encoded, as it was signed.
    pub protected: String,
    /// The signature itself.
    pub value: Vec<u8>,
}

/// Why a document can't be taken apart.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSignature {
    /// It is not the JSON that was expected.
    #[error("the signed manifest is not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Nobody has signed it.
    #[error("a Docker schema 1 manifest must be signed: it needs the field signatures")]
    Unsigned,
    /// There are too many signatures.
    #[error("a manifest may have {SIGNATURES_MAX} signatures at most")]
    TooMany,
    /// A part of a signature can't be read.
    #[error("a signature's {0} can't be read")]
    Part(&'static str),
    /// Two signatures speak of different payloads.
    #[error("the signatures are not of the same payload")]
    Conflict,
    /// The format's length or tail do not fit the document.
    #[error("a signature's format does not fit the document")]
    Format,
}

#[derive(Deserialize)]
struct Document {
    signatures: Option<Vec<Block>>,
}

#[derive(Deserialize)]
struct Block {
    header: Header,
    signature: String,
    protected: String,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    jwk: Option<Jwk>,
    /// The certificate of the key, then those that vouch for it; they are nobody's here, and only the first is read
    /// (libtrust, `Verify`).
    #[serde(default)]
    x5c: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Protected {
    format_length: usize,
    format_tail: String,
}

impl Signed {
    /// Takes a document apart. Allocates no more than a few times its size.
    ///
    /// # Errors
    /// [`InvalidSignature`] says what it lacks.
    pub fn parse(content: &[u8]) -> Result<Self, InvalidSignature> {
        let document: Document = serde_json::from_slice(content)?;
        let blocks = document.signatures.unwrap_or_default();
        if blocks.is_empty() {
            return Err(InvalidSignature::Unsigned);
        }
        if blocks.len() > SIGNATURES_MAX {
            return Err(InvalidSignature::TooMany);
        }
        let mut payload: Option<Vec<u8>> = None;
        let mut signatures = Vec::with_capacity(blocks.len());
        for block in blocks {
            let own = put_together(content, &block.protected)?;
            if payload.as_ref().is_some_and(|payload| *payload != own) {
                return Err(InvalidSignature::Conflict);
            }
            payload = Some(own);
            signatures.push(Signature::read(block)?);
        }
        Ok(Self { payload: payload.unwrap_or_default(), signatures })
    }

    /// Whether every signature is one of the payload. `verify` gets a signature and the message that it is of.
    pub fn is_verified(&self, verify: impl Fn(&Signature, &[u8]) -> bool) -> bool {
        let payload = encode(&self.payload);
        self.signatures.iter().all(|signature| verify(signature, message(&signature.protected, &payload).as_bytes()))
    }
}

impl Signature {
    fn read(block: Block) -> Result<Self, InvalidSignature> {
        let Header { alg, jwk, x5c } = block.header;
        let key = match (x5c.first(), jwk) {
            (Some(certificate), _) => {
                let certificate =
                    BASE64_STANDARD.decode(certificate).map_err(|_| InvalidSignature::Part("certificate"))?;
                let key = certificate::subject_public_key(&certificate).ok_or(InvalidSignature::Part("certificate"))?;
                PublicKey::Certified(key.to_vec())
            }
            (None, Some(jwk)) => jwk.key().ok_or(InvalidSignature::Part("key"))?,
            (None, None) => return Err(InvalidSignature::Part("key")),
        };
        Ok(Self {
            key,
            algorithm: Algorithm::named(&alg).ok_or(InvalidSignature::Part("algorithm"))?,
            protected: block.protected,
            value: decode(&block.signature).ok_or(InvalidSignature::Part("value"))?,
        })
    }
}

/// The payload that a protected header speaks of.
fn put_together(content: &[u8], protected: &str) -> Result<Vec<u8>, InvalidSignature> {
    let protected = decode(protected).ok_or(InvalidSignature::Part("protected header"))?;
    let protected: Protected =
        serde_json::from_slice(&protected).map_err(|_| InvalidSignature::Part("protected header"))?;
    let tail = decode(&protected.format_tail).ok_or(InvalidSignature::Part("protected header"))?;
    let mut payload = content.get(..protected.format_length).ok_or(InvalidSignature::Format)?.to_vec();
    // Whoever signed has cut off the end of the document; more may not come in this way.
    if tail.trim_ascii() != b"}" {
        return Err(InvalidSignature::Format);
    }
    payload.extend(tail);
    Ok(payload)
}

/// What is signed (RFC 7515, section 5.1); both parts are encoded already.
pub(super) fn message(protected: &str, payload: &str) -> String {
    format!("{protected}.{payload}")
}
