//! The keys whose signatures are believed: of the certificates in the bundle, and of the key set.

use std::{collections::HashMap, fmt, fs, io, path::PathBuf};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{Jwk, JwkSet, ThumbprintHash},
};
use time::OffsetDateTime;

use super::{
    InvalidToken, Options,
    certificate::{Roots, libtrust_id},
    claims::{Header, Parts},
};

/// The token's keys can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file can't be read.
    #[error("{key}: {path}: {source}")]
    File {
        /// The configuration's key.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{key}: {path}: {problem}")]
    Content {
        /// The configuration's key.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// An algorithm that is not known here.
    #[error("auth.token.signingalgorithms: {0:?} is not supported: choose from {known}", known = ALGORITHMS.map(|(name, _)| name).join(", "))]
    Algorithm(String),
    /// There is no key at all.
    #[error("auth.token: no key is named that signs tokens: give rootcertbundle or jwks")]
    NoKey,
}

/// Asymmetric only: with a shared secret, whoever reads it could make tokens.
const ALGORITHMS: [(&str, Algorithm); 9] = [
    ("EdDSA", Algorithm::EdDSA),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
    ("RS256", Algorithm::RS256),
    ("RS384", Algorithm::RS384),
    ("RS512", Algorithm::RS512),
    ("PS256", Algorithm::PS256),
    ("PS384", Algorithm::PS384),
    ("PS512", Algorithm::PS512),
];

/// Who may sign.
pub(super) struct Keys {
    algorithms: Vec<(&'static str, Algorithm)>,
    roots: Roots,
    by_id: HashMap<String, DecodingKey>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("ids", &self.by_id.keys()).finish_non_exhaustive()
    }
}

impl Keys {
    pub(super) fn open(options: &Options) -> Result<Self, OpenError> {
        let mut algorithms = Vec::new();
        for wanted in &options.signing_algorithms {
            let known = ALGORITHMS.into_iter().find(|(name, _)| name == wanted);
            algorithms.push(known.ok_or_else(|| OpenError::Algorithm(wanted.clone()))?);
        }
        if algorithms.is_empty() {
            algorithms = ALGORITHMS.to_vec();
        }
        let mut by_id = HashMap::new();
        let mut roots = Roots::default();
        if let Some(path) = &options.root_cert_bundle {
            let key = "auth.token.rootcertbundle";
            let pem = fs::read(path).map_err(|source| OpenError::File { key, path: path.clone(), source })?;
            let content = |problem| OpenError::Content { key, path: path.clone(), problem };
            roots = Roots::parse(&pem).map_err(content)?;
            for spki in roots.public_keys() {
                let decoding = spki.key().map_err(|problem| content(problem.to_owned()))?;
                // Distribution up to 2.8 and from 3.0 on name a key by these.
                by_id.insert(libtrust_id(spki.der()), decoding.clone());
                if let Some(thumbprint) = thumbprint(&decoding) {
                    by_id.insert(thumbprint, decoding);
                }
            }
        }
        if let Some(path) = &options.jwks {
            let key = "auth.token.jwks";
            let json = fs::read(path).map_err(|source| OpenError::File { key, path: path.clone(), source })?;
            let content = |problem: String| OpenError::Content { key, path: path.clone(), problem };
            let set: JwkSet = serde_json::from_slice(&json).map_err(|error| content(error.to_string()))?;
            for jwk in &set.keys {
                let (id, decoding) = of_jwk(jwk).map_err(content)?;
                by_id.insert(id, decoding);
            }
        }
        if by_id.is_empty() {
            return Err(OpenError::NoKey);
        }
        Ok(Self { algorithms, roots, by_id })
    }

    /// Whether a key that is believed has signed the token. Looks for it in Distribution's order: the certificates in
    /// the header, the key in the header, the key's name.
    pub(super) fn verify(&self, header: &Header, parts: &Parts<'_>, now: OffsetDateTime) -> Result<(), InvalidToken> {
        let known = self.algorithms.iter().find(|(name, _)| *name == header.algorithm);
        let (_, algorithm) = known.ok_or_else(|| InvalidToken::Algorithm(header.algorithm.clone()))?;
        let brought = header.key.as_ref();
        let chain = [Some(&header.certificates), brought.map(|key| &key.certificates)];
        let of_chain;
        let key = if let Some(chain) = chain.into_iter().flatten().find(|chain| !chain.is_empty()) {
            of_chain = self.roots.leaf_key(chain, now).map_err(InvalidToken::Chain)?;
            &of_chain
        } else {
            let id = brought.and_then(|key| key.key_id.as_ref()).or(header.key_id.as_ref());
            id.and_then(|id| self.by_id.get(id)).ok_or(InvalidToken::Key)?
        };
        let fits = jsonwebtoken::crypto::verify(parts.signature, parts.signed.as_bytes(), key, *algorithm);
        // An error is a key of another kind than the algorithm's.
        if matches!(fits, Ok(true)) { Ok(()) } else { Err(InvalidToken::Signature) }
    }
}

/// A key's name by RFC 7638.
fn thumbprint(key: &DecodingKey) -> Option<String> {
    Jwk::from_decoding_key(key, None).ok()?.thumbprint(ThumbprintHash::SHA256).ok()
}

/// A key of the set and its name: its own, or else its thumbprint.
fn of_jwk(jwk: &Jwk) -> Result<(String, DecodingKey), String> {
    let named = jwk.common.key_id.clone().or_else(|| jwk.thumbprint(ThumbprintHash::SHA256).ok());
    let id = named.ok_or("a key has no kid")?;
    let key = DecodingKey::from_jwk(jwk).map_err(|error| format!("the key {id:?}: {error}"))?;
    if key.family() == jsonwebtoken::AlgorithmFamily::Hmac {
        return Err(format!("the key {id:?} is a shared secret: only public keys are used"));
    }
    Ok((id, key))
}
