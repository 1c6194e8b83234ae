//! One repository, brought into agreement: the tree is read, compared with the database, and the difference written.

use std::collections::{HashMap, HashSet};

use time::OffsetDateTime;

use super::{
    super::{Registry, Result},
    examine::{Examined, examine},
    plan::Plan,
};
use crate::{
    blob_store::tree::{
        Contents, Problem, ProblemKind, Tree,
        read::{Layer, Target},
    },
    metadata::{Durability, KnownNames, RepositoryId, Stroke},
    oci::{Digest, RepositoryName, Tag},
};

/// No manifest is longer: Distribution takes in 4 MiB.
const MANIFEST_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// So many manifests are read and written at a time.
const MANIFESTS: usize = 64;

/// So many blobs or tags are written at a time, so that pushes elsewhere wait for a moment only.
const ROWS: usize = 2000;

/// What a run has found.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What could not be taken over.
    pub problems: Vec<Problem>,
    /// Whether anything was different.
    pub changed: bool,
}

/// Brings the database into agreement with the folder of `name`. Nothing else may change the repository meanwhile.
///
/// What is written is not forced to the disk: if it is lost, the tree still says it.
pub(super) async fn run(registry: &Registry, name: &RepositoryName) -> Result<Outcome> {
    // First what the tree was not told yet: afterwards, every difference is Distribution's.
    registry.write_mirror_of(Some(name)).await?;
    let tree = registry.store().tree();
    let mut contents = tree.read(name).await?;
    let known = registry.metadata().known_names(name).await?;
    let plan = Plan::new(&contents, &known);
    let mut run = Run {
        registry,
        name,
        problems: std::mem::take(&mut contents.problems),
        sizes: known.manifests.clone(),
        suspects: HashSet::new(),
        tree,
    };
    let changed = !plan.is_empty();
    if changed {
        run.apply(plan, &contents, &known).await?;
    }
    Ok(Outcome { problems: run.problems, changed })
}

struct Run<'a> {
    registry: &'a Registry,
    name: &'a RepositoryName,
    tree: Tree,
    problems: Vec<Problem>,
    /// The manifests that the repository has, each with the size of all that it references.
    sizes: HashMap<Digest, u64>,
    /// Blobs of which a manifest says another size than their bytes have.
    suspects: HashSet<Digest>,
}

impl Run<'_> {
    async fn apply(&mut self, plan: Plan, contents: &Contents, known: &KnownNames) -> Result<()> {
        let id = self.repository(contents).await?;
        for digest in &plan.changed {
            self.report_blob(digest, "it has another size than when it was pushed");
        }
        self.link(id, plan.link).await?;
        self.adopt(id, plan.adopt, contents).await?;
        for digest in &plan.forget {
            self.sizes.remove(digest);
        }
        self.tag(id, plan.tags, known).await?;

        let mut unlink = plan.unlink;
        unlink.extend(self.corrupt_suspects().await?);
        let mut tx = self.registry.metadata().begin_from_tree().await?;
        // Leaves no history: who did it there is not known.
        let stroke = Stroke::new(self.registry.now(), "");
        for tag in &plan.untag {
            tx.delete_tag(id, tag, &stroke).await?;
        }
        for digest in &plan.forget {
            tx.delete_manifest(id, digest, &stroke).await?;
        }
        for digest in &unlink {
            tx.unlink_blob(id, digest).await?;
        }
        tx.recount(id).await?;
        tx.commit(Durability::Relaxed).await?;
        self.mend(id, &plan.mend).await
    }

    /// The repository, made if there is none: as old as the oldest thing in it.
    async fn repository(&self, contents: &Contents) -> Result<RepositoryId> {
        let revisions = contents.revisions.entries.values().map(|revision| revision.at);
        let oldest = revisions.chain(contents.layers.entries.values().map(|layer| layer.at)).min();
        let mut tx = self.registry.metadata().begin_from_tree().await?;
        let id = tx.repository(self.name, oldest.unwrap_or_else(|| self.registry.now())).await?;
        tx.commit(Durability::Relaxed).await?;
        Ok(id)
    }

    async fn link(&mut self, id: RepositoryId, layers: Vec<(Digest, Layer)>) -> Result<()> {
        for part in layers.chunks(ROWS) {
            let digests: Vec<Digest> = part.iter().map(|(digest, _)| digest.clone()).collect();
            let known = self.registry.metadata().blob_sizes(&digests).await?;
            let mut blobs = Vec::with_capacity(part.len());
            for (digest, layer) in part {
                let Some(size) = layer.size else { continue };
                if known.get(digest).is_some_and(|known| *known != size) {
                    self.report_blob(digest, "it has another size than when it was pushed");
                    continue;
                }
                if let Some(stored_as) = &layer.stored_as
                    && !self.tree.add_name(stored_as.clone(), digest.clone()).await?
                {
                    let detail = format!("its bytes lie under {stored_as}, and the file system has no hard links");
                    self.problems.push(self.tree.layer_problem(ProblemKind::Unreadable, self.name, digest, &detail));
                    continue;
                }
                blobs.push((digest.clone(), size, layer.at));
            }
            let mut tx = self.registry.metadata().begin_from_tree().await?;
            tx.adopt_blobs(id, &blobs).await?;
            tx.commit(Durability::Relaxed).await?;
        }
        Ok(())
    }

    /// Images first, because the size of an index is that of its images; of indexes the innermost first.
    async fn adopt(
        &mut self,
        id: RepositoryId,
        wanted: Vec<(Digest, OffsetDateTime)>,
        contents: &Contents,
    ) -> Result<()> {
        let mut indexes = Vec::new();
        for part in wanted.chunks(MANIFESTS) {
            let mut images = Vec::with_capacity(part.len());
            for examined in self.examine(part).await? {
                self.compare_sizes(&examined, contents);
                if examined.is_index() {
                    let children = examined.record.references.into_iter().map(|(_, child)| child).collect();
                    indexes.push((examined.record.digest, examined.record.pushed_at, children));
                } else {
                    images.push(examined);
                }
            }
            self.keep(id, images).await?;
        }
        for level in levels(indexes) {
            for part in level.chunks(MANIFESTS) {
                let examined = self.examine(part).await?;
                self.keep(id, examined).await?;
            }
        }
        Ok(())
    }

    async fn examine(&mut self, wanted: &[(Digest, OffsetDateTime)]) -> Result<Vec<Examined>> {
        let digests = wanted.iter().map(|(digest, _)| digest.clone()).collect();
        let contents = self.tree.manifests(digests, MANIFEST_BYTES_MAX).await?;
        let mut examined = Vec::with_capacity(wanted.len());
        for ((digest, at), content) in wanted.iter().zip(contents) {
            match examine(digest, content, *at) {
                Ok(manifest) => examined.push(manifest),
                Err((kind, detail)) => {
                    self.problems.push(self.tree.manifest_problem(kind, self.name, digest, &detail));
                }
            }
        }
        Ok(examined)
    }

    async fn keep(&mut self, id: RepositoryId, examined: Vec<Examined>) -> Result<()> {
        let mut records = Vec::with_capacity(examined.len());
        for Examined { mut record, manifest } in examined {
            if let Some(manifest) = manifest {
                let mut seen = HashSet::new();
                let blobs = manifest.blobs().filter(|blob| seen.insert(&blob.digest)).map(|blob| blob.size);
                let children = manifest.manifests().iter().filter_map(|child| self.sizes.get(&child.digest).copied());
                record.image_size = blobs.chain(children).fold(record.image_size, u64::saturating_add);
            }
            self.sizes.insert(record.digest.clone(), record.image_size);
            records.push(record);
        }
        let mut tx = self.registry.metadata().begin_from_tree().await?;
        tx.adopt_manifests(id, &records).await?;
        Ok(tx.commit(Durability::Relaxed).await?)
    }

    /// Notes the blobs whose bytes have another size than the manifest says: one of the two is wrong.
    fn compare_sizes(&mut self, examined: &Examined, contents: &Contents) {
        let Some(manifest) = &examined.manifest else { return };
        for blob in manifest.blobs() {
            let size = contents.layers.entries.get(&blob.digest).and_then(|layer| layer.size);
            if size.is_some_and(|size| size != blob.size) {
                self.suspects.insert(blob.digest.clone());
            }
        }
    }

    /// Those of the suspects whose bytes are not those of their digest.
    async fn corrupt_suspects(&mut self) -> Result<Vec<Digest>> {
        let mut corrupt = Vec::new();
        for digest in std::mem::take(&mut self.suspects) {
            if self.registry.store().check(&digest).await?.is_none_or(|actual| actual != digest) {
                self.report_blob(&digest, "a manifest says another size, and the bytes have another digest");
                corrupt.push(digest);
            }
        }
        Ok(corrupt)
    }

    async fn tag(&mut self, id: RepositoryId, tags: Vec<(Tag, Target)>, known: &KnownNames) -> Result<()> {
        let mut moved = Vec::with_capacity(tags.len());
        for (tag, Target { digest, at }) in tags {
            if self.sizes.contains_key(&digest) {
                moved.push((tag, digest, at));
            } else {
                let kept = if known.tags.contains_key(&tag) { "; it stays where it was" } else { "" };
                let detail = format!("there is no manifest {digest}{kept}");
                self.problems.push(self.tree.tag_problem(ProblemKind::DanglingTag, self.name, &tag, &detail));
            }
        }
        for part in moved.chunks(ROWS) {
            let mut tx = self.registry.metadata().begin_from_tree().await?;
            tx.adopt_tags(id, part).await?;
            tx.commit(Durability::Relaxed).await?;
        }
        Ok(())
    }

    async fn mend(&self, id: RepositoryId, names: &[(crate::metadata::MirrorKind, String)]) -> Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let mut tx = self.registry.metadata().begin().await?;
        for (kind, name) in names {
            tx.mirror(id, *kind, name).await?;
        }
        tx.commit(Durability::Synced).await?;
        self.registry.wake_mirror();
        Ok(())
    }

    fn report_blob(&mut self, digest: &Digest, detail: &str) {
        self.problems.push(self.tree.layer_problem(ProblemKind::CorruptContent, self.name, digest, detail));
    }
}

type Index = (Digest, OffsetDateTime, Vec<Digest>);

/// Indexes in groups, each naming only indexes of the groups before it.
fn levels(mut indexes: Vec<Index>) -> Vec<Vec<(Digest, OffsetDateTime)>> {
    let mut levels = Vec::new();
    while !indexes.is_empty() {
        let open: HashSet<Digest> = indexes.iter().map(|(digest, ..)| digest.clone()).collect();
        let (mut ready, rest): (Vec<Index>, Vec<Index>) =
            indexes.into_iter().partition(|(_, _, children)| !children.iter().any(|child| open.contains(child)));
        indexes = rest;
        // No index can name itself, so that there is always one; should the impossible happen, it ends all the same.
        if ready.is_empty() {
            ready.append(&mut indexes);
        }
        levels.push(ready.into_iter().map(|(digest, at, _)| (digest, at)).collect());
    }
    levels
}
