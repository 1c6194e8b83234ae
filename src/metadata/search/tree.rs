//! Repositories by namespace: what stands right below one, and what is in each namespace there together.

use sqlx::{AssertSqlSafe, Row as _, sqlite::SqliteRow};

use super::{
    super::{Metadata, Result, Visible, explorer::order_by, from_micros, parse, to_u64},
    Rows, column, total,
};
use crate::explorer::{
    Entries, Entry, FoundRepository, List, ListQuery, Namespace, NamespaceSummary, RepositorySort, RepositorySummary,
    list::PAGE_SIZE,
};

impl Metadata {
    /// One page of what stands right below `namespace`: `visible` repositories that hold a manifest, and namespaces with
    /// such. What `query` searches for is not heeded.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_namespace(
        &self,
        query: &ListQuery<RepositorySort>,
        namespace: &Namespace,
        visible: &Visible,
    ) -> Result<Entries> {
        let (condition, texts) = Rows { namespace, visible, search: None }.condition();
        // A name to its first slash after the namespace, and with it; the whole name where there is none.
        let begin = namespace.as_str().len() + 1;
        let entries = format!(
            "SELECT CASE WHEN INSTR(SUBSTR(name, {begin}), '/') > 0 \
             THEN SUBSTR(name, 1, {begin} - 1 + INSTR(SUBSTR(name, {begin}), '/')) ELSE name END AS entry, \
             tag_count, manifest_count, size_bytes, created_at, pushed_at FROM repository WHERE {condition}"
        );
        let order = match query.sort {
            RepositorySort::Name => "entry",
            sort => column(sort),
        };
        let order = order_by(order, "entry", query.order);
        let (limit, offset) = (texts.len() + 1, texts.len() + 2);
        let page = format!(
            "SELECT * FROM (SELECT entry, COUNT(*) AS repository_count, CAST(SUM(tag_count) AS BIGINT) AS tag_count, \
             CAST(SUM(manifest_count) AS BIGINT) AS manifest_count, CAST(SUM(size_bytes) AS BIGINT) AS size_bytes, \
             MIN(created_at) AS created_at, MAX(pushed_at) AS pushed_at FROM ({entries}) AS e GROUP BY entry) AS g \
             ORDER BY {order} LIMIT ${limit} OFFSET ${offset}"
        );
        let mut connection = self.read().await?;
        let rows = texts.iter().fold(sqlx::query(AssertSqlSafe(page)), |query, text| query.bind(text));
        let rows = rows.bind(i64::from(PAGE_SIZE)).bind(i64::from(query.offset())).fetch_all(&mut *connection).await?;
        let all = format!("SELECT COUNT(DISTINCT entry) AS entries, COUNT(*) AS repositories FROM ({entries}) AS e");
        let all = texts.iter().fold(sqlx::query(AssertSqlSafe(all)), |query, text| query.bind(text));
        let all = all.fetch_one(&mut *connection).await?;
        let list = List {
            rows: rows.iter().map(entry).collect::<Result<_>>()?,
            matching: to_u64(all.try_get("entries")?),
            total: total(&mut connection, visible).await?,
        };
        Ok(Entries { list, repositories: to_u64(all.try_get("repositories")?) })
    }
}

fn entry(row: &SqliteRow) -> Result<Entry> {
    let name: String = row.try_get("entry")?;
    let tag_count = to_u64(row.try_get("tag_count")?);
    let size_bytes = to_u64(row.try_get("size_bytes")?);
    let pushed_at = row.try_get::<Option<i64>, _>("pushed_at")?.map(from_micros);
    if name.ends_with('/') {
        return Ok(Entry::Namespace(NamespaceSummary {
            name: Namespace::from(name),
            repository_count: to_u64(row.try_get("repository_count")?),
            tag_count,
            size_bytes,
            pushed_at,
        }));
    }
    let summary = RepositorySummary {
        name: parse("repository", name)?,
        tag_count,
        manifest_count: to_u64(row.try_get("manifest_count")?),
        size_bytes,
        created_at: from_micros(row.try_get("created_at")?),
        pushed_at,
    };
    Ok(Entry::Repository(FoundRepository { summary, found: None }))
}
