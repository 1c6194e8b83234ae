//! Reading a blob: a chunk at a time on a blocking thread, the next one fetched while the last is being sent.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    ops::Range,
    path::Path,
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::task::JoinHandle;

use super::{Result, failed};

/// How many bytes are read at a time. Two chunks are in memory at most: one being sent, one being fetched.
const CHUNK: u64 = 256 * 1024;

/// An open blob.
#[derive(Debug)]
pub struct BlobReader {
    file: File,
    size: u64,
}

impl BlobReader {
    pub(super) fn open(path: &Path) -> Result<Option<Self>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("opening", path)(error)),
        };
        let size = file.metadata().map_err(failed("opening", path))?.len();
        Ok(Some(Self { file, size }))
    }

    /// The size in bytes as it lies on the disk.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The bytes of `range`, which must lie inside the blob. A file that ends early is an error in the stream, so
    /// that no client takes a part for the whole.
    pub fn stream(self, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let first = fetch(self.file, range.start, range.end);
        stream::try_unfold(first, move |fetching| async move {
            let Some(fetching) = fetching else { return Ok(None) };
            let (file, content, next) = fetching.await.map_err(io::Error::other)??;
            Ok(Some((content, fetch(file, next, range.end))))
        })
    }
}

type Fetching = JoinHandle<io::Result<(File, Bytes, u64)>>;

/// Begins to read the next chunk; `None` at the end.
fn fetch(mut file: File, at: u64, end: u64) -> Option<Fetching> {
    if at >= end {
        return None;
    }
    Some(tokio::task::spawn_blocking(move || {
        let wanted = CHUNK.min(end - at);
        // `wanted` is at most CHUNK, so it fits.
        let mut content = Vec::with_capacity(usize::try_from(wanted).map_err(io::Error::other)?);
        file.seek(SeekFrom::Start(at))?;
        let read = (&mut file).take(wanted).read_to_end(&mut content)? as u64;
        if read < wanted {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the stored blob is shorter than its size"));
        }
        Ok((file, Bytes::from(content), at + read))
    }))
}
