//! Who did what, and when: written in the transaction of the deed itself, so neither stands without the other.

use sqlx::Row as _;
use time::OffsetDateTime;

use super::{Error, Metadata, Result, Transaction, from_micros, to_micros};

/// One deed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When, in UTC.
    pub at: OffsetDateTime,
    /// The account's name.
    pub actor: String,
    /// A noun and what happened to it, such as `system_config.saved`.
    pub action: String,
    /// What belongs to it; never a secret.
    pub detail: serde_json::Value,
}

impl Metadata {
    /// The last `limit` deeds, the newest first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn audit(&self, limit: u32) -> Result<Vec<AuditEntry>> {
        let rows = sqlx::query("SELECT at, actor, action, detail FROM audit ORDER BY id DESC LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(&mut *self.read().await?)
            .await?;
        let entry = |row: sqlx::sqlite::SqliteRow| {
            let detail: &str = row.try_get("detail")?;
            Ok(AuditEntry {
                at: from_micros(row.try_get("at")?),
                actor: row.try_get("actor")?,
                action: row.try_get("action")?,
                detail: serde_json::from_str(detail)
                    .map_err(|_| Error::Inconsistent { table: "audit", value: detail.to_owned() })?,
            })
        };
        rows.into_iter().map(entry).collect()
    }
}

impl Transaction {
    /// Writes a deed down; it stands once the transaction does.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn audit(&mut self, entry: &AuditEntry) -> Result<()> {
        sqlx::query("INSERT INTO audit (at, actor, action, detail) VALUES ($1, $2, $3, $4)")
            .bind(to_micros(entry.at))
            .bind(&entry.actor)
            .bind(&entry.action)
            .bind(entry.detail.to_string())
            .execute(self.connection()?)
            .await?;
        Ok(())
    }
}
