//! Accounts: who may sign in. What a password is and whether it fits is `auth`'s part.

use sqlx::{Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{Error, Metadata, Result, Transaction, parse, to_micros};
use crate::account::UserName;

/// An account's key in the other tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountId(pub(super) i64);

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Administrator,
}

impl Role {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
        }
    }

    pub(super) fn read(row: &SqliteRow) -> Result<Self> {
        match row.try_get("role")? {
            "administrator" => Ok(Self::Administrator),
            other => Err(Error::Inconsistent { table: "account", value: other.to_owned() }),
        }
    }
}

/// An account, but for its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its key.
    pub id: AccountId,
    /// The name that is typed to sign in.
    pub name: UserName,
    /// What it may do.
    pub role: Role,
}

impl Account {
    /// From a row with the columns `id`, `name` and `role` of `account`.
    pub(super) fn read(row: &SqliteRow) -> Result<Self> {
        Ok(Self {
            id: AccountId(row.try_get("id")?),
            name: parse("account", row.try_get("name")?)?,
            role: Role::read(row)?,
        })
    }
}

impl Metadata {
    /// Whether anyone can sign in at all.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn has_account(&self) -> Result<bool> {
        let row = sqlx::query("SELECT 1 FROM account LIMIT 1").fetch_optional(&mut *self.read().await?).await?;
        Ok(row.is_some())
    }

    /// The account `name` and the hash of its password.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn account(&self, name: &UserName) -> Result<Option<(Account, String)>> {
        let row = sqlx::query("SELECT id, name, role, password_hash FROM account WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.map(|row| Ok((Account::read(&row)?, row.try_get("password_hash")?))).transpose()
    }
}

impl Transaction {
    /// Makes the first account; `None` if there is one already.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn create_first_account(
        &mut self,
        name: &UserName,
        password_hash: &str,
        role: Role,
        now: OffsetDateTime,
    ) -> Result<Option<Account>> {
        let row = sqlx::query(
            "INSERT INTO account (name, password_hash, role, created_at) \
             SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM account) RETURNING id, name, role",
        )
        .bind(name.as_str())
        .bind(password_hash)
        .bind(role.as_str())
        .bind(to_micros(now))
        .fetch_optional(self.connection()?)
        .await?;
        row.map(|row| Account::read(&row)).transpose()
    }
}
