//! Tokens of another server that says who may do what (`auth.token`; Distribution, docs/content/spec/auth/jwt.md).
//!
//! Those of our own token endpoint are `issuer`'s part. A token is a JSON Web Token that lists what its bearer may do. Whether it is believed is decided here; which
//! request needs what is decided at the door.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

use crate::clock::Clock;

mod certificate;
mod claims;
mod issuer;
mod key;
mod refresh;

pub use claims::Grant;
pub(super) use issuer::Issuer;
pub use issuer::{Access, IssuedToken, LIFETIME, Shown};
pub use key::OpenError;

use claims::{Claims, Header, Parts};
use key::Keys;

/// How far the clocks of the two servers may differ.
const LEEWAY: Duration = Duration::seconds(60);
/// How many tokens are remembered as verified; some 500 bytes each.
const REMEMBERED_MAX: usize = 4_096;
/// Longer ones are not looked at.
const TOKEN_BYTES_MAX: usize = 64 * 1024;

/// `auth.token`.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The token server's URL.
    pub realm: String,
    /// This registry's name for the token server; tokens must be meant for it.
    pub service: String,
    /// Who must have made the tokens.
    pub issuer: String,
    /// A file of certificates (PEM) that sign tokens, or certificates that do.
    pub root_cert_bundle: Option<PathBuf>,
    /// A file of keys that sign tokens (JSON Web Key Set).
    pub jwks: Option<PathBuf>,
    /// The algorithms that tokens may be signed with; empty for all.
    pub signing_algorithms: Vec<String>,
    /// The token server's path on this registry's own host, in place of the realm.
    pub auto_redirect: Option<String>,
}

/// Why a token is not believed. The client is told only that it is not.
#[derive(Debug, thiserror::Error)]
pub enum InvalidToken {
    /// It is not a token.
    #[error("it is not a JSON Web Token")]
    Malformed,
    /// Another server has made it.
    #[error("it was issued by {0:?}")]
    Issuer(String),
    /// It is meant for another service.
    #[error("it is not meant for this service")]
    Audience,
    /// It is not valid any more, or not yet.
    #[error("it is not valid at this time")]
    Time,
    /// It is signed with an algorithm that is not allowed.
    #[error("the algorithm {0:?} is not allowed")]
    Algorithm(String),
    /// It is signed by nobody whom we know.
    #[error("its signing key is not known here")]
    Key,
    /// Its certificates lead to no root of the bundle.
    #[error("its certificate chain: {0}")]
    Chain(String),
    /// The signature does not fit.
    #[error("the signature does not fit")]
    Signature,
}

/// A handle on what verifies tokens; cheap to clone.
#[derive(Clone, Debug)]
pub struct Tokens {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    options: Options,
    keys: Keys,
    clock: Clock,
    /// A push comes with the same token again and again. A std mutex: held for a look-up, never across an await.
    remembered: Mutex<HashMap<[u8; 32], Remembered>>,
}

#[derive(Clone, Debug)]
struct Remembered {
    grant: Arc<Grant>,
    expires: OffsetDateTime,
}

impl Tokens {
    /// Reads the files of keys.
    ///
    /// # Errors
    /// One can't be read, there is no key in them, or an algorithm is not known.
    pub fn open(options: Options, clock: Clock) -> Result<Self, OpenError> {
        let keys = Keys::open(&options)?;
        Ok(Self { inner: Arc::new(Inner { options, keys, clock, remembered: Mutex::default() }) })
    }

    /// What the token server is asked for.
    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    /// What the bearer of `token` may do.
    ///
    /// # Errors
    /// The token is not believed.
    pub fn verify(&self, token: &str) -> Result<Arc<Grant>, InvalidToken> {
        let Inner { options, keys, clock, .. } = &*self.inner;
        if token.len() > TOKEN_BYTES_MAX {
            return Err(InvalidToken::Malformed);
        }
        let now = clock.now();
        let mark: [u8; 32] = Sha256::digest(token).into();
        if let Some(known) = self.remembered().get(&mark)
            && now <= known.expires
        {
            return Ok(Arc::clone(&known.grant));
        }
        let parts = Parts::split(token)?;
        let header: Header = parts.header()?;
        let claims: Claims = parts.claims()?;
        if claims.issuer != options.issuer {
            return Err(InvalidToken::Issuer(claims.issuer));
        }
        if !claims.audience.names(&options.service) {
            return Err(InvalidToken::Audience);
        }
        let expires = claims.expires() + LEEWAY;
        if now > expires || now < claims.not_before() - LEEWAY {
            return Err(InvalidToken::Time);
        }
        keys.verify(&header, &parts, now)?;
        let grant = Arc::new(Grant::from(claims));
        let mut remembered = self.remembered();
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        remembered.insert(mark, Remembered { grant: Arc::clone(&grant), expires });
        Ok(grant)
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Remembered>> {
        self.inner.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
