//! Who a client is that shows a name and a secret with each request, and whether what was shown before still holds.
//!
//! Passwords are verified slowly on purpose and a push is many requests, so what was verified is remembered for a while,
//! under a keyed hash of name and secret. What is remembered only says which credential it was: whether that still
//! holds, and what its owner may do now, is asked each time, from memory as long as no account changes.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::{hmac, rand::SystemRandom};
use secrecy::{ExposeSecret as _, SecretString};
use time::{Duration, OffsetDateTime};

use super::{
    Auth, Error,
    secret::{self, SecretKind},
    session::hash,
};
use crate::{
    account::{RobotName, UserName, has_ended},
    metadata::{Account, Credentials, RobotCredentials, TokenCredentials},
    rules::{CredentialId, Identity, Principal},
};

/// How long a verified secret is remembered.
const VERIFIED: Duration = Duration::minutes(5);
/// How long what is known of a credential is taken as unchanged: another process may share the database.
const CURRENT: Duration = Duration::minutes(1);
/// How many of each are remembered at most; some 200 bytes each.
const REMEMBERED_MAX: usize = 10_000;
/// How many digits of its hash tell one password from another: 64 bits.
const MARK_DIGITS: usize = 16;

/// What is remembered of credentials.
#[derive(Debug)]
pub(super) struct Known {
    /// Another one in each process: what is remembered can't be compared with anything.
    key: hmac::Key,
    /// A std mutex: held for a look-up, never across an await.
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    /// Counts the changes of accounts: what was read before one is not kept after it.
    changes: u64,
    verified: HashMap<[u8; 32], (CredentialId, OffsetDateTime)>,
    current: HashMap<CredentialId, (Arc<Identity>, OffsetDateTime)>,
}

impl Known {
    pub(super) fn new() -> Result<Self, Error> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).map_err(|_| Error::Stopping)?;
        Ok(Self { key, memory: Mutex::default() })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mark(&self, name: &str, secret: &SecretString) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.key);
        for part in [name, secret.expose_secret()] {
            context.update(&part.len().to_le_bytes());
            context.update(part.as_bytes());
        }
        let mut mark = [0; 32];
        mark.copy_from_slice(context.sign().as_ref());
        mark
    }

    /// Forgets who may do what: an account has changed.
    pub(super) fn forget(&self) {
        let mut memory = self.memory();
        memory.changes += 1;
        memory.current.clear();
    }
}

/// Keeps `value` until `until`; never more than [`REMEMBERED_MAX`].
fn keep<K: Eq + Hash, V>(
    map: &mut HashMap<K, (V, OffsetDateTime)>,
    key: K,
    value: V,
    until: OffsetDateTime,
    now: OffsetDateTime,
) {
    if map.len() >= REMEMBERED_MAX {
        map.retain(|_, (_, until)| now < *until);
    }
    if map.len() >= REMEMBERED_MAX {
        map.clear();
    }
    map.insert(key, (value, until));
}

/// What is kept for a key, if its time is not over.
fn kept<'a, K: Eq + Hash, V>(map: &'a HashMap<K, (V, OffsetDateTime)>, key: &K, now: OffsetDateTime) -> Option<&'a V> {
    map.get(key).filter(|(_, until)| now < *until).map(|(value, _)| value)
}

impl Auth {
    /// Who shows this name and secret. `address` is the client's, as far as it is known; failed attempts count against
    /// it, too.
    ///
    /// # Errors
    /// [`Error::Credentials`], [`Error::TooManyAttempts`], or something is broken.
    pub async fn identify(
        &self,
        name: &str,
        secret: SecretString,
        address: Option<IpAddr>,
    ) -> Result<Arc<Identity>, Error> {
        let mark = self.known.mark(name, &secret);
        let verified = kept(&self.known.memory().verified, &mark, self.clock.now()).cloned();
        if let Some(credential) = verified
            && let Some(identity) = self.still_valid(&credential).await?
        {
            self.note_use(&credential, address);
            return Ok(identity);
        }
        let identity = match SecretKind::of(secret.expose_secret()) {
            Some(kind) => self.check_secret(kind, name, &secret, address).await?,
            None => self.identity_of(&self.check(name, secret, address).await?).await?,
        };
        let identity = Arc::new(identity);
        self.note_use(&identity.credential, address);
        let now = self.clock.now();
        keep(&mut self.known.memory().verified, mark, identity.credential.clone(), now + VERIFIED, now);
        Ok(identity)
    }

    /// Who shows this credential, which was verified before, as things are now; `None` if it holds no more: the password
    /// is another one, the account is disabled or gone.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn still_valid(&self, credential: &CredentialId) -> Result<Option<Arc<Identity>>, Error> {
        let now = self.clock.now();
        let changes = {
            let memory = self.known.memory();
            if let Some(identity) = kept(&memory.current, credential, now) {
                return Ok(Some(Arc::clone(identity)));
            }
            memory.changes
        };
        let Some((identity, ends)) = self.look_up(credential).await? else { return Ok(None) };
        let identity = Arc::new(identity);
        let mut memory = self.known.memory();
        if memory.changes == changes {
            let until = ends.map_or(now + CURRENT, |ends| ends.min(now + CURRENT));
            keep(&mut memory.current, credential.clone(), Arc::clone(&identity), until, now);
        }
        Ok(Some(identity))
    }

    /// Who the owner of an account is where rules are followed.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn principal_of(&self, account: &Account) -> Result<Principal, Error> {
        let groups = self.metadata.groups_of(&account.name).await?;
        Ok(Principal::User { name: account.name.clone(), role: account.role, groups })
    }

    /// Who the owner of the account `name` is where rules are followed, and whether it is disabled; `None` if there is no
    /// such account.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_principal(&self, name: &UserName) -> Result<Option<(Principal, bool)>, Error> {
        match self.metadata.account(name).await? {
            Some(found) => Ok(Some((self.principal_of(&found.account).await?, found.disabled))),
            None => Ok(None),
        }
    }

    async fn identity_of(&self, found: &Credentials) -> Result<Identity, Error> {
        let mut mark = hash(&found.password_hash);
        mark.truncate(MARK_DIGITS);
        Ok(Identity {
            principal: self.principal_of(&found.account).await?,
            scope: None,
            credential: CredentialId::Password { user: found.account.name.clone(), mark },
        })
    }

    /// Reads who shows this credential, if it still holds, and until when it does if it ends by itself.
    async fn look_up(&self, credential: &CredentialId) -> Result<Option<(Identity, Option<OffsetDateTime>)>, Error> {
        match credential {
            CredentialId::None => Ok(Some((Identity::default(), None))),
            CredentialId::Password { user, .. } => {
                let found = self.metadata.account(user).await?;
                let Some(found) = found.filter(|found| !found.disabled) else { return Ok(None) };
                let identity = self.identity_of(&found).await?;
                Ok(Some((identity, None)).filter(|(identity, _)| identity.credential == *credential))
            }
            CredentialId::AccessToken { user, id } => {
                let tokens = self.metadata.token_credentials(user).await?;
                let Some(token) = tokens.into_iter().find(|token| token.id.0.to_string() == *id) else {
                    return Ok(None);
                };
                if token.disabled || has_ended(token.expires_at, self.clock.now()) {
                    return Ok(None);
                }
                let ends = token.expires_at;
                Ok(Some((self.identity_by_token(token).await?, ends)))
            }
            CredentialId::Robot { robot, .. } => {
                let Some(found) = self.metadata.robot_credentials(robot).await? else { return Ok(None) };
                if found.disabled || has_ended(found.expires_at, self.clock.now()) {
                    return Ok(None);
                }
                let ends = found.expires_at;
                let identity = identity_of_robot(robot.clone(), found);
                Ok(Some((identity, ends)).filter(|(identity, _)| identity.credential == *credential))
            }
        }
    }

    /// Who shows a secret that was made by us. Nobody can guess one, so it is compared before anything is slowed down:
    /// those who have a right one are not kept out by their neighbours' mistakes.
    async fn check_secret(
        &self,
        kind: SecretKind,
        name: &str,
        secret: &SecretString,
        address: Option<IpAddr>,
    ) -> Result<Identity, Error> {
        let hash = secret::hash(secret);
        let found = match kind {
            SecretKind::AccessToken => match UserName::parse(name) {
                Ok(owner) => {
                    let tokens = self.metadata.token_credentials(&owner).await?;
                    let token = tokens.into_iter().find(|token| secret::same(&token.secret_hash, &hash));
                    match token {
                        Some(token) => {
                            let holds = !token.disabled && !has_ended(token.expires_at, self.clock.now());
                            Some((holds, self.identity_by_token(token).await?))
                        }
                        None => None,
                    }
                }
                Err(_) => None,
            },
            SecretKind::Robot => match RobotName::of_login(name) {
                Some(robot) => {
                    let found = self.metadata.robot_credentials(&robot).await?;
                    found.filter(|found| secret::same(&found.secret_hash, &hash)).map(|found| {
                        let holds = !found.disabled && !has_ended(found.expires_at, self.clock.now());
                        (holds, identity_of_robot(robot, found))
                    })
                }
                None => None,
            },
        };
        match found {
            Some((true, identity)) => Ok(identity),
            // Whoever has it need not guess: a machine that was forgotten must not slow its neighbours down.
            Some((false, identity)) => {
                let owner = identity.principal.name().unwrap_or_default();
                tracing::warn!(account = owner, ?address, "A credential that holds no more was shown");
                self.note_failure(owner, address).await?;
                Err(Error::Credentials)
            }
            None => {
                // A name that nobody can have is counted with all the others of that kind: they have no end.
                let counted = RobotName::of_login(name).map(|robot| robot.login());
                let counted = counted.or_else(|| UserName::parse(name).ok().map(String::from)).unwrap_or_default();
                self.throttle
                    .attempt(&counted, address, self.clock.now())
                    .map_err(|retry_after| Error::TooManyAttempts { retry_after })?;
                tracing::warn!(?address, "A secret that opens nothing was shown");
                self.note_failure(self.known_name(name).await?, address).await?;
                Err(Error::Credentials)
            }
        }
    }

    /// The name with which someone signs in, if anyone has it; else nothing, for it may be a password typed there.
    async fn known_name(&self, name: &str) -> Result<String, Error> {
        if let Some(robot) = RobotName::of_login(name) {
            let known = self.metadata.robot_credentials(&robot).await?.is_some();
            return Ok(if known { robot.login() } else { String::new() });
        }
        let Ok(user) = UserName::parse(name) else { return Ok(String::new()) };
        Ok(self.metadata.account(&user).await?.map(|found| found.account.name.to_string()).unwrap_or_default())
    }

    async fn identity_by_token(&self, token: TokenCredentials) -> Result<Identity, Error> {
        Ok(Identity {
            principal: self.principal_of(&token.account).await?,
            scope: token.scope,
            credential: CredentialId::AccessToken { user: token.account.name, id: token.id.0.to_string() },
        })
    }
}

fn identity_of_robot(name: RobotName, found: RobotCredentials) -> Identity {
    let mut id = found.secret_hash;
    id.truncate(MARK_DIGITS);
    Identity {
        principal: Principal::Robot { name: name.clone() },
        scope: Some(found.scope),
        credential: CredentialId::Robot { robot: name, id },
    }
}

#[cfg(test)]
mod tests;
