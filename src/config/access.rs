//! Who may use the API, as it is told to people.

use serde::{Deserialize, Serialize};

/// The kind of access that is in force for pulling and pushing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessKind {
    /// Anyone pulls and pushes.
    #[default]
    Open,
    /// Anyone pulls; who has signed in pushes.
    SignInToPush,
    /// Who has signed in pulls and pushes.
    Private,
    /// What the rules say, which are none of the above.
    Rules {
        /// Whether anyone may push something somewhere.
        anyone_pushes: bool,
    },
    /// Users from a file of names and passwords, as `auth` in config.yml wants it.
    Htpasswd,
    /// Whoever has a token of a token server, as far as it allows, as `auth` in config.yml wants it.
    Token,
}

impl AccessKind {
    /// Whether someone may push without saying who he is.
    pub const fn anyone_pushes(self) -> bool {
        matches!(self, Self::Open | Self::Rules { anyone_pushes: true })
    }
}
