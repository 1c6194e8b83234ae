//! Sessions of the console: a random token in the browser's cookie, its SHA-256 in the database.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use time::Duration;

use super::{Auth, Error};
use crate::metadata::{Account, AuditEntry, Durability, Transaction};

/// A session that was not used for so long has ended.
pub const IDLE: Duration = Duration::hours(24);
/// A session ends so long after it was opened, used or not.
pub const ABSOLUTE: Duration = Duration::days(14);
/// How exactly the last use is noted.
const RESOLUTION: Duration = Duration::minutes(1);

/// What a browser shows to prove who uses it: 256 random bits, in URL-safe base 64.
#[derive(Clone, Debug)]
pub struct SessionToken(SecretString);

impl SessionToken {
    fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(bytes).into()))
    }

    /// For the cookie alone.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A session that has just been opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose it is.
    pub account: Account,
    /// Given to the browser and kept nowhere else.
    pub token: SessionToken,
}

/// A plain hash suffices: the token is random, so there is nothing to guess from a list of likely ones.
fn hash(token: &str) -> String {
    Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Auth {
    /// Whose session this is, if it has not ended.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn session(&self, token: &str) -> Result<Option<Account>, Error> {
        let hash = hash(token);
        let Some(session) = self.metadata.session(&hash).await? else { return Ok(None) };
        let now = self.clock.now();
        if now - session.used_at >= IDLE || now - session.created_at >= ABSOLUTE {
            return Ok(None);
        }
        if now - session.used_at >= RESOLUTION {
            let mut tx = self.metadata.begin().await?;
            tx.touch_session(&hash, now).await?;
            tx.commit(Durability::Relaxed).await?;
        }
        Ok(Some(session.account))
    }

    /// Ends a session. Durable: when this returns, the token opens nothing any more.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn sign_out(&self, token: &str) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        tx.delete_session(&hash(token)).await?;
        tx.commit(Durability::Synced).await?;
        Ok(())
    }

    /// Opens a session with a token of its own, never one that the browser has brought, and ends the one that it
    /// replaces. Takes the opportunity to forget sessions that have ended.
    pub(super) async fn open_session(
        &self,
        tx: &mut Transaction,
        account: &Account,
        replaces: Option<&str>,
    ) -> Result<SessionToken, Error> {
        let now = self.clock.now();
        if let Some(token) = replaces {
            tx.delete_session(&hash(token)).await?;
        }
        tx.delete_ended_sessions(now - IDLE, now - ABSOLUTE).await?;
        let token = SessionToken::random()?;
        tx.create_session(&hash(token.expose()), account.id, now).await?;
        self.note(tx, &account.name, "session.opened").await?;
        Ok(token)
    }

    pub(super) async fn note(
        &self,
        tx: &mut Transaction,
        actor: &crate::account::UserName,
        action: &str,
    ) -> Result<(), Error> {
        let entry = AuditEntry {
            at: self.clock.now(),
            actor: actor.to_string(),
            action: action.into(),
            detail: serde_json::json!({}),
        };
        Ok(tx.audit(&entry).await?)
    }
}
