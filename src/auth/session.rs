//! Sessions of the console: a random token in the browser's cookie, its SHA-256 in the database.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use time::Duration;

use super::{Auth, Error, Visitor};
use crate::{
    account::{OwnSession, SessionId, UserAgent},
    audit::{Action, Actor, AuditEntry},
    metadata::{Account, Durability, NewSessionRecord, Transaction},
};

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
pub(super) fn hash(token: &str) -> String {
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
    pub async fn sign_out(&self, token: &str, address: Option<std::net::IpAddr>) -> Result<(), Error> {
        let hash = hash(token);
        let session = self.metadata.session(&hash).await?;
        let mut tx = self.metadata.begin().await?;
        if let (true, Some(session)) = (tx.delete_session(&hash).await?, session) {
            let by = Actor::new(&session.account.name, address);
            tx.audit(&AuditEntry::new(self.clock.now(), &by, Action::SessionClosed)).await?;
        }
        Ok(tx.commit(Durability::Synced).await?)
    }

    /// The sessions of `account` that have not ended, the last used first. `token` is the one that asks.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn sessions(&self, account: &Account, token: &str) -> Result<Vec<OwnSession>, Error> {
        let now = self.clock.now();
        Ok(self.metadata.sessions_of(account.id, &hash(token), now - IDLE, now - ABSOLUTE).await?)
    }

    /// Ends one session of `account`; whether there was one. Durable when it returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn end_session(&self, by: &Actor, account: &Account, id: &SessionId) -> Result<bool, Error> {
        let mut tx = self.metadata.begin().await?;
        if !tx.delete_session_of(account.id, id).await? {
            return Ok(false);
        }
        let entry = AuditEntry::new(self.clock.now(), by, Action::SessionEnded).about(&account.name);
        tx.audit(&entry.with(json!({ "sessions": 1 }))).await?;
        tx.commit(Durability::Synced).await?;
        Ok(true)
    }

    /// Ends all sessions of `account` but the one of `token`; how many there were. Durable when it returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn end_other_sessions(&self, by: &Actor, account: &Account, token: &str) -> Result<u64, Error> {
        let mut tx = self.metadata.begin().await?;
        let ended = tx.delete_sessions_of(account.id, Some(&hash(token))).await?;
        if ended > 0 {
            let entry = AuditEntry::new(self.clock.now(), by, Action::SessionEnded).about(&account.name);
            tx.audit(&entry.with(json!({ "sessions": ended }))).await?;
        }
        tx.commit(Durability::Synced).await?;
        Ok(ended)
    }

    /// Opens a session with a token of its own, never one that the browser has brought, and ends the one that it
    /// replaces. Takes the opportunity to forget sessions that have ended.
    pub(super) async fn open_session(
        &self,
        tx: &mut Transaction,
        account: &Account,
        visitor: &Visitor,
        replaces: Option<&str>,
    ) -> Result<SessionToken, Error> {
        let now = self.clock.now();
        if let Some(token) = replaces {
            tx.delete_session(&hash(token)).await?;
        }
        tx.delete_ended_sessions(now - IDLE, now - ABSOLUTE).await?;
        let token = SessionToken::random()?;
        let address = visitor.address.map(|address| address.to_canonical().to_string());
        let record = NewSessionRecord {
            token_hash: &hash(token.expose()),
            account: account.id,
            address: address.as_deref(),
            user_agent: visitor.user_agent.as_ref().map(UserAgent::as_str),
            now,
        };
        tx.create_session(&record).await?;
        let by = Actor::new(&account.name, visitor.address);
        tx.audit(&AuditEntry::new(now, &by, Action::SessionOpened)).await?;
        Ok(token)
    }
}
