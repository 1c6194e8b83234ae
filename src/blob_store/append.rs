//! Writing an upload: hashed and written on a blocking thread in batches, while the next batch comes in.
//!
//! No thread is held while a slow client thinks, and never more than two batches are in memory.

use std::{
    fs::{self, File},
    io::{ErrorKind, Seek as _, SeekFrom, Write as _},
    sync::Arc,
};

use bytes::Bytes;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{Error, Hasher, Paths, Result, failed, sync_folder};
use crate::oci::Digest;

/// How many bytes go to the disk at a time: enough to make the hop between threads cheap, little enough that a
/// hundred uploads fit into memory.
const BATCH: usize = 512 * 1024;

/// An upload that is being written. Dropped without an end, it leaves bytes that nobody acknowledged.
#[derive(Debug)]
pub struct Appender {
    /// `None` only while a blocking thread has it.
    disk: Option<Disk>,
    working: Option<JoinHandle<Result<Disk>>>,
    batch: Vec<Bytes>,
    batch_len: usize,
    received: u64,
}

/// What only a blocking thread touches.
#[derive(Debug)]
struct Disk {
    paths: Arc<Paths>,
    id: Uuid,
    /// Opened by the first write.
    file: Option<File>,
    hasher: Hasher,
    offset: u64,
}

/// How an upload ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Published {
    /// The blob lies in the store and outlasts a power cut; its size in bytes.
    Stored(u64),
    /// The bytes have another digest, and were thrown away.
    DigestMismatch(Digest),
}

impl Appender {
    pub(super) fn new(paths: Arc<Paths>, id: Uuid, offset: u64, hasher: Hasher) -> Self {
        let disk = Disk { paths, id, file: None, hasher, offset };
        Self { disk: Some(disk), working: None, batch: Vec::new(), batch_len: 0, received: offset }
    }

    /// How long the upload is, with what was just written.
    pub const fn len(&self) -> u64 {
        self.received
    }

    /// Whether nothing has come in yet.
    pub const fn is_empty(&self) -> bool {
        self.received == 0
    }

    /// Takes more content in. Waits for the disk where it is slower than the client.
    ///
    /// # Errors
    /// The disk is full or broken.
    pub async fn write(&mut self, content: Bytes) -> Result<()> {
        if content.is_empty() {
            return Ok(());
        }
        self.received += content.len() as u64;
        self.batch_len += content.len();
        self.batch.push(content);
        if self.batch_len >= BATCH {
            self.flush().await?;
        }
        Ok(())
    }

    /// Hands the batch to a blocking thread, once that has done with the one before.
    async fn flush(&mut self) -> Result<()> {
        let mut disk = self.settle().await?;
        let batch = std::mem::take(&mut self.batch);
        self.batch_len = 0;
        self.working = Some(tokio::task::spawn_blocking(move || {
            disk.write(&batch)?;
            Ok(disk)
        }));
        Ok(())
    }

    /// Waits until no thread works for this upload.
    async fn settle(&mut self) -> Result<Disk> {
        if let Some(working) = self.working.take() {
            self.disk = Some(super::blocking_result(working.await)?);
        }
        self.disk.take().ok_or(Error::Stopped)
    }

    /// Ends this request's part of the upload; a later one goes on from here. When this returns, what came in lies
    /// on the disk.
    ///
    /// Returns the offset and the hash state that belongs to it.
    ///
    /// # Errors
    /// The disk is full or broken.
    pub async fn pause(mut self) -> Result<(u64, Hasher)> {
        let mut disk = self.settle().await?;
        let batch = std::mem::take(&mut self.batch);
        super::blocking(move || {
            disk.write(&batch)?;
            disk.sync()?;
            Ok((disk.offset, disk.hasher))
        })
        .await
    }

    /// Ends the upload as the blob `expected`, or throws it away if the bytes have another digest.
    ///
    /// # Errors
    /// The disk is full or broken.
    pub async fn publish(mut self, expected: &Digest) -> Result<Published> {
        let mut disk = self.settle().await?;
        let batch = std::mem::take(&mut self.batch);
        let expected = expected.clone();
        super::blocking(move || {
            disk.write(&batch)?;
            disk.publish(&expected)
        })
        .await
    }
}

impl Disk {
    /// The upload's file, cut to what was acknowledged and ready to be written on.
    fn file(&mut self) -> Result<&mut File> {
        if self.file.is_none() {
            let path = self.paths.upload(self.id);
            let opened = File::options().create(self.offset == 0).truncate(false).write(true).open(&path);
            let mut file = match opened {
                Err(error) if error.kind() == ErrorKind::NotFound => return Err(Error::UploadLost(self.id)),
                opened => opened.map_err(failed("opening the upload", &path))?,
            };
            // A file that is too short would be filled with zeros, of which the hash state knows nothing.
            let length = file.metadata().map_err(failed("opening the upload", &path))?.len();
            if length < self.offset {
                return Err(Error::UploadLost(self.id));
            }
            // Bytes beyond the offset were never acknowledged: a crash came between them and their row.
            file.set_len(self.offset).map_err(failed("cutting the upload", &path))?;
            file.seek(SeekFrom::Start(self.offset)).map_err(failed("opening the upload", &path))?;
            self.file = Some(file);
        }
        self.file.as_mut().ok_or(Error::Stopped)
    }

    fn write(&mut self, batch: &[Bytes]) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let path = self.paths.upload(self.id);
        let file = self.file()?;
        for content in batch {
            file.write_all(content).map_err(failed("writing", &path))?;
        }
        for content in batch {
            self.hasher.update(content);
            self.offset += content.len() as u64;
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<()> {
        let path = self.paths.upload(self.id);
        self.file()?.sync_data().map_err(failed("forcing to the disk", &path))
    }

    fn publish(mut self, expected: &Digest) -> Result<Published> {
        let upload = self.paths.upload(self.id);
        let actual = self.hasher.clone().finish();
        if actual != *expected {
            drop(self.file.take());
            return match fs::remove_file(&upload) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("removing", &upload)(error)),
                _ => Ok(Published::DigestMismatch(actual)),
            };
        }
        let folder = self.paths.blob(expected);
        let data = folder.join("data");
        match self.sync() {
            Ok(()) => {
                fs::create_dir_all(&folder).map_err(failed("making the folder", &folder))?;
                // Over what may lie there already: it is the same content, and with one path for both cases there
                // is no moment in which the name exists but would not outlast a power cut.
                fs::rename(&upload, &data).map_err(failed("publishing", &data))?;
            }
            // A crash came after the rename and before the row: the work is done, only its record is missing.
            Err(Error::UploadLost(_)) if fs::metadata(&data).is_ok_and(|data| data.len() == self.offset) => {}
            Err(error) => return Err(error),
        }
        for changed in folder.ancestors().take(3).chain([&*self.paths.blobs]) {
            sync_folder(changed)?;
        }
        Ok(Published::Stored(self.offset))
    }
}
