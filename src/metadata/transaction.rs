//! The one writer. Units of work that wait for each other are committed together and share one fsync.
//!
//! Each [`Transaction`] is a savepoint inside the database transaction of its batch. To commit, it releases the
//! savepoint, gives the connection to whoever waits for it, and queues for the connection again: by the time that
//! its second turn comes, all who waited have done their work, and one `COMMIT` serves them all (the mutex is
//! fair). Whoever finds the batch already committed has nothing left to do.

use std::{path::Path, path::PathBuf, sync::Arc};

use prometheus_client::metrics::histogram::Histogram;
use sqlx::{ConnectOptions, Connection as _, sqlite::SqliteConnectOptions};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use super::{Connection, Error, Result, migrations};
use crate::clock::Stopwatch;

/// How much a commit promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// When `commit` returns, a power cut can't undo it.
    Synced,
    /// A crash of the process can't undo it, a power cut within the next moments may. For what a client simply
    /// starts anew, such as an upload session into which nothing was written yet.
    Relaxed,
}

/// The connection that writes.
#[derive(Debug)]
pub(super) struct Writer {
    state: Arc<Mutex<State>>,
    commit_seconds: Histogram,
    wal: PathBuf,
}

#[derive(Debug)]
struct State {
    /// `None` once the database is closed.
    connection: Option<Connection>,
    batch: Option<Batch>,
    /// A unit of work was dropped before its end: its savepoint must be rolled back first.
    abandoned: bool,
    /// The write-ahead log, opened after the first commit (SQLite makes the file then).
    wal: Option<Arc<std::fs::File>>,
    commit_seconds: Histogram,
}

/// Upper bounds for counting how long commits take: from one that need not last to a disk that is in trouble.
const COMMIT_SECONDS: [f64; 10] = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0];

/// The open database transaction, and how those who wait for it learn its end.
#[derive(Debug)]
struct Batch {
    durability: Durability,
    outcome: watch::Sender<Option<Outcome>>,
}

/// `Err` carries the text only: every waiter gets its own copy.
type Outcome = std::result::Result<(), String>;

impl Writer {
    pub(super) async fn open(options: SqliteConnectOptions, path: &Path) -> Result<Self> {
        let mut connection = options.connect().await?;
        migrations::migrator().run(&mut connection).await?;
        let mut wal = path.as_os_str().to_owned();
        wal.push("-wal");
        Ok(Self::new(Some(connection), wal.into()))
    }

    fn new(connection: Option<Connection>, wal: PathBuf) -> Self {
        let commit_seconds = Histogram::new(COMMIT_SECONDS);
        let state =
            State { connection, batch: None, abandoned: false, wal: None, commit_seconds: commit_seconds.clone() };
        Self { state: Arc::new(Mutex::new(state)), commit_seconds, wal }
    }

    pub(super) fn commit_seconds(&self) -> Histogram {
        self.commit_seconds.clone()
    }

    /// One that never writes.
    pub(super) fn closed() -> Self {
        Self::new(None, PathBuf::new())
    }

    pub(super) async fn close(&self) {
        let mut state = self.state.lock().await;
        let rolled_back = state.roll_back_abandoned().await;
        if let Err(error) = rolled_back.and(state.finish_batch(&self.wal).await) {
            tracing::error!(%error, "The last commit before closing the database failed");
        }
        if let Some(connection) = state.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::error!(%error, "Closing the database failed");
        }
    }
}

impl State {
    fn connection(&mut self) -> Result<&mut Connection> {
        self.connection.as_mut().ok_or(Error::Closed)
    }

    /// Brings the connection to where a new savepoint can be set.
    async fn enter(&mut self) -> Result<()> {
        self.roll_back_abandoned().await?;
        if self.batch.is_none() {
            sqlx::raw_sql("BEGIN IMMEDIATE").execute(self.connection()?).await?;
            self.batch = Some(Batch { durability: Durability::Relaxed, outcome: watch::Sender::new(None) });
        }
        sqlx::raw_sql("SAVEPOINT unit").execute(self.connection()?).await?;
        Ok(())
    }

    async fn roll_back_abandoned(&mut self) -> Result<()> {
        if self.abandoned {
            sqlx::raw_sql("ROLLBACK TO unit; RELEASE unit").execute(self.connection()?).await?;
            self.abandoned = false;
        }
        Ok(())
    }

    /// Commits the open batch, if there is one, and tells all who wait for it.
    async fn finish_batch(&mut self, wal: &Path) -> Result<()> {
        let Some(batch) = self.batch.take() else { return Ok(()) };
        let watch = Stopwatch::start();
        let result = self.commit_batch(batch.durability, wal).await;
        self.commit_seconds.observe(watch.seconds());
        let outcome = result.as_ref().copied().map_err(ToString::to_string);
        batch.outcome.send_replace(Some(outcome));
        result
    }

    async fn commit_batch(&mut self, durability: Durability, wal: &Path) -> Result<()> {
        if let Err(error) = sqlx::raw_sql("COMMIT").execute(self.connection()?).await {
            // A full disk, for one: nothing of the batch may stay open behind the error.
            let _ = sqlx::raw_sql("ROLLBACK").execute(self.connection()?).await;
            return Err(error.into());
        }
        if durability == Durability::Relaxed {
            return Ok(());
        }
        let opened = self.wal.clone();
        let path = wal.to_owned();
        let synced = tokio::task::spawn_blocking(move || sync_wal(opened, &path)).await;
        self.wal = Some(synced.map_err(|_| Error::Closed)?.map_err(Error::Sync)?);
        Ok(())
    }
}

/// Forces the write-ahead log to the disk: what SQLite does after each commit under `synchronous=FULL`, but only
/// when a commit of the batch must last (sqlite.org/wal.html, "Performance considerations").
fn sync_wal(opened: Option<Arc<std::fs::File>>, path: &Path) -> std::io::Result<Arc<std::fs::File>> {
    let file = match opened {
        Some(file) => file,
        None => {
            if let Some(directory) = path.parent() {
                std::fs::File::open(directory)?.sync_all()?;
            }
            Arc::new(std::fs::File::open(path)?)
        }
    };
    file.sync_data()?;
    Ok(file)
}

/// One unit of work. Dropped without [`commit`](Self::commit), it leaves no trace.
#[derive(Debug)]
pub struct Transaction {
    writer: Arc<Writer>,
    /// `None` only after `commit` has taken it.
    state: Option<OwnedMutexGuard<State>>,
    /// Whether what changes comes from Distribution's tree, which then need not be told.
    from_tree: bool,
}

impl Transaction {
    pub(super) async fn begin(writer: Arc<Writer>) -> Result<Self> {
        let mut state = Arc::clone(&writer.state).lock_owned().await;
        state.enter().await?;
        Ok(Self { writer, state: Some(state), from_tree: false })
    }

    pub(super) const fn mark_from_tree(&mut self) {
        self.from_tree = true;
    }

    pub(super) const fn is_from_tree(&self) -> bool {
        self.from_tree
    }

    /// The connection, inside this unit of work.
    pub(super) fn connection(&mut self) -> Result<&mut Connection> {
        self.state.as_mut().ok_or(Error::Closed)?.connection()
    }

    /// Commits. When this returns `Ok`, the changes are seen by every reader and are as durable as asked.
    ///
    /// Once called, the commit goes on even if the caller is dropped.
    ///
    /// # Errors
    /// Nothing of this unit of work was kept.
    pub async fn commit(mut self, durability: Durability) -> Result<()> {
        let Some(mut state) = self.state.take() else { return Err(Error::Closed) };
        let writer = Arc::clone(&self.writer);
        let commit = async move {
            // Until it is released, whoever comes next has to roll it back.
            state.abandoned = true;
            sqlx::raw_sql("RELEASE unit").execute(state.connection()?).await?;
            state.abandoned = false;
            let batch = state.batch.as_mut().ok_or(Error::Closed)?;
            if durability == Durability::Synced {
                batch.durability = Durability::Synced;
            }
            let outcome = batch.outcome.subscribe();
            drop(state);

            let mut state = writer.state.lock().await;
            let decided = outcome.borrow().clone();
            match decided {
                Some(outcome) => outcome.map_err(|text| Error::Database(sqlx::Error::Protocol(text))),
                None => {
                    state.roll_back_abandoned().await?;
                    state.finish_batch(&writer.wal).await
                }
            }
        };
        tokio::spawn(commit).await.map_err(|_| Error::Closed)?
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(state) = self.state.as_mut() {
            state.abandoned = true;
        }
    }
}

#[cfg(test)]
mod tests;
