//! Sessions: who is signed in. How long a session may last is `auth`'s part.

use sqlx::Row as _;
use time::OffsetDateTime;

use super::{Account, AccountId, Metadata, Result, Transaction, from_micros, to_micros};

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub account: Account,
    /// When it was opened.
    pub created_at: OffsetDateTime,
    /// When it was last used, to the minute.
    pub used_at: OffsetDateTime,
}

impl Metadata {
    /// The session whose token has this hash, also when it has ended in the meantime.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn session(&self, token_hash: &str) -> Result<Option<Session>> {
        let row = sqlx::query(
            "SELECT account.id, account.name, account.role, session.created_at, session.used_at \
             FROM session JOIN account ON account.id = session.account_id WHERE session.token_hash = $1",
        )
        .bind(token_hash)
        .fetch_optional(&mut *self.read().await?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Session {
            account: Account::read(&row)?,
            created_at: from_micros(row.try_get("created_at")?),
            used_at: from_micros(row.try_get("used_at")?),
        }))
    }
}

impl Transaction {
    /// Keeps a new session.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn create_session(&mut self, token_hash: &str, account: AccountId, now: OffsetDateTime) -> Result<()> {
        sqlx::query("INSERT INTO session (token_hash, account_id, created_at, used_at) VALUES ($1, $2, $3, $3)")
            .bind(token_hash)
            .bind(account.0)
            .bind(to_micros(now))
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn touch_session(&mut self, token_hash: &str, now: OffsetDateTime) -> Result<()> {
        sqlx::query("UPDATE session SET used_at = $2 WHERE token_hash = $1")
            .bind(token_hash)
            .bind(to_micros(now))
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Ends a session; whether there was one.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_session(&mut self, token_hash: &str) -> Result<bool> {
        let done = sqlx::query("DELETE FROM session WHERE token_hash = $1")
            .bind(token_hash)
            .execute(self.connection()?)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets the sessions not used since one moment or opened before the other.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_ended_sessions(
        &mut self,
        used_before: OffsetDateTime,
        created_before: OffsetDateTime,
    ) -> Result<u64> {
        let done = sqlx::query("DELETE FROM session WHERE used_at <= $1 OR created_at <= $2")
            .bind(to_micros(used_before))
            .bind(to_micros(created_before))
            .execute(self.connection()?)
            .await?;
        Ok(done.rows_affected())
    }
}
