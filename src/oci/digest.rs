//! `algorithm:encoded`, the name of content (OCI image-spec, descriptor.md, "Digests").

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A hash function that a digest may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256, the canonical one.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl Algorithm {
    /// The registered name, as it stands before the colon.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// How many hex digits follow the colon.
    pub const fn hex_len(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

impl FromStr for Algorithm {
    type Err = InvalidDigest;

    fn from_str(name: &str) -> Result<Self, InvalidDigest> {
        match name {
            "sha256" => Ok(Self::Sha256),
            "sha512" => Ok(Self::Sha512),
            _ => Err(InvalidDigest::Algorithm),
        }
    }
}

/// Why a text is not a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDigest {
    /// There is no colon.
    #[error("a digest has the form algorithm:hex, for example sha256:9f86d0…")]
    Form,
    /// The algorithm is not one that this registry computes.
    #[error("the digest's algorithm must be sha256 or sha512")]
    Algorithm,
    /// The part after the colon is not lower-case hex of the right length.
    #[error("the part after the colon must be lower-case hex: 64 digits for sha256, 128 for sha512")]
    Encoded,
}

/// A checked digest. Kept as the text it came from, which is also how it travels and how it is stored.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(Box<str>);

impl Digest {
    /// Checks `text`.
    ///
    /// # Errors
    /// [`InvalidDigest`] says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, InvalidDigest> {
        let (algorithm, hex) = text.split_once(':').ok_or(InvalidDigest::Form)?;
        let algorithm: Algorithm = algorithm.parse()?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if hex.len() == algorithm.hex_len() && hex.bytes().all(is_hex) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidDigest::Encoded)
        }
    }

    /// Writes `bytes`, the output of `algorithm`, as a digest.
    pub fn from_hash(algorithm: Algorithm, bytes: &[u8]) -> Self {
        use fmt::Write as _;
        debug_assert_eq!(bytes.len() * 2, algorithm.hex_len());
        let mut text = String::with_capacity(8 + algorithm.hex_len());
        text.push_str(algorithm.as_str());
        text.push(':');
        for byte in bytes {
            // Writing to a String can't fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text.into())
    }

    /// The hash function.
    pub fn algorithm(&self) -> Algorithm {
        if self.0.starts_with("sha512:") { Algorithm::Sha512 } else { Algorithm::Sha256 }
    }

    /// The part after the colon.
    pub fn hex(&self) -> &str {
        &self.0[self.algorithm().as_str().len() + 1..]
    }

    /// The first twelve hex digits: enough for a person to tell two apart.
    pub fn short(&self) -> &str {
        &self.hex()[..12]
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.0)
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Digest {
    type Error = InvalidDigest;

    fn try_from(text: String) -> Result<Self, InvalidDigest> {
        Self::parse(&text)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_the_specification_registers() {
        for text in [format!("sha256:{}", "0a".repeat(32)), format!("sha512:{}", "f9".repeat(64))] {
            let digest = Digest::parse(&text).expect("valid");
            assert_eq!(digest.to_string(), text);
            assert_eq!(format!("{}:{}", digest.algorithm().as_str(), digest.hex()), text);
        }
    }

    #[test]
    fn says_which_part_is_wrong() {
        let cases = [
            ("", InvalidDigest::Form),
            ("sha256", InvalidDigest::Form),
            ("md5:d41d8cd98f00b204e9800998ecf8427e", InvalidDigest::Algorithm),
            ("SHA256:00", InvalidDigest::Algorithm),
            ("sha256:", InvalidDigest::Encoded),
            ("sha256:../../etc/passwd", InvalidDigest::Encoded),
        ];
        for (text, expected) in cases {
            assert_eq!(Digest::parse(text), Err(expected), "{text}");
        }
        let upper = format!("sha256:{}", "0A".repeat(32));
        assert_eq!(Digest::parse(&upper), Err(InvalidDigest::Encoded));
        let long = format!("sha256:{}", "0".repeat(65));
        assert_eq!(Digest::parse(&long), Err(InvalidDigest::Encoded));
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_round_trips(text in ".{0,200}") {
            if let Ok(digest) = Digest::parse(&text) {
                proptest::prop_assert_eq!(digest.as_str(), text);
            }
        }

        #[test]
        fn hashes_round_trip(bytes in proptest::array::uniform32(0u8..)) {
            let digest = Digest::from_hash(Algorithm::Sha256, &bytes);
            proptest::prop_assert_eq!(Digest::parse(digest.as_str()), Ok(digest));
        }
    }
}
