//! Tags: names for manifests that may move.

use sqlx::Row as _;

use super::{
    Metadata, MirrorKind, RepositoryId, Result, Stroke, TagPut, Transaction, parse, parse_list, repository::Counters,
    search::TermKind, to_micros,
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
    /// Puts `tag` on a manifest of the same repository, wherever it was before; its history tells of it.
    ///
    /// # Errors
    /// The database is broken, or the manifest is not there.
    pub async fn put_tag(
        &mut self,
        repository: RepositoryId,
        tag: &Tag,
        digest: &Digest,
        stroke: &Stroke<'_>,
    ) -> Result<TagPut> {
        let put = self.note_tag_put(repository, tag, digest, stroke).await?;
        self.mirror(repository, MirrorKind::Tag, tag.as_str()).await?;
        if put != TagPut::New {
            sqlx::query("UPDATE tag SET digest = $3, updated_at = $4 WHERE repository_id = $1 AND name = $2")
                .bind(repository.0)
                .bind(tag.as_str())
                .bind(digest.as_str())
                .bind(to_micros(stroke.at))
                .execute(self.connection()?)
                .await?;
            return Ok(put);
        }
        sqlx::query(
            "INSERT INTO tag (repository_id, name, digest, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
        )
        .bind(repository.0)
        .bind(tag.as_str())
        .bind(digest.as_str())
        .bind(to_micros(stroke.at))
        .execute(self.connection()?)
        .await?;
        self.count(repository, Counters { tags: 1, ..Counters::default() }).await?;
        self.keep_terms(TermKind::Tag, &[tag.as_str()]).await?;
        Ok(put)
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

    /// Takes a tag away; its manifest stays, whose digest is returned. Its history tells of it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_tag(
        &mut self,
        repository: RepositoryId,
        tag: &Tag,
        stroke: &Stroke<'_>,
    ) -> Result<Option<Digest>> {
        let deleted = sqlx::query("DELETE FROM tag WHERE repository_id = $1 AND name = $2 RETURNING digest")
            .bind(repository.0)
            .bind(tag.as_str())
            .fetch_optional(self.connection()?)
            .await?;
        let Some(row) = deleted else { return Ok(None) };
        self.count(repository, Counters { tags: -1, ..Counters::default() }).await?;
        self.mirror(repository, MirrorKind::Tag, tag.as_str()).await?;
        let digest: String = row.try_get("digest")?;
        self.note_tag_deleted(repository, tag.as_str(), &digest, stroke).await?;
        Ok(Some(parse("tag", digest)?))
    }
}
