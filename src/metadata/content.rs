//! Which content the database names, for comparing it with what lies in the store.

use std::collections::{HashMap, HashSet};

use sqlx::{Row as _, sqlite::SqliteRow};

use super::{Metadata, Result, parse, to_u64};
use crate::oci::{Digest, RepositoryName};

/// So many repositories of one blob are named at most.
const REPOSITORIES_MAX: i64 = 20;

/// Content whose digests begin alike.
#[derive(Clone, Debug, Default)]
pub struct NamedContent {
    /// The blobs that some repository may serve, with their sizes in bytes.
    pub blobs: HashMap<Digest, u64>,
    /// The manifests.
    pub manifests: HashSet<Digest>,
}

impl Metadata {
    /// All content that some repository has and whose digest begins with `prefix`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn named_content(&self, prefix: &str) -> Result<NamedContent> {
        let mut connection = self.read().await?;
        // No hex digit is greater than `f`.
        let end = format!("{prefix}g");
        let blobs = sqlx::query(
            "SELECT DISTINCT b.digest, b.size_bytes FROM repository_blob rb JOIN blob b ON b.digest = rb.digest \
             WHERE rb.digest >= $1 AND rb.digest < $2",
        );
        let blobs = blobs.bind(prefix).bind(&end).fetch_all(&mut *connection).await?;
        let manifests = sqlx::query("SELECT DISTINCT digest FROM manifest WHERE digest >= $1 AND digest < $2");
        let manifests = manifests.bind(prefix).bind(&end).fetch_all(&mut *connection).await?;
        let sized = |row: SqliteRow| Ok((parse("blob", row.try_get("digest")?)?, to_u64(row.try_get("size_bytes")?)));
        Ok(NamedContent {
            blobs: blobs.into_iter().map(sized).collect::<Result<_>>()?,
            manifests: manifests
                .into_iter()
                .map(|row| parse("manifest", row.try_get("digest")?))
                .collect::<Result<_>>()?,
        })
    }

    /// The repositories that may serve a blob, twenty at most.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn repositories_of(&self, digest: &Digest) -> Result<Vec<RepositoryName>> {
        let rows = sqlx::query(
            "SELECT r.name FROM repository_blob rb JOIN repository r ON r.id = rb.repository_id \
             WHERE rb.digest = $1 ORDER BY r.name LIMIT $2",
        );
        let rows = rows.bind(digest.as_str()).bind(REPOSITORIES_MAX).fetch_all(&mut *self.read().await?).await?;
        rows.into_iter().map(|row| parse("repository", row.try_get("name")?)).collect()
    }
}
