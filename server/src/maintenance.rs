//! What is done to a data folder besides serving it: building the database anew, and verifying the content.
//!
//! For people a line for each finding on the standard output and a bar on the standard error, where that is a
//! terminal; for programs one JSON object a line.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use humpback::{blob_store, metadata, registry};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use crate::root_lock;

pub mod rate;
pub mod reindex;
pub mod verify;

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing to work on.
    #[error("there is no registry's data in {0}: give the folder that holds docker/registry/v2 with --root")]
    NoData(PathBuf),
    /// A server works there.
    #[error(transparent)]
    Lock(#[from] root_lock::Error),
    /// The database can't be used.
    #[error(transparent)]
    Metadata(#[from] metadata::Error),
    /// The blob store can't be used.
    #[error(transparent)]
    BlobStore(#[from] blob_store::Error),
    /// The work could not go on.
    #[error(transparent)]
    Registry(#[from] registry::Error),
    /// The system refused.
    #[error("{0}")]
    System(#[from] io::Error),
}

impl Error {
    /// Whether the call was wrong, not the world.
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::NoData(_) | Self::Lock(root_lock::Error::Held { .. }))
    }
}

/// Does some work to its end.
///
/// # Errors
/// It could not be done.
pub fn run(work: impl Future<Output = Result<ExitCode, Error>>) -> Result<ExitCode, Error> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Where findings go.
#[derive(Debug)]
pub struct Report {
    json: bool,
    bar: ProgressBar,
}

impl Report {
    fn new(json: bool, template: &str) -> Self {
        let hidden = json || !io::stderr().is_terminal();
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { json, bar }
    }

    /// Says something: as a sentence, or as JSON.
    fn say(&self, text: &str, json: impl FnOnce() -> Value) {
        let line = if self.json { json().to_string() } else { text.to_owned() };
        // Whoever closed the standard output does not want to read it.
        self.bar.suspend(|| drop(writeln!(io::stdout(), "{line}")));
    }
}
