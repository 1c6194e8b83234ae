//! Accounts as the console shows them, and the rules for user names and passwords. Pure: the browser and the server
//! check a form with this same code.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

mod access_token;
mod device;
mod group;
mod group_name;
mod label;
mod lifetime;
mod name;
mod robot;
mod robot_name;
mod role;
mod session;
mod user;

pub use access_token::{AccessToken, LastUse, TokenId, has_ended};
pub use device::{Device, UserAgent};
pub use group::{GroupDetail, GroupSort, GroupSummary, MemberSort};
pub use group_name::{GroupName, InvalidGroupName};
pub use label::{DESCRIPTION_MAX, Description, InvalidLabel, TOKEN_NAME_MAX, TokenName};
pub use lifetime::{InvalidLifetime, Lifetime};
pub use robot::{Robot, RobotSort};
pub use robot_name::{InvalidRobotName, ROBOT_PREFIX, RobotName};
pub use role::{Role, UnknownRole};
pub use session::{InvalidSessionId, OwnSession, SessionId};
pub use user::{UserSort, UserSummary};

/// The longest user name, in characters.
pub const USER_NAME_MAX: usize = 64;
/// The shortest password, in characters.
pub const PASSWORD_MIN: usize = 8;
/// The longest password, in characters. A limit at all, because hashing is costly.
pub const PASSWORD_MAX: usize = 200;

/// A user name, in lower case: `Admin` and `admin` are one account.
///
/// ASCII only, for it travels in HTTP Basic credentials, whose encoding clients don't agree on (RFC 7617 2.1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserName(Box<str>);

/// Why a text is not a user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InvalidUserName {
    /// Nothing was typed.
    #[error("enter a user name")]
    Missing,
    /// More than [`USER_NAME_MAX`].
    #[error("a user name has 64 characters at most")]
    TooLong,
    /// A character or a beginning that is not allowed.
    #[error("a user name is letters, digits, dots, hyphens and underscores, and begins with a letter or digit")]
    Form,
}

impl UserName {
    /// Reads a user name; blanks around it are forgiven, letters are made lower case.
    ///
    /// # Errors
    /// [`InvalidUserName`], which says how to mend it.
    pub fn parse(text: &str) -> Result<Self, InvalidUserName> {
        let text = text.trim();
        let letter = |byte: u8| byte.is_ascii_alphanumeric();
        let Some(first) = text.bytes().next() else { return Err(InvalidUserName::Missing) };
        if !letter(first) || !text.bytes().all(|byte| letter(byte) || matches!(byte, b'.' | b'-' | b'_')) {
            return Err(InvalidUserName::Form);
        }
        if text.len() > USER_NAME_MAX {
            return Err(InvalidUserName::TooLong);
        }
        Ok(Self(text.to_ascii_lowercase().into()))
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text may not become a password. Any character is allowed, blanks and symbols too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InvalidPassword {
    /// Nothing was typed.
    #[error("enter a password")]
    Missing,
    /// Fewer than [`PASSWORD_MIN`].
    #[error("a password has at least 8 characters")]
    TooShort,
    /// More than [`PASSWORD_MAX`].
    #[error("a password has 200 characters at most")]
    TooLong,
}

/// Judges a new password by its length alone, in characters: composition rules make passwords worse
/// (NIST SP 800-63B 5.1.1.2).
///
/// # Errors
/// [`InvalidPassword`], which says how to mend it.
pub fn check_password(password: &str) -> Result<(), InvalidPassword> {
    match password.chars().count() {
        0 => Err(InvalidPassword::Missing),
        1..PASSWORD_MIN => Err(InvalidPassword::TooShort),
        PASSWORD_MIN..=PASSWORD_MAX => Ok(()),
        _ => Err(InvalidPassword::TooLong),
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserName({})", self.0)
    }
}

impl FromStr for UserName {
    type Err = InvalidUserName;

    fn from_str(text: &str) -> Result<Self, InvalidUserName> {
        Self::parse(text)
    }
}

impl TryFrom<String> for UserName {
    type Error = InvalidUserName;

    fn try_from(text: String) -> Result<Self, InvalidUserName> {
        Self::parse(&text)
    }
}

impl From<UserName> for String {
    fn from(name: UserName) -> Self {
        name.0.into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn user_names() {
        for (typed, kept) in [("admin", "admin"), (" Admin ", "admin"), ("j.doe-2_x", "j.doe-2_x"), ("7", "7")] {
            assert_eq!(UserName::parse(typed).unwrap().as_str(), kept);
        }
        let long = "a".repeat(USER_NAME_MAX + 1);
        let bad = [
            ("", InvalidUserName::Missing),
            ("  ", InvalidUserName::Missing),
            (".a", InvalidUserName::Form),
            ("a b", InvalidUserName::Form),
            ("a:b", InvalidUserName::Form),
            ("管理员", InvalidUserName::Form),
            (&long, InvalidUserName::TooLong),
        ];
        for (typed, problem) in bad {
            assert_eq!(UserName::parse(typed), Err(problem), "{typed}");
        }
    }

    #[test]
    fn passwords_are_judged_by_their_length_in_characters() {
        assert_eq!(check_password(""), Err(InvalidPassword::Missing));
        assert_eq!(check_password("1234567"), Err(InvalidPassword::TooShort));
        assert_eq!(check_password("密码密码密码密"), Err(InvalidPassword::TooShort));
        for good in ["12345678", "密码密码密码密码", "a b!\"§$%&/()=?`'", &"x".repeat(PASSWORD_MAX)] {
            assert_eq!(check_password(good), Ok(()), "{good}");
        }
        assert_eq!(check_password(&"x".repeat(PASSWORD_MAX + 1)), Err(InvalidPassword::TooLong));
    }
}
