//! Tags: names for manifests that may move.

use sqlx::Row as _;
use time::OffsetDateTime;

use super::{
    Metadata, MirrorKind, RepositoryId, Result, Transaction, parse, parse_list, repository::Counters, to_micros,
};
use crate::oci::{Digest, RepositoryName, Tag};

impl Metadata {
    /// Up to `limit` tags of `repository` in byte order, after `last`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn tags(&self, repository: &RepositoryName, last: &str, limit: u32) -> Result<Vec<Tag>> {
        // One row for the whole list: a row each costs more than all the rest for a repository with many tags.
        let row = sqlx::query(
            "SELECT string_agg(name, ' ' ORDER BY name) AS names FROM (\
             SELECT t.name FROM repository r JOIN tag t ON t.repository_id = r.id AND t.name > $2 \
             WHERE r.name = $1 ORDER BY t.name LIMIT $3)",
        )
        .bind(repository.as_str())
        .bind(last)
        .bind(i64::from(limit))
        .fetch_one(&mut *self.read().await?)
        .await?;
        parse_list("tag", row.try_get("names")?)
    }
}

impl Transaction {
    /// Puts `tag` on a manifest of the same repository, wherever it was before.
    ///
    /// # Errors
    /// The database is broken, or the manifest is not there.
    pub async fn put_tag(
        &mut self,
        repository: RepositoryId,
        tag: &Tag,
        digest: &Digest,
        now: OffsetDateTime,
    ) -> Result<()> {
        self.mirror(repository, MirrorKind::Tag, tag.as_str()).await?;
        let moved = sqlx::query("UPDATE tag SET digest = $3, updated_at = $4 WHERE repository_id = $1 AND name = $2")
            .bind(repository.0)
            .bind(tag.as_str())
            .bind(digest.as_str())
            .bind(to_micros(now))
            .execute(self.connection()?)
            .await?;
        if moved.rows_affected() > 0 {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO tag (repository_id, name, digest, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
        )
        .bind(repository.0)
        .bind(tag.as_str())
        .bind(digest.as_str())
        .bind(to_micros(now))
        .execute(self.connection()?)
        .await?;
        self.count(repository, Counters { tags: 1, ..Counters::default() }).await
    }

    /// The tags on a manifest, in byte order.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn tags_on(&mut self, repository: RepositoryId, digest: &Digest) -> Result<Vec<Tag>> {
        let rows = sqlx::query("SELECT name FROM tag WHERE repository_id = $1 AND digest = $2 ORDER BY name")
            .bind(repository.0)
            .bind(digest.as_str())
            .fetch_all(self.connection()?)
            .await?;
        rows.into_iter().map(|row| parse("tag", row.try_get("name")?)).collect()
    }

    /// Takes a tag away; its manifest stays. `false` if there was none.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_tag(&mut self, repository: RepositoryId, tag: &Tag) -> Result<Option<Digest>> {
        let deleted = sqlx::query("DELETE FROM tag WHERE repository_id = $1 AND name = $2 RETURNING digest")
            .bind(repository.0)
            .bind(tag.as_str())
            .fetch_optional(self.connection()?)
            .await?;
        let Some(row) = deleted else { return Ok(None) };
        self.count(repository, Counters { tags: -1, ..Counters::default() }).await?;
        self.mirror(repository, MirrorKind::Tag, tag.as_str()).await?;
        Ok(Some(parse("tag", row.try_get("digest")?)?))
    }
}
