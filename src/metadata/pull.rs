//! How often tags were pulled, and for which machines manifests are.

use time::OffsetDateTime;

use super::{Metadata, RepositoryId, Result, Transaction, to_i64, to_micros};
use crate::oci::{Digest, Reference, RepositoryName};

/// Pulls of one name since the last time that they were written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullRecord {
    /// How many.
    pub count: u64,
    /// When the last one was.
    pub last_at: OffsetDateTime,
}

impl Metadata {
    /// The platforms of a manifest, with blanks between them; `None` while they are not known, or if there is no such
    /// manifest.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn platforms(&self, repository: &RepositoryName, digest: &Digest) -> Result<Option<String>> {
        let platforms = sqlx::query_scalar::<_, Option<String>>(
            "SELECT m.platforms FROM repository r JOIN manifest m ON m.repository_id = r.id AND m.digest = $2 \
             WHERE r.name = $1",
        );
        let platforms = platforms.bind(repository.as_str()).bind(digest.as_str());
        Ok(platforms.fetch_optional(&mut *self.read().await?).await?.flatten())
    }
}

impl Transaction {
    /// Adds pulls to a tag, or to every tag on a digest. What is gone meanwhile is passed over.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn note_pull(
        &mut self,
        repository: &RepositoryName,
        reference: &Reference,
        pulled: PullRecord,
    ) -> Result<()> {
        let sql = match reference {
            Reference::Tag(_) => {
                "UPDATE tag SET pull_count = pull_count + $3, \
                 pulled_at = CASE WHEN pulled_at > $4 THEN pulled_at ELSE $4 END \
                 WHERE repository_id = (SELECT id FROM repository WHERE name = $1) AND name = $2"
            }
            Reference::Digest(_) => {
                "UPDATE tag SET pull_count = pull_count + $3, \
                 pulled_at = CASE WHEN pulled_at > $4 THEN pulled_at ELSE $4 END \
                 WHERE repository_id = (SELECT id FROM repository WHERE name = $1) AND digest = $2"
            }
        };
        sqlx::query(sql)
            .bind(repository.as_str())
            .bind(reference.as_str())
            .bind(to_i64(pulled.count))
            .bind(to_micros(pulled.last_at))
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Writes down the platforms of a manifest, with blanks between them.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn set_platforms(&mut self, repository: RepositoryId, digest: &Digest, platforms: &str) -> Result<()> {
        sqlx::query("UPDATE manifest SET platforms = $3 WHERE repository_id = $1 AND digest = $2")
            .bind(repository.0)
            .bind(digest.as_str())
            .bind(platforms)
            .execute(self.connection()?)
            .await?;
        Ok(())
    }
}
