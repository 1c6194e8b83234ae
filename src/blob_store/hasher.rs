//! A hash function at work, whose state can be put away and taken up again: a chunked upload is hashed once, while
//! it comes in, also when a restart lies between its chunks.

use sha2::{
    Digest as _, Sha256, Sha512,
    digest::common::hazmat::{SerializableState, SerializedState},
};

use crate::oci::{Algorithm, Digest};

/// A running hash.
#[derive(Clone, Debug)]
pub enum Hasher {
    /// SHA-256.
    Sha256(Sha256),
    /// SHA-512.
    Sha512(Sha512),
}

/// A saved state that this program did not write.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the saved hash state can't be read")]
pub struct InvalidState;

impl Hasher {
    /// A hash of nothing yet.
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    /// The hash of `content`, in one call.
    pub fn digest(algorithm: Algorithm, content: &[u8]) -> Digest {
        let mut hasher = Self::new(algorithm);
        hasher.update(content);
        hasher.finish()
    }

    /// Which function this is.
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Sha256(_) => Algorithm::Sha256,
            Self::Sha512(_) => Algorithm::Sha512,
        }
    }

    /// Takes more content in.
    pub fn update(&mut self, content: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(content),
            Self::Sha512(hash) => hash.update(content),
        }
    }

    /// The digest of all that came in.
    pub fn finish(self) -> Digest {
        let algorithm = self.algorithm();
        match self {
            Self::Sha256(hash) => Digest::from_hash(algorithm, &hash.finalize()),
            Self::Sha512(hash) => Digest::from_hash(algorithm, &hash.finalize()),
        }
    }

    /// The state, to be kept with the number of bytes that led to it.
    pub fn save(&self) -> Vec<u8> {
        match self {
            Self::Sha256(hash) => hash.serialize().to_vec(),
            Self::Sha512(hash) => hash.serialize().to_vec(),
        }
    }

    /// Takes a saved state up again.
    ///
    /// # Errors
    /// It is not one of this algorithm.
    pub fn restore(algorithm: Algorithm, state: &[u8]) -> Result<Self, InvalidState> {
        fn read<H: SerializableState>(state: &[u8]) -> Result<H, InvalidState> {
            let state = SerializedState::<H>::try_from(state).map_err(|_| InvalidState)?;
            H::deserialize(&state).map_err(|_| InvalidState)
        }
        match algorithm {
            Algorithm::Sha256 => read(state).map(Self::Sha256),
            Algorithm::Sha512 => read(state).map(Self::Sha512),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        // FIPS 180-2, appendix B.1 and C.1.
        assert_eq!(
            Hasher::digest(Algorithm::Sha256, b"abc").as_str(),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(
            Hasher::digest(Algorithm::Sha512, b"abc").as_str().starts_with("sha512:ddaf35a193617abacc417349ae204131")
        );
    }

    proptest::proptest! {
        #[test]
        fn a_saved_state_goes_on_where_it_stood(content in proptest::collection::vec(0u8.., 0..400), at in 0usize..400) {
            let at = at.min(content.len());
            for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
                let mut first = Hasher::new(algorithm);
                first.update(&content[..at]);
                let mut second = Hasher::restore(algorithm, &first.save()).expect("own state");
                second.update(&content[at..]);
                proptest::prop_assert_eq!(second.finish(), Hasher::digest(algorithm, &content));
            }
        }

        #[test]
        fn a_foreign_state_is_refused_or_harmless(state in proptest::collection::vec(0u8.., 0..300)) {
            if let Ok(mut hasher) = Hasher::restore(Algorithm::Sha256, &state) {
                hasher.update(b"more");
                hasher.finish();
            }
        }
    }
}
