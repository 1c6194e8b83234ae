//! Keeps what repositories are found by: each tag's name and each label once, and the words in them.

use sqlx::{QueryBuilder, Row as _, Sqlite};

use super::{
    super::{ManifestRecord, Metadata, RepositoryId, Result, Transaction, manifest::read_manifest, parse},
    TermKind,
    words::words,
};
use crate::oci::{Digest, RepositoryName};

/// So many terms are written by one statement: with their words far below the limit of parameters.
const TERMS: usize = 200;
/// So many words are written by one statement.
const WORDS: usize = 1000;

impl Metadata {
    /// Up to `limit` manifests whose labels are not kept yet, with the repositories that have them.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn manifests_to_label(&self, limit: u32) -> Result<Vec<(RepositoryName, ManifestRecord)>> {
        let rows = sqlx::query(
            "SELECT r.name, m.digest, m.media_type, m.content FROM manifest m JOIN repository r ON r.id = m.repository_id \
             WHERE m.labelled = 0 LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter().map(|row| Ok((parse("repository", row.try_get("name")?)?, read_manifest(row)?))).collect()
    }

    /// Whether there are terms whose words are not kept yet.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn has_terms_to_split(&self) -> Result<bool> {
        let sql = "SELECT 1 FROM search_term WHERE split = 0 LIMIT 1";
        Ok(sqlx::query(sql).fetch_optional(&mut *self.read().await?).await?.is_some())
    }
}

impl Transaction {
    /// Writes down a manifest's labels, each as `key=value`. Nothing if it is not there any more.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn set_labels(&mut self, repository: RepositoryId, digest: &Digest, labels: &[String]) -> Result<()> {
        let marked = sqlx::query("UPDATE manifest SET labelled = 1 WHERE repository_id = $1 AND digest = $2")
            .bind(repository.0)
            .bind(digest.as_str())
            .execute(self.connection()?)
            .await?;
        if marked.rows_affected() == 0 {
            return Ok(());
        }
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        self.keep_terms(TermKind::Label, &labels).await?;
        for part in labels.chunks(TERMS) {
            let mut sql =
                QueryBuilder::<Sqlite>::new("INSERT INTO manifest_label (repository_id, digest, term_id) SELECT ");
            sql.push_bind(repository.0).push(", ").push_bind(digest.as_str());
            sql.push(", id FROM search_term WHERE kind = 'label' AND text IN (");
            let mut list = sql.separated(", ");
            for label in part {
                list.push_bind(*label);
            }
            sql.push(") ON CONFLICT DO NOTHING").build().execute(self.connection()?).await?;
        }
        Ok(())
    }

    /// Keeps terms and their words; what is known stays as it is.
    pub(in crate::metadata) async fn keep_terms(&mut self, kind: TermKind, texts: &[&str]) -> Result<()> {
        for part in texts.chunks(TERMS) {
            let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO search_term (kind, text, split) ");
            sql.push_values(part, |mut row, text| {
                row.push_bind(kind.as_str()).push_bind(*text).push_bind(1_i64);
            });
            sql.push(" ON CONFLICT DO NOTHING RETURNING id, text");
            let new = sql.build().fetch_all(self.connection()?).await?;
            let new = new.iter().map(|row| Ok((row.try_get("id")?, row.try_get("text")?)));
            let new = new.collect::<Result<Vec<(i64, String)>>>()?;
            self.keep_words(kind, &new).await?;
        }
        Ok(())
    }

    async fn keep_words(&mut self, kind: TermKind, terms: &[(i64, String)]) -> Result<()> {
        let words: Vec<(i64, String)> =
            terms.iter().flat_map(|(id, text)| words(text).into_iter().map(|word| (*id, word))).collect();
        for part in words.chunks(WORDS) {
            let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO search_word (kind, word, term_id) ");
            sql.push_values(part, |mut row, (id, word)| {
                row.push_bind(kind.as_str()).push_bind(word.as_str()).push_bind(*id);
            });
            sql.push(" ON CONFLICT DO NOTHING").build().execute(self.connection()?).await?;
        }
        Ok(())
    }

    /// Keeps the words of up to `limit` terms that came without them. How many these were.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn split_terms(&mut self, limit: u32) -> Result<usize> {
        let rows = sqlx::query("SELECT id, kind, text FROM search_term WHERE split = 0 ORDER BY id LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(self.connection()?)
            .await?;
        let Some(last) = rows.last() else { return Ok(0) };
        let last: i64 = last.try_get("id")?;
        for kind in TermKind::ALL {
            let own = rows.iter().filter(|row| row.try_get("kind").is_ok_and(|word: &str| word == kind.as_str()));
            let own = own.map(|row| Ok((row.try_get("id")?, row.try_get("text")?)));
            let own = own.collect::<Result<Vec<(i64, String)>>>()?;
            self.keep_words(kind, &own).await?;
        }
        let done = "UPDATE search_term SET split = 1 WHERE split = 0 AND id <= $1";
        sqlx::query(done).bind(last).execute(self.connection()?).await?;
        Ok(rows.len())
    }

    /// Looks at up to `limit` terms after the one numbered `after`, and forgets those that nothing carries any more. The
    /// last one that was looked at; `None` after the last.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn purge_terms(&mut self, after: i64, limit: u32) -> Result<Option<i64>> {
        let rows = sqlx::query(
            "SELECT x.id, x.kind, x.text, CASE \
             WHEN x.kind = 'tag' AND EXISTS (SELECT 1 FROM tag t WHERE t.name = x.text) THEN 1 \
             WHEN x.kind = 'label' AND EXISTS (SELECT 1 FROM manifest_label l WHERE l.term_id = x.id) THEN 1 \
             ELSE 0 END AS used \
             FROM (SELECT id, kind, text FROM search_term WHERE id > $1 ORDER BY id LIMIT $2) AS x ORDER BY x.id",
        )
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.connection()?)
        .await?;
        for row in &rows {
            if row.try_get::<i64, _>("used")? == 1 {
                continue;
            }
            let (id, kind): (i64, &str) = (row.try_get("id")?, row.try_get("kind")?);
            for word in words(row.try_get("text")?) {
                let sql = "DELETE FROM search_word WHERE kind = $1 AND word = $2 AND term_id = $3";
                sqlx::query(sql).bind(kind).bind(word).bind(id).execute(self.connection()?).await?;
            }
            sqlx::query("DELETE FROM search_term WHERE id = $1").bind(id).execute(self.connection()?).await?;
        }
        rows.last().map(|row| Ok(row.try_get("id")?)).transpose()
    }
}
