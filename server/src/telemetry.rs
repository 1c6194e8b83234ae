//! The log: to the standard error, as text for people or as JSON for a collector.

use std::io::IsTerminal as _;

use humpback::settings::{
    Origin,
    log::{Format, Log},
};
use tracing_subscriber::{
    EnvFilter,
    fmt::format::{DefaultFields, JsonFields},
};

mod fields;

use fields::WithFields;

/// Why the log can't be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The level is no level and no list of `module=level`.
    #[error("{origin}: {given:?}: {source}. Write error, warn, info, debug, or info,humpback::v2=debug.")]
    Level {
        /// Where it was given.
        origin: Origin,
        /// What was asked for.
        given: String,
        /// What is wrong with it.
        source: tracing_subscriber::filter::ParseError,
    },
}

/// Starts the log for the whole process.
///
/// # Errors
/// The level can't be read.
pub fn init(settings: &Log) -> Result<(), Error> {
    let level = &settings.level;
    let filter = EnvFilter::builder().parse(level.as_str()).map_err(|source| Error::Level {
        origin: level.origin.clone(),
        given: level.value.clone(),
        source,
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match *settings.format {
        Format::Text => {
            let ansi = std::io::stderr().is_terminal();
            let format = tracing_subscriber::fmt::format().with_target(false).with_ansi(ansi);
            let format = WithFields::text(format, &settings.fields);
            log.with_ansi(ansi).fmt_fields(DefaultFields::new()).event_format(format).init();
        }
        Format::Json => {
            // Flat, so that a collector finds `repository`, `status` and the rest at the top.
            let format = tracing_subscriber::fmt::format().json();
            let format = format.flatten_event(true).with_current_span(true).with_span_list(false);
            log.fmt_fields(JsonFields::new()).event_format(WithFields::json(format, &settings.fields)).init();
        }
    }
    Ok(())
}
