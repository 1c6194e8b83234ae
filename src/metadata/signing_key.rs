//! The keys that the registry signs with.

use sqlx::Row as _;
use time::OffsetDateTime;

use super::{Metadata, Result, Transaction, to_micros};

impl Metadata {
    /// The private key for `purpose`, PKCS#8 in DER, if one was made.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn signing_key(&self, purpose: &str) -> Result<Option<Vec<u8>>> {
        let row = sqlx::query("SELECT content FROM signing_key WHERE purpose = $1")
            .bind(purpose)
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.map(|row| Ok(row.try_get("content")?)).transpose()
    }
}

impl Transaction {
    /// Keeps a new key for `purpose`, unless there is one. Returns the key that is there now.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn keep_signing_key(&mut self, purpose: &str, content: &[u8], now: OffsetDateTime) -> Result<Vec<u8>> {
        sqlx::query(
            "INSERT INTO signing_key (purpose, content, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(purpose)
        .bind(content)
        .bind(to_micros(now))
        .execute(self.connection()?)
        .await?;
        let row = sqlx::query("SELECT content FROM signing_key WHERE purpose = $1")
            .bind(purpose)
            .fetch_one(self.connection()?)
            .await?;
        Ok(row.try_get("content")?)
    }
}
