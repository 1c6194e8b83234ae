//! Making the tree say what it is told: every file written aside, forced to the disk and renamed into its place, so
//! that Distribution never finds half a link. A crash at any moment is mended by writing the same again.

use std::{
    collections::{BTreeSet, HashMap},
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use time::OffsetDateTime;

use super::{
    super::{Error, Result, blocking, failed, sync_folder},
    LAYERS, LINK, MANIFESTS, Tree, UNFINISHED, UPLOADS,
};
use crate::oci::{Digest, RepositoryName, Tag};

/// Something that the tree is to say from now on.
#[derive(Clone, Debug)]
pub enum Change {
    /// Whether a repository may serve a blob.
    Layer {
        /// The repository.
        repository: RepositoryName,
        /// The blob, whose bytes lie in the store.
        digest: Digest,
        /// Whether it may.
        linked: bool,
    },
    /// Whether a repository has a manifest.
    Manifest {
        /// The repository.
        repository: RepositoryName,
        /// The manifest.
        digest: Digest,
        /// Its bytes and when it was pushed, if it has it.
        kept: Option<(Vec<u8>, OffsetDateTime)>,
    },
    /// Where a tag points.
    Tag {
        /// The repository.
        repository: RepositoryName,
        /// The tag.
        tag: Tag,
        /// The manifest and since when, if there is the tag.
        target: Option<(Digest, OffsetDateTime)>,
    },
    /// Whether there is a repository.
    Repository {
        /// The repository.
        repository: RepositoryName,
        /// Whether there is: then its other changes say what is in it.
        there: bool,
    },
}

/// The files of a batch, between the steps that all of them take together.
#[derive(Debug, Default)]
struct Batch {
    files: Vec<Staged>,
    /// By their place: which of `files` it is.
    places: HashMap<PathBuf, usize>,
    /// The folders with new or removed entries, and those above.
    folders: BTreeSet<PathBuf>,
}

/// A file on its way.
#[derive(Debug)]
struct Staged {
    /// Where it lies until it is whole; `None` if its place holds the same already.
    aside: Option<PathBuf>,
    place: PathBuf,
    /// The changes that need it, by their position.
    changes: Vec<usize>,
}

impl Tree {
    /// Makes the tree say all of `changes`. Those whose result is `Ok` outlast a power cut when this returns; the
    /// others may stand there in part, and are to be tried again.
    ///
    /// # Errors
    /// A folder could not be forced to the disk: no change is certain.
    pub async fn write(&self, changes: Vec<Change>) -> Result<Vec<Result<()>>> {
        let tree = self.clone();
        blocking(move || tree.write_now(&changes)).await
    }

    fn write_now(&self, changes: &[Change]) -> Result<Vec<Result<()>>> {
        let mut batch = Batch::default();
        let mut results: Vec<Result<()>> =
            changes.iter().enumerate().map(|(position, change)| self.stage(position, change, &mut batch)).collect();
        // All are written before the first is forced to the disk: the file system then does most in one go.
        for staged in &batch.files {
            let path = staged.aside.as_ref().unwrap_or(&staged.place);
            let synced = File::open(path).and_then(|file| file.sync_all()).map_err(failed("forcing to the disk", path));
            staged.note(synced, &mut results);
        }
        for staged in &batch.files {
            let broken = staged.changes.iter().any(|&change| results.get(change).is_some_and(Result::is_err));
            let Some(aside) = staged.aside.as_ref().filter(|_| !broken) else { continue };
            let renamed = fs::rename(aside, &staged.place).map_err(failed("renaming into", &staged.place));
            staged.note(renamed, &mut results);
        }
        // From the deepest on: an entry is durable before the folder that leads to it.
        for folder in batch.folders.iter().rev() {
            match sync_folder(folder) {
                Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
                synced => synced?,
            }
        }
        Ok(results)
    }

    /// Does all of a change that needs no waiting for the disk.
    fn stage(&self, position: usize, change: &Change, batch: &mut Batch) -> Result<()> {
        match change {
            Change::Layer { repository, digest, linked } => {
                let folder = self.layer(repository, digest);
                if *linked {
                    self.stage_link(position, &folder, digest, None, batch)
                } else {
                    self.unlink(&folder, batch)
                }
            }
            Change::Manifest { repository, digest, kept: Some((content, at)) } => {
                let data = self.paths.blob(digest).join("data");
                let aside = self.paths.mirror.join(digest.hex());
                self.stage_file(position, data, aside, content, Some(*at), batch)?;
                // By this folder Distribution knows a repository when it lists them.
                let layers = self.repository(repository).join(LAYERS);
                make_folder(&layers)?;
                self.note_folders(&layers, batch);
                self.stage_link(position, &self.revision(repository, digest), digest, Some(*at), batch)
            }
            Change::Manifest { repository, digest, kept: None } => {
                self.unlink(&self.revision(repository, digest), batch)
            }
            Change::Tag { repository, tag, target: Some((digest, at)) } => {
                let folder = self.tag(repository, tag);
                self.stage_link(position, &super::below(&folder.join("index"), digest), digest, Some(*at), batch)?;
                self.stage_link(position, &folder.join("current"), digest, Some(*at), batch)
            }
            Change::Tag { repository, tag, target: None } => {
                let folder = self.tag(repository, tag);
                match fs::remove_dir_all(&folder) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(failed("removing", &folder)(error));
                    }
                    _ => {}
                }
                self.note_parents(&folder, batch);
                Ok(())
            }
            Change::Repository { there: true, .. } => Ok(()),
            Change::Repository { repository, there: false } => self.remove(repository, batch),
        }
    }

    /// Takes a repository away, so that Distribution does not list it any more; others below its name stay.
    fn remove(&self, repository: &RepositoryName, batch: &mut Batch) -> Result<()> {
        let folder = self.repository(repository);
        for part in [LAYERS, MANIFESTS, UPLOADS] {
            let part = folder.join(part);
            match fs::remove_dir_all(&part) {
                Err(error) if !is_absent(&error) => return Err(failed("removing", &part)(error)),
                _ => {}
            }
        }
        self.note_folders(&folder, batch);
        // Up to the first that holds something else.
        for empty in folder.ancestors().take_while(|above| **above != self.paths.repositories) {
            if fs::remove_dir(empty).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn stage_link(
        &self,
        position: usize,
        folder: &Path,
        digest: &Digest,
        at: Option<OffsetDateTime>,
        batch: &mut Batch,
    ) -> Result<()> {
        let content = digest.as_str().as_bytes();
        self.stage_file(position, folder.join(LINK), folder.join(UNFINISHED), content, at, batch)
    }

    fn stage_file(
        &self,
        position: usize,
        place: PathBuf,
        aside: PathBuf,
        content: &[u8],
        at: Option<OffsetDateTime>,
        batch: &mut Batch,
    ) -> Result<()> {
        if let Some(staged) = batch.places.get(&place).and_then(|&file| batch.files.get_mut(file)) {
            staged.changes.push(position);
            return Ok(());
        }
        let folder = place.parent().unwrap_or(&place);
        make_folder(folder)?;
        self.note_folders(folder, batch);
        // It may have been written before a crash, and not forced to the disk: so it takes part in the rest.
        let same = fs::read(&place).is_ok_and(|there| there == content);
        if !same {
            if let Some(folder) = aside.parent() {
                make_folder(folder)?;
            }
            write_aside(&aside, content, at).map_err(failed("writing", &aside))?;
        }
        batch.places.insert(place.clone(), batch.files.len());
        batch.files.push(Staged { aside: (!same).then_some(aside), place, changes: vec![position] });
        Ok(())
    }

    /// Takes a link away, and its folder if nothing else is in it: a manifest's may hold old signatures.
    fn unlink(&self, folder: &Path, batch: &mut Batch) -> Result<()> {
        let link = folder.join(LINK);
        match fs::remove_file(&link) {
            Err(error) if !is_absent(&error) => return Err(failed("removing", &link)(error)),
            _ => {}
        }
        self.note_folders(folder, batch);
        let _ = fs::remove_dir(folder);
        Ok(())
    }

    /// Notes that `folder` and what leads to it must be forced to the disk.
    fn note_folders(&self, folder: &Path, batch: &mut Batch) {
        // Up to the folder that holds both blobs and repositories, which may be new as well.
        let top = self.paths.repositories.parent();
        let folders = folder.ancestors().take_while(|above| Some(*above) != top);
        batch.folders.extend(folders.map(Path::to_owned));
        batch.folders.extend(top.map(Path::to_owned));
    }

    fn note_parents(&self, path: &Path, batch: &mut Batch) {
        if let Some(parent) = path.parent() {
            self.note_folders(parent, batch);
        }
    }
}

impl Staged {
    fn note(&self, result: Result<()>, results: &mut [Result<()>]) {
        let Err(Error::Io { action, path, source }) = result else { return };
        for &change in &self.changes {
            if let Some(result) = results.get_mut(change) {
                *result = Err(Error::Io { action, path: path.clone(), source: source.kind().into() });
            }
        }
    }
}

fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(failed("making the folder", path))
}

fn write_aside(path: &Path, content: &[u8], at: Option<OffsetDateTime>) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(content)?;
    if let Some(at) = at {
        // A database that is built anew reads from it when this was pushed.
        file.set_modified(at.into())?;
    }
    Ok(())
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
