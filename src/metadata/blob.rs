//! Blobs, and which repository may serve which.

use sqlx::Row as _;
use time::OffsetDateTime;

use super::{
    Metadata, MirrorKind, RepositoryId, Result, Transaction, parse, repository::Counters, to_i64, to_micros, to_u64,
};
use crate::oci::{Digest, RepositoryName};

/// What is known of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobRecord {
    /// Its size in bytes.
    pub size: u64,
    /// Whether its bytes were ever compared with its digest; those that were found on a tree are not at first.
    pub verified: bool,
}

impl Metadata {
    /// The blob `digest`, if `repository` may serve it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn blob(&self, repository: &RepositoryName, digest: &Digest) -> Result<Option<BlobRecord>> {
        let row = sqlx::query(
            "SELECT b.size_bytes, b.unverified FROM repository r \
             JOIN repository_blob rb ON rb.repository_id = r.id AND rb.digest = $2 \
             JOIN blob b ON b.digest = rb.digest WHERE r.name = $1",
        )
        .bind(repository.as_str())
        .bind(digest.as_str())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        row.map(|row| {
            let unverified: i64 = row.try_get("unverified")?;
            Ok(BlobRecord { size: to_u64(row.try_get("size_bytes")?), verified: unverified == 0 })
        })
        .transpose()
    }

    /// The size in bytes of the blob `digest`, if `repository` may serve it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn blob_size(&self, repository: &RepositoryName, digest: &Digest) -> Result<Option<u64>> {
        Ok(self.blob(repository, digest).await?.map(|blob| blob.size))
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

    /// Says that the bytes of a blob were compared with its digest, and are right.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn mark_verified(&mut self, digest: &Digest) -> Result<()> {
        let sql = "UPDATE blob SET unverified = 0 WHERE digest = $1";
        sqlx::query(sql).bind(digest.as_str()).execute(self.connection()?).await?;
        Ok(())
    }

    /// Forbids every repository to serve the blob, until it is pushed again: its bytes are not those of its digest.
    /// What is on the tree stays there.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn withdraw_blob(&mut self, digest: &Digest) -> Result<()> {
        for sql in [
            "UPDATE repository SET size_bytes = size_bytes - (SELECT size_bytes FROM blob WHERE digest = $1) \
             WHERE id IN (SELECT repository_id FROM repository_blob WHERE digest = $1)",
            "DELETE FROM repository_blob WHERE digest = $1",
            "DELETE FROM deleted_blob WHERE digest = $1",
        ] {
            sqlx::query(sql).bind(digest.as_str()).execute(self.connection()?).await?;
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
