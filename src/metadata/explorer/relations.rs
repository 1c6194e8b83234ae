//! What the rest of the registry has to do with a manifest. Every question is bounded: a base layer may be in every
//! repository there is.

use sqlx::{AssertSqlSafe, Row as _};

use crate::{
    explorer::SharedLayer,
    metadata::{Connection, ManifestRecord, Metadata, Result, Visible, manifest::read_manifest, parse, to_u64},
    oci::{Digest, RepositoryName, Tag},
};

/// So many names are told at most.
const NAMES_MAX: usize = 20;
/// So many layers of one manifest are looked at: no image has more (Docker's limit is 127).
const LAYERS_MAX: i64 = 128;
/// So many manifests of an index are counted.
const MEMBERS_MAX: i64 = 100;
/// So many blobs of a manifest are counted; of one with more it is not told.
const BLOBS_MAX: i64 = 2_000;
/// So many manifests with the same layer are looked at for their tags.
const USERS_MAX: i64 = 500;

impl Metadata {
    /// The layers of a manifest that others use too: which `visible` repositories, and which tags of its own.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn shared_layers(
        &self,
        repository: &RepositoryName,
        manifest: &Digest,
        visible: &Visible,
    ) -> Result<Vec<SharedLayer>> {
        let mut connection = self.read().await?;
        let Some(id) = id_of(&mut connection, repository).await? else { return Ok(Vec::new()) };
        let layers = sqlx::query(
            "SELECT child FROM manifest_reference WHERE repository_id = $1 AND parent = $2 AND kind = 'layer' LIMIT $3",
        );
        let layers = layers.bind(id).bind(manifest.as_str()).bind(LAYERS_MAX).fetch_all(&mut *connection).await?;
        let mut shared = Vec::new();
        for layer in layers {
            let digest: Digest = parse("manifest_reference", layer.try_get("child")?)?;
            let mut repositories = repositories_with(&mut connection, id, &digest, visible).await?;
            let mut tags = tags_with(&mut connection, id, manifest, &digest).await?;
            let more = repositories.len() > NAMES_MAX || tags.len() > NAMES_MAX;
            repositories.truncate(NAMES_MAX);
            tags.truncate(NAMES_MAX);
            if !repositories.is_empty() || !tags.is_empty() {
                shared.push(SharedLayer { digest, repositories, tags, more });
            }
        }
        Ok(shared)
    }

    /// The bytes of the blobs that only this manifest uses in the whole registry: what would be free without it. Of an
    /// index, with the manifests that are in it alone and have no tag. `None` if there is too much to count.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn exclusive_bytes(&self, repository: &RepositoryName, manifest: &Digest) -> Result<Option<u64>> {
        let mut connection = self.read().await?;
        let Some(id) = id_of(&mut connection, repository).await? else { return Ok(None) };
        let row = sqlx::query(
            "WITH member (digest) AS (SELECT $2 UNION SELECT * FROM (\
             SELECT c.child FROM manifest_reference c \
             WHERE c.repository_id = $1 AND c.parent = $2 AND c.kind = 'manifest' \
             AND NOT EXISTS (SELECT 1 FROM tag t WHERE t.repository_id = $1 AND t.digest = c.child) \
             AND NOT EXISTS (SELECT 1 FROM manifest_reference o WHERE o.child = c.child AND o.repository_id = $1 \
             AND o.kind = 'manifest' AND o.parent <> $2) LIMIT $3)), \
             part (child) AS (SELECT DISTINCT r.child FROM member m JOIN manifest_reference r \
             ON r.repository_id = $1 AND r.parent = m.digest AND r.kind <> 'manifest' LIMIT $4) \
             SELECT COUNT(*) AS parts, (SELECT COUNT(*) FROM member) AS members, \
             CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM manifest_reference o WHERE o.child = p.child \
             AND o.kind <> 'manifest' AND NOT (o.repository_id = $1 AND o.parent IN (SELECT digest FROM member))) \
             THEN 0 ELSE b.size_bytes END), 0) AS BIGINT) AS size \
             FROM part p JOIN blob b ON b.digest = p.child",
        )
        .bind(id)
        .bind(manifest.as_str())
        .bind(MEMBERS_MAX)
        .bind(BLOBS_MAX)
        .fetch_one(&mut *connection)
        .await?;
        let (parts, members): (i64, i64) = (row.try_get("parts")?, row.try_get("members")?);
        let counted = parts < BLOBS_MAX && members <= MEMBERS_MAX;
        Ok(if counted { Some(to_u64(row.try_get("size")?)) } else { None })
    }

    /// Up to `limit` indexes of the repository that list this manifest.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn indexes_with(
        &self,
        repository: &RepositoryName,
        manifest: &Digest,
        limit: u32,
    ) -> Result<Vec<ManifestRecord>> {
        let rows = sqlx::query(
            "SELECT m.digest, m.media_type, m.content FROM repository r \
             JOIN manifest_reference c ON c.child = $2 AND c.repository_id = r.id AND c.kind = 'manifest' \
             JOIN manifest m ON m.repository_id = r.id AND m.digest = c.parent \
             WHERE r.name = $1 ORDER BY m.pushed_at DESC LIMIT $3",
        )
        .bind(repository.as_str())
        .bind(manifest.as_str())
        .bind(i64::from(limit))
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter().map(read_manifest).collect()
    }
}

async fn id_of(connection: &mut Connection, repository: &RepositoryName) -> Result<Option<i64>> {
    let id = sqlx::query_scalar("SELECT id FROM repository WHERE name = $1").bind(repository.as_str());
    Ok(id.fetch_optional(connection).await?)
}

/// The other repositories that may serve a blob.
async fn repositories_with(
    connection: &mut Connection,
    own: i64,
    blob: &Digest,
    visible: &Visible,
) -> Result<Vec<RepositoryName>> {
    let (condition, keys) = visible.condition("$4");
    let sql = format!(
        "SELECT name FROM repository WHERE id IN (SELECT repository_id FROM repository_blob WHERE digest = $1) \
         AND id <> $2 AND manifest_count > 0{condition} ORDER BY name LIMIT $3"
    );
    let limit = i64::try_from(NAMES_MAX + 1).unwrap_or(i64::MAX);
    let query = sqlx::query(AssertSqlSafe(sql)).bind(blob.as_str()).bind(own).bind(limit);
    let query = keys.into_iter().fold(query, |query, keys| query.bind(keys));
    let rows = query.fetch_all(connection).await?;
    rows.into_iter().map(|row| parse("repository", row.try_get("name")?)).collect()
}

/// The tags of the same repository on other manifests with a layer, or on indexes of such that do not list `manifest`.
async fn tags_with(connection: &mut Connection, own: i64, manifest: &Digest, layer: &Digest) -> Result<Vec<Tag>> {
    let rows = sqlx::query(
        "WITH sharer (digest) AS (SELECT parent FROM manifest_reference \
         WHERE child = $1 AND repository_id = $2 AND kind = 'layer' AND parent <> $3 LIMIT $4), \
         holder (digest) AS (SELECT digest FROM sharer UNION \
         SELECT p.parent FROM sharer u JOIN manifest_reference p ON p.child = u.digest AND p.repository_id = $2 \
         AND p.kind = 'manifest' WHERE NOT EXISTS (SELECT 1 FROM manifest_reference same WHERE same.child = $3 \
         AND same.repository_id = $2 AND same.parent = p.parent AND same.kind = 'manifest')) \
         SELECT DISTINCT t.name FROM holder h JOIN tag t ON t.repository_id = $2 AND t.digest = h.digest \
         ORDER BY t.name LIMIT $5",
    )
    .bind(layer.as_str())
    .bind(own)
    .bind(manifest.as_str())
    .bind(USERS_MAX)
    .bind(i64::try_from(NAMES_MAX + 1).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| parse("tag", row.try_get("name")?)).collect()
}

#[cfg(test)]
mod tests;
