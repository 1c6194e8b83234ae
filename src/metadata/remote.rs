//! How another registry is asked, as an administrator has entered it.

use sqlx::Row as _;

use super::{Metadata, Result, Transaction};

/// What is kept of another registry. Holds a secret, so it has no `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RemoteRecord {
    /// What an administrator says of the address.
    pub owner: String,
    /// The address that the rest is for.
    pub address: String,
    /// The name to sign in with; empty for none.
    pub user_name: String,
    /// The password; empty for none.
    pub password: String,
    /// Where it sends for tokens, if that is another host.
    pub token_host: String,
    /// Certificates in PEM.
    pub authority: String,
    /// What came of asking last.
    pub found: String,
    /// Which address was asked.
    pub found_at: String,
}

impl Metadata {
    /// What is kept; empty if nothing was saved.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn remote_registry(&self) -> Result<RemoteRecord> {
        let row = sqlx::query(
            "SELECT owner, address, user_name, password, token_host, authority, found, found_at FROM remote_registry",
        )
        .fetch_optional(&mut *self.read().await?)
        .await?;
        let Some(row) = row else { return Ok(RemoteRecord::default()) };
        Ok(RemoteRecord {
            owner: row.try_get("owner")?,
            address: row.try_get("address")?,
            user_name: row.try_get("user_name")?,
            password: row.try_get("password")?,
            token_host: row.try_get("token_host")?,
            authority: row.try_get("authority")?,
            found: row.try_get("found")?,
            found_at: row.try_get("found_at")?,
        })
    }
}

impl Transaction {
    /// Keeps what an administrator has entered; what was found stays.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn save_remote_registry(&mut self, record: &RemoteRecord) -> Result<()> {
        sqlx::query(
            "INSERT INTO remote_registry (id, owner, address, user_name, password, token_host, authority) \
             VALUES (1, $1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, \
             address = excluded.address, user_name = excluded.user_name, password = excluded.password, \
             token_host = excluded.token_host, authority = excluded.authority",
        )
        .bind(&record.owner)
        .bind(&record.address)
        .bind(&record.user_name)
        .bind(&record.password)
        .bind(&record.token_host)
        .bind(&record.authority)
        .execute(self.connection()?)
        .await?;
        Ok(())
    }

    /// Keeps what came of asking an address.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn save_remote_finding(&mut self, address: &str, found: &str) -> Result<()> {
        sqlx::query(
            "INSERT INTO remote_registry \
             (id, owner, address, user_name, password, token_host, authority, found, found_at) \
             VALUES (1, '', '', '', '', '', '', $1, $2) \
             ON CONFLICT (id) DO UPDATE SET found = excluded.found, found_at = excluded.found_at",
        )
        .bind(found)
        .bind(address)
        .execute(self.connection()?)
        .await?;
        Ok(())
    }
}
