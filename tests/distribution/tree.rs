//! A tree as Distribution leaves it, written by hand.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use tempfile::TempDir;
use time::OffsetDateTime;

use crate::support::{blob_file, digest, image};

/// A folder with nothing but Distribution's tree in it.
pub struct Tree {
    pub root: TempDir,
}

pub const IMAGE_CONFIG: &[u8] = br#"{"architecture":"amd64","os":"linux"}"#;

impl Tree {
    pub fn new() -> Self {
        Self { root: TempDir::new().unwrap() }
    }

    /// A file's or folder's place, from below `repositories/`.
    pub fn place(&self, path: &str) -> PathBuf {
        place(self.root.path(), path)
    }

    /// Writes a file, from below `repositories/`.
    pub fn write(&self, path: &str, content: &str) -> PathBuf {
        let path = self.place(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Stores bytes; their digest.
    pub fn data(&self, content: &[u8]) -> String {
        let digest = digest(content);
        let path = self.root.path().join(blob_file(&digest));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        digest
    }

    /// Stores a blob that a repository may serve; its digest.
    pub fn blob(&self, repository: &str, content: &[u8]) -> String {
        let digest = self.data(content);
        self.write(&layer_link(repository, &digest), &digest);
        digest
    }

    /// Stores a manifest, pushed at a moment; its digest.
    pub fn manifest(&self, repository: &str, content: &str, at: OffsetDateTime) -> String {
        let digest = self.data(content.as_bytes());
        let link = self.write(&revision_link(repository, &digest), &digest);
        File::options().write(true).open(link).unwrap().set_modified(at.into()).unwrap();
        digest
    }

    /// Puts a tag on a digest.
    pub fn tag(&self, repository: &str, tag: &str, digest: &str, at: OffsetDateTime) {
        self.write(&format!("{repository}/_manifests/tags/{tag}/index/{}/link", folders(digest)), digest);
        let link = self.write(&tag_link(repository, tag), digest);
        File::options().write(true).open(link).unwrap().set_modified(at.into()).unwrap();
    }

    /// An image with one layer under a tag; its manifest.
    pub fn image(&self, repository: &str, tag: &str, layer: &[u8], at: OffsetDateTime) -> String {
        self.blob(repository, IMAGE_CONFIG);
        self.blob(repository, layer);
        let manifest = image(IMAGE_CONFIG, &[layer]);
        let digest = self.manifest(repository, &manifest, at);
        self.tag(repository, tag, &digest, at);
        manifest
    }
}

/// A place from below `repositories/`.
pub fn place(root: &Path, path: &str) -> PathBuf {
    root.join("docker/registry/v2/repositories").join(path)
}

/// `sha256/<hex>`
pub fn folders(digest: &str) -> String {
    digest.replace(':', "/")
}

pub fn layer_link(repository: &str, digest: &str) -> String {
    format!("{repository}/_layers/{}/link", folders(digest))
}

pub fn revision_link(repository: &str, digest: &str) -> String {
    format!("{repository}/_manifests/revisions/{}/link", folders(digest))
}

pub fn tag_link(repository: &str, tag: &str) -> String {
    format!("{repository}/_manifests/tags/{tag}/current/link")
}
