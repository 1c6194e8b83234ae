//! Tokens of our own token endpoint: made here, and believed here and nowhere else.
//!
//! They live for minutes. The key that signs them is in the database, so that they outlast a restart; a new one is made
//! each day, and the earlier one is believed for as long as its tokens live. What a token says is not the last word:
//! who uses it is asked for again, and the rules are, too.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    InvalidToken, REMEMBERED_MAX, TOKEN_BYTES_MAX,
    claims::{Claims, Grant, Parts},
};
use crate::{
    auth::{Auth, Error},
    metadata::{Durability, TokenKeyRecord},
    rules::CredentialId,
};

/// How long a token lives.
pub const LIFETIME: Duration = Duration::minutes(5);
/// How long a key signs.
const KEY_SIGNS: Duration = Duration::days(1);
/// How long a key is believed: as long as the last token that it may have signed, and what two clocks may differ.
const KEY_COUNTS: Duration = KEY_SIGNS.saturating_add(LIFETIME).saturating_add(super::LEEWAY);
/// How often the database is asked for a key that is not known here: another process may have made it.
const RELOAD: Duration = Duration::seconds(10);
/// Who makes these tokens.
const ISSUER: &str = "humpback-registry";

/// A token that was made.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// What the client sends.
    pub token: String,
    /// When it was made.
    pub issued_at: OffsetDateTime,
}

/// What a token that is believed says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// With what its bearer has proved who he is.
    pub credential: CredentialId,
    /// What it was made for.
    pub grant: Arc<Grant>,
}

/// What a token may be used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// `repository` or `registry`.
    pub kind: &'static str,
    /// Which one.
    pub name: String,
    /// What may be done.
    pub actions: Vec<&'static str>,
}

/// What only our own tokens hold.
#[derive(Debug, Deserialize)]
struct OwnClaims {
    credential: CredentialId,
}

/// The keys, and the tokens that were seen.
#[derive(Debug, Default)]
pub(in crate::auth) struct Issuer {
    /// A std mutex: held for a look-up or a signature, never across an await.
    keys: Mutex<Keys>,
    /// A push comes with the same token again and again. A std mutex, as above.
    seen: Mutex<HashMap<[u8; 32], Seen>>,
}

/// A token that was verified, for whom it is meant, and until when.
#[derive(Clone, Debug)]
struct Seen {
    shown: Shown,
    audience: String,
    expires: OffsetDateTime,
}

#[derive(Default)]
struct Keys {
    /// The newest first.
    keys: Vec<Key>,
    read_at: Option<OffsetDateTime>,
}

#[derive(Clone)]
struct Key {
    id: String,
    created_at: OffsetDateTime,
    signs: EncodingKey,
    verifies: DecodingKey,
}

impl std::fmt::Debug for Keys {
    /// Writes their names alone.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.id)).finish()
    }
}

impl TryFrom<&TokenKeyRecord> for Key {
    type Error = Error;

    fn try_from(record: &TokenKeyRecord) -> Result<Self, Error> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &record.content);
        let pair = pair.map_err(|_| Error::TokenKey)?;
        Ok(Self {
            id: record.id.clone(),
            created_at: record.created_at,
            signs: EncodingKey::from_ec_der(&record.content),
            verifies: DecodingKey::from_ec_der(pair.public_key().as_ref()),
        })
    }
}

impl Issuer {
    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<[u8; 32], Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, records: &[TokenKeyRecord], now: OffsetDateTime) -> Result<(), Error> {
        let keys = records.iter().map(Key::try_from).collect::<Result<_, _>>()?;
        *self.keys() = Keys { keys, read_at: Some(now) };
        Ok(())
    }

    /// The key that signs now, unless it is time for another one.
    fn signing(&self, now: OffsetDateTime) -> Option<Key> {
        self.keys().keys.first().filter(|key| signs(key.created_at, now)).cloned()
    }
}

fn signs(created_at: OffsetDateTime, now: OffsetDateTime) -> bool {
    now - created_at < KEY_SIGNS
}

impl Auth {
    /// Makes a token for whoever has proved who he is with `credential`; `subject` is his name, or nothing. `audience` is
    /// the registry as the client knows it.
    ///
    /// # Errors
    /// There is no key, and none can be made.
    pub async fn issue_token(
        &self,
        credential: &CredentialId,
        subject: &str,
        audience: &str,
        access: &[Access],
    ) -> Result<IssuedToken, Error> {
        let now = self.clock.now();
        let key = match self.issuer.signing(now) {
            Some(key) => key,
            None => self.next_key(now).await?,
        };
        let seconds = now.unix_timestamp();
        let access: Vec<_> = access
            .iter()
            .map(|access| json!({ "type": access.kind, "name": access.name, "actions": access.actions }))
            .collect();
        let claims = json!({
            "iss": ISSUER,
            "sub": subject,
            "aud": audience,
            "iat": seconds,
            "nbf": seconds,
            "exp": seconds + LIFETIME.whole_seconds(),
            "jti": Uuid::new_v4().to_string(),
            "access": access,
            "credential": credential,
        });
        let header = jsonwebtoken::Header { kid: Some(key.id), ..jsonwebtoken::Header::new(Algorithm::ES256) };
        let token = jsonwebtoken::encode(&header, &claims, &key.signs).map_err(|_| Error::TokenKey)?;
        Ok(IssuedToken { token, issued_at: now })
    }

    /// Makes the key of the next day, unless another process was faster.
    async fn next_key(&self, now: OffsetDateTime) -> Result<Key, Error> {
        let mut tx = self.metadata.begin().await?;
        let mut records = tx.token_keys().await?;
        if !records.first().is_some_and(|newest| signs(newest.created_at, now)) {
            let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
            let content = document.map_err(|_| Error::TokenKey)?.as_ref().to_vec();
            let record = TokenKeyRecord { id: Uuid::new_v4().to_string(), content, created_at: now };
            tx.keep_token_key(&record, now - KEY_COUNTS).await?;
            tracing::info!(key = record.id, "Tokens are signed with a new key");
            records.retain(|record| now - record.created_at <= KEY_COUNTS);
            records.insert(0, record);
        }
        tx.commit(Durability::Synced).await?;
        self.issuer.replace(&records, now)?;
        self.issuer.signing(now).ok_or(Error::TokenKey)
    }

    /// What `token` says, if it was made here for `audience` and is still good. Whether its bearer is still who he was is
    /// not asked: see [`still_valid`](Auth::still_valid).
    ///
    /// # Errors
    /// The database is broken; inside, why the token is not believed.
    pub async fn verify_token(&self, token: &str, audience: &str) -> Result<Result<Shown, InvalidToken>, Error> {
        if token.len() > TOKEN_BYTES_MAX {
            return Ok(Err(InvalidToken::Malformed));
        }
        let now = self.clock.now();
        let mark: [u8; 32] = Sha256::digest(token).into();
        let seen = self.issuer.seen().get(&mark).cloned();
        let seen = match seen {
            Some(seen) => seen,
            None => match self.read_token(token, now).await? {
                Ok(seen) => {
                    let mut memory = self.issuer.seen();
                    if memory.len() >= REMEMBERED_MAX {
                        memory.retain(|_, seen| now < seen.expires);
                    }
                    if memory.len() >= REMEMBERED_MAX {
                        memory.clear();
                    }
                    memory.insert(mark, seen.clone());
                    seen
                }
                Err(invalid) => return Ok(Err(invalid)),
            },
        };
        Ok(if now >= seen.expires {
            Err(InvalidToken::Time)
        } else if seen.audience != audience {
            Err(InvalidToken::Audience)
        } else {
            Ok(seen.shown)
        })
    }

    async fn read_token(&self, token: &str, now: OffsetDateTime) -> Result<Result<Seen, InvalidToken>, Error> {
        let read = || {
            let parts = Parts::split(token)?;
            Ok((parts, parts.header()?, parts.claims::<Claims>()?, parts.claims::<OwnClaims>()?.credential))
        };
        let (parts, header, claims, credential) = match read() {
            Ok(read) => read,
            Err(invalid) => return Ok(Err(invalid)),
        };
        if claims.issuer != ISSUER {
            return Ok(Err(InvalidToken::Issuer(claims.issuer)));
        }
        if header.algorithm != "ES256" {
            return Ok(Err(InvalidToken::Algorithm(header.algorithm)));
        }
        let Some(key) = self.token_key(header.key_id.as_deref().unwrap_or_default(), now).await? else {
            return Ok(Err(InvalidToken::Key));
        };
        let fits = jsonwebtoken::crypto::verify(parts.signature, parts.signed.as_bytes(), &key, Algorithm::ES256);
        if !matches!(fits, Ok(true)) {
            return Ok(Err(InvalidToken::Signature));
        }
        if now < claims.not_before() - super::LEEWAY {
            return Ok(Err(InvalidToken::Time));
        }
        let (expires, Some(audience)) = (claims.expires(), claims.audience.only().map(str::to_owned)) else {
            return Ok(Err(InvalidToken::Audience));
        };
        Ok(Ok(Seen { shown: Shown { credential, grant: Arc::new(Grant::from(claims)) }, audience, expires }))
    }

    /// The key of this name, if it is still believed.
    async fn token_key(&self, id: &str, now: OffsetDateTime) -> Result<Option<DecodingKey>, Error> {
        let find = || {
            let keys = self.issuer.keys();
            let known = keys.keys.iter().find(|key| key.id == id);
            let known = known.filter(|key| now - key.created_at <= KEY_COUNTS).map(|key| key.verifies.clone());
            (known, keys.read_at.is_none_or(|read_at| now - read_at >= RELOAD))
        };
        match find() {
            (None, true) => {
                let records = self.metadata.token_keys().await?;
                self.issuer.replace(&records, now)?;
                Ok(find().0)
            }
            (known, _) => Ok(known),
        }
    }
}

#[cfg(test)]
mod tests;
