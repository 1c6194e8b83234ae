//! What an administrator says of the registry behind the configured address.

use serde::{Deserialize, Serialize};

/// What an administrator says of the address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Owner {
    /// Ask it.
    #[default]
    Ask,
    /// It is this registry's own.
    This,
    /// It is another registry's.
    Other,
}

impl Owner {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Ask, Self::This, Self::Other];

    /// The word in a form and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::This => "this",
            Self::Other => "other",
        }
    }

    /// What the word says; [`Ask`](Self::Ask) for any other.
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|owner| owner.as_str() == word).unwrap_or_default()
    }
}

/// What can't be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InvalidRemote {
    /// There is no address that it could be for.
    #[error("enter the registry's address first")]
    Address,
    /// The name has a colon or a character that can't be sent, or is too long.
    #[error("a user name has no colon and no control characters, 255 characters at most")]
    UserName,
    /// The name is there, the password is not.
    #[error("enter the password, too")]
    PasswordMissing,
    /// The password has a character that can't be sent, or is too long.
    #[error("a password has no control characters, 255 characters at most")]
    Password,
    /// Not a host, with its port or not.
    #[error("enter a host, with its port if need be, without https://")]
    TokenHost,
    /// Not certificates.
    #[error("paste one or more certificates in PEM: -----BEGIN CERTIFICATE-----")]
    Authority,
}
