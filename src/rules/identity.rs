//! Who someone has proved to be, with what, and how far that reaches.

use serde::{Deserialize, Serialize};

use super::{Action, Actions, Pattern, Principal};
use crate::account::{RobotName, UserName};

/// What a credential is limited to, whatever its owner may do: the repositories, and what may be done there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(pub Vec<(Pattern, Actions)>);

impl Scope {
    /// Whether the credential reaches as far as this.
    pub fn allows(&self, repository: &str, action: Action) -> bool {
        self.0.iter().any(|(pattern, actions)| actions.cover(action) && pattern.matches(repository))
    }
}

/// Someone who has proved who he is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Who it is.
    pub principal: Principal,
    /// What the credential is limited to; `None` if it reaches as far as its owner.
    pub scope: Option<Scope>,
    /// The credential itself.
    pub credential: CredentialId,
}

/// Names a credential, to ask later whether it still holds. Opens nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum CredentialId {
    /// None was shown.
    #[default]
    None,
    /// A user's password.
    Password {
        /// Whose.
        user: UserName,
        /// Tells this password from the user's earlier and later ones, and his account from another of the same name.
        mark: String,
    },
    /// One of a user's access tokens.
    AccessToken {
        /// Whose.
        user: UserName,
        /// Which one: never used again once it is revoked.
        id: String,
    },
    /// A robot's secret.
    Robot {
        /// Which robot.
        robot: RobotName,
        /// Tells this secret from the robot's earlier and later ones.
        id: String,
    },
}
