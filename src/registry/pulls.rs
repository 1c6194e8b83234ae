//! How often tags are pulled, and when last.
//!
//! Noted in memory by each pull and written behind it, by whoever calls [`Registry::write_pulls`] now and then: a pull
//! must not wait for the database to write.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::{Registry, Result};
use crate::{
    metadata::{Durability, PullRecord},
    oci::{Reference, RepositoryName},
};

/// How many wait to be written at most; more are not noted. Some 200 bytes each.
const WAITING_MAX: usize = 50_000;

/// So many are written in one unit of work, so that pushes get their turn.
const ROWS: usize = 500;

/// What waits to be written.
#[derive(Debug, Default)]
pub(super) struct Pulls {
    /// A std mutex: held for a look-up, never across an await.
    waiting: Mutex<HashMap<(RepositoryName, Reference), PullRecord>>,
}

impl Registry {
    /// Notes that what `reference` names is pulled now. A pull by digest counts for every tag on it: clients ask for
    /// the digest behind a tag first, and then pull that.
    pub fn note_pull(&self, repository: &RepositoryName, reference: &Reference) {
        let at = self.now();
        let mut waiting = self.inner.pulls.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let full = waiting.len() >= WAITING_MAX;
        let key = (repository.clone(), reference.clone());
        if let Some(noted) = waiting.get_mut(&key) {
            noted.count = noted.count.saturating_add(1);
            noted.last_at = at;
        } else if !full {
            waiting.insert(key, PullRecord { count: 1, last_at: at });
        }
    }

    /// Writes down what was noted of pulls since; of how many names.
    ///
    /// # Errors
    /// The database is broken. What was noted and not written is lost then, and nothing else.
    pub async fn write_pulls(&self) -> Result<usize> {
        let noted = std::mem::take(&mut *self.inner.pulls.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        let count = noted.len();
        let noted: Vec<_> = noted.into_iter().collect();
        for part in noted.chunks(ROWS) {
            let mut tx = self.metadata().begin().await?;
            for ((repository, reference), pulled) in part {
                tx.note_pull(repository, reference, *pulled).await?;
            }
            tx.commit(Durability::Relaxed).await?;
        }
        Ok(count)
    }
}
