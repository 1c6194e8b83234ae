//! Who did what, and when: written in the transaction of the deed itself, so neither stands without the other.

use sqlx::{AssertSqlSafe, Row as _, Sqlite, query::Query, sqlite::SqliteArguments, sqlite::SqliteRow};
use time::{Duration, OffsetDateTime, Time};

use super::{Error, Metadata, Result, Transaction, explorer::contains, from_micros, to_micros, to_u64};
use crate::{
    audit::{AuditEntry, AuditQuery, Kind},
    explorer::{List, list::PAGE_SIZE},
};

const COLUMNS: &str = "id, at, actor, address, action, subject, detail";

/// Where a reading of many entries has come to: the entries are read from the newest to the oldest, and what is written
/// or purged meanwhile shifts nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditCursor(Option<i64>);

impl Metadata {
    /// The last `limit` deeds, the newest first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn audit(&self, limit: u32) -> Result<Vec<AuditEntry>> {
        Ok(self.audit_after(&AuditQuery::default(), AuditCursor::default(), limit).await?.0)
    }

    /// Up to `limit` of the deeds that `query` finds after `cursor`, whatever its page, the newest first; and where to go
    /// on, if there may be more.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn audit_after(
        &self,
        query: &AuditQuery,
        AuditCursor(cursor): AuditCursor,
        limit: u32,
    ) -> Result<(Vec<AuditEntry>, Option<AuditCursor>)> {
        let filter = Filter::of(query);
        let sql =
            format!("SELECT {COLUMNS} FROM audit WHERE {} AND id < $4 ORDER BY id DESC LIMIT $5", filter.condition());
        let rows = filter
            .bind(sqlx::query(AssertSqlSafe(sql)))
            .bind(cursor.unwrap_or(i64::MAX))
            .bind(i64::from(limit))
            .fetch_all(&mut *self.read().await?)
            .await?;
        let last = rows.last().map(|row| row.try_get("id")).transpose()?;
        let more = rows.len() == usize::try_from(limit).unwrap_or(usize::MAX);
        Ok((rows.iter().map(entry).collect::<Result<_>>()?, last.filter(|_| more).map(|id| AuditCursor(Some(id)))))
    }

    /// One page of the deeds that `query` finds, the newest first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_audit(&self, query: &AuditQuery) -> Result<List<AuditEntry>> {
        let filter = Filter::of(query);
        let mut connection = self.read().await?;
        let condition = filter.condition();
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE {condition} ORDER BY id DESC LIMIT $4 OFFSET $5");
        let rows = filter
            .bind(sqlx::query(AssertSqlSafe(sql)))
            .bind(i64::from(PAGE_SIZE))
            .bind(i64::from(query.offset()))
            .fetch_all(&mut *connection)
            .await?;
        let total = sqlx::query("SELECT COUNT(*) AS n FROM audit").fetch_one(&mut *connection).await?;
        let total = to_u64(total.try_get("n")?);
        let matching = if query.is_filtered() {
            let sql = format!("SELECT COUNT(*) AS n FROM audit WHERE {condition}");
            let row = filter.bind(sqlx::query(AssertSqlSafe(sql))).fetch_one(&mut *connection).await?;
            to_u64(row.try_get("n")?)
        } else {
            total
        };
        Ok(List { rows: rows.iter().map(entry).collect::<Result<_>>()?, matching, total })
    }
}

/// What a query leaves in: `$1` to `$3` of a statement.
struct Filter {
    /// The beginning of the first day and the end of the last, in microseconds.
    times: (i64, i64),
    pattern: String,
    kind: Option<Kind>,
}

impl Filter {
    fn of(query: &AuditQuery) -> Self {
        let from = query.from.map_or(i64::MIN, |day| to_micros(day.with_time(Time::MIDNIGHT).assume_utc()));
        let to = query.to.and_then(|day| day.with_time(Time::MIDNIGHT).assume_utc().checked_add(Duration::DAY));
        Self { times: (from, to.map_or(i64::MAX, to_micros)), pattern: contains(&query.search), kind: query.kind }
    }

    fn condition(&self) -> String {
        let search = "(LOWER(actor) LIKE $3 ESCAPE '\\' OR LOWER(COALESCE(subject, '')) LIKE $3 ESCAPE '\\' \
            OR COALESCE(address, '') LIKE $3 ESCAPE '\\')";
        let kind = self.kind.map(|kind| {
            // Words of the program itself.
            let words: Vec<_> = kind.actions().map(|word| format!("'{word}'")).collect();
            format!(" AND action IN ({})", words.join(", "))
        });
        format!("at >= $1 AND at < $2 AND {search}{}", kind.unwrap_or_default())
    }

    fn bind<'q>(&'q self, query: Query<'q, Sqlite, SqliteArguments>) -> Query<'q, Sqlite, SqliteArguments> {
        query.bind(self.times.0).bind(self.times.1).bind(&self.pattern)
    }
}

fn entry(row: &SqliteRow) -> Result<AuditEntry> {
    let detail: &str = row.try_get("detail")?;
    Ok(AuditEntry {
        at: from_micros(row.try_get("at")?),
        actor: row.try_get("actor")?,
        address: row.try_get("address")?,
        action: row.try_get("action")?,
        subject: row.try_get("subject")?,
        detail: serde_json::from_str(detail)
            .map_err(|_| Error::Inconsistent { table: "audit", value: detail.to_owned() })?,
    })
}

impl Transaction {
    /// Writes a deed down; it stands once the transaction does.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn audit(&mut self, entry: &AuditEntry) -> Result<()> {
        sqlx::query("INSERT INTO audit (at, actor, address, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(to_micros(entry.at))
            .bind(&entry.actor)
            .bind(&entry.address)
            .bind(&entry.action)
            .bind(&entry.subject)
            .bind(entry.detail.to_string())
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Forgets up to `limit` of the deeds before a moment; how many there were.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_audit_before(&mut self, before: OffsetDateTime, limit: u32) -> Result<u64> {
        let done =
            sqlx::query("DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 ORDER BY at LIMIT $2)")
                .bind(to_micros(before))
                .bind(i64::from(limit))
                .execute(self.connection()?)
                .await?;
        Ok(done.rows_affected())
    }
}

#[cfg(test)]
mod tests;
