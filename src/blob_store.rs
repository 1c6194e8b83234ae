//! Where blobs lie: content-addressed files on Distribution's tree.
//!
//! ```text
//! <root>/docker/registry/v2/blobs/sha256/ab/<hex>/data   complete, verified, never changed
//! <root>/docker/registry/v2/repositories/                 Distribution's tree of names: see [`tree`]
//! <root>/humpback/uploads/<uuid>                          coming in
//! ```
//!
//! All lie on one file system, so that a finished upload is published by a rename. Names, and who may read
//! what, are the database's business; the tree of names follows it.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use uuid::Uuid;

use crate::{
    oci::{Algorithm, Digest},
    overview::DiskSpace,
};

pub mod append;
pub mod hasher;
pub mod list;
pub mod read;
pub mod tree;

pub use append::{Appender, Published};
pub use hasher::Hasher;
pub use read::BlobReader;
pub use tree::Tree;

/// What goes wrong between us and the disk.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("blob store: {action} {}: {source}", path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// To what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// An upload's bytes are not there (any more): someone removed the file, or a crash came between publishing it
    /// and forgetting the session. The upload has to begin anew.
    #[error("blob store: the bytes of upload {0} are gone")]
    UploadLost(Uuid),
    /// The runtime was shut down before the work was done.
    #[error("blob store: the process is shutting down")]
    Stopped,
}

impl Error {
    /// Whether the disk is full, which the client may be told.
    pub fn is_out_of_space(&self) -> bool {
        let kind =
            |source: &io::Error| matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        matches!(self, Self::Io { source, .. } if kind(source))
    }
}

/// Shorthand for this layer's results.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A handle on the store; cheap to clone.
#[derive(Clone, Debug)]
pub struct BlobStore {
    paths: Arc<Paths>,
}

#[derive(Debug)]
struct Paths {
    /// Distribution's `rootdirectory`
    root: PathBuf,
    /// `<root>/docker/registry/v2/blobs`
    blobs: PathBuf,
    /// `<root>/docker/registry/v2/repositories`; made by the first name in it
    repositories: PathBuf,
    /// `<root>/humpback/mirror`: manifests on their way to the blobs; made when it is needed
    mirror: PathBuf,
    /// `<root>/humpback/uploads`
    uploads: PathBuf,
}

impl Paths {
    fn upload(&self, id: Uuid) -> PathBuf {
        self.uploads.join(id.to_string())
    }

    /// The directory that holds a blob's `data`.
    fn blob(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex();
        self.blobs.join(digest.algorithm().as_str()).join(&hex[..2]).join(hex)
    }
}

impl BlobStore {
    /// The file system that holds the blobs; `None` where the system does not tell.
    pub fn disk_space(&self) -> Option<DiskSpace> {
        let stat = rustix::fs::statvfs(&self.paths.root).ok()?;
        let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
        Some(DiskSpace { total: bytes(stat.f_blocks), available: bytes(stat.f_bavail) })
    }

    /// Opens the store below `root` (Distribution's `rootdirectory`) and makes the folders that it lacks.
    ///
    /// # Errors
    /// A folder can't be made.
    pub fn open(root: &Path) -> Result<Self> {
        let paths = Paths {
            root: root.to_owned(),
            blobs: root.join("docker/registry/v2/blobs"),
            repositories: root.join("docker/registry/v2/repositories"),
            mirror: root.join("humpback/mirror"),
            uploads: root.join("humpback/uploads"),
        };
        for folder in [&paths.blobs, &paths.uploads] {
            fs::create_dir_all(folder).map_err(failed("making the folder", folder))?;
        }
        Ok(Self { paths: Arc::new(paths) })
    }

    /// Proves that the store can be written to, for a readiness check: makes a file and takes it away.
    ///
    /// # Errors
    /// It can't; the error says why.
    pub async fn probe(&self) -> Result<()> {
        let path = self.paths.uploads.join(".probe");
        blocking(move || {
            fs::write(&path, b"").map_err(failed("writing", &path))?;
            fs::remove_file(&path).map_err(failed("removing", &path))
        })
        .await
    }

    /// Continues the upload `id` at `offset`, where `hasher` has seen all that lies before. What lies beyond was
    /// never acknowledged and is overwritten. Nothing is touched before the first bytes are written.
    pub fn append(&self, id: Uuid, offset: u64, hasher: Hasher) -> Appender {
        Appender::new(Arc::clone(&self.paths), id, offset, hasher)
    }

    /// Hashes the first `length` bytes of the upload `id` once more, with another algorithm than the one it began
    /// with.
    ///
    /// # Errors
    /// The bytes are gone or can't be read.
    pub async fn rehash(&self, id: Uuid, length: u64, algorithm: Algorithm) -> Result<Hasher> {
        let path = self.paths.upload(id);
        blocking(move || {
            let mut hasher = Hasher::new(algorithm);
            if length == 0 {
                return Ok(hasher);
            }
            let mut file = File::open(&path).map_err(failed("opening the upload", &path))?.take(length);
            let mut chunk = vec![0; 256 * 1024];
            let mut left = length;
            while left > 0 {
                match file.read(&mut chunk).map_err(failed("reading", &path))? {
                    0 => return Err(Error::UploadLost(id)),
                    read => {
                        hasher.update(&chunk[..read]);
                        left -= read as u64;
                    }
                }
            }
            Ok(hasher)
        })
        .await
    }

    /// Throws an upload away. That there is none is no error.
    ///
    /// # Errors
    /// The file can't be removed.
    pub async fn discard(&self, id: Uuid) -> Result<()> {
        let path = self.paths.upload(id);
        blocking(move || match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("removing", &path)(error)),
            _ => Ok(()),
        })
        .await
    }

    /// Opens a blob, if it is there.
    ///
    /// # Errors
    /// It is there but can't be opened.
    pub async fn read(&self, digest: &Digest) -> Result<Option<BlobReader>> {
        let path = self.paths.blob(digest).join("data");
        blocking(move || BlobReader::open(&path)).await
    }

    /// Those of `digests` whose bytes are not there.
    ///
    /// # Errors
    /// The process is ending.
    pub async fn missing(&self, digests: Vec<Digest>) -> Result<Vec<Digest>> {
        let paths = Arc::clone(&self.paths);
        blocking(move || Ok(digests.into_iter().filter(|digest| !paths.blob(digest).join("data").is_file()).collect()))
            .await
    }

    /// The digest that a blob's bytes have; `None` if it is not there.
    ///
    /// # Errors
    /// It is there but can't be read.
    pub async fn check(&self, digest: &Digest) -> Result<Option<Digest>> {
        let (path, algorithm) = (self.paths.blob(digest).join("data"), digest.algorithm());
        blocking(move || {
            let mut file = match File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(failed("opening", &path)(error)),
            };
            let mut hasher = Hasher::new(algorithm);
            let mut chunk = vec![0; 256 * 1024];
            loop {
                match file.read(&mut chunk).map_err(failed("reading", &path))? {
                    0 => return Ok(Some(hasher.finish())),
                    read => hasher.update(&chunk[..read]),
                }
            }
        })
        .await
    }

    /// The uploads that lie in the store, whether or not anyone still knows them.
    ///
    /// # Errors
    /// The folder can't be read.
    pub async fn uploads(&self) -> Result<Vec<Uuid>> {
        let folder = self.paths.uploads.clone();
        blocking(move || {
            let entries = fs::read_dir(&folder).map_err(failed("listing", &folder))?;
            let name = |entry: io::Result<fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
            Ok(entries.filter_map(name).filter_map(|name| name.parse().ok()).collect())
        })
        .await
    }
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { action, path, source }
}

/// Runs file work where it may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    blocking_result(tokio::task::spawn_blocking(work).await)
}

/// The result of file work; its panic goes on in the caller.
fn blocking_result<T>(ended: std::result::Result<Result<T>, tokio::task::JoinError>) -> Result<T> {
    match ended.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(result) => result,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(_)) => Err(Error::Stopped),
    }
}

/// Makes a folder's entries durable.
fn sync_folder(path: &Path) -> Result<()> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(failed("forcing to the disk", path))
}
