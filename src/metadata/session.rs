//! Sessions: who is signed in. How long a session may last is `auth`'s part.

use sqlx::{Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{Account, AccountId, Error, Metadata, Result, Transaction, from_micros, to_micros};
use crate::account::{OwnSession, SessionId};

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

/// A session to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewSessionRecord<'a> {
    /// The hash of its token.
    pub token_hash: &'a str,
    /// Whose it is.
    pub account: AccountId,
    /// Where it was opened.
    pub address: Option<&'a str>,
    /// With what.
    pub user_agent: Option<&'a str>,
    /// When it is opened.
    pub now: OffsetDateTime,
}

impl Metadata {
    /// The session whose token has this hash, also when it has ended by its age in the meantime. None of an account that
    /// is disabled.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn session(&self, token_hash: &str) -> Result<Option<Session>> {
        let row = sqlx::query(
            "SELECT account.id, account.name, account.role, session.created_at, session.used_at \
             FROM session JOIN account ON account.id = session.account_id \
             WHERE session.token_hash = $1 AND account.disabled_at IS NULL",
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

    /// An account's sessions that were used after one moment and opened after the other, the last used first. `current`
    /// is the hash of the token that asks.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn sessions_of(
        &self,
        account: AccountId,
        current: &str,
        used_after: OffsetDateTime,
        created_after: OffsetDateTime,
    ) -> Result<Vec<OwnSession>> {
        let rows = sqlx::query(
            "SELECT token_hash, created_at, used_at, address, user_agent FROM session \
             WHERE account_id = $1 AND used_at > $2 AND created_at > $3 ORDER BY used_at DESC, token_hash",
        )
        .bind(account.0)
        .bind(to_micros(used_after))
        .bind(to_micros(created_after))
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter().map(|row| own_session(row, current)).collect()
    }
}

fn own_session(row: &SqliteRow, current: &str) -> Result<OwnSession> {
    let hash: String = row.try_get("token_hash")?;
    let id = SessionId::of_hash(&hash);
    Ok(OwnSession {
        current: hash == current,
        id: id.map_err(|_| Error::Inconsistent { table: "session", value: "a token's hash".to_owned() })?,
        address: row.try_get("address")?,
        user_agent: row.try_get::<Option<String>, _>("user_agent")?.unwrap_or_default(),
        created_at: from_micros(row.try_get("created_at")?),
        used_at: from_micros(row.try_get("used_at")?),
    })
}

impl Transaction {
    /// Keeps a new session.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn create_session(&mut self, new: &NewSessionRecord<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO session (token_hash, account_id, created_at, used_at, address, user_agent) \
             VALUES ($1, $2, $3, $3, $4, $5)",
        )
        .bind(new.token_hash)
        .bind(new.account.0)
        .bind(to_micros(new.now))
        .bind(new.address)
        .bind(new.user_agent)
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

    /// Ends the account's session of that name; whether there was one.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_session_of(&mut self, account: AccountId, id: &SessionId) -> Result<bool> {
        let done = sqlx::query("DELETE FROM session WHERE account_id = $1 AND SUBSTR(token_hash, 1, $3) = $2")
            .bind(account.0)
            .bind(id.as_str())
            .bind(super::to_i64(SessionId::LENGTH as u64))
            .execute(self.connection()?)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Ends the account's sessions, but for one if it is named; how many there were.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_sessions_of(&mut self, account: AccountId, but: Option<&str>) -> Result<u64> {
        let done = sqlx::query("DELETE FROM session WHERE account_id = $1 AND token_hash <> $2")
            .bind(account.0)
            .bind(but.unwrap_or_default())
            .execute(self.connection()?)
            .await?;
        Ok(done.rows_affected())
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
