//! Who may use the API, as it is told to people. Decided at start, by `auth` in config.yml.

use serde::{Deserialize, Serialize};

/// The kind of access that is in force for pulling and pushing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessKind {
    /// Anyone pulls and pushes.
    #[default]
    Open,
    /// Users from a file of names and passwords do.
    Htpasswd,
    /// Whoever has a token of a token server does, as far as it allows.
    Token,
}
