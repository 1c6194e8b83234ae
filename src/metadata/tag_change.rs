//! The history of tags: a row for every change that is made here, in the transaction of the change.
//!
//! What comes from Distribution's tree leaves none: who did it and when is not known.

use sqlx::{AssertSqlSafe, Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{Metadata, RepositoryId, Result, Transaction, from_micros, parse, to_micros, to_u64};
use crate::{
    explorer::{List, TagChange, list::PAGE_SIZE},
    oci::{Digest, RepositoryName, Tag},
};

/// Who changes a tag, and when.
#[derive(Clone, Copy, Debug)]
pub struct Stroke<'a> {
    /// When.
    pub at: OffsetDateTime,
    /// The account's name, or the user's on `/v2/`; empty if nobody has told it.
    pub by: &'a str,
    /// Whether something is brought back.
    pub restores: bool,
}

impl<'a> Stroke<'a> {
    /// A change that brings nothing back.
    pub const fn new(at: OffsetDateTime, by: &'a str) -> Self {
        Self { at, by, restores: false }
    }

    /// A change that brings back what was.
    pub const fn restoring(at: OffsetDateTime, by: &'a str) -> Self {
        Self { at, by, restores: true }
    }
}

/// What putting a tag somewhere has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagPut {
    /// It is new.
    New,
    /// It named this before.
    Moved(Digest),
    /// Nothing: it named the same before.
    Unchanged,
}

/// What stands in a row of the list; the last parameters are the keys of the tables.
const COLUMNS: &str = "c.id, c.tag, c.digest_before, c.digest_after, c.at, c.actor, c.restored, \
     CASE WHEN c.digest_before IS NOT NULL AND (t.digest IS NULL OR t.digest <> c.digest_before) AND (\
     EXISTS (SELECT 1 FROM manifest m WHERE m.repository_id = c.repository_id AND m.digest = c.digest_before) \
     OR EXISTS (SELECT 1 FROM deleted_manifest k JOIN deletion d ON d.id = k.deletion_id \
     WHERE k.digest = c.digest_before AND d.repository_id = c.repository_id AND d.at > $2)) THEN 1 ELSE 0 END AS back";

impl Metadata {
    /// One page of the changes of `repository`'s tags, or of `tag` alone, the newest first. What was deleted by
    /// `kept_since` is not to be brought back any more.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_tag_changes(
        &self,
        repository: &RepositoryName,
        tag: Option<&Tag>,
        kept_since: OffsetDateTime,
        page: u32,
    ) -> Result<List<TagChange>> {
        let mut connection = self.read().await?;
        let id: Option<i64> = sqlx::query_scalar("SELECT id FROM repository WHERE name = $1")
            .bind(repository.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        let Some(id) = id else { return Ok(List { rows: Vec::new(), matching: 0, total: 0 }) };
        let condition = if tag.is_some() { " AND tag = $5" } else { "" };
        let offset = i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE);
        // What is looked up for a row is looked up for those of the page only.
        let sql = format!(
            "SELECT {COLUMNS} FROM (SELECT * FROM tag_change WHERE repository_id = $1{condition} \
             ORDER BY id DESC LIMIT $3 OFFSET $4) c \
             LEFT JOIN tag t ON t.repository_id = c.repository_id AND t.name = c.tag ORDER BY c.id DESC"
        );
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(id)
            .bind(to_micros(kept_since))
            .bind(i64::from(PAGE_SIZE))
            .bind(offset);
        let query = if let Some(tag) = tag { query.bind(tag.as_str()) } else { query };
        let rows = query.fetch_all(&mut *connection).await?;
        let rows = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        let condition = if tag.is_some() { " AND tag = $2" } else { "" };
        let sql = format!("SELECT COUNT(*) FROM tag_change WHERE repository_id = $1{condition}");
        let query = sqlx::query_scalar(AssertSqlSafe(sql)).bind(id);
        let query = if let Some(tag) = tag { query.bind(tag.as_str()) } else { query };
        let total: i64 = query.fetch_one(&mut *connection).await?;
        Ok(List { rows, matching: to_u64(total), total: to_u64(total) })
    }

    /// In which repository which tag was changed, and what it named before.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn tag_change(&self, id: i64) -> Result<Option<(RepositoryName, Tag, Option<Digest>)>> {
        let row = sqlx::query(
            "SELECT r.name, c.tag, c.digest_before FROM tag_change c JOIN repository r ON r.id = c.repository_id \
             WHERE c.id = $1",
        );
        let row = row.bind(id).fetch_optional(&mut *self.read().await?).await?;
        row.map(|row| {
            let before: Option<String> = row.try_get("digest_before")?;
            let before = before.map(|digest| parse("tag_change", digest)).transpose()?;
            Ok((parse("repository", row.try_get("name")?)?, parse("tag_change", row.try_get("tag")?)?, before))
        })
        .transpose()
    }
}

fn read(row: &SqliteRow) -> Result<TagChange> {
    let digest = |column| {
        let digest: Option<String> = row.try_get(column)?;
        digest.map(|digest| parse("tag_change", digest)).transpose()
    };
    Ok(TagChange {
        id: row.try_get("id")?,
        tag: parse("tag_change", row.try_get("tag")?)?,
        before: digest("digest_before")?,
        after: digest("digest_after")?,
        at: from_micros(row.try_get("at")?),
        by: row.try_get("actor")?,
        restored: row.try_get::<i64, _>("restored")? != 0,
        can_go_back: row.try_get::<i64, _>("back")? != 0,
    })
}

impl Transaction {
    /// Notes that a tag is put on a manifest, before it is; nothing where it names that already.
    pub(super) async fn note_tag_put(
        &mut self,
        repository: RepositoryId,
        tag: &Tag,
        digest: &Digest,
        stroke: &Stroke<'_>,
    ) -> Result<TagPut> {
        let noted = sqlx::query(
            "INSERT INTO tag_change (repository_id, tag, digest_before, digest_after, at, actor, restored) \
             SELECT $1, $2, (SELECT digest FROM tag WHERE repository_id = $1 AND name = $2), $3, $4, $5, $6 \
             WHERE NOT EXISTS (SELECT 1 FROM tag WHERE repository_id = $1 AND name = $2 AND digest = $3) \
             RETURNING digest_before",
        )
        .bind(repository.0)
        .bind(tag.as_str())
        .bind(digest.as_str())
        .bind(to_micros(stroke.at))
        .bind(stroke.by)
        .bind(i64::from(stroke.restores))
        .fetch_optional(self.connection()?)
        .await?;
        let Some(row) = noted else { return Ok(TagPut::Unchanged) };
        let before: Option<String> = row.try_get("digest_before")?;
        Ok(match before {
            Some(before) => TagPut::Moved(parse("tag", before)?),
            None => TagPut::New,
        })
    }

    /// Notes that a tag was taken away that named `before`.
    pub(super) async fn note_tag_deleted(
        &mut self,
        repository: RepositoryId,
        tag: &str,
        before: &str,
        stroke: &Stroke<'_>,
    ) -> Result<()> {
        if self.is_from_tree() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO tag_change (repository_id, tag, digest_before, digest_after, at, actor, restored) \
             VALUES ($1, $2, $3, NULL, $4, $5, 0)",
        )
        .bind(repository.0)
        .bind(tag)
        .bind(before)
        .bind(to_micros(stroke.at))
        .bind(stroke.by)
        .execute(self.connection()?)
        .await?;
        Ok(())
    }

    /// Forgets changes from before `before` among the oldest `limit`. How many those were.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn purge_tag_changes(&mut self, before: OffsetDateTime, limit: u32) -> Result<u64> {
        let done = sqlx::query(
            "DELETE FROM tag_change WHERE id IN (SELECT id FROM tag_change ORDER BY id LIMIT $2) AND at < $1",
        )
        .bind(to_micros(before))
        .bind(i64::from(limit))
        .execute(self.connection()?)
        .await?;
        Ok(done.rows_affected())
    }
}
