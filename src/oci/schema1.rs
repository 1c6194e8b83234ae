//! Docker's image manifest before 1.10, schema 1 (Distribution 2.8, docs/spec/manifest-v2-1.md).
//!
//! It travels as a *signed* document, of which only the payload is content: the digest is the payload's, and the
//! payload is what is stored. [`signed`] takes a payload out of what a client pushed, [`signing`] puts a new signature
//! around it, [`image`] reads it, and [`convert`] makes one for an image that was pushed in a newer form. Signing and
//! verifying themselves need cryptography, which this half does without: it says what is to be signed and verified.

use super::Digest;

pub mod certificate;
pub mod convert;
pub mod image;
pub mod key;
pub mod signed;
pub mod signing;

mod json_text;

pub use convert::{Source, Unconvertible, convert};
pub use image::{Image, InvalidImage, Layer};
pub use key::{Algorithm, PublicKey};
pub use signed::{InvalidSignature, Signature, Signed};
pub use signing::Unsigned;

/// The layer of a build step that changed no file: an empty tar archive, compressed by Go in 2014. Every engine before
/// Docker 1.10 has this very one (Distribution, manifest/schema1/config_builder.go).
pub const EMPTY_LAYER: [u8; 32] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x09, 0x6e, 0x88, 0x00, 0xff, 0x62, 0x18, 0x05, 0xa3, 0x60, 0x14, 0x8c, 0x58, 0x00,
    0x08, 0x00, 0x00, 0xff, 0xff, 0x2e, 0xaf, 0xb5, 0xef, 0x00, 0x04, 0x00, 0x00,
];

/// The digest of [`EMPTY_LAYER`].
pub const EMPTY_LAYER_DIGEST: &str = "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4";

/// Whether this is the layer that every registry has.
pub fn is_empty_layer(digest: &Digest) -> bool {
    digest.as_str() == EMPTY_LAYER_DIGEST
}

#[cfg(test)]
mod tests;
