//! Manifests and indexes: their bytes, and what they point at.

use sqlx::Row as _;
use time::OffsetDateTime;

use super::{
    Metadata, MirrorKind, RepositoryId, Result, Stroke, Transaction, parse, repository::Counters, to_i64, to_micros,
    to_u64,
};
use crate::oci::{Digest, Reference, RepositoryName, Tag};

/// A manifest as it was pushed.
#[derive(Clone, Debug)]
pub struct ManifestRecord {
    /// The name of the content.
    pub digest: Digest,
    /// The media type under which it was pushed.
    pub media_type: String,
    /// The content, byte for byte.
    pub content: Vec<u8>,
}

/// A manifest that speaks about another one.
#[derive(Clone, Debug)]
pub struct ReferrerRecord {
    /// What kind of artifact it says that it is.
    pub artifact_type: Option<String>,
    /// The manifest.
    pub manifest: ManifestRecord,
}

/// A manifest that comes in, with what was read out of it.
#[derive(Clone, Copy, Debug)]
pub struct NewManifest<'a> {
    /// The name of the content.
    pub digest: &'a Digest,
    /// The media type under which it is pushed.
    pub media_type: &'a str,
    /// What kind of artifact it says that it is.
    pub artifact_type: Option<&'a str>,
    /// The manifest that it speaks about.
    pub subject: Option<&'a Digest>,
    /// The content, byte for byte.
    pub content: &'a [u8],
    /// The manifest with all that it references, in bytes.
    pub image_size: u64,
}

/// What a manifest points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// The blob with the image's configuration.
    Config,
    /// A blob with content.
    Layer,
    /// A manifest below an index.
    Manifest,
}

impl ReferenceKind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Layer => "layer",
            Self::Manifest => "manifest",
        }
    }
}

impl Metadata {
    /// The manifest that `reference` names in `repository`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn manifest(&self, repository: &RepositoryName, reference: &Reference) -> Result<Option<ManifestRecord>> {
        let sql = match reference {
            Reference::Tag(_) => {
                "SELECT m.digest, m.media_type, m.content FROM repository r \
                 JOIN tag t ON t.repository_id = r.id AND t.name = $2 \
                 JOIN manifest m ON m.repository_id = r.id AND m.digest = t.digest WHERE r.name = $1"
            }
            Reference::Digest(_) => {
                "SELECT m.digest, m.media_type, m.content FROM repository r \
                 JOIN manifest m ON m.repository_id = r.id AND m.digest = $2 WHERE r.name = $1"
            }
        };
        let row = sqlx::query(sql)
            .bind(repository.as_str())
            .bind(reference.as_str())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.map(|row| read_manifest(&row)).transpose()
    }
}

impl Metadata {
    /// Up to `limit` manifests that speak about `subject`, in byte order of their digests after `last`; only those of
    /// `artifact_type`, if it is given. Also those without a subject of their own that stand in the index tagged `list`:
    /// a client that found no list here has kept one there.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        list: &Tag,
        artifact_type: Option<&str>,
        last: &str,
        limit: u32,
    ) -> Result<Vec<ReferrerRecord>> {
        let rows = sqlx::query(
            // Two sets that have nothing in common, each found by an index.
            "WITH listed AS (\
             SELECT m.digest, m.media_type, m.artifact_type, m.content FROM repository r \
             JOIN manifest m ON m.repository_id = r.id AND m.subject = $2 WHERE r.name = $1 \
             UNION ALL \
             SELECT m.digest, m.media_type, m.artifact_type, m.content FROM repository r \
             JOIN tag t ON t.repository_id = r.id AND t.name = $6 \
             JOIN manifest_reference c ON c.repository_id = r.id AND c.parent = t.digest AND c.kind = 'manifest' \
             JOIN manifest m ON m.repository_id = r.id AND m.digest = c.child AND m.subject IS NULL WHERE r.name = $1) \
             SELECT digest, media_type, artifact_type, content FROM listed \
             WHERE digest > $3 AND ($4 IS NULL OR artifact_type = $4) ORDER BY digest LIMIT $5",
        )
        .bind(repository.as_str())
        .bind(subject.as_str())
        .bind(last)
        .bind(artifact_type)
        .bind(i64::from(limit))
        .bind(list.as_str())
        .fetch_all(&mut *self.read().await?)
        .await?;
        let read = |row: sqlx::sqlite::SqliteRow| {
            Ok(ReferrerRecord { artifact_type: row.try_get("artifact_type")?, manifest: read_manifest(&row)? })
        };
        rows.into_iter().map(read).collect()
    }
}

pub(super) fn read_manifest(row: &sqlx::sqlite::SqliteRow) -> Result<ManifestRecord> {
    Ok(ManifestRecord {
        digest: parse("manifest", row.try_get("digest")?)?,
        media_type: row.try_get("media_type")?,
        content: row.try_get("content")?,
    })
}

impl Transaction {
    /// The manifest of that name in `repository`, inside this unit of work.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn manifest(&mut self, repository: RepositoryId, digest: &Digest) -> Result<Option<ManifestRecord>> {
        let sql = "SELECT digest, media_type, content FROM manifest WHERE repository_id = $1 AND digest = $2";
        let row = sqlx::query(sql).bind(repository.0).bind(digest.as_str()).fetch_optional(self.connection()?).await?;
        row.as_ref().map(read_manifest).transpose()
    }

    /// The digests of all manifests of a repository, and its tags.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn names_in(&mut self, repository: RepositoryId) -> Result<(Vec<Digest>, Vec<Tag>)> {
        let digests = sqlx::query("SELECT digest AS name FROM manifest WHERE repository_id = $1 ORDER BY digest");
        let digests = digests.bind(repository.0).fetch_all(self.connection()?).await?;
        let tags = sqlx::query("SELECT name FROM tag WHERE repository_id = $1 ORDER BY name");
        let tags = tags.bind(repository.0).fetch_all(self.connection()?).await?;
        Ok((
            digests.into_iter().map(|row| parse("manifest", row.try_get("name")?)).collect::<Result<_>>()?,
            tags.into_iter().map(|row| parse("tag", row.try_get("name")?)).collect::<Result<_>>()?,
        ))
    }

    /// The manifest's size with all that it references, if the repository has it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn image_size(&mut self, repository: RepositoryId, digest: &Digest) -> Result<Option<u64>> {
        let row = sqlx::query("SELECT image_size_bytes FROM manifest WHERE repository_id = $1 AND digest = $2")
            .bind(repository.0)
            .bind(digest.as_str())
            .fetch_optional(self.connection()?)
            .await?;
        row.map(|row| Ok(to_u64(row.try_get("image_size_bytes")?))).transpose()
    }

    /// Keeps a manifest. One that is there already is only marked as pushed now.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn put_manifest(
        &mut self,
        repository: RepositoryId,
        manifest: NewManifest<'_>,
        references: &[(ReferenceKind, Digest)],
        now: OffsetDateTime,
    ) -> Result<()> {
        let size = manifest.content.len() as u64;
        let known = self.image_size(repository, manifest.digest).await?.is_some();
        sqlx::query(
            "INSERT INTO manifest (repository_id, digest, media_type, artifact_type, subject, content, size_bytes, \
             image_size_bytes, pushed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT (repository_id, digest) DO UPDATE SET media_type = excluded.media_type, \
             image_size_bytes = excluded.image_size_bytes, pushed_at = excluded.pushed_at",
        )
        .bind(repository.0)
        .bind(manifest.digest.as_str())
        .bind(manifest.media_type)
        .bind(manifest.artifact_type)
        .bind(manifest.subject.map(Digest::as_str))
        .bind(manifest.content)
        .bind(to_i64(size))
        .bind(to_i64(manifest.image_size))
        .bind(to_micros(now))
        .execute(self.connection()?)
        .await?;
        if !known {
            for (kind, child) in references {
                sqlx::query(
                    "INSERT INTO manifest_reference (repository_id, parent, child, kind) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT DO NOTHING",
                )
                .bind(repository.0)
                .bind(manifest.digest.as_str())
                .bind(child.as_str())
                .bind(kind.as_str())
                .execute(self.connection()?)
                .await?;
            }
            self.count(repository, Counters { manifests: 1, bytes: to_i64(size), tags: 0 }).await?;
            self.mirror(repository, MirrorKind::Manifest, manifest.digest.as_str()).await?;
        }
        sqlx::query("UPDATE repository SET pushed_at = $2 WHERE id = $1")
            .bind(repository.0)
            .bind(to_micros(now))
            .execute(self.connection()?)
            .await?;
        Ok(())
    }

    /// Takes a manifest and every tag on it away. The tags, whose history tells of it; `None` if there was no manifest.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_manifest(
        &mut self,
        repository: RepositoryId,
        digest: &Digest,
        stroke: &Stroke<'_>,
    ) -> Result<Option<Vec<String>>> {
        let tags = sqlx::query("DELETE FROM tag WHERE repository_id = $1 AND digest = $2 RETURNING name")
            .bind(repository.0)
            .bind(digest.as_str())
            .fetch_all(self.connection()?)
            .await?;
        let deleted = sqlx::query("DELETE FROM manifest WHERE repository_id = $1 AND digest = $2 RETURNING size_bytes")
            .bind(repository.0)
            .bind(digest.as_str())
            .fetch_optional(self.connection()?)
            .await?;
        let Some(row) = deleted else { return Ok(None) };
        let bytes: i64 = row.try_get("size_bytes")?;
        self.count(repository, Counters { manifests: -1, tags: -to_i64(tags.len() as u64), bytes: -bytes }).await?;
        let mut names = Vec::with_capacity(tags.len());
        for tag in tags {
            let name: String = tag.try_get("name")?;
            self.mirror(repository, MirrorKind::Tag, &name).await?;
            self.note_tag_deleted(repository, &name, digest.as_str(), stroke).await?;
            names.push(name);
        }
        self.mirror(repository, MirrorKind::Manifest, digest.as_str()).await?;
        Ok(Some(names))
    }
}
