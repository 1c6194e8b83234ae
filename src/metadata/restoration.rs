//! Bringing back what was deleted: the rows that were kept go where they came from.

use sqlx::Row as _;
use time::OffsetDateTime;

use super::{MirrorKind, RepositoryId, Result, Stroke, Transaction, parse, search::TermKind, to_micros, to_u64};
use crate::oci::{Digest, Tag};

/// A tag that was brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoredTag {
    /// The tag.
    pub tag: Tag,
    /// What it names again.
    pub digest: Digest,
    /// What it was put on after the deletion, and names no more.
    pub moved_from: Option<Digest>,
}

impl Transaction {
    /// Says that the repository is there again.
    async fn revive(&mut self, id: RepositoryId) -> Result<()> {
        sqlx::query("UPDATE repository SET deleted_at = NULL WHERE id = $1")
            .bind(id.0)
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Keeps a blob no longer with any deletion: its bytes are not there.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn forget_deleted_blob(&mut self, digest: &Digest) -> Result<()> {
        let sql = "DELETE FROM deleted_blob WHERE digest = $1";
        sqlx::query(sql).bind(digest.as_str()).execute(self.connection()?).await?;
        Ok(())
    }

    /// Brings back the blobs and manifests that were kept with a deletion; those that are there stay as they are.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn restore_content(&mut self, id: RepositoryId, deletion: i64) -> Result<()> {
        for (kind, table) in [(MirrorKind::Blob, "deleted_blob"), (MirrorKind::Manifest, "deleted_manifest")] {
            let sql = format!(
                "INSERT INTO mirror (repository_id, kind, name) SELECT $1, $3, digest FROM {table} WHERE deletion_id = $2"
            );
            let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id.0).bind(deletion).bind(kind.as_str());
            query.execute(self.connection()?).await?;
        }
        for sql in [
            "INSERT INTO repository_blob (repository_id, digest, created_at) \
             SELECT $1, digest, created_at FROM deleted_blob WHERE deletion_id = $2 ON CONFLICT DO NOTHING",
            "INSERT INTO manifest (repository_id, digest, media_type, artifact_type, subject, content, size_bytes, \
             image_size_bytes, pushed_at) SELECT $1, digest, media_type, artifact_type, subject, content, size_bytes, \
             image_size_bytes, pushed_at FROM deleted_manifest WHERE deletion_id = $2 ON CONFLICT DO NOTHING",
            "INSERT INTO manifest_reference (repository_id, parent, child, kind) \
             SELECT $1, parent, child, kind FROM deleted_reference WHERE deletion_id = $2 ON CONFLICT DO NOTHING",
        ] {
            sqlx::query(sql).bind(id.0).bind(deletion).execute(self.connection()?).await?;
        }
        self.revive(id).await
    }

    /// Brings back one manifest, and all that it points at, from whatever was deleted of the repository after `since`.
    /// The blobs that the repository may serve again by that; `None` if the manifest is neither there nor kept.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn restore_manifest(
        &mut self,
        id: RepositoryId,
        digest: &Digest,
        since: OffsetDateTime,
    ) -> Result<Option<Vec<Digest>>> {
        let mut blobs = Vec::new();
        if self.image_size(id, digest).await?.is_some() {
            return Ok(Some(blobs));
        }
        let mut wanted = vec![digest.clone()];
        let mut found = false;
        while let Some(digest) = wanted.pop() {
            if self.image_size(id, &digest).await?.is_some() {
                continue;
            }
            let kept = sqlx::query(
                "SELECT k.deletion_id FROM deleted_manifest k JOIN deletion d ON d.id = k.deletion_id \
                 WHERE k.digest = $2 AND d.repository_id = $1 AND d.at > $3 ORDER BY d.id DESC LIMIT 1",
            );
            let kept = kept.bind(id.0).bind(digest.as_str()).bind(to_micros(since));
            let Some(row) = kept.fetch_optional(self.connection()?).await? else { continue };
            let deletion: i64 = row.try_get("deletion_id")?;
            found = true;
            wanted.extend(self.restore_one(id, deletion, &digest, since, &mut blobs).await?);
        }
        if found {
            self.revive(id).await?;
        }
        Ok(found.then_some(blobs))
    }

    /// Brings back a manifest that was kept with a deletion, and its blobs. What it lists.
    async fn restore_one(
        &mut self,
        id: RepositoryId,
        deletion: i64,
        digest: &Digest,
        since: OffsetDateTime,
        blobs: &mut Vec<Digest>,
    ) -> Result<Vec<Digest>> {
        for sql in [
            "INSERT INTO manifest (repository_id, digest, media_type, artifact_type, subject, content, size_bytes, \
             image_size_bytes, pushed_at) SELECT $1, digest, media_type, artifact_type, subject, content, size_bytes, \
             image_size_bytes, pushed_at FROM deleted_manifest WHERE deletion_id = $2 AND digest = $3",
            "INSERT INTO manifest_reference (repository_id, parent, child, kind) \
             SELECT $1, parent, child, kind FROM deleted_reference WHERE deletion_id = $2 AND parent = $3",
        ] {
            let query = sqlx::query(sql).bind(id.0).bind(deletion).bind(digest.as_str());
            query.execute(self.connection()?).await?;
        }
        self.mirror(id, MirrorKind::Manifest, digest.as_str()).await?;
        let children = sqlx::query(
            "SELECT child, kind FROM manifest_reference WHERE repository_id = $1 AND parent = $2 ORDER BY child",
        );
        let children = children.bind(id.0).bind(digest.as_str()).fetch_all(self.connection()?).await?;
        let mut manifests = Vec::new();
        for row in children {
            let child: Digest = parse("manifest_reference", row.try_get("child")?)?;
            if row.try_get::<&str, _>("kind")? == "manifest" {
                manifests.push(child);
                continue;
            }
            let linked = sqlx::query(
                "INSERT INTO repository_blob (repository_id, digest, created_at) \
                 SELECT $1, b.digest, MAX(b.created_at) FROM deleted_blob b JOIN deletion d ON d.id = b.deletion_id \
                 WHERE b.digest = $2 AND d.repository_id = $1 AND d.at > $3 GROUP BY b.digest ON CONFLICT DO NOTHING",
            );
            let linked = linked.bind(id.0).bind(child.as_str()).bind(to_micros(since));
            if linked.execute(self.connection()?).await?.rows_affected() > 0 {
                self.mirror(id, MirrorKind::Blob, child.as_str()).await?;
                blobs.push(child);
            }
        }
        Ok(manifests)
    }

    /// The tags that were kept with a deletion, and what they named.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn deleted_tags(&mut self, deletion: i64) -> Result<Vec<(Tag, Digest)>> {
        let rows = sqlx::query("SELECT name, digest FROM deleted_tag WHERE deletion_id = $1 ORDER BY name");
        let rows = rows.bind(deletion).fetch_all(self.connection()?).await?;
        let read = |row: sqlx::sqlite::SqliteRow| {
            Ok((parse("deleted_tag", row.try_get("name")?)?, parse("deleted_tag", row.try_get("digest")?)?))
        };
        rows.into_iter().map(read).collect()
    }

    /// Brings back the tags that were kept with a deletion, as far as what they named is there. One that was put
    /// elsewhere since moves; one that names the same already stays as it is.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn restore_tags(
        &mut self,
        id: RepositoryId,
        deletion: i64,
        stroke: &Stroke<'_>,
    ) -> Result<Vec<RestoredTag>> {
        let rows = sqlx::query(
            "INSERT INTO tag_change (repository_id, tag, digest_before, digest_after, at, actor, restored) \
             SELECT $1, k.name, t.digest, k.digest, $3, $4, 1 FROM deleted_tag k \
             JOIN manifest m ON m.repository_id = $1 AND m.digest = k.digest \
             LEFT JOIN tag t ON t.repository_id = $1 AND t.name = k.name \
             WHERE k.deletion_id = $2 AND (t.digest IS NULL OR t.digest <> k.digest) ORDER BY k.name \
             RETURNING tag, digest_before, digest_after",
        )
        .bind(id.0)
        .bind(deletion)
        .bind(to_micros(stroke.at))
        .bind(stroke.by)
        .fetch_all(self.connection()?)
        .await?;
        // A tag that was away stands again where it stood in the order of pushes; one that moves is new there.
        let told = "INSERT INTO mirror (repository_id, kind, name) SELECT $1, 'tag', name FROM deleted_tag \
             WHERE deletion_id = $2";
        sqlx::query(told).bind(id.0).bind(deletion).execute(self.connection()?).await?;
        sqlx::query(
            "INSERT INTO tag (repository_id, name, digest, created_at, updated_at) \
             SELECT $1, k.name, k.digest, k.created_at, k.updated_at FROM deleted_tag k \
             JOIN manifest m ON m.repository_id = $1 AND m.digest = k.digest WHERE k.deletion_id = $2 \
             ON CONFLICT (repository_id, name) DO UPDATE SET digest = excluded.digest, updated_at = $3 \
             WHERE tag.digest <> excluded.digest",
        )
        .bind(id.0)
        .bind(deletion)
        .bind(to_micros(stroke.at))
        .execute(self.connection()?)
        .await?;
        let names = rows.iter().map(|row| row.try_get("tag")).collect::<Result<Vec<&str>, _>>()?;
        self.keep_terms(TermKind::Tag, &names).await?;
        let read = |row: sqlx::sqlite::SqliteRow| {
            let before: Option<String> = row.try_get("digest_before")?;
            Ok(RestoredTag {
                tag: parse("tag", row.try_get("tag")?)?,
                digest: parse("tag", row.try_get("digest_after")?)?,
                moved_from: before.map(|digest| parse("tag", digest)).transpose()?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// The manifests that were kept with a deletion: digest, media type and content.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn deleted_manifests(&mut self, deletion: i64) -> Result<Vec<super::ManifestRecord>> {
        let rows = sqlx::query(
            "SELECT digest, media_type, content FROM deleted_manifest WHERE deletion_id = $1 ORDER BY digest",
        );
        let rows = rows.bind(deletion).fetch_all(self.connection()?).await?;
        rows.iter().map(super::manifest::read_manifest).collect()
    }

    /// What was kept with a deletion is there again, and kept no longer.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn forget_deletion(&mut self, deletion: i64) -> Result<bool> {
        let done = sqlx::query("DELETE FROM deletion WHERE id = $1").bind(deletion).execute(self.connection()?).await?;
        Ok(done.rows_affected() > 0)
    }

    /// How many manifests and tags a repository has.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn contents_of(&mut self, id: RepositoryId) -> Result<(u64, u64)> {
        let row = sqlx::query("SELECT manifest_count, tag_count FROM repository WHERE id = $1");
        let row = row.bind(id.0).fetch_one(self.connection()?).await?;
        Ok((to_u64(row.try_get("manifest_count")?), to_u64(row.try_get("tag_count")?)))
    }
}
