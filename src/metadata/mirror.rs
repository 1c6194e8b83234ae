//! What changed here and does not stand on Distribution's tree yet: an outbox, filled in the transaction of each
//! change. A row only names what changed; what is to be written is what holds when it is read.

use futures_util::TryStreamExt as _;
use sqlx::{Row as _, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{Error, Metadata, RepositoryId, Result, Transaction, from_micros, parse, to_u64};
use crate::oci::{Digest, RepositoryName, Tag};

/// How many bytes of manifests are read at a time, before the last one.
const BYTES_MAX: usize = 8 * 1024 * 1024;

/// What a row speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MirrorKind {
    /// Whether a repository may serve a blob.
    Blob,
    /// Whether it has a manifest.
    Manifest,
    /// Where a tag points.
    Tag,
    /// Whether there is the repository at all; this has no name.
    Repository,
}

impl MirrorKind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Manifest => "manifest",
            Self::Tag => "tag",
            Self::Repository => "repository",
        }
    }

    pub(super) fn parse(kind: String) -> Result<Self> {
        match kind.as_str() {
            "blob" => Ok(Self::Blob),
            "manifest" => Ok(Self::Manifest),
            "tag" => Ok(Self::Tag),
            "repository" => Ok(Self::Repository),
            _ => Err(Error::Inconsistent { table: "mirror", value: kind }),
        }
    }
}

/// A row, with what holds now of what it speaks of.
#[derive(Clone, Debug)]
pub struct MirrorRow {
    /// The row; later ones are larger.
    pub id: i64,
    /// The repository that changed.
    pub repository: RepositoryName,
    /// What holds.
    pub state: Mirrored,
}

/// What holds of a name.
#[derive(Clone, Debug)]
pub enum Mirrored {
    /// The blob, and whether the repository may serve it.
    Blob(Digest, bool),
    /// The manifest; its bytes and when it was pushed, if the repository has it.
    Manifest(Digest, Option<(Vec<u8>, OffsetDateTime)>),
    /// The tag; the manifest that it is on and since when, if there is the tag.
    Tag(Tag, Option<(Digest, OffsetDateTime)>),
    /// Whether there is the repository.
    Repository(bool),
}

impl Metadata {
    /// The next rows after the row `after`, in their order: those of one repository, or all. Up to `limit`, and fewer
    /// where manifests are large.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn mirror_rows(
        &self,
        repository: Option<&RepositoryName>,
        after: i64,
        limit: u32,
    ) -> Result<Vec<MirrorRow>> {
        let mut connection = self.read().await?;
        let mut rows = sqlx::query(
            "SELECT o.id, r.name AS repository, o.kind, o.name, rb.digest AS linked, m.content, m.pushed_at, \
             t.digest AS target, t.updated_at, r.deleted_at FROM mirror o JOIN repository r ON r.id = o.repository_id \
             LEFT JOIN repository_blob rb ON o.kind = 'blob' AND rb.repository_id = o.repository_id AND rb.digest = o.name \
             LEFT JOIN manifest m ON o.kind = 'manifest' AND m.repository_id = o.repository_id AND m.digest = o.name \
             LEFT JOIN tag t ON o.kind = 'tag' AND t.repository_id = o.repository_id AND t.name = o.name \
             WHERE o.id > $1 AND ($2 IS NULL OR r.name = $2) ORDER BY o.id LIMIT $3",
        )
        .bind(after)
        .bind(repository.map(RepositoryName::as_str))
        .bind(i64::from(limit))
        .fetch(&mut *connection);
        let mut found = Vec::new();
        let mut bytes = 0;
        while let Some(row) = rows.try_next().await? {
            let row = read_row(&row)?;
            if let Mirrored::Manifest(_, Some((content, _))) = &row.state {
                bytes += content.len();
            }
            found.push(row);
            if bytes > BYTES_MAX {
                break;
            }
        }
        Ok(found)
    }

    /// How many changes wait to be written.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn mirror_length(&self) -> Result<u64> {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM mirror").fetch_one(&mut *self.read().await?).await?;
        Ok(to_u64(count))
    }
}

fn read_row(row: &SqliteRow) -> Result<MirrorRow> {
    let name: String = row.try_get("name")?;
    let at = |column| Ok::<_, Error>(from_micros(row.try_get::<Option<i64>, _>(column)?.unwrap_or_default()));
    let state = match MirrorKind::parse(row.try_get("kind")?)? {
        MirrorKind::Blob => {
            Mirrored::Blob(parse("mirror", name)?, row.try_get::<Option<String>, _>("linked")?.is_some())
        }
        MirrorKind::Manifest => {
            let content: Option<Vec<u8>> = row.try_get("content")?;
            let at = at("pushed_at")?;
            Mirrored::Manifest(parse("mirror", name)?, content.map(|content| (content, at)))
        }
        MirrorKind::Tag => {
            let target: Option<String> = row.try_get("target")?;
            let at = at("updated_at")?;
            let target = target.map(|target| Ok::<_, Error>((parse("tag", target)?, at))).transpose()?;
            Mirrored::Tag(parse("mirror", name)?, target)
        }
        MirrorKind::Repository => Mirrored::Repository(row.try_get::<Option<i64>, _>("deleted_at")?.is_none()),
    };
    Ok(MirrorRow { id: row.try_get("id")?, repository: parse("repository", row.try_get("repository")?)?, state })
}

impl Transaction {
    /// Says that the tree does not agree any more in this. Nothing, where the change itself comes from the tree.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn mirror(&mut self, repository: RepositoryId, kind: MirrorKind, name: &str) -> Result<()> {
        if self.is_from_tree() {
            return Ok(());
        }
        sqlx::query("INSERT INTO mirror (repository_id, kind, name) VALUES ($1, $2, $3)")
            .bind(repository.0)
            .bind(kind.as_str())
            .bind(name)
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Takes rows away: the tree says what they said.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn mirrored(&mut self, rows: &[i64]) -> Result<()> {
        for id in rows {
            sqlx::query("DELETE FROM mirror WHERE id = $1").bind(id).execute(self.connection()?).await?;
        }
        Ok(())
    }
}
