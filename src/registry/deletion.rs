//! Taking away: tags, manifests, whole repositories. What goes is gone for every client at once, and kept aside for a
//! time, so that it can be brought back ([`undo`](super::undo)). No bytes are taken from the disk.

use serde_json::json;

use super::{Error, Registry, Result, adoption::Touch};
use crate::{
    audit::{Action, Actor, AuditEntry},
    metadata::{Durability, RepositoryId, Stroke, Transaction},
    notifications::Happening,
    oci::{Digest, Reference, RepositoryName, Tag},
};

/// So many tags of what is deleted are named in the audit log at most.
const TAGS_NOTED: usize = 100;

/// What a deletion took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletedManifest {
    /// A tag; its manifest is still there by digest.
    Tag,
    /// A manifest and every tag on it.
    Manifest,
    /// Nothing: there was none.
    Nothing,
}

/// A deletion that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// By this number it can be undone; `None` if nothing is kept.
    pub undo: Option<i64>,
    /// How many tags went.
    pub tags: u64,
    /// How many manifests went.
    pub manifests: u64,
}

impl Registry {
    /// Takes away a tag, or a manifest with every tag on it, and notes who did it. Durable when this returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_manifest(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        by: &Actor,
    ) -> Result<DeletedManifest> {
        Ok(match reference {
            Reference::Tag(tag) => {
                let deleted = self.delete_tags(repository, std::slice::from_ref(tag), by).await?;
                deleted.map_or(DeletedManifest::Nothing, |_| DeletedManifest::Tag)
            }
            Reference::Digest(digest) => {
                let deleted = self.delete_by_digest(repository, digest, by).await?;
                deleted.map_or(DeletedManifest::Nothing, |_| DeletedManifest::Manifest)
            }
        })
    }

    /// Takes a tag away; its manifest stays reachable by digest. `false` if there was none. Durable when this
    /// returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_tag(&self, repository: &RepositoryName, tag: &Tag, by: &Actor) -> Result<bool> {
        Ok(self.delete_tags(repository, std::slice::from_ref(tag), by).await?.is_some())
    }

    /// Takes those of `tags` away that are there, in one step; their manifests stay. `None` if none was there. Durable
    /// when this returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_tags(&self, repository: &RepositoryName, tags: &[Tag], by: &Actor) -> Result<Option<Deletion>> {
        let Some((mut tx, id)) = self.begin_deletion(repository).await? else { return Ok(None) };
        let stroke = Stroke::new(self.now(), &by.name);
        let undo = if self.keeps() { Some(tx.keep_tags(id, tags, &stroke).await?) } else { None };
        let mut deleted = Vec::new();
        for tag in tags {
            let Some(digest) = tx.delete_tag(id, tag, &stroke).await? else { continue };
            let entry = AuditEntry::new(stroke.at, by, Action::TagDeleted).about(format!("{repository}:{tag}"));
            tx.audit(&entry.with(json!({ "digest": digest }))).await?;
            deleted.push(tag.clone());
        }
        if deleted.is_empty() {
            return Ok(None);
        }
        let count = deleted.len() as u64;
        let told = || deleted.into_iter().map(|tag| Happening::TagDeleted(repository.clone(), tag)).collect();
        self.commit(tx, told).await?;
        Ok(Some(Deletion { undo, tags: count, manifests: 0 }))
    }

    /// Takes a manifest away with every tag on it. `None` if there was none. Durable when this returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_by_digest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        by: &Actor,
    ) -> Result<Option<Deletion>> {
        let Some((mut tx, id)) = self.begin_deletion(repository).await? else { return Ok(None) };
        let stroke = Stroke::new(self.now(), &by.name);
        let tags = if self.is_watched() { tx.tags_on(id, digest).await? } else { Vec::new() };
        let undo = if self.keeps() { Some(tx.keep_manifest(id, digest, &stroke).await?) } else { None };
        let Some(mut names) = tx.delete_manifest(id, digest, &stroke).await? else { return Ok(None) };
        let count = names.len();
        names.truncate(TAGS_NOTED);
        let entry = AuditEntry::new(stroke.at, by, Action::ManifestDeleted).about(format!("{repository}@{digest}"));
        tx.audit(&entry.with(json!({ "tags": names, "tag_count": count }))).await?;
        // Of a manifest, and then of each tag that went with it, as Distribution does.
        let told = || {
            let manifest = Happening::ManifestDeleted(repository.clone(), digest.clone());
            let tags = tags.into_iter().map(|tag| Happening::TagDeleted(repository.clone(), tag));
            std::iter::once(manifest).chain(tags).collect()
        };
        self.commit(tx, told).await?;
        Ok(Some(Deletion { undo, tags: count as u64, manifests: 1 }))
    }

    /// Takes a repository away with all its tags, manifests and its right to serve blobs; for every client it is then as
    /// if nothing had ever been pushed there. `None` if there was none. Durable when this returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn delete_repository(&self, repository: &RepositoryName, by: &Actor) -> Result<Option<Deletion>> {
        let Some((mut tx, id)) = self.begin_deletion(repository).await? else { return Ok(None) };
        let stroke = Stroke::new(self.now(), &by.name);
        let (manifests, tags) = tx.contents_of(id).await?;
        let told = if self.is_watched() { deletions(repository, &mut tx, id).await? } else { Vec::new() };
        let undo = if self.keeps() { Some(tx.keep_repository(id, &stroke).await?) } else { None };
        tx.delete_repository(id, &stroke).await?;
        let entry = AuditEntry::new(stroke.at, by, Action::RepositoryDeleted).about(repository);
        tx.audit(&entry.with(json!({ "tag_count": tags, "manifest_count": manifests }))).await?;
        self.commit(tx, || told).await?;
        Ok(Some(Deletion { undo, tags, manifests }))
    }

    /// Whether what is deleted is kept for a time.
    pub(super) fn keeps(&self) -> bool {
        !self.inner.policy.undo.is_zero()
    }

    async fn begin_deletion(&self, repository: &RepositoryName) -> Result<Option<(Transaction, RepositoryId)>> {
        self.may_change()?;
        self.adopted(repository, Touch::Change).await?;
        let mut tx = self.metadata().begin().await?;
        let id = tx.find_repository(repository).await?;
        Ok(id.map(|id| (tx, id)))
    }

    /// Tells what was done and makes it durable.
    pub(super) async fn commit(
        &self,
        mut tx: Transaction,
        told: impl FnOnce() -> Vec<Happening> + Send,
    ) -> Result<(), Error> {
        let told = self.tell(&mut tx, told).await?;
        tx.commit(Durability::Synced).await?;
        told.committed();
        self.wake_mirror();
        Ok(())
    }
}

/// What is told of a repository that is about to be taken away: each manifest, and then each tag.
async fn deletions(repository: &RepositoryName, tx: &mut Transaction, id: RepositoryId) -> Result<Vec<Happening>> {
    let (manifests, tags) = tx.names_in(id).await?;
    let manifests = manifests.into_iter().map(|digest| Happening::ManifestDeleted(repository.clone(), digest));
    let tags = tags.into_iter().map(|tag| Happening::TagDeleted(repository.clone(), tag));
    Ok(manifests.chain(tags).collect())
}
