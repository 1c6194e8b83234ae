//! Robots: the accounts of machines.

use sqlx::{AssertSqlSafe, Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{
    Metadata, Result, Transaction,
    access_token::{read_scope, read_use, write_scope},
    explorer::{contains, order_by},
    from_micros, parse, to_micros, to_u64,
};
use crate::{
    account::{Description, LastUse, Robot, RobotName, RobotSort},
    explorer::{List, ListQuery, list::PAGE_SIZE},
    rules::Scope,
};

/// What an administrator says of a robot.
#[derive(Clone, Copy, Debug)]
pub struct RobotRecord<'a> {
    /// What it is for.
    pub description: &'a Description,
    /// What it is limited to.
    pub scope: &'a Scope,
    /// When it ends.
    pub expires_at: Option<OffsetDateTime>,
}

/// What proves that someone is a robot, and what it may do then.
#[derive(Clone, Debug)]
pub struct RobotCredentials {
    /// What its secret is compared with.
    pub secret_hash: String,
    /// What it is limited to.
    pub scope: Scope,
    /// When it ends.
    pub expires_at: Option<OffsetDateTime>,
    /// Whether it may not sign in.
    pub disabled: bool,
}

fn moment(row: &SqliteRow, column: &str) -> Result<Option<OffsetDateTime>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(from_micros))
}

fn read(row: &SqliteRow) -> Result<Robot> {
    Ok(Robot {
        name: parse("robot", row.try_get("name")?)?,
        description: parse("robot", row.try_get("description")?)?,
        scope: read_scope("robot", row.try_get("scope")?)?,
        created_at: from_micros(row.try_get("created_at")?),
        rotated_at: from_micros(row.try_get("rotated_at")?),
        expires_at: moment(row, "expires_at")?,
        disabled_at: moment(row, "disabled_at")?,
        used: read_use(row)?,
    })
}

impl Metadata {
    /// One page of the robots.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_robots(&self, query: &ListQuery<RobotSort>) -> Result<List<Robot>> {
        let column = match query.sort {
            RobotSort::Name => "name",
            RobotSort::Used => "used_at",
            // What does not end comes after all that does.
            RobotSort::Expires => "COALESCE(expires_at, 9223372036854775807)",
            RobotSort::Created => "created_at",
        };
        let order = order_by(column, "name", query.order);
        let pattern = contains(&query.search);
        let found = "FROM robot WHERE name LIKE $1 ESCAPE '\\' OR LOWER(description) LIKE $1 ESCAPE '\\'";
        let mut connection = self.read().await?;
        let rows = sqlx::query(AssertSqlSafe(format!("SELECT * {found} ORDER BY {order} LIMIT $2 OFFSET $3")))
            .bind(&pattern)
            .bind(i64::from(PAGE_SIZE))
            .bind(i64::from(query.offset()))
            .fetch_all(&mut *connection)
            .await?;
        let counts = sqlx::query(AssertSqlSafe(format!(
            "SELECT COUNT(*) AS total, (SELECT COUNT(*) {found}) AS matching FROM robot"
        )))
        .bind(&pattern)
        .fetch_one(&mut *connection)
        .await?;
        Ok(List {
            rows: rows.iter().map(read).collect::<Result<_>>()?,
            matching: to_u64(counts.try_get("matching")?),
            total: to_u64(counts.try_get("total")?),
        })
    }

    /// The robot `name`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn robot(&self, name: &RobotName) -> Result<Option<Robot>> {
        let row = sqlx::query("SELECT * FROM robot WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// What proves that someone is the robot `name`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn robot_credentials(&self, name: &RobotName) -> Result<Option<RobotCredentials>> {
        let row = sqlx::query("SELECT secret_hash, scope, expires_at, disabled_at FROM robot WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(RobotCredentials {
            secret_hash: row.try_get("secret_hash")?,
            scope: read_scope("robot", row.try_get("scope")?)?,
            expires_at: moment(&row, "expires_at")?,
            disabled: moment(&row, "disabled_at")?.is_some(),
        }))
    }
}

impl Transaction {
    /// Makes a robot; whether there was none of that name.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn create_robot(
        &mut self,
        name: &RobotName,
        record: &RobotRecord<'_>,
        secret_hash: &str,
        now: OffsetDateTime,
    ) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO robot (name, description, secret_hash, scope, created_at, rotated_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $5, $6) ON CONFLICT (name) DO NOTHING",
        )
        .bind(name.as_str())
        .bind(record.description.as_str())
        .bind(secret_hash)
        .bind(write_scope(record.scope)?)
        .bind(to_micros(now))
        .bind(record.expires_at.map(to_micros))
        .execute(self.connection()?)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The robot `name`, as this unit of work finds it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_robot(&mut self, name: &RobotName) -> Result<Option<Robot>> {
        let row = sqlx::query("SELECT * FROM robot WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(self.connection()?)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Says other things of a robot.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn change_robot(&mut self, name: &RobotName, record: &RobotRecord<'_>) -> Result<()> {
        sqlx::query("UPDATE robot SET description = $2, scope = $3, expires_at = $4 WHERE name = $1")
            .bind(name.as_str())
            .bind(record.description.as_str())
            .bind(write_scope(record.scope)?)
            .bind(record.expires_at.map(to_micros))
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Gives a robot another secret.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn set_robot_secret(&mut self, name: &RobotName, secret_hash: &str, now: OffsetDateTime) -> Result<()> {
        sqlx::query("UPDATE robot SET secret_hash = $2, rotated_at = $3 WHERE name = $1")
            .bind(name.as_str())
            .bind(secret_hash)
            .bind(to_micros(now))
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Says since when a robot may not sign in; `None` lets it sign in.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn set_robot_disabled(&mut self, name: &RobotName, since: Option<OffsetDateTime>) -> Result<()> {
        sqlx::query("UPDATE robot SET disabled_at = $2 WHERE name = $1")
            .bind(name.as_str())
            .bind(since.map(to_micros))
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Notes that a robot has signed in, if it is still there.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn note_robot_use(&mut self, name: &RobotName, used: &LastUse) -> Result<()> {
        sqlx::query("UPDATE robot SET used_at = $2, used_from = $3 WHERE name = $1")
            .bind(name.as_str())
            .bind(to_micros(used.at))
            .bind(used.from.as_deref())
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Removes a robot.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_robot(&mut self, name: &RobotName) -> Result<()> {
        sqlx::query("DELETE FROM robot WHERE name = $1").bind(name.as_str()).execute(self.connection()?).await?;
        Ok(())
    }
}
