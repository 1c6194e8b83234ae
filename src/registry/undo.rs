//! Bringing back what was deleted, putting tags where they were, and what can be seen of both.
//!
//! What comes back takes the way of what is pushed: the tree follows, the counters are right, whoever is told of pushes
//! is told, and the log says who did it.

use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::{Registry, Result, adoption::Touch};
use crate::{
    audit::{Action, Actor, AuditEntry},
    audit_log,
    explorer::{DeletionKind, KeptDeletion, List, TagChange},
    metadata::{Durability, ManifestRecord, RepositoryId, RestoredTag, Stroke, TagPut, Transaction},
    notifications::{Happening, ManifestFacts},
    oci::{Digest, RepositoryName, Tag},
};

/// How many changes of tags are looked at in one unit of work, so that nobody waits for long.
const AT_ONCE: u32 = 1000;

/// What was brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Where.
    pub repository: RepositoryName,
    /// What was deleted.
    pub kind: DeletionKind,
    /// The tags that were changed by it.
    pub tags: Vec<RestoredTag>,
    /// How many manifests were kept with it.
    pub manifests: u64,
    /// Tags that could not be brought back, because what they named is gone for good.
    pub lost: Vec<Tag>,
}

/// A change of a tag that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagChangeUndone {
    /// The repository.
    pub repository: RepositoryName,
    /// The tag, and where it is now.
    pub tag: RestoredTag,
}

impl Registry {
    /// One page of the changes of a repository's tags, or of one tag, the newest first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn tag_changes(
        &self,
        repository: &RepositoryName,
        tag: Option<&Tag>,
        page: u32,
    ) -> Result<List<TagChange>> {
        self.adopted(repository, Touch::Read).await?;
        Ok(self.metadata().list_tag_changes(repository, tag, self.kept_since(), page).await?)
    }

    /// In which repository which tag was changed.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn tag_change(&self, id: i64) -> Result<Option<(RepositoryName, Tag, Option<Digest>)>> {
        Ok(self.metadata().tag_change(id).await?)
    }

    /// One page of what was deleted and can be restored, the newest first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn kept_deletions(&self, page: u32) -> Result<List<KeptDeletion>> {
        Ok(self.metadata().list_deletions(self.kept_since(), self.undo_time(), page).await?)
    }

    /// For how long what is deleted can be restored; zero if nothing is kept.
    pub fn undo_time(&self) -> Duration {
        // Longer than anyone waits, where the number does not fit.
        let longest = Duration::days(365 * 1000);
        Duration::try_from(self.inner.policy.undo).unwrap_or(longest).min(longest)
    }

    /// Undoes a deletion: what it took is there again. `None` if it is not kept, or was undone already. Durable when
    /// this returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn restore(&self, deletion: i64, by: &Actor) -> Result<Option<Restored>> {
        self.may_change()?;
        let kept = self.metadata().deletion(deletion, self.kept_since(), self.undo_time()).await?;
        let Some(KeptDeletion { repository, kind, manifest_count, digest, .. }) = kept else { return Ok(None) };
        self.adopted(&repository, Touch::Change).await?;
        // Another registry's garbage collection may have taken bytes, if it ran on this folder meanwhile.
        let missing = self.store().missing(self.metadata().deleted_blobs(deletion).await?).await?;
        let mut tx = self.metadata().begin().await?;
        let Some(id) = tx.find_kept_repository(&repository).await? else { return Ok(None) };
        for blob in &missing {
            tx.forget_deleted_blob(blob).await?;
        }
        let kept = tx.deleted_tags(deletion).await?;
        let contents = if self.is_watched() { tx.deleted_manifests(deletion).await? } else { Vec::new() };
        if kind != DeletionKind::Tags {
            tx.restore_content(id, deletion).await?;
        }
        let mut lost = Vec::new();
        for (tag, digest) in &kept {
            if !self.bring_back(&mut tx, id, digest).await? {
                lost.push(tag.clone());
            }
        }
        let stroke = Stroke::restoring(self.now(), &by.name);
        let tags = tx.restore_tags(id, deletion, &stroke).await?;
        tx.recount(id).await?;
        if !tx.forget_deletion(deletion).await? {
            return Ok(None);
        }
        for entry in entries(&stroke, by, &repository, kind, manifest_count, &tags, digest.as_ref()) {
            tx.audit(&entry).await?;
        }
        let told = self.pushes(&mut tx, id, &repository, &tags, contents).await?;
        self.commit(tx, || told).await?;
        Ok(Some(Restored { repository, kind, tags, manifests: manifest_count, lost }))
    }

    /// Takes a change of a tag back: the tag names again what it named before. `None` if there is no such change, or what
    /// it named is neither there nor kept. Durable when this returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn undo_tag_change(&self, change: i64, by: &Actor) -> Result<Option<TagChangeUndone>> {
        let Some((repository, tag, Some(before))) = self.metadata().tag_change(change).await? else { return Ok(None) };
        let put = self.put_tag_as(&repository, &tag, &before, by, true).await?;
        Ok(put.map(|put| {
            let moved_from = if let TagPut::Moved(digest) = put { Some(digest) } else { None };
            TagChangeUndone { repository, tag: RestoredTag { tag, digest: before, moved_from } }
        }))
    }

    /// Puts `tag` on a manifest that the repository has, wherever it was before. `None` if it has no such manifest.
    /// Durable when this returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn put_tag(
        &self,
        repository: &RepositoryName,
        tag: &Tag,
        digest: &Digest,
        by: &Actor,
    ) -> Result<Option<TagPut>> {
        self.put_tag_as(repository, tag, digest, by, false).await
    }

    async fn put_tag_as(
        &self,
        repository: &RepositoryName,
        tag: &Tag,
        digest: &Digest,
        by: &Actor,
        restores: bool,
    ) -> Result<Option<TagPut>> {
        self.may_change()?;
        self.adopted(repository, Touch::Change).await?;
        let mut tx = self.metadata().begin().await?;
        let id =
            if restores { tx.find_kept_repository(repository).await? } else { tx.find_repository(repository).await? };
        let Some(id) = id else { return Ok(None) };
        let there = if restores {
            self.bring_back(&mut tx, id, digest).await?
        } else {
            tx.image_size(id, digest).await?.is_some()
        };
        if !there {
            return Ok(None);
        }
        let stroke = Stroke { at: self.now(), by: &by.name, restores };
        let put = tx.put_tag(id, tag, digest, &stroke).await?;
        if put == TagPut::Unchanged {
            return Ok(Some(put));
        }
        if restores {
            // More than the tag may have come back.
            tx.recount(id).await?;
        }
        let before = if let TagPut::Moved(before) = &put { Some(before) } else { None };
        let action = match (restores, before) {
            (true, _) => Action::TagRestored,
            (false, Some(_)) => Action::TagMoved,
            (false, None) => Action::TagAdded,
        };
        let entry = AuditEntry::new(stroke.at, by, action).about(format!("{repository}:{tag}"));
        tx.audit(&entry.with(json!({ "digest": digest, "before": before }))).await?;
        let restored = RestoredTag { tag: tag.clone(), digest: digest.clone(), moved_from: None };
        let told = self.pushes(&mut tx, id, repository, &[restored], Vec::new()).await?;
        self.commit(tx, || told).await?;
        Ok(Some(put))
    }

    /// Forgets what was kept long enough. How many deletions can't be undone any more.
    ///
    /// # Errors
    /// The database is broken; what was forgotten before stays forgotten.
    pub async fn purge_deletions(&self) -> Result<u64> {
        let mut purged = 0;
        loop {
            let mut tx = self.metadata().begin().await?;
            let more = tx.purge_deletion(self.kept_since()).await?;
            tx.commit(Durability::Relaxed).await?;
            if !more {
                break;
            }
            purged += 1;
        }
        let old = self.now().saturating_sub(audit_log::KEPT);
        loop {
            let mut tx = self.metadata().begin().await?;
            let gone = tx.purge_tag_changes(old, AT_ONCE).await?;
            tx.commit(Durability::Relaxed).await?;
            if gone < u64::from(AT_ONCE) {
                break;
            }
        }
        let mut tx = self.metadata().begin().await?;
        tx.purge_repositories().await?;
        tx.commit(Durability::Relaxed).await?;
        Ok(purged)
    }

    /// What was deleted by then is not kept any more.
    fn kept_since(&self) -> OffsetDateTime {
        self.now().saturating_sub(self.undo_time())
    }

    /// Whether the manifest is there, or could be brought back.
    async fn bring_back(&self, tx: &mut Transaction, id: RepositoryId, digest: &Digest) -> Result<bool> {
        let Some(blobs) = tx.restore_manifest(id, digest, self.kept_since()).await? else { return Ok(false) };
        for blob in self.store().missing(blobs).await? {
            tx.unlink_blob(id, &blob).await?;
        }
        Ok(true)
    }

    /// What is told of tags and manifests that are there again: as if they were pushed.
    async fn pushes(
        &self,
        tx: &mut Transaction,
        id: RepositoryId,
        repository: &RepositoryName,
        tags: &[RestoredTag],
        mut contents: Vec<ManifestRecord>,
    ) -> Result<Vec<Happening>> {
        if !self.is_watched() {
            return Ok(Vec::new());
        }
        for tag in tags {
            if contents.iter().all(|manifest| manifest.digest != tag.digest)
                && let Some(manifest) = tx.manifest(id, &tag.digest).await?
            {
                contents.push(manifest);
            }
        }
        let mut pushes = Vec::new();
        for ManifestRecord { digest, media_type, content } in contents {
            let content = bytes::Bytes::from(content);
            let push = |tag: Option<Tag>| {
                let (repository, digest) = (repository.clone(), digest.clone());
                let facts =
                    ManifestFacts { repository, digest, media_type: media_type.clone(), content: content.clone(), tag };
                Happening::ManifestPushed(facts)
            };
            let named: Vec<_> =
                tags.iter().filter(|tag| tag.digest == digest).map(|tag| push(Some(tag.tag.clone()))).collect();
            if named.is_empty() { pushes.push(push(None)) } else { pushes.extend(named) }
        }
        Ok(pushes)
    }
}

/// What the log says of what was brought back.
fn entries(
    stroke: &Stroke<'_>,
    by: &Actor,
    repository: &RepositoryName,
    kind: DeletionKind,
    manifests: u64,
    tags: &[RestoredTag],
    digest: Option<&Digest>,
) -> Vec<AuditEntry> {
    match kind {
        DeletionKind::Tags => tags
            .iter()
            .map(|RestoredTag { tag, digest, moved_from }| {
                let entry = AuditEntry::new(stroke.at, by, Action::TagRestored).about(format!("{repository}:{tag}"));
                entry.with(json!({ "digest": digest, "before": moved_from }))
            })
            .collect(),
        DeletionKind::Manifest => {
            let names: Vec<_> = tags.iter().map(|tag| tag.tag.to_string()).collect();
            let about = digest.map(|digest| format!("{repository}@{digest}")).unwrap_or_default();
            let entry = AuditEntry::new(stroke.at, by, Action::ManifestRestored).about(about);
            vec![entry.with(json!({ "tags": names }))]
        }
        DeletionKind::Repository => {
            let entry = AuditEntry::new(stroke.at, by, Action::RepositoryRestored).about(repository);
            vec![entry.with(json!({ "tag_count": tags.len(), "manifest_count": manifests }))]
        }
    }
}

#[cfg(test)]
mod tests;
