//! Robots, the accounts of machines, as administrators see them: never the secret.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Description, LastUse, RobotName};
use crate::{
    explorer::{Order, SortKey, list::sort_key},
    rules::Scope,
};

/// A robot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robot {
    /// Its name, without what stands before it to sign in.
    pub name: RobotName,
    /// What it is for.
    pub description: Description,
    /// What it is limited to.
    pub scope: Scope,
    /// When it was made.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub created_at: OffsetDateTime,
    /// When it got its present secret.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub rotated_at: OffsetDateTime,
    /// When it ends; `None` if it does not end by itself.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// Since when it may not sign in; `None` while it may.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub disabled_at: Option<OffsetDateTime>,
    /// The last use, to the minute; `None` if there was none yet.
    pub used: Option<LastUse>,
}

sort_key! {
    /// What robots can be ordered by.
    RobotSort {
        /// Their names.
        #[default]
        Name = "name", Ascending;
        /// The last use.
        Used = "used", Descending;
        /// When they end.
        Expires = "expires", Ascending;
        /// When they were made.
        Created = "created", Descending;
    }
}
