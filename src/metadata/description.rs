//! What is said of a repository by those who administer it.

use sqlx::Row as _;
use time::OffsetDateTime;

use super::{Metadata, RepositoryId, Result, Transaction, from_micros, to_micros};
use crate::{explorer::Description, oci::RepositoryName};

impl Metadata {
    /// What is said of a repository, if anything is.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn description(&self, repository: &RepositoryName) -> Result<Option<Description>> {
        let row = sqlx::query(
            "SELECT d.content, d.saved_at, d.saved_by FROM repository r \
             JOIN repository_description d ON d.repository_id = r.id WHERE r.name = $1",
        )
        .bind(repository.as_str())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        row.map(|row| {
            Ok(Description {
                content: row.try_get("content")?,
                saved_at: from_micros(row.try_get("saved_at")?),
                saved_by: row.try_get("saved_by")?,
            })
        })
        .transpose()
    }
}

impl Transaction {
    /// Says something of a repository, in place of what was said before; nothing any more, if `content` is empty.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn set_description(
        &mut self,
        repository: RepositoryId,
        content: &str,
        by: &str,
        now: OffsetDateTime,
    ) -> Result<()> {
        if content.is_empty() {
            sqlx::query("DELETE FROM repository_description WHERE repository_id = $1")
                .bind(repository.0)
                .execute(self.connection()?)
                .await?;
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO repository_description (repository_id, content, saved_at, saved_by) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (repository_id) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at, \
             saved_by = excluded.saved_by",
        )
        .bind(repository.0)
        .bind(content)
        .bind(to_micros(now))
        .bind(by)
        .execute(self.connection()?)
        .await?;
        Ok(())
    }
}
