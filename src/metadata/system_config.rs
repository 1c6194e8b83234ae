//! Every configuration that was ever saved. Which one may follow which is `config_store`'s part.

use sqlx::{Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{Error, Metadata, Result, Transaction, from_micros, to_i64, to_micros, to_u64};
use crate::config::{Saved, SystemConfig, Versioned};

const LATEST: &str = "SELECT version, content, saved_at, saved_by FROM system_config ORDER BY version DESC LIMIT 1";

impl Metadata {
    /// The configuration in force; the default one before the first save.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn system_config(&self) -> Result<Versioned<SystemConfig>> {
        let row = sqlx::query(LATEST).fetch_optional(&mut *self.read().await?).await?;
        row.as_ref().map_or_else(|| Ok(Versioned::default()), read)
    }

    /// The configuration that was saved under this version.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn saved_system_config(&self, version: u64) -> Result<Option<Versioned<SystemConfig>>> {
        let row = sqlx::query("SELECT version, content, saved_at, saved_by FROM system_config WHERE version = $1")
            .bind(to_i64(version))
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.as_ref().map(read).transpose()
    }
}

impl Transaction {
    /// The configuration in force, inside this unit of work.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn system_config(&mut self) -> Result<Versioned<SystemConfig>> {
        let row = sqlx::query(LATEST).fetch_optional(self.connection()?).await?;
        row.as_ref().map_or_else(|| Ok(Versioned::default()), read)
    }

    /// Puts a configuration in force that follows all the others.
    ///
    /// # Errors
    /// The database is broken, or the version exists.
    pub async fn insert_system_config(&mut self, version: u64, value: &SystemConfig, saved: &Saved) -> Result<()> {
        let content = serde_json::to_string(value)
            .map_err(|error| Error::Inconsistent { table: "system_config", value: error.to_string() })?;
        sqlx::query("INSERT INTO system_config (version, content, saved_at, saved_by) VALUES ($1, $2, $3, $4)")
            .bind(to_i64(version))
            .bind(content)
            .bind(to_micros(saved.at))
            .bind(&saved.by)
            .execute(self.connection()?)
            .await?;
        Ok(())
    }
}

/// A moment as the database will give it back.
pub(crate) fn to_the_microsecond(at: OffsetDateTime) -> OffsetDateTime {
    from_micros(to_micros(at))
}

fn read(row: &SqliteRow) -> Result<Versioned<SystemConfig>> {
    let content: &str = row.try_get("content")?;
    let value = serde_json::from_str(content)
        .map_err(|_| Error::Inconsistent { table: "system_config", value: content.to_owned() })?;
    let saved = Saved { at: from_micros(row.try_get("saved_at")?), by: row.try_get("saved_by")? };
    Ok(Versioned { version: to_u64(row.try_get("version")?), value, saved: Some(saved) })
}
