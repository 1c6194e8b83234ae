//! Groups as administrators see them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{GroupName, UserName};
use crate::explorer::{List, Order, SortKey, list::sort_key};

/// A group in the administrators' list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSummary {
    /// Its name.
    pub name: GroupName,
    /// How many users are in it.
    pub members: u64,
    /// When it was made.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub created_at: OffsetDateTime,
}

/// A group and one page of its members, in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetail {
    /// What is known of it.
    pub group: GroupSummary,
    /// Who is in it.
    pub members: List<UserName>,
}

sort_key! {
    /// What groups can be ordered by.
    GroupSort {
        /// Their names.
        #[default]
        Name = "name", Ascending;
        /// How many users are in them.
        Members = "members", Descending;
        /// When they were made.
        Created = "created", Descending;
    }
}

sort_key! {
    /// What the members of a group can be ordered by.
    MemberSort {
        /// Their names.
        #[default]
        Name = "name", Ascending;
    }
}
