//! Groups of accounts. What a group may do is the rules' part.

use sqlx::{AssertSqlSafe, Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{
    AccountId, Metadata, Result, Transaction,
    explorer::{contains, order_by},
    from_micros, parse, to_micros, to_u64,
};
use crate::{
    account::{GroupDetail, GroupName, GroupSort, GroupSummary, MemberSort, UserName},
    explorer::{List, ListQuery, list::PAGE_SIZE},
};

/// A group's key in the other tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupId(i64);

const SUMMARY: &str = "g.id, g.name, g.created_at, \
    (SELECT COUNT(*) FROM group_member m WHERE m.group_id = g.id) AS members FROM user_group g";

fn summary(row: &SqliteRow) -> Result<GroupSummary> {
    Ok(GroupSummary {
        name: parse("user_group", row.try_get("name")?)?,
        members: to_u64(row.try_get("members")?),
        created_at: from_micros(row.try_get("created_at")?),
    })
}

impl Metadata {
    /// One page of the groups.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_groups(&self, query: &ListQuery<GroupSort>) -> Result<List<GroupSummary>> {
        let column = match query.sort {
            GroupSort::Name => "g.name",
            GroupSort::Members => "members",
            GroupSort::Created => "g.created_at",
        };
        let order = order_by(column, "g.name", query.order);
        let pattern = contains(&query.search);
        let found = "g.name LIKE $1 ESCAPE '\\'";
        let sql = format!("SELECT {SUMMARY} WHERE {found} ORDER BY {order} LIMIT $2 OFFSET $3");
        let mut connection = self.read().await?;
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(&pattern)
            .bind(i64::from(PAGE_SIZE))
            .bind(i64::from(query.offset()))
            .fetch_all(&mut *connection)
            .await?;
        let counts = sqlx::query(AssertSqlSafe(format!(
            "SELECT COUNT(*) AS total, (SELECT COUNT(*) FROM user_group g WHERE {found}) AS matching FROM user_group"
        )))
        .bind(&pattern)
        .fetch_one(&mut *connection)
        .await?;
        Ok(List {
            rows: rows.iter().map(summary).collect::<Result<_>>()?,
            matching: to_u64(counts.try_get("matching")?),
            total: to_u64(counts.try_get("total")?),
        })
    }

    /// The group `name`, with one page of its members.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn group(&self, name: &GroupName, query: &ListQuery<MemberSort>) -> Result<Option<GroupDetail>> {
        let mut connection = self.read().await?;
        let row = sqlx::query(AssertSqlSafe(format!("SELECT {SUMMARY} WHERE g.name = $1")))
            .bind(name.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let group = summary(&row)?;
        let found = "FROM group_member m JOIN account a ON a.id = m.account_id \
            WHERE m.group_id = $1 AND a.name LIKE $2 ESCAPE '\\'";
        let order = order_by("a.name", "a.name", query.order);
        let sql = format!("SELECT a.name {found} ORDER BY {order} LIMIT $3 OFFSET $4");
        let (id, pattern) = (row.try_get::<i64, _>("id")?, contains(&query.search));
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(id)
            .bind(&pattern)
            .bind(i64::from(PAGE_SIZE))
            .bind(i64::from(query.offset()))
            .fetch_all(&mut *connection)
            .await?;
        let matching = sqlx::query(AssertSqlSafe(format!("SELECT COUNT(*) AS n {found}")))
            .bind(id)
            .bind(&pattern)
            .fetch_one(&mut *connection)
            .await?;
        let members = List {
            rows: rows.iter().map(|row| parse("account", row.try_get("name")?)).collect::<Result<_>>()?,
            matching: to_u64(matching.try_get("n")?),
            total: group.members,
        };
        Ok(Some(GroupDetail { group, members }))
    }

    /// The names of all groups, in order.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn group_names(&self) -> Result<Vec<GroupName>> {
        let rows = sqlx::query("SELECT name FROM user_group ORDER BY name").fetch_all(&mut *self.read().await?).await?;
        rows.iter().map(|row| parse("user_group", row.try_get("name")?)).collect()
    }

    /// The names of a user's groups, in order.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn groups_of(&self, account: &UserName) -> Result<Vec<GroupName>> {
        let rows = sqlx::query(
            "SELECT g.name FROM user_group g JOIN group_member m ON m.group_id = g.id \
             JOIN account a ON a.id = m.account_id WHERE a.name = $1 ORDER BY g.name",
        )
        .bind(account.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter().map(|row| parse("user_group", row.try_get("name")?)).collect()
    }
}

impl Transaction {
    /// Makes a group; whether there was none of that name.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn create_group(&mut self, name: &GroupName, now: OffsetDateTime) -> Result<bool> {
        let done =
            sqlx::query("INSERT INTO user_group (name, created_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(name.as_str())
                .bind(to_micros(now))
                .execute(self.connection()?)
                .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The group `name`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_group(&mut self, name: &GroupName) -> Result<Option<GroupId>> {
        let row = sqlx::query("SELECT id FROM user_group WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(self.connection()?)
            .await?;
        row.map(|row| Ok(GroupId(row.try_get("id")?))).transpose()
    }

    /// Gives a group another name, which no other has.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn rename_group(&mut self, group: GroupId, name: &GroupName) -> Result<()> {
        sqlx::query("UPDATE user_group SET name = $2 WHERE id = $1")
            .bind(group.0)
            .bind(name.as_str())
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Removes a group; its members stay. Who they were, in the order of their names.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_group(&mut self, group: GroupId) -> Result<Vec<UserName>> {
        let rows = sqlx::query(
            "SELECT a.name FROM group_member m JOIN account a ON a.id = m.account_id WHERE m.group_id = $1 \
             ORDER BY a.name",
        )
        .bind(group.0)
        .fetch_all(self.connection()?)
        .await?;
        sqlx::query("DELETE FROM user_group WHERE id = $1").bind(group.0).execute(self.connection()?).await?;
        rows.iter().map(|row| parse("account", row.try_get("name")?)).collect()
    }

    /// Puts an account into a group; whether it was not in it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn add_member(&mut self, group: GroupId, account: AccountId) -> Result<bool> {
        let done =
            sqlx::query("INSERT INTO group_member (group_id, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(group.0)
                .bind(account.0)
                .execute(self.connection()?)
                .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Takes an account out of a group; whether it was in it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn remove_member(&mut self, group: GroupId, account: AccountId) -> Result<bool> {
        let done = sqlx::query("DELETE FROM group_member WHERE group_id = $1 AND account_id = $2")
            .bind(group.0)
            .bind(account.0)
            .execute(self.connection()?)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The groups of an account, in the order of their names.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn groups_of(&mut self, account: AccountId) -> Result<Vec<(GroupId, GroupName)>> {
        let rows = sqlx::query(
            "SELECT g.id, g.name FROM user_group g JOIN group_member m ON m.group_id = g.id WHERE m.account_id = $1 \
             ORDER BY g.name",
        )
        .bind(account.0)
        .fetch_all(self.connection()?)
        .await?;
        rows.iter().map(|row| Ok((GroupId(row.try_get("id")?), parse("user_group", row.try_get("name")?)?))).collect()
    }
}
