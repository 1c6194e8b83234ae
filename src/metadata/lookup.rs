//! What a reader means who types the beginning of a name: a few repositories or tags, found through the indexes that keep
//! the names apart. Nothing is counted and no page is turned; for that there are the lists.

use sqlx::{AssertSqlSafe, Row as _};

use super::{Metadata, Result, Visible, explorer::contains, parse};
use crate::oci::{RepositoryName, Tag};

/// Above every character that a name or a tag may hold: what begins with a text lies between it and it with this at its end.
const ABOVE_ALL: char = '~';

/// In so many repositories, those that were pushed to last, a tag is looked for.
const PUSHED_LAST: i64 = 200;

/// The names that begin with `$1`, and end before `$2`.
const BEGINNING: &str = "SELECT name FROM repository WHERE name >= $1 AND name < $2 AND manifest_count > 0";

/// The first tag of each repository that begins with `$1`, and ends before `$2`.
const FIRST_TAG: &str = "(SELECT t.name FROM tag t WHERE t.repository_id = r.id AND t.name >= $1 AND t.name < $2 \
    ORDER BY t.name LIMIT 1) AS tag";

impl Metadata {
    /// Up to `limit` names of `visible` repositories that hold a manifest: first those that begin with `typed`, then those
    /// with a part that does, then those that hold its words in their order. Each in byte order.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_repositories(&self, typed: &str, limit: usize, visible: &Visible) -> Result<Vec<RepositoryName>> {
        let mut connection = self.read().await?;
        let end = format!("{typed}{ABOVE_ALL}");
        let (condition, keys) = visible.condition("$4");
        let sql = format!("{BEGINNING}{condition} ORDER BY name LIMIT $3");
        let query = sqlx::query_scalar(AssertSqlSafe(sql)).bind(typed).bind(&end).bind(rows(limit));
        let query = keys.into_iter().fold(query, |query, keys| query.bind(keys));
        let mut names: Vec<String> = query.fetch_all(&mut *connection).await?;
        if names.len() < limit {
            let pattern: String = typed.split_whitespace().map(contains).collect();
            let part = format!("%/{}", pattern.trim_start_matches('%'));
            let (condition, keys) = visible.condition("$6");
            let sql = format!(
                "SELECT name FROM repository WHERE name LIKE $3 ESCAPE '\\' AND NOT (name >= $1 AND name < $2) \
                 AND manifest_count > 0{condition} \
                 ORDER BY CASE WHEN name LIKE $4 ESCAPE '\\' THEN 0 ELSE 1 END, name LIMIT $5"
            );
            let query = sqlx::query_scalar(AssertSqlSafe(sql)).bind(typed).bind(&end).bind(&pattern).bind(&part);
            let query = query.bind(rows(limit - names.len()));
            let query = keys.into_iter().fold(query, |query, keys| query.bind(keys));
            names.extend(query.fetch_all(&mut *connection).await?);
        }
        names.into_iter().map(|name| parse("repository", name)).collect()
    }

    /// Up to `limit` tags of a repository that begin with `typed`, in byte order.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_tags(&self, repository: &RepositoryName, typed: &str, limit: usize) -> Result<Vec<Tag>> {
        let names: Vec<String> = sqlx::query_scalar(
            "SELECT t.name FROM repository r JOIN tag t ON t.repository_id = r.id AND t.name >= $2 AND t.name < $3 \
             WHERE r.name = $1 AND r.manifest_count > 0 ORDER BY t.name LIMIT $4",
        )
        .bind(repository.as_str())
        .bind(typed)
        .bind(format!("{typed}{ABOVE_ALL}"))
        .bind(rows(limit))
        .fetch_all(&mut *self.read().await?)
        .await?;
        names.into_iter().map(|name| parse("tag", name)).collect()
    }

    /// Up to `limit` `visible` repositories with a tag that begins with `typed`, and the first such tag of each. Only those
    /// that were pushed to last are looked at; the last one first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_tags_of_latest(
        &self,
        typed: &str,
        limit: usize,
        visible: &Visible,
    ) -> Result<Vec<(RepositoryName, Tag)>> {
        let (condition, keys) = visible.condition("$5");
        let sql = format!(
            "SELECT name, tag FROM (SELECT name, pushed_at, {FIRST_TAG} FROM (\
             SELECT id, name, pushed_at FROM repository WHERE manifest_count > 0{condition} \
             ORDER BY pushed_at DESC LIMIT $3) AS r) AS f WHERE tag IS NOT NULL ORDER BY pushed_at DESC, name LIMIT $4"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(typed).bind(format!("{typed}{ABOVE_ALL}"));
        let query = query.bind(PUSHED_LAST).bind(rows(limit));
        let query = keys.into_iter().fold(query, |query, keys| query.bind(keys));
        let rows = query.fetch_all(&mut *self.read().await?).await?;
        let pair = |row: sqlx::sqlite::SqliteRow| {
            Ok((parse("repository", row.try_get("name")?)?, parse("tag", row.try_get("tag")?)?))
        };
        rows.into_iter().map(pair).collect()
    }
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
