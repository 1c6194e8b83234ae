//! Access tokens as their owners and administrators see them: never the secret.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::TokenName;
use crate::rules::Scope;

/// Names an access token to revoke it by. Opens nothing, and is never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenId(pub i64);

/// One of a person's access tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// To revoke it by.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: TokenName,
    /// What it is limited to; `None` if it reaches as far as its owner.
    pub scope: Option<Scope>,
    /// When it was made.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub created_at: OffsetDateTime,
    /// When it ends; `None` if it does not end by itself.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// The last use, to the minute; `None` if there was none yet.
    pub used: Option<LastUse>,
}

/// When and from where a credential was last used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUse {
    /// When.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub at: OffsetDateTime,
    /// The client's address, as far as it was known.
    pub from: Option<String>,
}

/// Whether what ends at `expires_at` has ended.
pub fn has_ended(expires_at: Option<OffsetDateTime>, now: OffsetDateTime) -> bool {
    expires_at.is_some_and(|end| end <= now)
}
