//! Who is there: the first administrator, users, sign-in, sessions of the console, credentials of clients.
//!
//! What is guessed is slowed down, what is stored can't be used by its reader, and a wrong name can't be told from a
//! wrong password. Which request needs whom is decided at the doors (`v2` and the console), not here.

use std::{net::IpAddr, sync::Arc};

use secrecy::SecretString;
use serde_json::json;
use tokio::sync::watch;

use crate::{
    account::{Role, UserAgent, UserName},
    audit::{Action, Actor, AuditEntry},
    clock::Clock,
    metadata::{Account, Credentials, Durability, Metadata, Transaction},
};

pub mod access_tokens;
mod error;
mod failures;
mod first_start;
mod follow;
pub mod groups;
pub mod htpasswd;
mod identify;
mod issued;
mod password;
mod rate;
pub mod robots;
mod secret;
pub mod session;
mod setup_code;
#[cfg(test)]
mod test_world;
mod throttle;
pub mod token;
mod users;
mod uses;

pub use error::Error;
pub use htpasswd::Htpasswd;
pub use issued::{IssuedFor, IssuedSecret};
pub use password::generate_password;
pub use rate::Costly;
pub use robots::RobotDraft;
pub use session::{NewSession, SessionToken};
pub use setup_code::SetupCode;
pub use token::Tokens;

use failures::Failures;
use identify::Known;
use issued::Issued;
use password::Passwords;
use rate::Rate;
use throttle::Throttle;
use token::Issuer;
use uses::Uses;

/// A handle on accounts and sessions; cheap to clone.
#[derive(Clone, Debug)]
pub struct Auth {
    metadata: Metadata,
    clock: Clock,
    passwords: Passwords,
    throttle: Arc<Throttle>,
    failures: Arc<Failures>,
    issued: Arc<Issued>,
    known: Arc<Known>,
    issuer: Arc<Issuer>,
    rate: Arc<Rate>,
    uses: Arc<Uses>,
    /// The code for the first administrator, until there is one. Another one at each start: it is never stored.
    setup: watch::Sender<Option<SetupCode>>,
}

/// From where, and with what, someone signs in.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The client's address, as far as it is known.
    pub address: Option<IpAddr>,
    /// What the browser says it is.
    pub user_agent: Option<UserAgent>,
}

impl Auth {
    /// Looks whether there is an account yet.
    ///
    /// # Errors
    /// The database is broken, or the system gives no random bytes.
    pub async fn open(metadata: Metadata, clock: Clock) -> Result<Self, Error> {
        let code = if metadata.has_account().await? { None } else { Some(SetupCode::random()?) };
        Ok(Self {
            metadata,
            clock,
            passwords: Passwords::new().await?,
            throttle: Arc::default(),
            failures: Arc::default(),
            issued: Arc::default(),
            known: Arc::new(Known::new()?),
            issuer: Arc::default(),
            rate: Arc::default(),
            uses: Arc::default(),
            setup: watch::Sender::new(code),
        })
    }

    /// Opens a session of the console and ends the one that it replaces. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::Credentials`], [`Error::TooManyAttempts`], or something is broken.
    pub async fn sign_in(
        &self,
        name: &str,
        password: SecretString,
        visitor: &Visitor,
        replaces: Option<&str>,
    ) -> Result<NewSession, Error> {
        let Credentials { account, password_hash, .. } = self.check(name, password, visitor.address).await?;
        let mut tx = self.metadata.begin().await?;
        // Disabled, or given another password, while the one that was typed was being verified.
        if !tx.note_sign_in(account.id, &password_hash, self.clock.now()).await? {
            return Err(Error::Credentials);
        }
        let token = self.open_session(&mut tx, &account, visitor, replaces).await?;
        tx.commit(Durability::Synced).await?;
        tracing::info!(account = %account.name, "{} signed in", account.name);
        Ok(NewSession { account, token })
    }

    /// Whose credentials these are. `address` is the client's, as far as it is known; failed attempts count
    /// against it, too.
    ///
    /// # Errors
    /// [`Error::Credentials`], [`Error::TooManyAttempts`], or something is broken.
    pub async fn verify(&self, name: &str, password: SecretString, address: Option<IpAddr>) -> Result<Account, Error> {
        Ok(self.check(name, password, address).await?.account)
    }

    /// The administrator whose credentials these are.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify), or [`Error::NotAdministrator`].
    pub async fn verify_administrator(
        &self,
        name: &str,
        password: SecretString,
        address: Option<IpAddr>,
    ) -> Result<Account, Error> {
        let account = self.verify(name, password, address).await?;
        match account.role {
            Role::Administrator => Ok(account),
            Role::Member => Err(Error::NotAdministrator),
        }
    }

    async fn check(&self, name: &str, password: SecretString, address: Option<IpAddr>) -> Result<Credentials, Error> {
        // A name that can't be one is treated like one that no account has, in the same time.
        let parsed = UserName::parse(name).ok();
        let counted = parsed.as_ref().map_or("", UserName::as_str);
        let attempt = self
            .throttle
            .attempt(counted, address, self.clock.now())
            .map_err(|retry_after| Error::TooManyAttempts { retry_after })?;
        let found = match &parsed {
            Some(name) => self.metadata.account(name).await?,
            None => None,
        };
        let hash = found.as_ref().map(|found| found.password_hash.clone());
        let fits = self.passwords.verify(password, hash).await?;
        // A disabled account is as if it did not exist, once its password was looked at.
        match found {
            Some(found) if fits && !found.disabled => {
                self.throttle.forgive(&attempt);
                Ok(found)
            }
            found => {
                // Nothing but the name of an account: what else was typed as a name may be a password.
                let name = found.map(|found| found.account.name.to_string()).unwrap_or_default();
                tracing::warn!(account = name, ?address, "A sign-in failed");
                self.note_failure(name, address).await?;
                Err(Error::Credentials)
            }
        }
    }

    /// Notes a failed attempt, as long as there are not too many. Only the name of an account is written down, and nothing
    /// where there is none: what else was typed as a name may be a password.
    async fn note_failure(&self, name: String, address: Option<IpAddr>) -> Result<(), Error> {
        let now = self.clock.now();
        let Some(action) = self.failures.note(now) else { return Ok(()) };
        let entry = match action {
            Action::SignInFailed => AuditEntry::new(now, &Actor { name, address }, action),
            action => {
                AuditEntry::new(now, &Actor::default(), action).with(json!({ "listed": failures::LISTED_AN_HOUR }))
            }
        };
        let mut tx = self.metadata.begin().await?;
        tx.audit(&entry).await?;
        // Guessers must not make the disk work.
        Ok(tx.commit(Durability::Relaxed).await?)
    }

    /// Commits a change of an account or credential, durably, forgets what was known of them, and does what follows. Once
    /// called, it goes on even if the caller is dropped: a client that hangs up must not keep what it has revoked alive.
    async fn commit(&self, tx: Transaction, then: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let known = Arc::clone(&self.known);
        let commit = async move {
            let done = tx.commit(Durability::Synced).await;
            known.forget();
            if done.is_ok() {
                then();
            }
            done
        };
        Ok(tokio::spawn(commit).await.map_err(|_| Error::Stopping)??)
    }
}

#[cfg(test)]
mod tests;
