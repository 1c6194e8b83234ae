//! `log`: what is logged, and how.

use super::Sourced;

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One readable line an event.
    #[default]
    Text,
    /// One JSON object an event.
    Json,
}

/// `log`.
#[derive(Clone, Debug)]
pub struct Log {
    /// `log.level`: `error`, `warn`, `info`, `debug`; from our own option also `off`, `trace` and `module=level`.
    pub level: Sourced<String>,
    /// `log.formatter`.
    pub format: Sourced<Format>,
    /// `log.fields`: stand in every line.
    pub fields: Sourced<Vec<(String, String)>>,
    /// `log.accesslog.disabled`, the other way round: whether each request gets a line.
    pub access: Sourced<bool>,
}
