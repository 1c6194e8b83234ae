//! The database: the truth for every name. All SQL of the product stands below this module.
//!
//! Reads go to a pool of read-only connections and never wait for a writer. Writes go through one connection
//! (see [`transaction`]), because SQLite has one writer at a time anyway and so none of them meets a lock.
//! Absent is `Ok(None)`; an [`Error`] means that the database is broken or the program wrong.

use std::{path::Path, sync::Arc};

use prometheus_client::metrics::histogram::Histogram;
use sqlx::{
    Sqlite, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use time::OffsetDateTime;

mod access_token;
mod account;
mod adoption;
mod audit;
mod blob;
mod content;
mod deletion;
mod description;
mod explorer;
mod group;
mod lookup;
mod manifest;
mod migrations;
mod mirror;
mod notification;
mod overview;
mod pull;
mod remote;
mod repository;
mod restoration;
mod robot;
mod rule;
mod search;
mod session;
mod signing_key;
mod system_config;
mod tag;
mod tag_change;
mod token_key;
mod totals;
pub mod transaction;
mod upload;

pub use access_token::{NewAccessToken, TokenCredentials};
pub use account::{Account, AccountId, Credentials};
pub use adoption::{AdoptedManifest, KnownNames};
pub use audit::AuditCursor;
pub use blob::BlobRecord;
pub use content::NamedContent;
pub use explorer::ManifestFacts;
pub use group::GroupId;
pub use manifest::{ManifestRecord, NewManifest, ReferenceKind, ReferrerRecord};
pub use mirror::{MirrorKind, MirrorRow, Mirrored};
pub use notification::{EndpointRecord, QueuedNotification};
pub use pull::PullRecord;
pub use remote::RemoteRecord;
pub use repository::RepositoryId;
pub use restoration::RestoredTag;
pub use robot::{RobotCredentials, RobotRecord};
pub use rule::{CatalogueMark, Visible};
pub use session::{NewSessionRecord, Session};
pub(crate) use system_config::to_the_microsecond;
pub use tag_change::{Stroke, TagPut};
pub use token_key::TokenKeyRecord;
pub use totals::Totals;
use transaction::Writer;
pub use transaction::{Durability, Transaction};
pub use upload::UploadRecord;

type Connection = sqlx::SqliteConnection;

/// What goes wrong between us and the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The driver's own error.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("database migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The write-ahead log could not be forced to the disk.
    #[error("database: forcing the log to the disk: {0}")]
    Sync(#[source] std::io::Error),
    /// A row holds what no version of this program writes.
    #[error("database: {table}: {value:?} is not valid")]
    Inconsistent {
        /// Where it stands.
        table: &'static str,
        /// What stands there.
        value: String,
    },
    /// The task that was to commit has ended without an answer: the process is shutting down.
    #[error("database: closed")]
    Closed,
}

/// Shorthand for this layer's results.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A handle on the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Metadata {
    readers: SqlitePool,
    writer: Arc<Writer>,
}

impl Metadata {
    /// Opens the database file at `path`, makes it if there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// The file can't be opened or written, or was written by a newer version.
    pub async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(std::time::Duration::from_secs(10))
            .pragma("cache_size", "-16000")
            .pragma("temp_store", "memory");
        let writer = Writer::open(
            options
                .clone()
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // Not `FULL`: the writer forces the log to the disk itself, and only where a commit must last.
                .synchronous(SqliteSynchronous::Normal),
            path,
        )
        .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(8)
            .min_connections(2)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self { readers, writer: Arc::new(writer) })
    }

    /// Opens the database for reading only, also beside a process that writes to it. The schema stays as it is;
    /// whatever would write fails with [`Error::Closed`].
    ///
    /// # Errors
    /// The file is not there or can't be opened.
    pub async fn open_reading(path: &Path) -> Result<Self> {
        let options =
            SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(std::time::Duration::from_secs(10));
        let readers = SqlitePoolOptions::new().max_connections(2).connect_with(options).await?;
        Ok(Self { readers, writer: Arc::new(Writer::closed()) })
    }

    /// Begins the one unit of work in which names change. Waits for its turn, not for a lock.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn begin(&self) -> Result<Transaction> {
        Transaction::begin(Arc::clone(&self.writer)).await
    }

    /// Begins a unit of work that brings in what Distribution's tree says: it need not be written there again.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn begin_from_tree(&self) -> Result<Transaction> {
        let mut transaction = self.begin().await?;
        transaction.mark_from_tree();
        Ok(transaction)
    }

    /// How long commits take, in seconds.
    pub fn commit_seconds(&self) -> Histogram {
        self.writer.commit_seconds()
    }

    /// Proves that the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn check(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&mut *self.read().await?).await?;
        Ok(())
    }

    /// A connection for reading.
    async fn read(&self) -> Result<PoolConnection<Sqlite>> {
        Ok(self.readers.acquire().await?)
    }

    /// Whether [`close`](Self::close) was called.
    pub fn is_closed(&self) -> bool {
        self.readers.is_closed()
    }

    /// Commits what is open and closes the file. Later calls fail with [`Error::Closed`] or a driver error.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

/// A moment as the database keeps it: microseconds since 1970 in UTC.
fn to_micros(at: OffsetDateTime) -> i64 {
    // Microseconds fit into 64 bits until the year 294247.
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

fn from_micros(micros: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// Sizes are `u64` in the program and 64-bit signed in SQL; both hold every size that a file can have.
fn to_i64(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn to_u64(size: i64) -> u64 {
    u64::try_from(size).unwrap_or(0)
}

/// Reads a checked type back from a text column.
fn parse<T: std::str::FromStr>(table: &'static str, value: String) -> Result<T> {
    value.parse().map_err(|_| Error::Inconsistent { table, value })
}

/// Reads names that were aggregated with spaces between them, which no name holds; no row at all is `NULL`.
fn parse_list<T: std::str::FromStr>(table: &'static str, names: Option<String>) -> Result<Vec<T>> {
    names.unwrap_or_default().split_terminator(' ').map(|name| parse(table, name.to_owned())).collect()
}
