//! Compares registries side by side on this machine: `registry-bench [OPTIONS] HUMPBACK [DISTRIBUTION]`, each the
//! path of a program. Every registry gets the same work, metric by metric in turn, so that a machine whose speed
//! drifts hits all of them; the processor's time is the server's own. Loopback only, folders of its own.

mod client;
mod registry;
mod report;
mod work;

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use registry::{Kind, Registry};
use report::Report;

/// What may go wrong here ends the run with a text.
type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How much work there is.
pub struct Size {
    /// MiB in the large blob.
    big: usize,
    /// How many small blobs, tags and mounts.
    small: usize,
    /// How long each kind of request is sent, again and again.
    time: Duration,
}

const USAGE: &str = "usage: registry-bench [--big MIB] [--small N] [--secs S] HUMPBACK [DOCKER-REGISTRY]";

fn arguments() -> Result<(Size, Vec<PathBuf>)> {
    let mut size = Size { big: 256, small: 200, time: Duration::from_secs(3) };
    let mut programs = Vec::new();
    let mut rest = std::env::args().skip(1);
    while let Some(argument) = rest.next() {
        let mut number = || -> Result<usize> { Ok(rest.next().ok_or(USAGE)?.parse()?) };
        match argument.as_str() {
            "--big" => size.big = number()?,
            "--small" => size.small = number()?,
            "--secs" => size.time = Duration::from_secs(number()? as u64),
            other if other.starts_with('-') => return Err(USAGE.into()),
            program => programs.push(program.into()),
        }
    }
    if programs.is_empty() || programs.len() > 2 {
        return Err(USAGE.into());
    }
    Ok((size, programs))
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<()> {
    let (size, programs) = arguments()?;
    let mut registries = Vec::new();
    for (program, kind) in programs.iter().zip([Kind::Humpback, Kind::Distribution]) {
        registries.push(Registry::start(kind, program).await?);
    }
    let mut report = Report::new(registries.iter().map(|registry| registry.kind.name()).collect());
    work::memory(&registries, &mut report, "memory before, MiB")?;
    work::run(&registries, &size, &mut report).await?;
    work::memory(&registries, &mut report, "memory after, MiB")?;
    println!("{report}");
    Ok(())
}
