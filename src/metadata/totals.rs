//! What the database holds altogether, for those who watch it.

use sqlx::Row as _;

use super::{Metadata, Result, to_u64};

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Blobs, each once.
    pub blobs: u64,
    /// The bytes of those.
    pub blob_bytes: u64,
    /// Repositories that hold a manifest.
    pub repositories: u64,
    /// Manifests, each once for each repository that holds it.
    pub manifests: u64,
    /// Tags.
    pub tags: u64,
}

impl Metadata {
    /// How much there is. Reads through every blob's row: not for each request.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn totals(&self) -> Result<Totals> {
        let row = sqlx::query(
            "SELECT b.blobs, b.bytes, r.repositories, r.manifests, r.tags FROM \
             (SELECT COUNT(*) AS blobs, CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) AS bytes FROM blob) b, \
             (SELECT COUNT(*) AS repositories, CAST(COALESCE(SUM(manifest_count), 0) AS BIGINT) AS manifests, \
             CAST(COALESCE(SUM(tag_count), 0) AS BIGINT) AS tags FROM repository WHERE manifest_count > 0) r",
        )
        .fetch_one(&mut *self.read().await?)
        .await?;
        Ok(Totals {
            blobs: to_u64(row.try_get("blobs")?),
            blob_bytes: to_u64(row.try_get("bytes")?),
            repositories: to_u64(row.try_get("repositories")?),
            manifests: to_u64(row.try_get("manifests")?),
            tags: to_u64(row.try_get("tags")?),
        })
    }
}
