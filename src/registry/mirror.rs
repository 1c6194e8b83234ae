//! The mirror: what was changed here is written to Distribution's tree behind the commit, so that Distribution can be
//! started on the same folder again, and the database be built anew from the tree.
//!
//! Writing the same twice changes nothing, and a row goes only when its files outlast a power cut: so a crash at any
//! moment is mended by going on.

use std::collections::HashMap;

use tokio::sync::{Mutex, Notify};

use super::{Registry, Result};
use crate::{
    blob_store::tree::Change,
    metadata::{Durability, MirrorRow, Mirrored},
    oci::RepositoryName,
};

/// How many changes are written at a time: enough to share the waiting for the disk, few enough to keep little in
/// memory.
const BATCH: u32 = 250;

/// What the engine keeps for the mirror.
#[derive(Debug, Default)]
pub(super) struct Mirror {
    /// Held by the one who writes to the tree. Tokio's, because it is held while waiting for the disk.
    writing: Mutex<()>,
    /// Something has changed since it was last looked.
    changed: Notify,
}

/// What one round of the mirror has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MirrorRound {
    /// How many changes stand on the tree now.
    pub written: usize,
    /// How many could not be written, and wait on.
    pub failed: usize,
}

impl Registry {
    /// Writes to Distribution's tree all that has changed since it was last done. What can't be written is logged,
    /// and tried again by the next call.
    ///
    /// # Errors
    /// The database is broken, or a folder of the tree can't be forced to the disk.
    pub async fn write_mirror(&self) -> Result<MirrorRound> {
        self.write_mirror_of(None).await
    }

    /// How many changes wait to be written to the tree.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn mirror_length(&self) -> Result<u64> {
        Ok(self.metadata().mirror_length().await?)
    }

    /// Returns when something has changed since this was last called.
    pub async fn mirror_changed(&self) {
        self.inner.mirror.changed.notified().await;
    }

    /// Says that something was committed which the tree does not say yet.
    pub(super) fn wake_mirror(&self) {
        self.inner.mirror.changed.notify_one();
    }

    /// As [`write_mirror`](Self::write_mirror), for one repository or for all.
    pub(super) async fn write_mirror_of(&self, repository: Option<&RepositoryName>) -> Result<MirrorRound> {
        let _writing = self.inner.mirror.writing.lock().await;
        let mut round = MirrorRound::default();
        let mut after = 0;
        loop {
            let rows = self.metadata().mirror_rows(repository, after, BATCH).await?;
            let Some(last) = rows.last() else { return Ok(round) };
            after = last.id;
            let (changes, ids) = gather(rows);
            let results = self.store().tree().write(changes).await?;
            let mut written = Vec::new();
            for (result, ids) in results.into_iter().zip(ids) {
                match result {
                    Ok(()) => written.extend(ids),
                    Err(error) => {
                        tracing::error!(%error, "A change could not be written to the tree; it is tried again");
                        round.failed += ids.len();
                    }
                }
            }
            let mut tx = self.metadata().begin().await?;
            tx.mirrored(&written).await?;
            // If a power cut undoes it, they are written once more.
            tx.commit(Durability::Relaxed).await?;
            round.written += written.len();
        }
    }
}

/// What the tree is to be told, and the rows that say so: several of the same name are one change, because each row
/// brings what holds now.
fn gather(rows: Vec<MirrorRow>) -> (Vec<Change>, Vec<Vec<i64>>) {
    let mut known: HashMap<(RepositoryName, String), usize> = HashMap::new();
    let (mut changes, mut ids) = (Vec::new(), Vec::<Vec<i64>>::new());
    for MirrorRow { id, repository, state } in rows {
        let name = match &state {
            Mirrored::Blob(digest, _) => format!("blob {digest}"),
            Mirrored::Manifest(digest, _) => format!("manifest {digest}"),
            Mirrored::Tag(tag, _) => format!("tag {tag}"),
            Mirrored::Repository(_) => "repository".to_owned(),
        };
        let position = *known.entry((repository.clone(), name)).or_insert(changes.len());
        if let Some(ids) = ids.get_mut(position) {
            ids.push(id);
            continue;
        }
        ids.push(vec![id]);
        changes.push(match state {
            Mirrored::Blob(digest, linked) => Change::Layer { repository, digest, linked },
            Mirrored::Manifest(digest, kept) => Change::Manifest { repository, digest, kept },
            Mirrored::Tag(tag, target) => Change::Tag { repository, tag, target },
            Mirrored::Repository(there) => Change::Repository { repository, there },
        });
    }
    (changes, ids)
}
