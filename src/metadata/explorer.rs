//! What the console reads: lists with search, order and pages, each answered by the database alone.
//!
//! Every order ends with the name, so that equal rows stand in the same place on every reading and no row is lost
//! or doubled between two pages.

mod relations;

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{Connection, Metadata, Result, Visible, from_micros, parse, to_u64};
use crate::{
    explorer::{
        List, ListQuery, Order, RepositorySort, RepositorySummary, TagSort, TagSummary, list::PAGE_SIZE,
        nearest::nearest,
    },
    oci::{Digest, RepositoryName, Tag},
};

/// So many tags of one manifest are named at most.
const TAGS_OF_MANIFEST_MAX: i64 = 100;

/// So many names at most are compared with one that is not there.
const NEAREST_CANDIDATES_MAX: i64 = 20_000;

/// Whether a signature is attached to the manifest of the row `p`: one that has it as its subject, cosign's tag, or one in
/// the list of referrers that a client has kept under a tag. `$1` is the repository.
const SIGNED: &str = "CASE WHEN \
    EXISTS (SELECT 1 FROM manifest s WHERE s.repository_id = $1 AND s.subject = p.digest \
    AND (s.artifact_type IN ('application/vnd.cncf.notary.signature', \
    'application/vnd.dev.cosign.artifact.sig.v1+json') \
    OR s.artifact_type LIKE 'application/vnd.dev.sigstore.bundle%')) \
    OR EXISTS (SELECT 1 FROM tag s WHERE s.repository_id = $1 AND s.name = REPLACE(p.digest, ':', '-') || '.sig') \
    OR EXISTS (SELECT 1 FROM tag f \
    JOIN manifest_reference c ON c.repository_id = $1 AND c.parent = f.digest AND c.kind = 'manifest' \
    JOIN manifest s ON s.repository_id = $1 AND s.digest = c.child \
    WHERE f.repository_id = $1 AND f.name = REPLACE(p.digest, ':', '-') \
    AND (s.artifact_type IN ('application/vnd.cncf.notary.signature', \
    'application/vnd.dev.cosign.artifact.sig.v1+json') \
    OR s.artifact_type LIKE 'application/vnd.dev.sigstore.bundle%')) \
    THEN 1 ELSE 0 END";

pub(super) const REPOSITORY_COLUMNS: &str = "name, tag_count, manifest_count, size_bytes, created_at, pushed_at";

/// What stands around a manifest.
#[derive(Clone, Debug)]
pub struct ManifestFacts {
    /// The manifest with all that it references, in bytes.
    pub image_size: u64,
    /// When it was last pushed.
    pub pushed_at: OffsetDateTime,
    /// The tags on it, in the order of their names; a hundred at most.
    pub tags: Vec<Tag>,
}

impl Metadata {
    /// One page of the repositories that hold a manifest and are `visible`; no others are counted.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_repositories(
        &self,
        query: &ListQuery<RepositorySort>,
        visible: &Visible,
    ) -> Result<List<RepositorySummary>> {
        let column = match query.sort {
            RepositorySort::Name => "name",
            RepositorySort::Tags => "tag_count",
            RepositorySort::Size => "size_bytes",
            RepositorySort::Pushed => "pushed_at",
        };
        let pattern = contains(&query.search);
        let order = order_by(column, "name", query.order);
        // Repositories' names have no capitals: see `RepositoryName`.
        let found = "FROM repository WHERE manifest_count > 0 AND name LIKE $1 ESCAPE '\\'";
        let (condition, keys) = visible.condition("$4");
        let sql = format!("SELECT {REPOSITORY_COLUMNS} {found}{condition} ORDER BY {order} LIMIT $2 OFFSET $3");
        let mut connection = self.read().await?;
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(&pattern).bind(i64::from(PAGE_SIZE)).bind(i64::from(query.offset()));
        let rows = keys.into_iter().fold(rows, |query, keys| query.bind(keys)).fetch_all(&mut *connection).await?;
        let rows = rows.iter().map(repository_summary).collect::<Result<Vec<_>>>()?;
        let (condition, keys) = visible.condition("$1");
        let all = format!("SELECT COUNT(*) FROM repository WHERE manifest_count > 0{condition}");
        let total = count(&mut connection, &all, keys.as_slice()).await?;
        let matching = match query.search.as_str() {
            "" => total,
            _ => {
                let (condition, keys) = visible.condition("$2");
                let texts: Vec<&str> = [pattern.as_str()].into_iter().chain(keys).collect();
                count(&mut connection, &format!("SELECT COUNT(*) {found}{condition}"), &texts).await?
            }
        };
        Ok(List { rows, matching, total })
    }

    /// What is known of a repository; `None` if nothing was ever pushed to it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn repository_summary(&self, name: &RepositoryName) -> Result<Option<RepositorySummary>> {
        let sql = format!("SELECT {REPOSITORY_COLUMNS} FROM repository WHERE name = $1 AND deleted_at IS NULL");
        let row = sqlx::query(AssertSqlSafe(sql)).bind(name.as_str()).fetch_optional(&mut *self.read().await?).await?;
        row.as_ref().map(repository_summary).transpose()
    }

    /// One page of a repository's tags. Empty if there is no such repository.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_tags(&self, repository: &RepositoryName, query: &ListQuery<TagSort>) -> Result<List<TagSummary>> {
        let mut connection = self.read().await?;
        let head = sqlx::query("SELECT id, tag_count FROM repository WHERE name = $1")
            .bind(repository.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        let Some(head) = head else { return Ok(List { rows: Vec::new(), matching: 0, total: 0 }) };
        let id: i64 = head.try_get("id")?;
        let total = to_u64(head.try_get("tag_count")?);

        let column = match query.sort {
            TagSort::Name => "t.name",
            TagSort::Size => "m.image_size_bytes",
            TagSort::Pushed => "t.updated_at",
        };
        let order = order_by(column, "t.name", query.order);
        let pattern = contains(&query.search);
        let found = "t.repository_id = $1 AND LOWER(t.name) LIKE $2 ESCAPE '\\'";
        // The children are counted for the rows of the page only, outside of what is ordered.
        let sql = format!(
            "SELECT p.*, (SELECT COUNT(*) FROM manifest_reference c WHERE c.repository_id = $1 AND c.parent = p.digest \
             AND c.kind = 'manifest') AS child_count, {SIGNED} AS signed FROM (\
             SELECT t.name, t.digest, t.updated_at, t.pull_count, t.pulled_at, m.media_type, m.artifact_type, \
             m.image_size_bytes, m.platforms \
             FROM tag t JOIN manifest m ON m.repository_id = t.repository_id AND m.digest = t.digest \
             WHERE {found} ORDER BY {order} LIMIT $3 OFFSET $4) AS p"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(id)
            .bind(&pattern)
            .bind(i64::from(PAGE_SIZE))
            .bind(i64::from(query.offset()))
            .fetch_all(&mut *connection)
            .await?;
        let rows = rows.iter().map(tag_summary).collect::<Result<Vec<_>>>()?;
        let matching = if query.search.is_empty() {
            total
        } else {
            let row = sqlx::query(AssertSqlSafe(format!("SELECT COUNT(*) AS n FROM tag t WHERE {found}")))
                .bind(id)
                .bind(&pattern)
                .fetch_one(&mut *connection)
                .await?;
            to_u64(row.try_get("n")?)
        };
        Ok(List { rows, matching, total })
    }

    /// What stands around a manifest that is in `repository`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn manifest_facts(&self, repository: &RepositoryName, digest: &Digest) -> Result<Option<ManifestFacts>> {
        let mut connection = self.read().await?;
        let row = sqlx::query(
            "SELECT r.id, m.image_size_bytes, m.pushed_at FROM repository r \
             JOIN manifest m ON m.repository_id = r.id AND m.digest = $2 WHERE r.name = $1",
        )
        .bind(repository.as_str())
        .bind(digest.as_str())
        .fetch_optional(&mut *connection)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let tags = sqlx::query("SELECT name FROM tag WHERE repository_id = $1 AND digest = $2 ORDER BY name LIMIT $3")
            .bind(row.try_get::<i64, _>("id")?)
            .bind(digest.as_str())
            .bind(TAGS_OF_MANIFEST_MAX)
            .fetch_all(&mut *connection)
            .await?;
        Ok(Some(ManifestFacts {
            image_size: to_u64(row.try_get("image_size_bytes")?),
            pushed_at: from_micros(row.try_get("pushed_at")?),
            tags: tags.into_iter().map(|row| parse("tag", row.try_get("name")?)).collect::<Result<_>>()?,
        }))
    }

    /// The sizes, with all that they reference, of the manifests that an index lists, as far as they are in the
    /// repository.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn child_sizes(&self, repository: &RepositoryName, index: &Digest) -> Result<HashMap<Digest, u64>> {
        let rows = sqlx::query(
            "SELECT m.digest, m.image_size_bytes FROM repository r \
             JOIN manifest_reference c ON c.repository_id = r.id AND c.parent = $2 AND c.kind = 'manifest' \
             JOIN manifest m ON m.repository_id = r.id AND m.digest = c.child WHERE r.name = $1",
        )
        .bind(repository.as_str())
        .bind(index.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        let size =
            |row: SqliteRow| Ok((parse("manifest", row.try_get("digest")?)?, to_u64(row.try_get("image_size_bytes")?)));
        rows.into_iter().map(size).collect()
    }

    /// The sizes of a manifest's layers, as far as they are in the repository: schema 1 does not tell them.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn layer_sizes(&self, repository: &RepositoryName, manifest: &Digest) -> Result<HashMap<Digest, u64>> {
        let rows = sqlx::query(
            "SELECT b.digest, b.size_bytes FROM repository r \
             JOIN manifest_reference c ON c.repository_id = r.id AND c.parent = $2 AND c.kind = 'layer' \
             JOIN repository_blob rb ON rb.repository_id = r.id AND rb.digest = c.child \
             JOIN blob b ON b.digest = rb.digest WHERE r.name = $1",
        )
        .bind(repository.as_str())
        .bind(manifest.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        let size = |row: SqliteRow| Ok((parse("blob", row.try_get("digest")?)?, to_u64(row.try_get("size_bytes")?)));
        rows.into_iter().map(size).collect()
    }

    /// The repository among the `visible` ones whose name is nearest to `wanted`, which is not there; `None` if none is
    /// near.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn nearest_repository(&self, wanted: &str, visible: &Visible) -> Result<Option<RepositoryName>> {
        let last = wanted.rsplit('/').next().unwrap_or_default();
        let length = i64::try_from(wanted.len()).unwrap_or(i64::MAX);
        let margin = (length + 1) / 3;
        let (condition, keys) = visible.condition("$5");
        let sql = format!(
            "SELECT name FROM repository WHERE manifest_count > 0 \
             AND (LENGTH(name) BETWEEN $1 AND $2 OR name LIKE $3 ESCAPE '\\'){condition} ORDER BY name LIMIT $4"
        );
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(length.saturating_sub(margin))
            .bind(length.saturating_add(margin))
            .bind(format!("%/{}", escaped(last)))
            .bind(NEAREST_CANDIDATES_MAX);
        let query = keys.into_iter().fold(query, |query, keys| query.bind(keys));
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        let names = rows
            .into_iter()
            .map(|row| parse("repository", row.try_get("name")?))
            .collect::<Result<Vec<RepositoryName>>>()?;
        let found = nearest(wanted, names.iter().map(RepositoryName::as_str)).map(str::to_owned);
        found.map(|name| parse("repository", name)).transpose()
    }
}

async fn count(connection: &mut Connection, sql: &str, texts: &[&str]) -> Result<u64> {
    let query = texts.iter().fold(sqlx::query_scalar(AssertSqlSafe(sql)), |query, text| query.bind(*text));
    let count: i64 = query.fetch_one(connection).await?;
    Ok(to_u64(count))
}

pub(super) fn repository_summary(row: &SqliteRow) -> Result<RepositorySummary> {
    Ok(RepositorySummary {
        name: parse("repository", row.try_get("name")?)?,
        tag_count: to_u64(row.try_get("tag_count")?),
        manifest_count: to_u64(row.try_get("manifest_count")?),
        size_bytes: to_u64(row.try_get("size_bytes")?),
        created_at: from_micros(row.try_get("created_at")?),
        pushed_at: row.try_get::<Option<i64>, _>("pushed_at")?.map(from_micros),
    })
}

fn tag_summary(row: &SqliteRow) -> Result<TagSummary> {
    Ok(TagSummary {
        name: parse("tag", row.try_get("name")?)?,
        digest: parse("tag", row.try_get("digest")?)?,
        media_type: row.try_get("media_type")?,
        artifact_type: row.try_get("artifact_type")?,
        child_count: to_u64(row.try_get("child_count")?),
        platforms: row
            .try_get::<Option<String>, _>("platforms")?
            .map(|platforms| platforms.split_whitespace().map(str::to_owned).collect()),
        signed: row.try_get::<i64, _>("signed")? != 0,
        size_bytes: to_u64(row.try_get("image_size_bytes")?),
        pushed_at: from_micros(row.try_get("updated_at")?),
        pull_count: to_u64(row.try_get("pull_count")?),
        pulled_at: row.try_get::<Option<i64>, _>("pulled_at")?.map(from_micros),
    })
}

/// `column` in the order that was asked for; equal rows by name.
pub(super) fn order_by(column: &str, name: &str, order: Order) -> String {
    let direction = match order {
        Order::Ascending => "ASC",
        Order::Descending => "DESC",
    };
    if column == name { format!("{name} {direction}") } else { format!("{column} {direction}, {name} ASC") }
}

/// A pattern for what holds `part`, in lower case.
pub(super) fn contains(part: &str) -> String {
    format!("%{}%", escaped(&part.to_lowercase()))
}

/// `text` with LIKE's own signs made ordinary; goes with `ESCAPE '\'`.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests;
