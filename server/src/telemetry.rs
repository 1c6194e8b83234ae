//! The log: to the standard error, as text for people or as JSON for a collector.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One readable line an event.
    Text,
    /// One JSON object an event.
    Json,
}

/// Why the log can't be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The level is no level and no list of `module=level`.
    #[error("--log-level {given:?}: {source}")]
    Level {
        /// What was asked for.
        given: String,
        /// What is wrong with it.
        source: tracing_subscriber::filter::ParseError,
    },
}

/// Starts the log for the whole process.
///
/// # Errors
/// `level` can't be read.
pub fn init(format: Format, level: &str) -> Result<(), Error> {
    let filter =
        EnvFilter::builder().parse(level).map_err(|source| Error::Level { given: level.to_owned(), source })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        Format::Text => log.with_target(false).with_ansi(std::io::stderr().is_terminal()).init(),
        // Flat, so that a collector finds `repository`, `status` and the rest at the top.
        Format::Json => log.json().flatten_event(true).with_current_span(true).with_span_list(false).init(),
    }
    Ok(())
}
