//! A user in the administrators' list.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Role, UserName};
use crate::explorer::{Order, SortKey, list::sort_key};

/// An account, as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    /// The name that is typed to sign in.
    pub name: UserName,
    /// What it may do.
    pub role: Role,
    /// Since when it may not sign in; `None` while it may.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub disabled_at: Option<OffsetDateTime>,
    /// When it was created.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub created_at: OffsetDateTime,
    /// The last sign-in to the console; `None` if there was none yet.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub signed_in_at: Option<OffsetDateTime>,
    /// How many sessions of it are kept; some of them may have ended by their age.
    pub sessions: u64,
}

sort_key! {
    /// What users can be ordered by.
    UserSort {
        /// Their names.
        #[default]
        Name = "name", Ascending;
        /// What they may do: administrators first.
        Role = "role", Ascending;
        /// The last sign-in.
        SignedIn = "signed-in", Descending;
        /// When they were created.
        Created = "created", Descending;
    }
}
