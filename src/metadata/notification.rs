//! The queue of notifications: written in the transaction of what they tell, taken out once they are delivered.

use sqlx::Row as _;
use time::OffsetDateTime;

use super::{Metadata, Result, Transaction, from_micros, to_i64, to_micros, to_u64};

/// A notification that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedNotification {
    /// Its place in the queue.
    pub id: i64,
    /// The event, as JSON.
    pub content: String,
}

/// What is kept of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointRecord {
    /// How many notifications wait.
    pub pending: u64,
    /// How many were delivered, ever.
    pub delivered: u64,
    /// How many were given up, ever.
    pub dropped: u64,
    /// When the last one was delivered.
    pub delivered_at: Option<OffsetDateTime>,
    /// The last failure, and when it was.
    pub last_error: Option<(String, OffsetDateTime)>,
}

impl Metadata {
    /// What is kept of the endpoint `name`; nothing of one that is new.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn notification_endpoint(&self, name: &str) -> Result<EndpointRecord> {
        let mut connection = self.read().await?;
        let pending = sqlx::query("SELECT COUNT(*) AS pending FROM notification WHERE endpoint = $1")
            .bind(name)
            .fetch_one(&mut *connection)
            .await?;
        let pending = to_u64(pending.try_get("pending")?);
        let row = sqlx::query(
            "SELECT delivered, dropped, delivered_at, last_error, last_error_at FROM notification_endpoint \
             WHERE name = $1",
        )
        .bind(name)
        .fetch_optional(&mut *connection)
        .await?;
        let Some(row) = row else { return Ok(EndpointRecord { pending, ..EndpointRecord::default() }) };
        let moment = |column| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(from_micros));
        let error: Option<String> = row.try_get("last_error")?;
        Ok(EndpointRecord {
            pending,
            delivered: to_u64(row.try_get("delivered")?),
            dropped: to_u64(row.try_get("dropped")?),
            delivered_at: moment("delivered_at")?,
            last_error: error.zip(moment("last_error_at")?),
        })
    }

    /// The first `limit` notifications that wait for `endpoint`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn next_notifications(&self, endpoint: &str, limit: u32) -> Result<Vec<QueuedNotification>> {
        let rows = sqlx::query("SELECT id, content FROM notification WHERE endpoint = $1 ORDER BY id LIMIT $2")
            .bind(endpoint)
            .bind(i64::from(limit))
            .fetch_all(&mut *self.read().await?)
            .await?;
        let read = |row: sqlx::sqlite::SqliteRow| {
            Ok(QueuedNotification { id: row.try_get("id")?, content: row.try_get("content")? })
        };
        rows.into_iter().map(read).collect()
    }

    /// The endpoints for which something waits.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn notified_endpoints(&self) -> Result<Vec<String>> {
        let rows =
            sqlx::query("SELECT DISTINCT endpoint FROM notification").fetch_all(&mut *self.read().await?).await?;
        rows.into_iter().map(|row| Ok(row.try_get("endpoint")?)).collect()
    }
}

impl Transaction {
    /// Queues an event for `endpoint`, behind all that waits already.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn queue_notification(&mut self, endpoint: &str, content: &str, now: OffsetDateTime) -> Result<()> {
        sqlx::query("INSERT INTO notification (endpoint, content, created_at) VALUES ($1, $2, $3)")
            .bind(endpoint)
            .bind(content)
            .bind(to_micros(now))
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Takes out what was delivered to `endpoint`: everything up to `last`. Returns how many those were.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn finish_notifications(&mut self, endpoint: &str, last: i64, now: OffsetDateTime) -> Result<u64> {
        let done = sqlx::query("DELETE FROM notification WHERE endpoint = $1 AND id <= $2")
            .bind(endpoint)
            .bind(last)
            .execute(self.connection()?)
            .await?;
        let count = done.rows_affected();
        sqlx::query(
            "INSERT INTO notification_endpoint (name, delivered, delivered_at) VALUES ($1, $2, $3) ON CONFLICT (name) \
             DO UPDATE SET delivered = notification_endpoint.delivered + $2, delivered_at = $3",
        )
        .bind(endpoint)
        .bind(to_i64(count))
        .bind(to_micros(now))
        .execute(self.connection()?)
        .await?;
        Ok(count)
    }

    /// Gives up the oldest `limit` notifications of `endpoint`. Returns how many there were.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn drop_notifications(&mut self, endpoint: &str, limit: u32) -> Result<u64> {
        let done = sqlx::query(
            "DELETE FROM notification WHERE id IN \
             (SELECT id FROM notification WHERE endpoint = $1 ORDER BY id LIMIT $2)",
        )
        .bind(endpoint)
        .bind(i64::from(limit))
        .execute(self.connection()?)
        .await?;
        self.count_dropped_notifications(endpoint, done.rows_affected()).await?;
        Ok(done.rows_affected())
    }

    /// Notes that so many notifications of `endpoint` were given up.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn count_dropped_notifications(&mut self, endpoint: &str, count: u64) -> Result<()> {
        sqlx::query(
            "INSERT INTO notification_endpoint (name, dropped) VALUES ($1, $2) ON CONFLICT (name) \
             DO UPDATE SET dropped = notification_endpoint.dropped + $2",
        )
        .bind(endpoint)
        .bind(to_i64(count))
        .execute(self.connection()?)
        .await?;
        Ok(())
    }

    /// Notes why the last attempt to deliver to `endpoint` failed.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn fail_notifications(&mut self, endpoint: &str, error: &str, now: OffsetDateTime) -> Result<()> {
        sqlx::query(
            "INSERT INTO notification_endpoint (name, last_error, last_error_at) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET last_error = $2, last_error_at = $3",
        )
        .bind(endpoint)
        .bind(error)
        .bind(to_micros(now))
        .execute(self.connection()?)
        .await?;
        Ok(())
    }

    /// Throws away all that waits for `endpoint`: nobody delivers it any more. Returns how many there were.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn forget_notifications(&mut self, endpoint: &str) -> Result<u64> {
        let done = sqlx::query("DELETE FROM notification WHERE endpoint = $1")
            .bind(endpoint)
            .execute(self.connection()?)
            .await?;
        Ok(done.rows_affected())
    }
}
