//! Which blobs there are, folder by folder: a store may hold more than fit into memory.

use std::{fs, io, path::Path};

use super::{BlobStore, Result, blocking, failed};
use crate::oci::{Algorithm, Digest};

/// Blobs whose digests begin alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The hash function.
    pub algorithm: Algorithm,
    /// The first two hex digits.
    pub prefix: String,
}

impl BlobStore {
    /// The shelves that are there, in order.
    ///
    /// # Errors
    /// A folder can't be read.
    pub async fn shelves(&self) -> Result<Vec<Shelf>> {
        let blobs = self.paths.blobs.clone();
        blocking(move || {
            let mut shelves = Vec::new();
            for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
                let names = names(&blobs.join(algorithm.as_str()))?;
                shelves.extend(names.into_iter().map(|prefix| Shelf { algorithm, prefix }));
            }
            Ok(shelves)
        })
        .await
    }

    /// The blobs on a shelf with their sizes in bytes, in order.
    ///
    /// # Errors
    /// A folder can't be read.
    pub async fn blobs_on(&self, shelf: &Shelf) -> Result<Vec<(Digest, u64)>> {
        let (blobs, shelf) = (self.paths.blobs.clone(), shelf.clone());
        blocking(move || {
            let folder = blobs.join(shelf.algorithm.as_str()).join(&shelf.prefix);
            let mut found = Vec::new();
            for hex in names(&folder)? {
                let Ok(digest) = Digest::parse(&format!("{}:{hex}", shelf.algorithm.as_str())) else { continue };
                if let Ok(data) = fs::metadata(folder.join(&hex).join("data")) {
                    found.push((digest, data.len()));
                }
            }
            Ok(found)
        })
        .await
    }

    /// The size in bytes of a blob, if it is there.
    ///
    /// # Errors
    /// The process is being shut down.
    pub async fn size(&self, digest: &Digest) -> Result<Option<u64>> {
        let path = self.paths.blob(digest).join("data");
        blocking(move || Ok(fs::metadata(&path).ok().map(|data| data.len()))).await
    }
}

/// The names in a folder, in order; none where there is no folder.
fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("listing", folder)(error)),
    };
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort_unstable();
    Ok(names)
}
