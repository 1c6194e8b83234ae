//! Blobs, and which repository may serve which.

use sqlx::Row as _;
use time::OffsetDateTime;

use super::{
    Metadata, MirrorKind, RepositoryId, Result, Transaction, parse, repository::Counters, to_i64, to_micros, to_u64,
};
use crate::oci::{Digest, RepositoryName};

impl Metadata {
    /// The size in bytes of the blob `digest`, if `repository` may serve it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn blob_size(&self, repository: &RepositoryName, digest: &Digest) -> Result<Option<u64>> {
        let row = sqlx::query(
            "SELECT b.size_bytes FROM repository r \
             JOIN repository_blob rb ON rb.repository_id = r.id AND rb.digest = $2 \
             JOIN blob b ON b.digest = rb.digest WHERE r.name = $1",
        )
        .bind(repository.as_str())
        .bind(digest.as_str())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        row.map(|row| Ok(to_u64(row.try_get("size_bytes")?))).transpose()
    }
}

impl Metadata {
    /// Up to `limit` repositories that may serve the blob `digest`, the oldest first; those after `last`, if it is
    /// given.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn blob_origins(
        &self,
        digest: &Digest,
        last: Option<RepositoryId>,
        limit: u32,
    ) -> Result<Vec<(RepositoryId, RepositoryName)>> {
        let rows = sqlx::query(
            "SELECT r.id, r.name FROM repository_blob rb JOIN repository r ON r.id = rb.repository_id \
             WHERE rb.digest = $1 AND rb.repository_id > $2 ORDER BY rb.repository_id LIMIT $3",
        )
        .bind(digest.as_str())
        .bind(last.map_or(i64::MIN, |last| last.0))
        .bind(i64::from(limit))
        .fetch_all(&mut *self.read().await?)
        .await?;
        let read = |row: &sqlx::sqlite::SqliteRow| {
            Ok((RepositoryId(row.try_get("id")?), parse("repository", row.try_get("name")?)?))
        };
        rows.iter().map(read).collect()
    }
}

impl Transaction {
    /// The size in bytes of the blob `digest`, if the repository may serve it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn blob_size(&mut self, repository: RepositoryId, digest: &Digest) -> Result<Option<u64>> {
        let row = sqlx::query(
            "SELECT b.size_bytes FROM repository_blob rb JOIN blob b ON b.digest = rb.digest \
             WHERE rb.repository_id = $1 AND rb.digest = $2",
        )
        .bind(repository.0)
        .bind(digest.as_str())
        .fetch_optional(self.connection()?)
        .await?;
        row.map(|row| Ok(to_u64(row.try_get("size_bytes")?))).transpose()
    }

    /// Says that the content of `digest` lies complete in the blob store, and that the repository may serve it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn link_blob(
        &mut self,
        repository: RepositoryId,
        digest: &Digest,
        size: u64,
        now: OffsetDateTime,
    ) -> Result<()> {
        // A size that was only read off a file may be that of half a blob; this one was counted.
        sqlx::query(
            "INSERT INTO blob (digest, size_bytes, created_at) VALUES ($1, $2, $3) ON CONFLICT (digest) DO UPDATE SET \
             size_bytes = excluded.size_bytes, unverified = 0 WHERE blob.size_bytes <> excluded.size_bytes",
        )
        .bind(digest.as_str())
        .bind(to_i64(size))
        .bind(to_micros(now))
        .execute(self.connection()?)
        .await?;
        let linked = sqlx::query(
            "INSERT INTO repository_blob (repository_id, digest, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(repository.0)
        .bind(digest.as_str())
        .bind(to_micros(now))
        .execute(self.connection()?)
        .await?;
        if linked.rows_affected() > 0 {
            self.count(repository, Counters::bytes(size)).await?;
            self.mirror(repository, MirrorKind::Blob, digest.as_str()).await?;
        }
        Ok(())
    }

    /// Forbids the repository to serve the blob; the bytes stay. `false` if it did not serve it before.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn unlink_blob(&mut self, repository: RepositoryId, digest: &Digest) -> Result<bool> {
        let Some(size) = self.blob_size(repository, digest).await? else { return Ok(false) };
        sqlx::query("DELETE FROM repository_blob WHERE repository_id = $1 AND digest = $2")
            .bind(repository.0)
            .bind(digest.as_str())
            .execute(self.connection()?)
            .await?;
        self.count(repository, Counters { bytes: -to_i64(size), ..Counters::default() }).await?;
        self.mirror(repository, MirrorKind::Blob, digest.as_str()).await?;
        Ok(true)
    }
}
