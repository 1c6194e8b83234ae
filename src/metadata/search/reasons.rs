//! Why the repositories of a page were found: of those whose names do not say it, the one thing that says it best.

use std::collections::HashMap;

use sqlx::{Row as _, sqlite::SqliteRow};

use super::{
    super::{
        Connection, Result,
        explorer::{contains, escaped, repository_summary},
    },
    Wanted,
};
use crate::explorer::{FoundRepository, Match, MatchKind};

/// The tag that is what was typed, else the last that begins so, else the last that holds it.
const TAGS: &str = "SELECT repository_id, name AS text, name AS reference FROM (\
    SELECT t.repository_id, t.name, ROW_NUMBER() OVER (PARTITION BY t.repository_id ORDER BY \
    CASE WHEN LOWER(t.name) = $2 THEN 0 WHEN LOWER(t.name) LIKE $3 ESCAPE '\\' THEN 1 ELSE 2 END, \
    t.updated_at DESC, t.name) AS place FROM tag t \
    WHERE t.repository_id IN (SELECT value FROM json_each($1)) AND LOWER(t.name) LIKE $4 ESCAPE '\\') AS p \
    WHERE place = 1";

/// Labels of which only some are what was typed: from these to who has them.
const RARE_LABELS: &str = "SELECT repository_id, text, digest AS reference FROM (\
    SELECT l.repository_id, x.text, l.digest, ROW_NUMBER() OVER (PARTITION BY l.repository_id \
    ORDER BY x.text, l.digest) AS place \
    FROM (SELECT term_id FROM search_word WHERE kind = 'label' AND word >= $2 AND word < $3 LIMIT 200) AS w \
    CROSS JOIN search_term x CROSS JOIN manifest_label l WHERE x.id = w.term_id AND l.term_id = w.term_id \
    AND l.repository_id IN (SELECT value FROM json_each($1))) AS p WHERE place = 1";

/// Labels of which many are what was typed: one is soon met among those of a repository.
const COMMON_LABELS: &str = "SELECT l.repository_id, x.text, l.digest AS reference \
    FROM manifest_label l JOIN search_term x ON x.id = l.term_id \
    WHERE l.repository_id = CAST($1 AS BIGINT) AND LOWER(x.text) LIKE $2 ESCAPE '\\' LIMIT 1";

const MANIFESTS: &str = "SELECT repository_id, MIN(digest) AS text, MIN(digest) AS reference FROM manifest \
    WHERE digest >= $2 AND digest < $3 AND repository_id IN (SELECT value FROM json_each($1)) GROUP BY repository_id";

const BLOBS: &str = "SELECT repository_id, child AS text, parent AS reference FROM (\
    SELECT repository_id, child, parent, ROW_NUMBER() OVER (PARTITION BY repository_id ORDER BY child, parent) AS place \
    FROM manifest_reference WHERE child >= $2 AND child < $3 AND kind <> 'manifest' \
    AND repository_id IN (SELECT value FROM json_each($1))) AS p WHERE place = 1";

/// The repositories in `rows`, each with why it was found.
pub(super) async fn with(
    connection: &mut Connection,
    search: &str,
    wanted: &Wanted,
    rows: &[SqliteRow],
) -> Result<Vec<FoundRepository>> {
    let search = search.to_lowercase();
    let mut reasons = Reasons { connection, open: Vec::new(), found: HashMap::new() };
    for row in rows {
        if !row.try_get::<&str, _>("name")?.contains(&search) {
            reasons.open.push(row.try_get("id")?);
        }
    }
    for (from, to) in &wanted.digests {
        reasons.read(MatchKind::Manifest, MANIFESTS, &[from, to]).await?;
        reasons.read(MatchKind::Blob, BLOBS, &[from, to]).await?;
    }
    if let Some((word, after)) = &wanted.word {
        let (begins, holds) = (format!("{}%", escaped(word)), contains(word));
        reasons.read(MatchKind::Tag, TAGS, &[word, &begins, &holds]).await?;
        reasons.read(MatchKind::Label, RARE_LABELS, &[word, after]).await?;
        for id in reasons.open.clone() {
            reasons.read_of(&id.to_string(), MatchKind::Label, COMMON_LABELS, &[&holds]).await?;
        }
    }
    let mut found = reasons.found;
    let with_reason = |row: &SqliteRow| {
        let id: i64 = row.try_get("id")?;
        Ok(FoundRepository { summary: repository_summary(row)?, found: found.remove(&id) })
    };
    rows.iter().map(with_reason).collect()
}

/// What is known so far.
struct Reasons<'a> {
    connection: &'a mut Connection,
    /// The keys of those of which it is not known yet.
    open: Vec<i64>,
    found: HashMap<i64, Match>,
}

impl Reasons<'_> {
    /// Asks about those that are open. `$1` is the list of their keys in JSON, the others are `texts`.
    async fn read(&mut self, kind: MatchKind, sql: &'static str, texts: &[&str]) -> Result<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        let keys: Vec<_> = self.open.iter().map(ToString::to_string).collect();
        self.read_of(&format!("[{}]", keys.join(",")), kind, sql, texts).await
    }

    async fn read_of(&mut self, keys: &str, kind: MatchKind, sql: &'static str, texts: &[&str]) -> Result<()> {
        let query = texts.iter().fold(sqlx::query(sql).bind(keys), |query, text| query.bind(*text));
        for row in query.fetch_all(&mut *self.connection).await? {
            let found = Match { kind, text: row.try_get("text")?, reference: row.try_get("reference")? };
            self.found.insert(row.try_get("repository_id")?, found);
        }
        self.open.retain(|id| !self.found.contains_key(id));
        Ok(())
    }
}
