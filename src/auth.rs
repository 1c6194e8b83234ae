//! Who is there: the first administrator, sign-in, sessions of the console, credentials of clients.
//!
//! What is guessed is slowed down, what is stored can't be used by its reader, and a wrong name can't be told from a
//! wrong password. Which request needs whom is decided at the doors (`v2` and the console), not here.

use std::{net::IpAddr, sync::Arc};

use secrecy::SecretString;
use tokio::sync::watch;

use crate::{
    account::UserName,
    clock::Clock,
    metadata::{Account, Durability, Metadata},
};

mod error;
mod first_start;
pub mod htpasswd;
mod password;
pub mod session;
mod setup_code;
mod throttle;
pub mod token;

pub use error::Error;
pub use htpasswd::Htpasswd;
pub use session::{NewSession, SessionToken};
pub use setup_code::SetupCode;
pub use token::Tokens;

use password::Passwords;
use throttle::Throttle;

/// A handle on accounts and sessions; cheap to clone.
#[derive(Clone, Debug)]
pub struct Auth {
    metadata: Metadata,
    clock: Clock,
    passwords: Passwords,
    throttle: Arc<Throttle>,
    /// The code for the first administrator, until there is one. Another one at each start: it is never stored.
    setup: watch::Sender<Option<SetupCode>>,
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
        address: Option<IpAddr>,
        replaces: Option<&str>,
    ) -> Result<NewSession, Error> {
        let account = self.verify(name, password, address).await?;
        let mut tx = self.metadata.begin().await?;
        let token = self.open_session(&mut tx, &account, replaces).await?;
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
        let (account, hash) = found.unzip();
        let fits = self.passwords.verify(password, hash).await?;
        let Some(account) = account.filter(|_| fits) else {
            tracing::warn!(account = counted, ?address, "A sign-in failed");
            return Err(Error::Credentials);
        };
        self.throttle.forgive(&attempt);
        Ok(account)
    }
}

#[cfg(test)]
mod tests;
