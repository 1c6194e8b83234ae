//! A person's own sessions, as he sees them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Names a session to the one whose it is: the beginning of its token's hash. Opens nothing, and is never used again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(String);

/// Not the name of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the name of a session")]
pub struct InvalidSessionId;

impl SessionId {
    /// How many characters of the hash there are: 64 bits.
    pub const LENGTH: usize = 16;

    /// The name of the session whose token has this hash, in lower-case hexadecimal digits.
    ///
    /// # Errors
    /// It is no such hash.
    pub fn of_hash(hash: &str) -> Result<Self, InvalidSessionId> {
        hash.get(..Self::LENGTH).ok_or(InvalidSessionId)?.parse()
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionId {
    type Err = InvalidSessionId;

    fn from_str(text: &str) -> Result<Self, InvalidSessionId> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if digits && text.len() == Self::LENGTH { Ok(Self(text.to_owned())) } else { Err(InvalidSessionId) }
    }
}

impl TryFrom<String> for SessionId {
    type Error = InvalidSessionId;

    fn try_from(text: String) -> Result<Self, InvalidSessionId> {
        text.parse()
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One of a person's own sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSession {
    /// To end it by.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// The address it was opened from, as far as it is known.
    pub address: Option<String>,
    /// The browser's own words about itself; empty if it said none.
    pub user_agent: String,
    /// When it was opened.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub created_at: OffsetDateTime,
    /// When it was last used, to the minute.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub used_at: OffsetDateTime,
}
