//! What is kept of deletions, so that they can be undone: the rows as they stood, beside the tables that they went from.

use sqlx::{Row as _, sqlite::SqliteRow};
use time::{Duration, OffsetDateTime};

use super::{
    Connection, Error, Metadata, MirrorKind, RepositoryId, Result, Stroke, Transaction, from_micros, parse, to_micros,
    to_u64,
};
use crate::{
    explorer::{DeletionKind, KeptDeletion, List, list::PAGE_SIZE},
    oci::{Digest, Tag},
};

/// So many tags of a deletion are named at most.
const TAGS_NAMED: i64 = 5;

impl DeletionKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Manifest => "manifest",
            Self::Repository => "repository",
        }
    }

    fn read(word: String) -> Result<Self> {
        [Self::Tags, Self::Manifest, Self::Repository]
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or(Error::Inconsistent { table: "deletion", value: word })
    }
}

const COLUMNS: &str = "d.id, r.name, d.kind, d.at, d.actor, d.tag_count, d.manifest_count";

impl Metadata {
    /// One page of the deletions after `since`, the newest first; each is kept for `kept`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_deletions(&self, since: OffsetDateTime, kept: Duration, page: u32) -> Result<List<KeptDeletion>> {
        let mut connection = self.read().await?;
        let offset = i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE);
        let sql = format!(
            "SELECT {COLUMNS} FROM deletion d JOIN repository r ON r.id = d.repository_id WHERE d.at > $1 \
             ORDER BY d.id DESC LIMIT $2 OFFSET $3"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(to_micros(since))
            .bind(i64::from(PAGE_SIZE))
            .bind(offset)
            .fetch_all(&mut *connection)
            .await?;
        let mut deletions = Vec::with_capacity(rows.len());
        for row in rows {
            deletions.push(read(&mut connection, &row, kept).await?);
        }
        let total: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM deletion WHERE at > $1")
            .bind(to_micros(since))
            .fetch_one(&mut *connection)
            .await?;
        Ok(List { rows: deletions, matching: to_u64(total), total: to_u64(total) })
    }

    /// The deletion of that number, if it came after `since`; it is kept for `kept`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn deletion(&self, id: i64, since: OffsetDateTime, kept: Duration) -> Result<Option<KeptDeletion>> {
        let mut connection = self.read().await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM deletion d JOIN repository r ON r.id = d.repository_id WHERE d.id = $1 AND d.at > $2"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(to_micros(since));
        match row.fetch_optional(&mut *connection).await? {
            Some(row) => Ok(Some(read(&mut connection, &row, kept).await?)),
            None => Ok(None),
        }
    }

    /// The blobs that are kept with a deletion.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn deleted_blobs(&self, id: i64) -> Result<Vec<Digest>> {
        let rows = sqlx::query("SELECT digest FROM deleted_blob WHERE deletion_id = $1");
        let rows = rows.bind(id).fetch_all(&mut *self.read().await?).await?;
        rows.into_iter().map(|row| parse("deleted_blob", row.try_get("digest")?)).collect()
    }
}

async fn read(connection: &mut Connection, row: &SqliteRow, kept: Duration) -> Result<KeptDeletion> {
    let id: i64 = row.try_get("id")?;
    let kind = DeletionKind::read(row.try_get("kind")?)?;
    let at = from_micros(row.try_get("at")?);
    let tags = sqlx::query("SELECT name FROM deleted_tag WHERE deletion_id = $1 ORDER BY name LIMIT $2")
        .bind(id)
        .bind(TAGS_NAMED)
        .fetch_all(&mut *connection)
        .await?;
    let digest: Option<String> = match kind {
        DeletionKind::Manifest => {
            let digest = sqlx::query_scalar("SELECT digest FROM deleted_manifest WHERE deletion_id = $1");
            digest.bind(id).fetch_optional(&mut *connection).await?
        }
        _ => None,
    };
    Ok(KeptDeletion {
        id,
        repository: parse("repository", row.try_get("name")?)?,
        kind,
        at,
        until: at.saturating_add(kept),
        by: row.try_get("actor")?,
        tag_count: to_u64(row.try_get("tag_count")?),
        manifest_count: to_u64(row.try_get("manifest_count")?),
        tags: tags.into_iter().map(|row| parse("deleted_tag", row.try_get("name")?)).collect::<Result<_>>()?,
        digest: digest.map(|digest| parse("deleted_manifest", digest)).transpose()?,
    })
}

impl Transaction {
    async fn insert_deletion(&mut self, id: RepositoryId, kind: DeletionKind, stroke: &Stroke<'_>) -> Result<i64> {
        let row = sqlx::query(
            "INSERT INTO deletion (repository_id, kind, at, actor, tag_count, manifest_count) \
             VALUES ($1, $2, $3, $4, 0, 0) RETURNING id",
        )
        .bind(id.0)
        .bind(kind.as_str())
        .bind(to_micros(stroke.at))
        .bind(stroke.by)
        .fetch_one(self.connection()?)
        .await?;
        Ok(row.try_get("id")?)
    }

    async fn count_deleted(&mut self, deletion: i64) -> Result<i64> {
        sqlx::query(
            "UPDATE deletion SET tag_count = (SELECT COUNT(*) FROM deleted_tag WHERE deletion_id = $1), \
             manifest_count = (SELECT COUNT(*) FROM deleted_manifest WHERE deletion_id = $1) WHERE id = $1",
        )
        .bind(deletion)
        .execute(self.connection()?)
        .await?;
        Ok(deletion)
    }

    /// Keeps tags that are about to be taken away. The deletion's number.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn keep_tags(&mut self, id: RepositoryId, tags: &[Tag], stroke: &Stroke<'_>) -> Result<i64> {
        let deletion = self.insert_deletion(id, DeletionKind::Tags, stroke).await?;
        for tag in tags {
            sqlx::query(
                "INSERT INTO deleted_tag (deletion_id, name, digest, created_at, updated_at) \
                 SELECT $1, name, digest, created_at, updated_at FROM tag WHERE repository_id = $2 AND name = $3 \
                 ON CONFLICT DO NOTHING",
            )
            .bind(deletion)
            .bind(id.0)
            .bind(tag.as_str())
            .execute(self.connection()?)
            .await?;
        }
        self.count_deleted(deletion).await
    }

    /// Keeps a manifest that is about to be taken away, and the tags on it. The deletion's number.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn keep_manifest(&mut self, id: RepositoryId, digest: &Digest, stroke: &Stroke<'_>) -> Result<i64> {
        let deletion = self.insert_deletion(id, DeletionKind::Manifest, stroke).await?;
        for sql in KEEP {
            let sql =
                format!("{sql} AND {} = $3", if sql.contains("FROM manifest_reference") { "parent" } else { "digest" });
            let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(deletion).bind(id.0).bind(digest.as_str());
            query.execute(self.connection()?).await?;
        }
        self.count_deleted(deletion).await
    }

    /// Keeps all of a repository that is about to be taken away. The deletion's number.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn keep_repository(&mut self, id: RepositoryId, stroke: &Stroke<'_>) -> Result<i64> {
        let deletion = self.insert_deletion(id, DeletionKind::Repository, stroke).await?;
        let blobs = "INSERT INTO deleted_blob (deletion_id, digest, created_at) \
             SELECT $1, digest, created_at FROM repository_blob WHERE repository_id = $2";
        for sql in KEEP.into_iter().chain([blobs]) {
            sqlx::query(sql).bind(deletion).bind(id.0).execute(self.connection()?).await?;
        }
        self.count_deleted(deletion).await
    }

    /// Takes away all of a repository, and the repository itself.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_repository(&mut self, id: RepositoryId, stroke: &Stroke<'_>) -> Result<()> {
        sqlx::query(
            "INSERT INTO tag_change (repository_id, tag, digest_before, digest_after, at, actor, restored) \
             SELECT repository_id, name, digest, NULL, $2, $3, 0 FROM tag WHERE repository_id = $1",
        )
        .bind(id.0)
        .bind(to_micros(stroke.at))
        .bind(stroke.by)
        .execute(self.connection()?)
        .await?;
        for (kind, table, column) in [
            (MirrorKind::Tag, "tag", "name"),
            (MirrorKind::Manifest, "manifest", "digest"),
            (MirrorKind::Blob, "repository_blob", "digest"),
        ] {
            let (told, gone) = (
                format!(
                    "INSERT INTO mirror (repository_id, kind, name) SELECT repository_id, $2, {column} FROM {table} \
                     WHERE repository_id = $1"
                ),
                format!("DELETE FROM {table} WHERE repository_id = $1"),
            );
            let told = sqlx::query(sqlx::AssertSqlSafe(told)).bind(id.0).bind(kind.as_str());
            told.execute(self.connection()?).await?;
            sqlx::query(sqlx::AssertSqlSafe(gone)).bind(id.0).execute(self.connection()?).await?;
        }
        self.mirror(id, MirrorKind::Repository, "").await?;
        sqlx::query(
            "UPDATE repository SET deleted_at = $2, manifest_count = 0, tag_count = 0, size_bytes = 0, \
             pushed_at = NULL WHERE id = $1",
        )
        .bind(id.0)
        .bind(to_micros(stroke.at))
        .execute(self.connection()?)
        .await?;
        Ok(())
    }

    /// Forgets the oldest deletion, if it was made by `until`. Whether there was one.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn purge_deletion(&mut self, until: OffsetDateTime) -> Result<bool> {
        let done =
            sqlx::query("DELETE FROM deletion WHERE id = (SELECT id FROM deletion WHERE at <= $1 ORDER BY id LIMIT 1)");
        Ok(done.bind(to_micros(until)).execute(self.connection()?).await?.rows_affected() > 0)
    }

    /// Forgets the names of repositories that were deleted and of which nothing is kept any more.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn purge_repositories(&mut self) -> Result<u64> {
        let done = sqlx::query(
            "DELETE FROM repository WHERE deleted_at IS NOT NULL AND manifest_count = 0 \
             AND NOT EXISTS (SELECT 1 FROM deletion d WHERE d.repository_id = repository.id) \
             AND NOT EXISTS (SELECT 1 FROM tag_change c WHERE c.repository_id = repository.id) \
             AND NOT EXISTS (SELECT 1 FROM mirror o WHERE o.repository_id = repository.id)",
        );
        Ok(done.execute(self.connection()?).await?.rows_affected())
    }
}

/// Keeps a repository's tags, manifests and what they point at; more words may narrow each down.
const KEEP: [&str; 3] = [
    "INSERT INTO deleted_tag (deletion_id, name, digest, created_at, updated_at) \
     SELECT $1, name, digest, created_at, updated_at FROM tag WHERE repository_id = $2",
    "INSERT INTO deleted_manifest (deletion_id, digest, media_type, artifact_type, subject, content, size_bytes, \
     image_size_bytes, pushed_at) SELECT $1, digest, media_type, artifact_type, subject, content, size_bytes, \
     image_size_bytes, pushed_at FROM manifest WHERE repository_id = $2",
    "INSERT INTO deleted_reference (deletion_id, parent, child, kind) \
     SELECT $1, parent, child, kind FROM manifest_reference WHERE repository_id = $2",
];
