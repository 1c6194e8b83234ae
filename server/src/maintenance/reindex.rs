//! `reindex`: the database is built anew from Distribution's tree, or brought into agreement with it.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use humpback::{
    blob_store::BlobStore,
    clock::Clock,
    jobs::{AdoptionJob, MirrorJob},
    metadata::Metadata,
    registry::{Policy, Registry},
};
use serde_json::json;

use super::{Error, Report};
use crate::root_lock::RootLock;

/// How to build the database anew.
#[derive(Debug, clap::Args)]
pub struct ReindexOptions {
    /// The data folder. No server may run on it.
    #[arg(long, env = "HUMPBACK_ROOT", value_name = "FOLDER", default_value = "/var/lib/registry")]
    pub root: PathBuf,

    /// Write one JSON object a line to the standard output.
    #[arg(long)]
    pub json: bool,
}

/// Reads the whole tree. Accounts and configuration stay as they are.
///
/// # Errors
/// It could not be done.
pub async fn run(options: ReindexOptions) -> Result<ExitCode, Error> {
    let root = options.root.canonicalize().map_err(|_| Error::NoData(options.root.clone()))?;
    if !root.join("docker/registry/v2/repositories").is_dir() {
        return Err(Error::NoData(root));
    }
    let state = root.join("humpback");
    std::fs::create_dir_all(&state)?;
    let _lock = RootLock::acquire(&root)?;
    let metadata = Metadata::open(&state.join("humpback.db")).await?;
    let policy = Policy { adopt: true, ..Policy::default() };
    let registry = Registry::with_policy(metadata.clone(), BlobStore::open(&root)?, Clock::system(), policy);
    let report = Report::new(options.json, "{bar:40} {pos} of {len} repositories, {eta} left");
    let job = AdoptionJob::new(registry.clone());
    let progress = async {
        loop {
            if let Some(progress) = registry.adoption_progress() {
                report.bar.set_length(progress.total as u64);
                report.bar.set_position(progress.done as u64);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let summary = tokio::select! {
        summary = job.run_once() => summary?,
        never = progress => never,
    };
    // What the database knew better, the tree is told.
    MirrorJob::new(registry).run_once().await?;
    metadata.close().await;
    report.bar.finish_and_clear();
    for problem in &summary.problems {
        report.say(&problem.to_string(), || {
            json!({ "event": "problem", "kind": problem.kind.as_str(), "path": problem.path, "detail": problem.detail })
        });
    }
    let (repositories, problems, failed) = (summary.repositories, summary.count, summary.failed);
    let text = format!("{repositories} repositories, {problems} problems, {failed} repositories failed");
    let took_ms = i64::try_from(summary.took.whole_milliseconds()).unwrap_or(i64::MAX);
    report.say(&text, || {
        json!({ "event": "summary", "repositories": repositories, "problems": problems, "failed": failed,
            "took_ms": took_ms })
    });
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
