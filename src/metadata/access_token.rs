//! Access tokens of people. What a secret looks like is `auth`'s part; here is its hash.

use sqlx::{Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{Account, AccountId, Error, Metadata, Result, Transaction, from_micros, parse, to_micros, to_u64};
use crate::{
    account::{AccessToken, LastUse, TokenId, TokenName, UserName},
    rules::Scope,
};

/// An access token to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewAccessToken<'a> {
    /// Whose it is.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: &'a TokenName,
    /// The hash of its secret.
    pub secret_hash: &'a str,
    /// What it is limited to.
    pub scope: Option<&'a Scope>,
    /// When it ends.
    pub expires_at: Option<OffsetDateTime>,
    /// When it is made.
    pub now: OffsetDateTime,
}

/// What proves that someone has an access token, and what he may do then.
#[derive(Clone, Debug)]
pub struct TokenCredentials {
    /// Which one.
    pub id: TokenId,
    /// What its secret is compared with.
    pub secret_hash: String,
    /// What it is limited to.
    pub scope: Option<Scope>,
    /// When it ends.
    pub expires_at: Option<OffsetDateTime>,
    /// Whose it is.
    pub account: Account,
    /// Whether its owner may not sign in.
    pub disabled: bool,
}

pub(super) fn read_scope(table: &'static str, json: String) -> Result<Scope> {
    serde_json::from_str(&json).map_err(|_| Error::Inconsistent { table, value: json })
}

pub(super) fn write_scope(scope: &Scope) -> Result<String> {
    serde_json::to_string(scope).map_err(|error| Error::Inconsistent { table: "scope", value: error.to_string() })
}

/// From the columns `used_at` and `used_from`.
pub(super) fn read_use(row: &SqliteRow) -> Result<Option<LastUse>> {
    let Some(at) = row.try_get::<Option<i64>, _>("used_at")? else { return Ok(None) };
    Ok(Some(LastUse { at: from_micros(at), from: row.try_get("used_from")? }))
}

fn read(row: &SqliteRow) -> Result<AccessToken> {
    let scope: Option<String> = row.try_get("scope")?;
    Ok(AccessToken {
        id: TokenId(row.try_get("id")?),
        name: parse("access_token", row.try_get("name")?)?,
        scope: scope.map(|scope| read_scope("access_token", scope)).transpose()?,
        created_at: from_micros(row.try_get("created_at")?),
        expires_at: row.try_get::<Option<i64>, _>("expires_at")?.map(from_micros),
        used: read_use(row)?,
    })
}

fn read_credentials(row: &SqliteRow) -> Result<TokenCredentials> {
    let scope: Option<String> = row.try_get("scope")?;
    Ok(TokenCredentials {
        id: TokenId(row.try_get("token_id")?),
        secret_hash: row.try_get("secret_hash")?,
        scope: scope.map(|scope| read_scope("access_token", scope)).transpose()?,
        expires_at: row.try_get::<Option<i64>, _>("expires_at")?.map(from_micros),
        account: Account::read(row)?,
        disabled: row.try_get::<Option<i64>, _>("disabled_at")?.is_some(),
    })
}

impl Metadata {
    /// The access tokens of an account, the newest first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn access_tokens(&self, owner: &UserName) -> Result<Vec<AccessToken>> {
        let rows = sqlx::query(
            "SELECT t.* FROM access_token t JOIN account a ON a.id = t.account_id WHERE a.name = $1 ORDER BY t.id DESC",
        )
        .bind(owner.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter().map(read).collect()
    }

    /// What proves that someone has one of a user's access tokens.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn token_credentials(&self, owner: &UserName) -> Result<Vec<TokenCredentials>> {
        let rows = sqlx::query(
            "SELECT t.id AS token_id, t.secret_hash, t.scope, t.expires_at, a.id, a.name, a.role, a.disabled_at \
             FROM access_token t JOIN account a ON a.id = t.account_id WHERE a.name = $1",
        )
        .bind(owner.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter().map(read_credentials).collect()
    }
}

impl Transaction {
    /// How many access tokens an account has.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn count_access_tokens(&mut self, account: AccountId) -> Result<u64> {
        let row = sqlx::query("SELECT COUNT(*) AS n FROM access_token WHERE account_id = $1")
            .bind(account.0)
            .fetch_one(self.connection()?)
            .await?;
        Ok(to_u64(row.try_get("n")?))
    }

    /// Keeps an access token; whether its owner had none of that name.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn create_access_token(&mut self, new: &NewAccessToken<'_>) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO access_token (account_id, name, secret_hash, scope, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, name) DO NOTHING",
        )
        .bind(new.account.0)
        .bind(new.name.as_str())
        .bind(new.secret_hash)
        .bind(new.scope.map(write_scope).transpose()?)
        .bind(to_micros(new.now))
        .bind(new.expires_at.map(to_micros))
        .execute(self.connection()?)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes one of an account's access tokens; its name, if there was one.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_access_token(&mut self, account: AccountId, id: TokenId) -> Result<Option<TokenName>> {
        let row = sqlx::query("DELETE FROM access_token WHERE account_id = $1 AND id = $2 RETURNING name")
            .bind(account.0)
            .bind(id.0)
            .fetch_optional(self.connection()?)
            .await?;
        row.map(|row| parse("access_token", row.try_get("name")?)).transpose()
    }

    /// Removes all access tokens of an account; their names.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_access_tokens(&mut self, account: AccountId) -> Result<Vec<TokenName>> {
        let rows = sqlx::query("DELETE FROM access_token WHERE account_id = $1 RETURNING name")
            .bind(account.0)
            .fetch_all(self.connection()?)
            .await?;
        rows.iter().map(|row| parse("access_token", row.try_get("name")?)).collect()
    }

    /// Notes that an access token was used, if it is still there.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn note_token_use(&mut self, id: TokenId, used: &LastUse) -> Result<()> {
        sqlx::query("UPDATE access_token SET used_at = $2, used_from = $3 WHERE id = $1")
            .bind(id.0)
            .bind(to_micros(used.at))
            .bind(used.from.as_deref())
            .execute(self.connection()?)
            .await?;
        Ok(())
    }
}
