//! Adoption: a folder that Distribution has filled, or has written to since, is served from the first second on. Its
//! repositories are read one after the other in the background, and one that is asked for before its turn is read
//! then; whoever asks for the same waits for the same reading.
//!
//! It goes on at each start, because between two runs of this process Distribution may have written to the folder:
//! reading a repository again and finding nothing new takes a look at each of its links.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_util::{StreamExt as _, stream};
use tokio::sync::{Semaphore, watch};

use super::{Error, Registry, Result};
use crate::{
    blob_store::tree::{Found, Problem},
    oci::RepositoryName,
};

mod examine;
mod plan;
mod run;

/// How many repositories are read at the same time: one waits for the disk while another is written to the database.
const AT_A_TIME: usize = 2;

/// So many problems are kept for the list; all are counted, and logged.
const PROBLEMS_MAX: usize = 100_000;

/// How far the adoption has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AdoptionProgress {
    /// How many repositories were read.
    pub done: usize,
    /// How many there are; 0 until they have been counted.
    pub total: usize,
    /// How many things could not be taken over so far.
    pub problems: usize,
}

/// What the engine keeps for the adoption.
#[derive(Debug)]
pub(super) struct Adoption {
    /// Every repository was read: from now on nothing but this process changes anything.
    complete: AtomicBool,
    /// A std mutex: held to look and to mark, never across an await.
    state: Mutex<State>,
    /// Whether the names of all repositories are known.
    named: watch::Sender<bool>,
    turns: Semaphore,
}

#[derive(Debug, Default)]
struct State {
    /// The repositories whose reading has begun, and how it ended.
    runs: HashMap<RepositoryName, watch::Receiver<Run>>,
    /// Those that were not read yet, and whether a manifest was ever pushed there.
    unread: BTreeMap<RepositoryName, bool>,
    progress: AdoptionProgress,
    problems: Vec<Problem>,
}

/// How the reading of a repository stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    Going,
    Done,
    Failed,
}

/// What a request wants of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Touch {
    /// To look: of a repository that is nowhere there is nothing to know.
    Read,
    /// To change: from here on its reading must not begin any more.
    Change,
}

impl Adoption {
    /// Nothing to be adopted if `wanted` is not set: the folder is only ever written by this program.
    pub fn new(wanted: bool) -> Self {
        Self {
            complete: AtomicBool::new(!wanted),
            state: Mutex::default(),
            named: watch::Sender::new(false),
            turns: Semaphore::new(2 * AT_A_TIME),
        }
    }

    fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry {
    /// Reads every repository of the tree, and those that only the database knows. Returns how it ended; when this
    /// returns without failures, the whole tree was taken over.
    ///
    /// # Errors
    /// The folder of repositories can't be read, or the database is broken.
    pub async fn adopt(&self) -> Result<AdoptionSummary> {
        let adoption = &self.inner.adoption;
        let begun = self.now();
        let names = self.names_to_adopt().await;
        // Whatever came of it, nobody has to wait for the names any longer.
        adoption.named.send_replace(true);
        let names = names?;
        let failed = stream::iter(names)
            .map(|name| async move { self.read_tree_of(&name, Touch::Change).await.is_err() })
            .buffer_unordered(AT_A_TIME)
            .filter(|failed| std::future::ready(*failed))
            .count()
            .await;
        let (progress, problems) = {
            let mut state = adoption.state();
            if failed == 0 {
                adoption.complete.store(true, Ordering::Release);
                state.runs = HashMap::new();
            }
            (state.progress, std::mem::take(&mut state.problems))
        };
        Ok(AdoptionSummary {
            repositories: progress.total,
            failed,
            count: progress.problems,
            problems,
            took: self.now() - begun,
        })
    }

    /// How far the adoption has come; `None` once it is complete.
    pub fn adoption_progress(&self) -> Option<AdoptionProgress> {
        let adoption = &self.inner.adoption;
        (!adoption.is_complete()).then(|| adoption.state().progress)
    }

    /// Lists what could not be taken over in a file below the root, for programs.
    ///
    /// # Errors
    /// The file can't be written.
    pub async fn list_problems(&self, problems: &[Problem]) -> Result<()> {
        Ok(self.store().tree().list_problems(problems).await?)
    }

    async fn names_to_adopt(&self) -> Result<Vec<RepositoryName>> {
        let adoption = &self.inner.adoption;
        let found = self.store().tree().names().await?;
        let known = self.metadata().repository_names().await?;
        report(&found.problems);
        let mut names: BTreeMap<RepositoryName, bool> = known.into_iter().map(|name| (name, false)).collect();
        names.extend(found.repositories.into_iter().map(|Found { name, has_manifests }| (name, has_manifests)));
        let all = names.keys().cloned().collect();
        let mut state = adoption.state();
        state.progress.total = names.len();
        names.retain(|name, _| !state.is_read(name));
        state.unread = names;
        state.progress.done = state.progress.total - state.unread.len();
        state.keep(found.problems);
        Ok(all)
    }

    /// Makes sure that what the tree says of `name` is known. To be called before whatever reads or changes it.
    ///
    /// # Errors
    /// The database is broken.
    pub(super) async fn adopted(&self, name: &RepositoryName, touch: Touch) -> Result<()> {
        // The way of nearly all requests.
        if self.inner.adoption.is_complete() {
            return Ok(());
        }
        self.read_tree_of(name, touch).await
    }

    async fn read_tree_of(&self, name: &RepositoryName, touch: Touch) -> Result<()> {
        let adoption = &self.inner.adoption;
        let begun = adoption.state().runs.get(name).cloned();
        let mut run = match begun {
            Some(run) => run,
            // Else names that nobody has would be remembered.
            None if touch == Touch::Read
                && !self.store().tree().has(name).await?
                && !self.metadata().has_repository(name).await? =>
            {
                return Ok(());
            }
            None => self.begin_reading(name),
        };
        let ended = run.wait_for(|run| *run != Run::Going).await.map(|run| *run);
        match ended {
            Ok(Run::Done) => Ok(()),
            _ => Err(Error::Inconsistent("a repository could not be taken over from the tree")),
        }
    }

    /// Begins to read, or joins who has begun. In a task of its own: a client that goes away takes nothing with it.
    fn begin_reading(&self, name: &RepositoryName) -> watch::Receiver<Run> {
        let mut state = self.inner.adoption.state();
        if self.inner.adoption.is_complete() {
            // It became so a moment ago, and nothing may be read any more while others write.
            return watch::channel(Run::Done).1;
        }
        if let Some(run) = state.runs.get(name) {
            return run.clone();
        }
        let (end, run) = watch::channel(Run::Going);
        state.runs.insert(name.clone(), run.clone());
        drop(state);
        let (registry, name) = (self.clone(), name.clone());
        tokio::spawn(async move {
            let adoption = &registry.inner.adoption;
            let turn = adoption.turns.acquire().await;
            let outcome = run::run(&registry, &name).await;
            drop(turn);
            let mut state = adoption.state();
            let ended = match outcome {
                Ok(outcome) => {
                    state.finish(&name, outcome);
                    Run::Done
                }
                Err(error) => {
                    // At the end of the process nothing is wrong: the next start goes on.
                    if !registry.metadata().is_closed() {
                        tracing::error!(repository = %name, %error, "A repository could not be taken over; it is tried again");
                    }
                    state.runs.remove(&name);
                    Run::Failed
                }
            };
            // With the state still locked: who counts what was read sees both or neither.
            end.send_replace(ended);
            drop(state);
        });
        run
    }

    /// Up to `limit` names of repositories with manifests that were not read yet and may be read by the caller, in byte
    /// order, after `last`. Waits until the names on the tree are known.
    pub(super) async fn unread_after(
        &self,
        last: &str,
        limit: u32,
        may_read: impl Fn(&RepositoryName) -> bool + Send,
    ) -> Vec<RepositoryName> {
        let adoption = &self.inner.adoption;
        if adoption.is_complete() {
            return Vec::new();
        }
        // The sender lives as long as the engine.
        let _ = adoption.named.subscribe().wait_for(|named| *named).await;
        let state = adoption.state();
        let unread = state.unread.iter().filter(|(name, has_manifests)| **has_manifests && name.as_str() > last);
        let unread = unread.filter(|(name, _)| may_read(name));
        unread.take(usize::try_from(limit).unwrap_or(usize::MAX)).map(|(name, _)| name.clone()).collect()
    }
}

/// How an adoption ended.
#[derive(Clone, Debug)]
pub struct AdoptionSummary {
    /// How many repositories there are.
    pub repositories: usize,
    /// How many of them could not be read, and are to be tried again.
    pub failed: usize,
    /// How many things could not be taken over.
    pub count: usize,
    /// What could not be taken over, as far as it is kept.
    pub problems: Vec<Problem>,
    /// How long it took.
    pub took: time::Duration,
}

impl State {
    fn is_read(&self, name: &RepositoryName) -> bool {
        self.runs.get(name).is_some_and(|run| *run.borrow() == Run::Done)
    }

    fn finish(&mut self, name: &RepositoryName, outcome: run::Outcome) {
        if self.unread.remove(name).is_some() {
            self.progress.done += 1;
        }
        report(&outcome.problems);
        if outcome.changed {
            tracing::debug!(repository = %name, "Took {name} over from the tree");
        }
        self.keep(outcome.problems);
    }

    fn keep(&mut self, problems: Vec<Problem>) {
        self.progress.problems += problems.len();
        let room = PROBLEMS_MAX.saturating_sub(self.problems.len());
        self.problems.extend(problems.into_iter().take(room));
    }
}

/// Logs what could not be taken over, each thing once.
fn report(problems: &[Problem]) {
    for problem in problems {
        let (kind, path) = (problem.kind.as_str(), &problem.path);
        if problem.kind.is_harmless() {
            tracing::info!(kind, path, "Left alone: {problem}");
        } else {
            tracing::warn!(kind, path, "Not taken over: {problem}");
        }
    }
}
