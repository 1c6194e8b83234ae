//! What the console's first page reads: the last pushes and a row for each day.

use sqlx::{AssertSqlSafe, Row as _, sqlite::SqliteRow};
use time::Date;

use super::{Durability, Metadata, Result, Totals, Visible, from_micros, parse, to_i64, to_u64};
use crate::overview::{LatestPush, StorageSample};

/// So long a day's row is kept.
const SAMPLES_KEPT_DAYS: i64 = 400;

impl Metadata {
    /// The last `limit` tags that were pushed into repositories that are `visible`, the last one first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn latest_pushes(&self, visible: &Visible, limit: u32) -> Result<Vec<LatestPush>> {
        let (condition, keys) = visible.condition("$2");
        // `CROSS`: the tags are walked through from the last one on, and no further than to the last one needed.
        let sql = format!(
            "SELECT repository.name AS repository, tag.name, tag.digest, tag.updated_at FROM tag \
             CROSS JOIN repository ON repository.id = tag.repository_id WHERE TRUE{condition} \
             ORDER BY tag.updated_at DESC LIMIT $1"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(i64::from(limit));
        let rows =
            keys.into_iter().fold(query, |query, keys| query.bind(keys)).fetch_all(&mut *self.read().await?).await?;
        let push = |row: &SqliteRow| {
            Ok(LatestPush {
                repository: parse("repository", row.try_get("repository")?)?,
                tag: parse("tag", row.try_get("name")?)?,
                digest: parse("tag", row.try_get("digest")?)?,
                at: from_micros(row.try_get("updated_at")?),
            })
        };
        rows.iter().map(push).collect()
    }

    /// Notes how much there is on `day`, over what was noted before on that day, and forgets days long past.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn save_storage_sample(&self, day: Date, totals: &Totals) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO storage_sample (day, blob_bytes, blobs, repositories, tags) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (day) DO UPDATE SET blob_bytes = excluded.blob_bytes, blobs = excluded.blobs, \
             repositories = excluded.repositories, tags = excluded.tags",
        )
        .bind(number_of(day))
        .bind(to_i64(totals.blob_bytes))
        .bind(to_i64(totals.blobs))
        .bind(to_i64(totals.repositories))
        .bind(to_i64(totals.tags))
        .execute(tx.connection()?)
        .await?;
        sqlx::query("DELETE FROM storage_sample WHERE day < $1")
            .bind(number_of(day) - SAMPLES_KEPT_DAYS)
            .execute(tx.connection()?)
            .await?;
        tx.commit(Durability::Relaxed).await
    }

    /// The days from `since` on of which something was noted, in their order.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn storage_samples(&self, since: Date) -> Result<Vec<StorageSample>> {
        let rows = sqlx::query("SELECT * FROM storage_sample WHERE day >= $1 ORDER BY day")
            .bind(number_of(since))
            .fetch_all(&mut *self.read().await?)
            .await?;
        let sample = |row: &SqliteRow| {
            Ok(StorageSample {
                day: day_of(row.try_get("day")?),
                blob_bytes: to_u64(row.try_get("blob_bytes")?),
                blobs: to_u64(row.try_get("blobs")?),
                repositories: to_u64(row.try_get("repositories")?),
                tags: to_u64(row.try_get("tags")?),
            })
        };
        rows.iter().map(sample).collect()
    }
}

/// Julian day of 1970-01-01.
const UNIX_EPOCH: i32 = time::macros::date!(1970 - 01 - 01).to_julian_day();

/// Days since 1970.
fn number_of(day: Date) -> i64 {
    i64::from(day.to_julian_day() - UNIX_EPOCH)
}

fn day_of(number: i64) -> Date {
    let day =
        i32::try_from(number).ok().and_then(|number| Date::from_julian_day(number.saturating_add(UNIX_EPOCH)).ok());
    day.unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests;
