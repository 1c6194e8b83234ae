//! Every set of rules that was ever saved, and which repositories someone may see by them. Which set may follow which is
//! `rule_store`'s part.

use std::sync::Arc;

use sqlx::{Row as _, sqlite::SqliteRow};

use super::{Error, Metadata, Result, Transaction, from_micros, to_i64, to_micros, to_u64};
use crate::{
    config::{Saved, Versioned},
    rules::Rules,
};

const LATEST: &str = "SELECT version, content, saved_at, saved_by FROM rule_set ORDER BY version DESC LIMIT 1";

/// Which repositories a list may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Visible {
    /// All of them.
    #[default]
    All,
    /// Those with these keys, as a list in JSON.
    Only(Arc<str>),
    /// All but those with these keys and what has come since.
    AllBut(Arc<str>, CatalogueMark),
}

impl Visible {
    /// None of them.
    pub fn nothing() -> Self {
        Self::Only("[]".into())
    }

    /// What a `WHERE` needs beside the rest, and what is bound to its parameter.
    pub(crate) fn condition(&self, parameter: &str) -> (String, Option<&str>) {
        self.condition_on("id", parameter)
    }

    /// The same where a repository's key stands in another `column`.
    pub(crate) fn condition_on(&self, column: &str, parameter: &str) -> (String, Option<&str>) {
        let list = format!("(SELECT value FROM json_each({parameter}))");
        match self {
            Self::All => (String::new(), None),
            Self::Only(keys) => (format!(" AND {column} IN {list}"), Some(keys)),
            Self::AllBut(keys, CatalogueMark { last, .. }) => {
                (format!(" AND {column} <= {last} AND {column} NOT IN {list}"), Some(keys))
            }
        }
    }
}

/// How far the repositories were looked through: it changes with every one that is added or goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CatalogueMark {
    /// The last key.
    last: i64,
    /// When that one was added: keys may be used again.
    last_created_at: i64,
    /// How many there are.
    count: i64,
}

impl CatalogueMark {
    /// Whether `later` differs from this in what was added since, `added` repositories, and in nothing else.
    pub fn grows_to(&self, later: &Self, added: usize) -> bool {
        i64::try_from(added).is_ok_and(|added| self.count + added == later.count)
    }
}

impl Metadata {
    /// The rules in force; version 0 before any were saved.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn rules(&self) -> Result<Versioned<Rules>> {
        let row = sqlx::query(LATEST).fetch_optional(&mut *self.read().await?).await?;
        row.as_ref().map_or_else(|| Ok(Versioned::default()), read)
    }

    /// Where the list of repositories stands now.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn catalogue_mark(&self) -> Result<CatalogueMark> {
        let row = sqlx::query(
            "SELECT id, created_at, (SELECT COUNT(*) FROM repository) AS n FROM repository ORDER BY id DESC LIMIT 1",
        )
        .fetch_optional(&mut *self.read().await?)
        .await?;
        let Some(row) = row else { return Ok(CatalogueMark::default()) };
        Ok(CatalogueMark {
            last: row.try_get("id")?,
            last_created_at: row.try_get("created_at")?,
            count: row.try_get("n")?,
        })
    }

    /// The keys and names of the repositories that were added after `mark`, if the one at which it stands is still the
    /// same; `None` if it is not.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn repositories_after(&self, mark: &CatalogueMark) -> Result<Option<Vec<(i64, String)>>> {
        let mut connection = self.read().await?;
        let same = sqlx::query("SELECT 1 FROM repository WHERE id = $1 AND created_at = $2")
            .bind(mark.last)
            .bind(mark.last_created_at)
            .fetch_optional(&mut *connection)
            .await?;
        if mark.count > 0 && same.is_none() {
            return Ok(None);
        }
        let rows = sqlx::query("SELECT id, name FROM repository WHERE id > $1 ORDER BY id")
            .bind(if mark.count > 0 { mark.last } else { i64::MIN })
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(|row| Ok((row.try_get("id")?, row.try_get("name")?))).collect::<Result<_>>().map(Some)
    }
}

impl Transaction {
    /// The rules in force, inside this unit of work.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn rules(&mut self) -> Result<Versioned<Rules>> {
        let row = sqlx::query(LATEST).fetch_optional(self.connection()?).await?;
        row.as_ref().map_or_else(|| Ok(Versioned::default()), read)
    }

    /// Puts rules in force that follow all the others.
    ///
    /// # Errors
    /// The database is broken, or the version exists.
    pub async fn insert_rules(&mut self, version: u64, rules: &Rules, saved: &Saved) -> Result<()> {
        let content = serde_json::to_string(rules)
            .map_err(|error| Error::Inconsistent { table: "rule_set", value: error.to_string() })?;
        sqlx::query("INSERT INTO rule_set (version, content, saved_at, saved_by) VALUES ($1, $2, $3, $4)")
            .bind(to_i64(version))
            .bind(content)
            .bind(to_micros(saved.at))
            .bind(&saved.by)
            .execute(self.connection()?)
            .await?;
        Ok(())
    }
}

fn read(row: &SqliteRow) -> Result<Versioned<Rules>> {
    let content: &str = row.try_get("content")?;
    let value = serde_json::from_str(content)
        .map_err(|_| Error::Inconsistent { table: "rule_set", value: content.to_owned() })?;
    let saved = Saved { at: from_micros(row.try_get("saved_at")?), by: row.try_get("saved_by")? };
    Ok(Versioned { version: to_u64(row.try_get("version")?), value, saved: Some(saved) })
}
