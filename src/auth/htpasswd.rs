//! Users of `/v2/` from a file of names and bcrypt hashes (`auth.htpasswd`), as Apache's `htpasswd -B` writes it.
//!
//! bcrypt is slow on purpose and a push is many requests, so what was verified is remembered for a while, under a
//! keyed hash of the name, the password and the file's own line: whoever changes the file is not served by memory.

use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use aws_lc_rs::hmac;
use secrecy::{ExposeSecret as _, SecretString};
use time::{Duration, OffsetDateTime};

use super::{Auth, Error, password::blocking};

mod file;

use file::{Stamp, Users};

/// How long a verified password is remembered.
const MEMORY: Duration = Duration::minutes(5);
/// How many are remembered at most; some 50 bytes each.
const REMEMBERED_MAX: usize = 10_000;
/// So many letters of a name tell one from another when failed attempts are counted.
const NAME_COUNTED: usize = 64;
/// How long the file is taken as unchanged without a look.
const RECHECK: Duration = Duration::seconds(1);

/// The users' file can't be used.
#[derive(Debug, thiserror::Error)]
#[error("auth.htpasswd.path: {path}: {source}")]
pub struct OpenError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// A handle on the users; cheap to clone.
#[derive(Clone, Debug)]
pub struct Htpasswd {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    realm: String,
    path: PathBuf,
    auth: Auth,
    /// Another one in each process: what is remembered can't be compared with anything.
    key: hmac::Key,
    /// Std mutexes: held for a look-up, never across an await.
    loaded: Mutex<Loaded>,
    remembered: Mutex<HashMap<[u8; 32], OffsetDateTime>>,
}

/// The file as it was last read.
#[derive(Clone, Debug)]
struct Loaded {
    users: Arc<Users>,
    stamp: Stamp,
    checked_at: OffsetDateTime,
}

impl Htpasswd {
    /// Reads the users of the file at `path`; a file that is not there is made, with the user `docker` and a random
    /// password, which is logged. Failed attempts count together with those of `auth`.
    ///
    /// # Errors
    /// The file can't be read or made.
    pub async fn open(realm: String, path: PathBuf, auth: &Auth) -> Result<Self, OpenError> {
        let opened = {
            let path = path.clone();
            tokio::task::spawn_blocking(move || {
                if !path.try_exists()? {
                    file::provide(&path)?;
                }
                file::read(&path)
            })
        };
        let opened = opened.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        let (users, stamp) = opened.map_err(|source| OpenError { path: path.clone(), source })?;
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &aws_lc_rs::rand::SystemRandom::new())
            .map_err(|_| OpenError { path: path.clone(), source: io::Error::other("no random bytes") })?;
        let loaded = Loaded { users: Arc::new(users), stamp, checked_at: auth.clock.now() };
        let inner =
            Inner { realm, path, auth: auth.clone(), key, loaded: Mutex::new(loaded), remembered: Mutex::default() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What the client shows when it asks for the password.
    pub fn realm(&self) -> &str {
        &self.inner.realm
    }

    /// Whether the password is the user's. Takes as long for a user that is not there.
    ///
    /// # Errors
    /// [`Error::Credentials`], [`Error::TooManyAttempts`], or something is broken.
    pub async fn verify(&self, name: &str, password: SecretString, address: Option<IpAddr>) -> Result<(), Error> {
        let Inner { auth, .. } = &*self.inner;
        let users = self.users().await?;
        let hash = users.hash_of(name);
        let mark = self.mark(name, &password, hash.unwrap_or_default());
        if hash.is_some() && self.remembers(&mark) {
            return Ok(());
        }
        // Another account than one of the console, though it may have the same name.
        // However long it is: what is remembered is bounded.
        let counted: String = self.inner.realm.chars().chain([':']).chain(name.chars().take(NAME_COUNTED)).collect();
        let attempt = auth
            .throttle
            .attempt(&counted, address, auth.clock.now())
            .map_err(|retry_after| Error::TooManyAttempts { retry_after })?;
        let known = hash.is_some();
        let compared = hash.unwrap_or_else(|| users.nobody()).to_owned();
        let fits = blocking(auth.passwords.turns(), move || {
            Ok(bcrypt::verify(password.expose_secret().as_bytes(), &compared).unwrap_or(false))
        });
        if !(fits.await? && known) {
            // Nothing but the name of a user: what else was typed as a name may be a password.
            tracing::warn!(user = if known { name } else { "" }, ?address, "A client's password was refused");
            return Err(Error::Credentials);
        }
        auth.throttle.forgive(&attempt);
        self.remember(mark);
        Ok(())
    }

    /// The users of this moment: the file is looked at once a second, and read when it has changed.
    async fn users(&self) -> Result<Arc<Users>, Error> {
        let inner = Arc::clone(&self.inner);
        let now = inner.auth.clock.now();
        let loaded = lock(&inner.loaded).clone();
        if now - loaded.checked_at < RECHECK && now >= loaded.checked_at {
            return Ok(loaded.users);
        }
        let read = tokio::task::spawn_blocking(move || {
            if Stamp::of(&inner.path)? == loaded.stamp {
                lock(&inner.loaded).checked_at = now;
                return Ok(loaded.users);
            }
            let (users, stamp) = file::read(&inner.path)?;
            tracing::info!(users = users.len(), "Read {} again: it holds {} users", inner.path.display(), users.len());
            let users = Arc::new(users);
            *lock(&inner.loaded) = Loaded { users: Arc::clone(&users), stamp, checked_at: now };
            Ok(users)
        });
        // Nobody is let in by what the file said before: it may have been taken away to that end.
        read.await.map_err(|_| Error::Stopping)?.map_err(|source: io::Error| Error::Users(source))
    }

    fn mark(&self, name: &str, password: &SecretString, hash: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.inner.key);
        for part in [name, hash, password.expose_secret()] {
            context.update(&part.len().to_le_bytes());
            context.update(part.as_bytes());
        }
        let mut mark = [0; 32];
        mark.copy_from_slice(context.sign().as_ref());
        mark
    }

    fn remembers(&self, mark: &[u8; 32]) -> bool {
        let now = self.inner.auth.clock.now();
        lock(&self.inner.remembered).get(mark).is_some_and(|since| now - *since < MEMORY)
    }

    fn remember(&self, mark: [u8; 32]) {
        let now = self.inner.auth.clock.now();
        let mut remembered = lock(&self.inner.remembered);
        if remembered.len() >= REMEMBERED_MAX {
            remembered.retain(|_, since| now - *since < MEMORY);
        }
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        remembered.insert(mark, now);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
