//! The list of repositories, searched by names, tags, labels and digests, or gathered by namespace.
//!
//! Names are few and looked through one by one, so that any part of them finds them. Of tags, labels and digests there
//! may be millions: each is found through an index, by how it, or a word in it, begins. Nothing is found or counted
//! that is not `visible`, and what says why something was found is read for the rows of the page alone.

mod reasons;
mod terms;
mod tree;
mod words;

use sqlx::AssertSqlSafe;

use super::{
    Connection, Metadata, Result, Visible,
    explorer::{REPOSITORY_COLUMNS, contains, order_by},
    to_u64,
};
use crate::{
    explorer::{Entries, Entry, List, ListQuery, Namespace, RepositorySort, list::PAGE_SIZE},
    oci::Algorithm,
};

/// So many repositories at most are found by tags, by labels and by digests each: nobody reads as far.
const FOUND_MAX: i64 = 20_000;

/// So many different tags and labels at most are followed to who has them: what fits more tells nothing yet.
const TERMS_MAX: i64 = 50_000;

/// Fewer digits of a digest are no search for one.
const DIGITS_MIN: usize = 6;

/// After every text that begins as another one does.
const AFTER_ALL: char = char::MAX;

/// What stands in `search_term`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TermKind {
    Tag,
    Label,
}

impl TermKind {
    const ALL: [Self; 2] = [Self::Tag, Self::Label];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Label => "label",
        }
    }
}

/// The texts from the first on and before the second.
type Range = (String, String);

/// What is searched for, as the tables have it.
#[derive(Debug)]
struct Wanted {
    /// A pattern for names.
    name: String,
    /// Words of tags and labels.
    word: Option<Range>,
    /// Digests.
    digests: Vec<Range>,
}

impl Wanted {
    fn of(search: &str) -> Self {
        let word = words::wanted(search);
        Self {
            name: contains(search),
            word: word.map(|word| (word.clone(), format!("{word}{AFTER_ALL}"))),
            digests: digests(search),
        }
    }
}

/// The digests that begin so, with or without their algorithm.
fn digests(search: &str) -> Vec<Range> {
    let search = search.to_ascii_lowercase();
    let algorithms = [Algorithm::Sha256, Algorithm::Sha512];
    let begins = |algorithm: &Algorithm| {
        let digits = search.strip_prefix(algorithm.as_str()).and_then(|rest| rest.strip_prefix(':')).unwrap_or(&search);
        let fits = (DIGITS_MIN..=algorithm.hex_len()).contains(&digits.len());
        let fits = fits && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let from = format!("{}:{digits}", algorithm.as_str());
        fits.then(|| (from.clone(), format!("{from}{AFTER_ALL}")))
    };
    algorithms.iter().filter_map(begins).collect()
}

/// Which rows of `repository` a list is made of.
struct Rows<'a> {
    namespace: &'a Namespace,
    visible: &'a Visible,
    /// A pattern for names, and the keys of those that are found whatever their names are, as a list in JSON.
    search: Option<(String, String)>,
}

impl Rows<'_> {
    /// The condition, and what is bound to the parameters `$1` and so on.
    fn condition(&self) -> (String, Vec<String>) {
        let (mut sql, mut texts) = ("manifest_count > 0".to_owned(), Vec::new());
        if !self.namespace.is_root() {
            texts.extend([self.namespace.as_str().to_owned(), format!("{}{AFTER_ALL}", self.namespace.as_str())]);
            sql.push_str(" AND name >= $1 AND name < $2");
        }
        if let Some((pattern, keys)) = &self.search {
            let (name, list) = (texts.len() + 1, texts.len() + 2);
            // Repositories' names have no capitals: see `RepositoryName`.
            sql.push_str(&format!(
                " AND (name LIKE ${name} ESCAPE '\\' OR id IN (SELECT value FROM json_each(${list})))"
            ));
            texts.extend([pattern.clone(), keys.clone()]);
        }
        let (visible, keys) = self.visible.condition(&format!("${}", texts.len() + 1));
        sql.push_str(&visible);
        texts.extend(keys.map(str::to_owned));
        (sql, texts)
    }
}

impl Metadata {
    /// One page of the `visible` repositories below `namespace` that hold a manifest, each with what of it was found.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn search_repositories(
        &self,
        query: &ListQuery<RepositorySort>,
        namespace: &Namespace,
        visible: &Visible,
    ) -> Result<Entries> {
        let wanted = Wanted::of(&query.search);
        let mut connection = self.read().await?;
        let search = match query.search.as_str() {
            "" => None,
            _ => Some((wanted.name.clone(), found(&mut connection, &wanted, visible).await?)),
        };
        let (condition, texts) = Rows { namespace, visible, search }.condition();
        let order = order_by(column(query.sort), "name", query.order);
        let (limit, offset) = (texts.len() + 1, texts.len() + 2);
        let sql = format!(
            "SELECT id, {REPOSITORY_COLUMNS} FROM repository WHERE {condition} ORDER BY {order} \
             LIMIT ${limit} OFFSET ${offset}"
        );
        let rows = texts.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, text| query.bind(text));
        let rows = rows.bind(i64::from(PAGE_SIZE)).bind(i64::from(query.offset())).fetch_all(&mut *connection).await?;
        let found = reasons::with(&mut connection, query.search.as_str(), &wanted, &rows).await?;
        let sql = format!("SELECT COUNT(*) FROM repository WHERE {condition}");
        let matching = count(&mut connection, sql, &texts).await?;
        let total = total(&mut connection, visible).await?;
        let rows = found.into_iter().map(Entry::Repository).collect();
        Ok(Entries { list: List { rows, matching, total }, repositories: matching })
    }
}

/// What finds the keys of repositories by tags, labels and digests: what stands after `SELECT`, with the column of the key
/// and the range for `$1` and `$2`.
fn searches(wanted: &Wanted) -> Vec<(String, &'static str, &Range)> {
    let mut searches = Vec::new();
    if let Some(range) = &wanted.word {
        let terms = |kind: TermKind| {
            format!(
                "(SELECT term_id FROM search_word WHERE kind = '{}' AND word >= $1 AND word < $2 LIMIT {TERMS_MAX}) AS w",
                kind.as_str()
            )
        };
        let tags = format!(
            "t.repository_id AS id FROM {} CROSS JOIN search_term x CROSS JOIN tag t \
             WHERE x.id = w.term_id AND t.name = x.text",
            terms(TermKind::Tag)
        );
        let labels = format!(
            "l.repository_id AS id FROM {} CROSS JOIN manifest_label l WHERE l.term_id = w.term_id",
            terms(TermKind::Label)
        );
        searches.extend([(tags, "t.repository_id", range), (labels, "l.repository_id", range)]);
    }
    for range in &wanted.digests {
        for (table, digest) in [("manifest", "digest"), ("manifest_reference", "child")] {
            let sql = format!("repository_id AS id FROM {table} WHERE {digest} >= $1 AND {digest} < $2");
            searches.push((sql, "repository_id", range));
        }
    }
    searches
}

/// The keys of the repositories that are found by tags, labels or digests, as a list in JSON.
async fn found(connection: &mut Connection, wanted: &Wanted, visible: &Visible) -> Result<String> {
    let mut keys = Vec::new();
    for (sql, column, (from, to)) in searches(wanted) {
        let (condition, visible) = visible.condition_on(column, "$4");
        let sql = format!(
            "SELECT string_agg(CAST(id AS TEXT), ',') FROM (SELECT DISTINCT {sql}{condition} LIMIT $3) AS found"
        );
        let query = sqlx::query_scalar::<_, Option<String>>(AssertSqlSafe(sql)).bind(from).bind(to).bind(FOUND_MAX);
        let query = visible.into_iter().fold(query, |query, keys| query.bind(keys));
        keys.extend(query.fetch_one(&mut *connection).await?);
    }
    Ok(format!("[{}]", keys.join(",")))
}

const fn column(sort: RepositorySort) -> &'static str {
    match sort {
        RepositorySort::Name => "name",
        RepositorySort::Tags => "tag_count",
        RepositorySort::Size => "size_bytes",
        RepositorySort::Pushed => "pushed_at",
    }
}

/// How many repositories are `visible`, wherever they are.
async fn total(connection: &mut Connection, visible: &Visible) -> Result<u64> {
    let (condition, texts) = Rows { namespace: &Namespace::default(), visible, search: None }.condition();
    count(connection, format!("SELECT COUNT(*) FROM repository WHERE {condition}"), &texts).await
}

async fn count(connection: &mut Connection, sql: String, texts: &[String]) -> Result<u64> {
    let query = texts.iter().fold(sqlx::query_scalar(AssertSqlSafe(sql)), |query, text| query.bind(text));
    let count: i64 = query.fetch_one(connection).await?;
    Ok(to_u64(count))
}

#[cfg(test)]
mod tests;
