//! Accounts: who may sign in. What a password is and whether it fits is `auth`'s part.

use sqlx::{AssertSqlSafe, Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{
    Metadata, Result, Transaction,
    explorer::{contains, order_by},
    from_micros, parse, to_micros, to_u64,
};
use crate::{
    account::{Role, UserName, UserSort, UserSummary},
    explorer::{List, ListQuery, list::PAGE_SIZE},
};

/// An account's key in the other tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountId(pub(super) i64);

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

/// An account with what decides whether it may sign in.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account.
    pub account: Account,
    /// What its password is compared with.
    pub password_hash: String,
    /// Whether it may not sign in.
    pub disabled: bool,
}

const SUMMARY: &str = "a.name, a.role, a.disabled_at, a.created_at, a.signed_in_at, \
    (SELECT COUNT(*) FROM session s WHERE s.account_id = a.id) AS sessions FROM account a";

impl Account {
    /// From a row with the columns `id`, `name` and `role` of `account`.
    pub(super) fn read(row: &SqliteRow) -> Result<Self> {
        Ok(Self {
            id: AccountId(row.try_get("id")?),
            name: parse("account", row.try_get("name")?)?,
            role: parse("account", row.try_get("role")?)?,
        })
    }
}

impl Credentials {
    fn read(row: &SqliteRow) -> Result<Self> {
        Ok(Self {
            account: Account::read(row)?,
            password_hash: row.try_get("password_hash")?,
            disabled: row.try_get::<Option<i64>, _>("disabled_at")?.is_some(),
        })
    }
}

fn summary(row: &SqliteRow) -> Result<UserSummary> {
    Ok(UserSummary {
        name: parse("account", row.try_get("name")?)?,
        role: parse("account", row.try_get("role")?)?,
        disabled_at: row.try_get::<Option<i64>, _>("disabled_at")?.map(from_micros),
        created_at: from_micros(row.try_get("created_at")?),
        signed_in_at: row.try_get::<Option<i64>, _>("signed_in_at")?.map(from_micros),
        sessions: to_u64(row.try_get("sessions")?),
    })
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

    /// The account `name`, with what its password is compared with.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn account(&self, name: &UserName) -> Result<Option<Credentials>> {
        let row = sqlx::query("SELECT id, name, role, password_hash, disabled_at FROM account WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.as_ref().map(Credentials::read).transpose()
    }

    /// One page of the accounts.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_users(&self, query: &ListQuery<UserSort>) -> Result<List<UserSummary>> {
        let column = match query.sort {
            UserSort::Name => "a.name",
            UserSort::Role => "a.role",
            UserSort::SignedIn => "a.signed_in_at",
            UserSort::Created => "a.created_at",
        };
        let order = order_by(column, "a.name", query.order);
        let pattern = contains(&query.search);
        let found = "a.name LIKE $1 ESCAPE '\\'";
        let sql = format!("SELECT {SUMMARY} WHERE {found} ORDER BY {order} LIMIT $2 OFFSET $3");
        let mut connection = self.read().await?;
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(&pattern)
            .bind(i64::from(PAGE_SIZE))
            .bind(i64::from(query.offset()))
            .fetch_all(&mut *connection)
            .await?;
        let counts = sqlx::query(AssertSqlSafe(format!(
            "SELECT COUNT(*) AS total, (SELECT COUNT(*) FROM account a WHERE {found}) AS matching FROM account"
        )))
        .bind(&pattern)
        .fetch_one(&mut *connection)
        .await?;
        Ok(List {
            rows: rows.iter().map(summary).collect::<Result<_>>()?,
            matching: to_u64(counts.try_get("matching")?),
            total: to_u64(counts.try_get("total")?),
        })
    }

    /// The account `name`, as administrators see it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn user(&self, name: &UserName) -> Result<Option<UserSummary>> {
        let row = sqlx::query(AssertSqlSafe(format!("SELECT {SUMMARY} WHERE a.name = $1")))
            .bind(name.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.as_ref().map(summary).transpose()
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

    /// Makes an account; `None` if there is one of that name.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn create_account(
        &mut self,
        name: &UserName,
        password_hash: &str,
        role: Role,
        now: OffsetDateTime,
    ) -> Result<Option<Account>> {
        let row = sqlx::query(
            "INSERT INTO account (name, password_hash, role, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name) DO NOTHING RETURNING id, name, role",
        )
        .bind(name.as_str())
        .bind(password_hash)
        .bind(role.as_str())
        .bind(to_micros(now))
        .fetch_optional(self.connection()?)
        .await?;
        row.map(|row| Account::read(&row)).transpose()
    }

    /// The account `name`, as this unit of work finds it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_account(&mut self, name: &UserName) -> Result<Option<Credentials>> {
        let row = sqlx::query("SELECT id, name, role, password_hash, disabled_at FROM account WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(self.connection()?)
            .await?;
        row.as_ref().map(Credentials::read).transpose()
    }

    /// How many administrators may sign in.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn count_administrators(&mut self) -> Result<u64> {
        let row = sqlx::query("SELECT COUNT(*) AS n FROM account WHERE role = $1 AND disabled_at IS NULL")
            .bind(Role::Administrator.as_str())
            .fetch_one(self.connection()?)
            .await?;
        Ok(to_u64(row.try_get("n")?))
    }

    /// Gives an account another role.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn set_role(&mut self, account: AccountId, role: Role) -> Result<()> {
        sqlx::query("UPDATE account SET role = $2 WHERE id = $1")
            .bind(account.0)
            .bind(role.as_str())
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Says since when an account may not sign in; `None` lets it sign in.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn set_disabled(&mut self, account: AccountId, since: Option<OffsetDateTime>) -> Result<()> {
        sqlx::query("UPDATE account SET disabled_at = $2 WHERE id = $1")
            .bind(account.0)
            .bind(since.map(to_micros))
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Gives an account another password.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn set_password_hash(&mut self, account: AccountId, password_hash: &str) -> Result<()> {
        sqlx::query("UPDATE account SET password_hash = $2 WHERE id = $1")
            .bind(account.0)
            .bind(password_hash)
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Notes a sign-in, if the account may still sign in with the password that was verified.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn note_sign_in(&mut self, account: AccountId, password_hash: &str, now: OffsetDateTime) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE account SET signed_in_at = $3 WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL",
        )
        .bind(account.0)
        .bind(password_hash)
        .bind(to_micros(now))
        .execute(self.connection()?)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes an account and its sessions.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_account(&mut self, account: AccountId) -> Result<()> {
        sqlx::query("DELETE FROM account WHERE id = $1").bind(account.0).execute(self.connection()?).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
