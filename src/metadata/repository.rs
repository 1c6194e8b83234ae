//! Repositories: made by the first blob or manifest that comes in, counted by every change.

use sqlx::{AssertSqlSafe, Row as _};
use time::OffsetDateTime;

use super::{Metadata, Result, Transaction, Visible, parse_list, to_i64, to_micros};
use crate::oci::RepositoryName;

/// A repository's key in the other tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepositoryId(pub(super) i64);

impl Metadata {
    /// Whether anything was ever pushed to `name`, and it was not deleted since.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn has_repository(&self, name: &RepositoryName) -> Result<bool> {
        let row = sqlx::query("SELECT 1 FROM repository WHERE name = $1 AND deleted_at IS NULL")
            .bind(name.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        Ok(row.is_some())
    }

    /// Up to `limit` names of repositories that hold a manifest and are `visible`, in byte order, after `last`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn catalog(&self, last: &str, limit: u32, visible: &Visible) -> Result<Vec<RepositoryName>> {
        let (condition, keys) = visible.condition("$3");
        let sql = format!(
            "SELECT string_agg(name, ' ' ORDER BY name) AS names FROM (\
             SELECT name FROM repository WHERE name > $1 AND manifest_count > 0{condition} ORDER BY name LIMIT $2)"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(last).bind(i64::from(limit));
        let query = keys.into_iter().fold(query, |query, keys| query.bind(keys));
        let row = query.fetch_one(&mut *self.read().await?).await?;
        parse_list("repository", row.try_get("names")?)
    }
}

impl Transaction {
    /// The repository `name`, made if there is none, and made anew if it was deleted.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn repository(&mut self, name: &RepositoryName, now: OffsetDateTime) -> Result<RepositoryId> {
        let row = sqlx::query("SELECT id, deleted_at FROM repository WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(self.connection()?)
            .await?;
        if let Some(row) = row {
            let id = RepositoryId(row.try_get("id")?);
            if row.try_get::<Option<i64>, _>("deleted_at")?.is_some() {
                sqlx::query("UPDATE repository SET deleted_at = NULL, created_at = $2 WHERE id = $1")
                    .bind(id.0)
                    .bind(to_micros(now))
                    .execute(self.connection()?)
                    .await?;
            }
            return Ok(id);
        }
        let row = sqlx::query("INSERT INTO repository (name, created_at) VALUES ($1, $2) RETURNING id")
            .bind(name.as_str())
            .bind(to_micros(now))
            .fetch_one(self.connection()?)
            .await?;
        Ok(RepositoryId(row.try_get("id")?))
    }

    /// The repository `name`, if anything was ever pushed to it, and it was not deleted since.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_repository(&mut self, name: &RepositoryName) -> Result<Option<RepositoryId>> {
        self.find(name, "SELECT id FROM repository WHERE name = $1 AND deleted_at IS NULL").await
    }

    /// The repository `name`, also if it was deleted and something is still kept of it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_kept_repository(&mut self, name: &RepositoryName) -> Result<Option<RepositoryId>> {
        self.find(name, "SELECT id FROM repository WHERE name = $1").await
    }

    async fn find(&mut self, name: &RepositoryName, sql: &'static str) -> Result<Option<RepositoryId>> {
        let row = sqlx::query(sql).bind(name.as_str()).fetch_optional(self.connection()?).await?;
        row.map(|row| Ok(RepositoryId(row.try_get("id")?))).transpose()
    }

    /// Adds to a repository's counters; what is negative is taken away.
    pub(super) async fn count(&mut self, id: RepositoryId, change: Counters) -> Result<()> {
        sqlx::query(
            "UPDATE repository SET manifest_count = manifest_count + $2, tag_count = tag_count + $3, \
             size_bytes = size_bytes + $4 WHERE id = $1",
        )
        .bind(id.0)
        .bind(change.manifests)
        .bind(change.tags)
        .bind(change.bytes)
        .execute(self.connection()?)
        .await?;
        Ok(())
    }
}

/// What a change adds to a repository's counters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counters {
    pub manifests: i64,
    pub tags: i64,
    pub bytes: i64,
}

impl Counters {
    pub(super) fn bytes(size: u64) -> Self {
        Self { bytes: to_i64(size), ..Self::default() }
    }
}
