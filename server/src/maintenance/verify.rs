//! `verify`: every blob is hashed once more, and compared with what the database names. Only reads, also beside a
//! running server.

use std::{path::PathBuf, process::ExitCode};

use humpback::{
    blob_store::BlobStore,
    clock::Clock,
    metadata::Metadata,
    oci::RepositoryName,
    registry::{Finding, Verification, VerifyEvent, VerifySummary},
};
use serde_json::{Value, json};

use super::{Error, Report, rate};

/// How to verify.
#[derive(Debug, clap::Args)]
pub struct VerifyOptions {
    /// The data folder. A server may run on it.
    #[arg(long, env = "HUMPBACK_ROOT", value_name = "FOLDER", default_value = "/var/lib/registry")]
    pub root: PathBuf,

    /// How many bytes a second are read at most, such as 50MiB/s; 0 for as fast as it goes.
    #[arg(long, value_name = "RATE", default_value = "50MiB/s", value_parser = rate::parse)]
    pub rate: u64,

    /// Write one JSON object a line to the standard output.
    #[arg(long)]
    pub json: bool,
}

/// Goes through the whole store.
///
/// # Errors
/// It could not be done.
pub async fn run(options: VerifyOptions) -> Result<ExitCode, Error> {
    let root = options.root.canonicalize().map_err(|_| Error::NoData(options.root.clone()))?;
    if !root.join("docker/registry/v2").is_dir() {
        return Err(Error::NoData(root));
    }
    let database = root.join("humpback/humpback.db");
    let metadata = if database.exists() { Some(Metadata::open_reading(&database).await?) } else { None };
    let store = BlobStore::open(&root)?;
    let report = Report::new(options.json, "{bar:40} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left");
    if metadata.is_none() {
        let text = "There is no database: blobs are hashed, but not compared with what is named. See reindex.";
        report.say(text, || json!({ "event": "no_database" }));
    }
    let rate = Some(options.rate).filter(|rate| *rate > 0);
    let verification = Verification { metadata: metadata.clone(), store, clock: Clock::system(), rate };
    let summary = verification.run(|event| match event {
        VerifyEvent::Total { bytes, .. } => report.bar.set_length(bytes),
        VerifyEvent::Read(bytes) => report.bar.inc(bytes),
        VerifyEvent::Found(finding) => tell(&report, &finding),
    });
    let summary = summary.await?;
    if let Some(metadata) = metadata {
        metadata.close().await;
    }
    report.bar.finish_and_clear();
    let VerifySummary { blobs, bytes, bad, missing, unreadable, orphans } = summary;
    let text = format!(
        "{blobs} blobs with {bytes} bytes: {bad} bad, {missing} missing, {unreadable} unreadable, {orphans} orphans"
    );
    report.say(&text, || {
        json!({ "event": "summary", "blobs": blobs, "bytes": bytes, "bad": bad, "missing": missing,
            "unreadable": unreadable, "orphans": orphans })
    });
    Ok(if summary.is_sound() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn tell(report: &Report, finding: &Finding) {
    let names =
        |repositories: &[RepositoryName]| -> Vec<String> { repositories.iter().map(ToString::to_string).collect() };
    let of = |repositories: &[RepositoryName]| match repositories {
        [] => String::new(),
        some => format!(" (in {})", names(some).join(", ")),
    };
    let (text, json): (String, Value) = match finding {
        Finding::Bad { digest, actual, repositories } => (
            format!("bad {digest}: the bytes have the digest {actual}{}", of(repositories)),
            json!({ "event": "bad", "digest": digest, "actual": actual, "repositories": names(repositories) }),
        ),
        Finding::Missing { digest, repositories } => (
            format!("missing {digest}{}", of(repositories)),
            json!({ "event": "missing", "digest": digest, "repositories": names(repositories) }),
        ),
        Finding::Unreadable { digest, error } => (
            format!("unreadable {digest}: {error}"),
            json!({ "event": "unreadable", "digest": digest, "error": error }),
        ),
        Finding::Orphan { digest, size } => (
            format!("orphan {digest}: nothing names these {size} bytes"),
            json!({ "event": "orphan", "digest": digest, "size": size }),
        ),
    };
    report.say(&text, || json);
}
