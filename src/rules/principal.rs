//! Who does something, and whom a rule is for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::account::{GroupName, RobotName, Role, UserName};

/// Who does something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Principal {
    /// Someone who has not said who he is.
    #[default]
    Anonymous,
    /// The owner of an account.
    User {
        /// The account's name.
        name: UserName,
        /// What the account may do.
        role: Role,
        /// The groups that he is in.
        groups: Vec<GroupName>,
    },
    /// A machine with an account of its own.
    Robot {
        /// The robot's name.
        name: RobotName,
    },
    /// Someone who is known by the file of users that `auth.htpasswd` names, or to the server of `auth.token`.
    External {
        /// His name there.
        name: String,
    },
}

impl Principal {
    /// Whether it is an administrator, who may do everything.
    pub const fn is_administrator(&self) -> bool {
        matches!(self, Self::User { role: Role::Administrator, .. })
    }

    /// The name that stands in the log and in notifications; `None` for who has none.
    pub fn name(&self) -> Option<String> {
        match self {
            Self::Anonymous => None,
            Self::User { name, .. } => Some(name.to_string()),
            Self::Robot { name } => Some(name.login()),
            Self::External { name } => Some(name.clone()).filter(|name| !name.is_empty()),
        }
    }
}

/// Whom a rule is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// Everyone, signed in or not.
    Anyone,
    /// Everyone who has proved who he is, robots included.
    SignedIn,
    /// The members of a group.
    Group(GroupName),
    /// One robot.
    Robot(RobotName),
    /// One user: of an account or, where one is in force, of the file of users or the token server.
    User(UserName),
}

/// A text that names nobody a rule could be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("a rule is for anyone, signed-in, user:<name>, group:<name> or robot:<name>")]
pub struct InvalidSubject;

impl Subject {
    /// Whether the rule is for `principal`, among others.
    pub fn includes(&self, principal: &Principal) -> bool {
        match (self, principal) {
            (Self::Anyone, _) => true,
            (Self::SignedIn, principal) => *principal != Principal::Anonymous,
            (Self::Group(group), Principal::User { groups, .. }) => groups.contains(group),
            (Self::Robot(robot), Principal::Robot { name }) => name == robot,
            (Self::User(user), Principal::User { name, .. }) => name == user,
            // Letter for letter: elsewhere `Ann` and `ann` may be two.
            (Self::User(user), Principal::External { name }) => name == user.as_str(),
            _ => false,
        }
    }

    /// How closely it says whom it means; the greater, the closer.
    pub(super) const fn closeness(&self) -> u8 {
        match self {
            Self::Anyone => 0,
            Self::SignedIn => 1,
            Self::Group(_) => 2,
            Self::Robot(_) | Self::User(_) => 3,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anyone => f.write_str("anyone"),
            Self::SignedIn => f.write_str("signed-in"),
            Self::Group(name) => write!(f, "group:{name}"),
            Self::Robot(name) => write!(f, "robot:{name}"),
            Self::User(name) => write!(f, "user:{name}"),
        }
    }
}

impl FromStr for Subject {
    type Err = InvalidSubject;

    fn from_str(text: &str) -> Result<Self, InvalidSubject> {
        let subject = match text.split_once(':') {
            None if text == "anyone" => Some(Self::Anyone),
            None if text == "signed-in" => Some(Self::SignedIn),
            Some(("group", name)) => GroupName::parse(name).ok().map(Self::Group),
            Some(("robot", name)) => RobotName::parse(name).ok().map(Self::Robot),
            Some(("user", name)) => UserName::parse(name).ok().map(Self::User),
            _ => None,
        };
        subject.ok_or(InvalidSubject)
    }
}

impl TryFrom<String> for Subject {
    type Error = InvalidSubject;

    fn try_from(text: String) -> Result<Self, InvalidSubject> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}
