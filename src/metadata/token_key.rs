//! The keys that sign tokens of our own token endpoint. When they change is `auth`'s part.

use sqlx::{Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{Metadata, Result, Transaction, from_micros, to_micros};

/// A key as it is kept.
#[derive(Clone)]
pub struct TokenKeyRecord {
    /// Its name in a token's header.
    pub id: String,
    /// The private key, PKCS#8 in DER.
    pub content: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl std::fmt::Debug for TokenKeyRecord {
    /// Writes its name alone.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenKeyRecord({})", self.id)
    }
}

const ALL: &str = "SELECT id, content, created_at FROM token_key ORDER BY created_at DESC, id";

impl Metadata {
    /// The keys, the newest first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn token_keys(&self) -> Result<Vec<TokenKeyRecord>> {
        let rows = sqlx::query(ALL).fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(read).collect()
    }
}

impl Transaction {
    /// The keys as this unit of work finds them, the newest first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn token_keys(&mut self) -> Result<Vec<TokenKeyRecord>> {
        let rows = sqlx::query(ALL).fetch_all(self.connection()?).await?;
        rows.iter().map(read).collect()
    }

    /// Keeps a new key, and forgets those that were made before `forgotten`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn keep_token_key(&mut self, key: &TokenKeyRecord, forgotten: OffsetDateTime) -> Result<()> {
        sqlx::query("INSERT INTO token_key (id, content, created_at) VALUES ($1, $2, $3)")
            .bind(&key.id)
            .bind(&key.content)
            .bind(to_micros(key.created_at))
            .execute(self.connection()?)
            .await?;
        sqlx::query("DELETE FROM token_key WHERE created_at < $1")
            .bind(to_micros(forgotten))
            .execute(self.connection()?)
            .await?;
        Ok(())
    }
}

fn read(row: &SqliteRow) -> Result<TokenKeyRecord> {
    Ok(TokenKeyRecord {
        id: row.try_get("id")?,
        content: row.try_get("content")?,
        created_at: from_micros(row.try_get("created_at")?),
    })
}
