//! Upload sessions. A row's offset and hash state speak of the same moment.

use sqlx::Row as _;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Metadata, Result, Transaction, from_micros, parse, to_i64, to_micros, to_u64};
use crate::oci::{Algorithm, RepositoryName};

/// An upload session as it is kept.
#[derive(Clone, Debug)]
pub struct UploadRecord {
    /// The session's name in URLs and in the store.
    pub id: Uuid,
    /// Where the blob is to go.
    pub repository: RepositoryName,
    /// Who has opened it; `None` if nobody had to say who he is.
    pub owner: Option<String>,
    /// What it is hashed with while it comes in.
    pub algorithm: Algorithm,
    /// How many bytes were acknowledged.
    pub offset: u64,
    /// The hash function's state after those bytes.
    pub hash_state: Vec<u8>,
    /// When the session was opened.
    pub started_at: OffsetDateTime,
}

impl Metadata {
    /// The session `id`, if it is open and belongs to `repository`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn upload(&self, repository: &RepositoryName, id: Uuid) -> Result<Option<UploadRecord>> {
        let row = sqlx::query(
            "SELECT owner, algorithm, offset_bytes, hash_state, started_at FROM upload WHERE id = $1 AND repository = $2",
        )
        .bind(id.to_string())
        .bind(repository.as_str())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        row.map(|row| {
            Ok(UploadRecord {
                id,
                repository: repository.clone(),
                owner: row.try_get("owner")?,
                algorithm: parse("upload", row.try_get("algorithm")?)?,
                offset: to_u64(row.try_get("offset_bytes")?),
                hash_state: row.try_get("hash_state")?,
                started_at: from_micros(row.try_get("started_at")?),
            })
        })
        .transpose()
    }

    /// Whether a session `id` is open, in whichever repository.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn has_upload(&self, id: Uuid) -> Result<bool> {
        let row = sqlx::query("SELECT 1 FROM upload WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        Ok(row.is_some())
    }

    /// Up to `limit` sessions in which nothing has moved since `before`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn stale_uploads(&self, before: OffsetDateTime, limit: u32) -> Result<Vec<Uuid>> {
        let rows = sqlx::query("SELECT id FROM upload WHERE updated_at < $1 ORDER BY updated_at LIMIT $2")
            .bind(to_micros(before))
            .bind(i64::from(limit))
            .fetch_all(&mut *self.read().await?)
            .await?;
        rows.into_iter().map(|row| parse("upload", row.try_get("id")?)).collect()
    }
}

impl Transaction {
    /// Opens a session, or says how far an open one has come.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn save_upload(&mut self, upload: &UploadRecord, now: OffsetDateTime) -> Result<()> {
        sqlx::query(
            "INSERT INTO upload (id, repository, algorithm, offset_bytes, hash_state, started_at, updated_at, owner) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET \
             offset_bytes = excluded.offset_bytes, hash_state = excluded.hash_state, updated_at = excluded.updated_at",
        )
        .bind(upload.id.to_string())
        .bind(upload.repository.as_str())
        .bind(upload.algorithm.as_str())
        .bind(to_i64(upload.offset))
        .bind(&upload.hash_state)
        .bind(to_micros(upload.started_at))
        .bind(to_micros(now))
        .bind(&upload.owner)
        .execute(self.connection()?)
        .await?;
        Ok(())
    }

    /// Closes a session. `false` if it was not open.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_upload(&mut self, id: Uuid) -> Result<bool> {
        let deleted =
            sqlx::query("DELETE FROM upload WHERE id = $1").bind(id.to_string()).execute(self.connection()?).await?;
        Ok(deleted.rows_affected() > 0)
    }
}
