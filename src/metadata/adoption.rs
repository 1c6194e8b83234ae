//! Taking over what Distribution's tree says: a repository's names as a whole, compared and then written in bulk.

use std::collections::{HashMap, HashSet};

use sqlx::{QueryBuilder, Row as _, Sqlite, sqlite::SqliteRow};
use time::OffsetDateTime;

use super::{
    Metadata, MirrorKind, ReferenceKind, RepositoryId, Result, Transaction, parse, search::TermKind, to_i64, to_micros,
    to_u64,
};
use crate::oci::{Digest, RepositoryName, Tag};

/// So many rows are written by one statement: far below the limit of parameters.
const ROWS: usize = 500;

/// All that the database knows of a repository's names.
#[derive(Clone, Debug, Default)]
pub struct KnownNames {
    /// The blobs that it may serve, with their sizes in bytes.
    pub blobs: HashMap<Digest, u64>,
    /// Its manifests, each with the size of all that it references, in bytes.
    pub manifests: HashMap<Digest, u64>,
    /// Its tags and the manifests that they are on.
    pub tags: HashMap<Tag, Digest>,
    /// What the tree is behind in: there, the database is right.
    pub pending: HashSet<(MirrorKind, String)>,
}

/// A manifest that was found on the tree.
#[derive(Clone, Debug)]
pub struct AdoptedManifest {
    /// The name of the content.
    pub digest: Digest,
    /// The media type under which Distribution serves it.
    pub media_type: String,
    /// What kind of artifact it says that it is.
    pub artifact_type: Option<String>,
    /// The manifest that it speaks about.
    pub subject: Option<Digest>,
    /// The content, byte for byte.
    pub content: Vec<u8>,
    /// The manifest with all that it references, in bytes.
    pub image_size: u64,
    /// What it points at.
    pub references: Vec<(ReferenceKind, Digest)>,
    /// When it was pushed.
    pub pushed_at: OffsetDateTime,
}

impl Metadata {
    /// The names of all repositories, in no order.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn repository_names(&self) -> Result<Vec<RepositoryName>> {
        let rows = sqlx::query("SELECT name FROM repository").fetch_all(&mut *self.read().await?).await?;
        rows.into_iter().map(|row| parse("repository", row.try_get("name")?)).collect()
    }

    /// What is known of `repository`; nothing, if nothing was ever pushed there.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn known_names(&self, repository: &RepositoryName) -> Result<KnownNames> {
        let mut connection = self.read().await?;
        let id = sqlx::query_scalar::<_, i64>("SELECT id FROM repository WHERE name = $1")
            .bind(repository.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        let Some(id) = id else { return Ok(KnownNames::default()) };
        let blobs = sqlx::query(
            "SELECT rb.digest AS name, b.size_bytes AS size FROM repository_blob rb \
             JOIN blob b ON b.digest = rb.digest WHERE rb.repository_id = $1",
        );
        let blobs = blobs.bind(id).fetch_all(&mut *connection).await?;
        let manifests =
            sqlx::query("SELECT digest AS name, image_size_bytes AS size FROM manifest WHERE repository_id = $1");
        let manifests = manifests.bind(id).fetch_all(&mut *connection).await?;
        let tags = sqlx::query("SELECT name, digest FROM tag WHERE repository_id = $1");
        let tags = tags.bind(id).fetch_all(&mut *connection).await?;
        let pending = sqlx::query("SELECT DISTINCT kind, name FROM mirror WHERE repository_id = $1");
        let pending = pending.bind(id).fetch_all(&mut *connection).await?;

        let sized = |row: SqliteRow| Ok((parse("manifest", row.try_get("name")?)?, to_u64(row.try_get("size")?)));
        let tag = |row: SqliteRow| Ok((parse("tag", row.try_get("name")?)?, parse("tag", row.try_get("digest")?)?));
        let change = |row: SqliteRow| Ok((MirrorKind::parse(row.try_get("kind")?)?, row.try_get("name")?));
        Ok(KnownNames {
            blobs: blobs.into_iter().map(sized).collect::<Result<_>>()?,
            manifests: manifests.into_iter().map(sized).collect::<Result<_>>()?,
            tags: tags.into_iter().map(tag).collect::<Result<_>>()?,
            pending: pending.into_iter().map(change).collect::<Result<_>>()?,
        })
    }

    /// The sizes in bytes of those of `digests` that some repository may or once might serve.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn blob_sizes(&self, digests: &[Digest]) -> Result<HashMap<Digest, u64>> {
        let mut connection = self.read().await?;
        let mut sizes = HashMap::new();
        for part in digests.chunks(ROWS) {
            let mut sql = QueryBuilder::<Sqlite>::new("SELECT digest, size_bytes FROM blob WHERE digest IN (");
            let mut list = sql.separated(", ");
            for digest in part {
                list.push_bind(digest.as_str());
            }
            sql.push(")");
            for row in sql.build().fetch_all(&mut *connection).await? {
                sizes.insert(parse("blob", row.try_get("digest")?)?, to_u64(row.try_get("size_bytes")?));
            }
        }
        Ok(sizes)
    }
}

impl Transaction {
    /// Lets the repository serve blobs that lie in the store, though nobody has compared their bytes with their
    /// digests yet. With the size of each in bytes, and when it was linked.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn adopt_blobs(&mut self, id: RepositoryId, blobs: &[(Digest, u64, OffsetDateTime)]) -> Result<()> {
        for part in blobs.chunks(ROWS) {
            let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO blob (digest, size_bytes, created_at, unverified) ");
            sql.push_values(part, |mut row, (digest, size, at)| {
                row.push_bind(digest.as_str()).push_bind(to_i64(*size)).push_bind(to_micros(*at)).push_bind(1_i64);
            });
            sql.push(" ON CONFLICT DO NOTHING").build().execute(self.connection()?).await?;
            let mut sql =
                QueryBuilder::<Sqlite>::new("INSERT INTO repository_blob (repository_id, digest, created_at) ");
            sql.push_values(part, |mut row, (digest, _, at)| {
                row.push_bind(id.0).push_bind(digest.as_str()).push_bind(to_micros(*at));
            });
            sql.push(" ON CONFLICT DO NOTHING").build().execute(self.connection()?).await?;
        }
        Ok(())
    }

    /// Keeps manifests that were found on the tree. Those that are known stay as they are.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn adopt_manifests(&mut self, id: RepositoryId, manifests: &[AdoptedManifest]) -> Result<()> {
        for part in manifests.chunks(ROWS) {
            let mut sql = QueryBuilder::<Sqlite>::new(
                "INSERT INTO manifest (repository_id, digest, media_type, artifact_type, subject, content, \
                 size_bytes, image_size_bytes, pushed_at) ",
            );
            sql.push_values(part, |mut row, manifest| {
                row.push_bind(id.0)
                    .push_bind(manifest.digest.as_str())
                    .push_bind(manifest.media_type.as_str())
                    .push_bind(manifest.artifact_type.as_deref())
                    .push_bind(manifest.subject.as_ref().map(Digest::as_str))
                    .push_bind(manifest.content.as_slice())
                    .push_bind(to_i64(manifest.content.len() as u64))
                    .push_bind(to_i64(manifest.image_size))
                    .push_bind(to_micros(manifest.pushed_at));
            });
            sql.push(" ON CONFLICT DO NOTHING").build().execute(self.connection()?).await?;
        }
        let references: Vec<(&Digest, ReferenceKind, &Digest)> = manifests
            .iter()
            .flat_map(|manifest| manifest.references.iter().map(move |(kind, child)| (&manifest.digest, *kind, child)))
            .collect();
        for part in references.chunks(ROWS) {
            let mut sql =
                QueryBuilder::<Sqlite>::new("INSERT INTO manifest_reference (repository_id, parent, child, kind) ");
            sql.push_values(part, |mut row, (parent, kind, child)| {
                row.push_bind(id.0).push_bind(parent.as_str()).push_bind(child.as_str()).push_bind(kind.as_str());
            });
            sql.push(" ON CONFLICT DO NOTHING").build().execute(self.connection()?).await?;
        }
        Ok(())
    }

    /// Puts tags on manifests that the repository has, wherever they were before; with since when.
    ///
    /// # Errors
    /// The database is broken, or a manifest is not there.
    pub async fn adopt_tags(&mut self, id: RepositoryId, tags: &[(Tag, Digest, OffsetDateTime)]) -> Result<()> {
        for part in tags.chunks(ROWS) {
            let mut sql =
                QueryBuilder::<Sqlite>::new("INSERT INTO tag (repository_id, name, digest, created_at, updated_at) ");
            sql.push_values(part, |mut row, (tag, digest, at)| {
                row.push_bind(id.0)
                    .push_bind(tag.as_str())
                    .push_bind(digest.as_str())
                    .push_bind(to_micros(*at))
                    .push_bind(to_micros(*at));
            });
            sql.push(
                " ON CONFLICT (repository_id, name) DO UPDATE SET digest = excluded.digest, \
                 updated_at = excluded.updated_at",
            );
            sql.build().execute(self.connection()?).await?;
            let names: Vec<&str> = part.iter().map(|(tag, ..)| tag.as_str()).collect();
            self.keep_terms(TermKind::Tag, &names).await?;
        }
        Ok(())
    }

    /// Counts anew what a repository holds, after its names were written in bulk.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn recount(&mut self, id: RepositoryId) -> Result<()> {
        sqlx::query(
            "UPDATE repository SET \
             manifest_count = (SELECT COUNT(*) FROM manifest WHERE repository_id = $1), \
             tag_count = (SELECT COUNT(*) FROM tag WHERE repository_id = $1), \
             size_bytes = CAST(COALESCE((SELECT SUM(size_bytes) FROM manifest WHERE repository_id = $1), 0) \
             + COALESCE((SELECT SUM(b.size_bytes) FROM repository_blob rb JOIN blob b ON b.digest = rb.digest \
             WHERE rb.repository_id = $1), 0) AS BIGINT), \
             pushed_at = (SELECT MAX(pushed_at) FROM manifest WHERE repository_id = $1) WHERE id = $1",
        )
        .bind(id.0)
        .execute(self.connection()?)
        .await?;
        Ok(())
    }
}
