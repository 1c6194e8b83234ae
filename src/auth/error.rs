//! Why nobody was let in.

use time::Duration;

use crate::{
    account::{GroupName, InvalidPassword, InvalidUserName, RobotName, TokenName, UserName},
    metadata,
};

/// Refused, or broken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No account of that name with that password: which of the two is wrong is not told.
    #[error("the user name or the password is wrong")]
    Credentials,
    /// The credentials are right, and are not an administrator's.
    #[error("this needs an administrator")]
    NotAdministrator,
    /// There is an account of that name already.
    #[error("there is a user named {0} already")]
    NameTaken(UserName),
    /// There is no account of that name, or no longer.
    #[error("there is no user named {0}")]
    NoSuchUser(UserName),
    /// There is a group of that name already.
    #[error("there is a group named {0} already")]
    GroupNameTaken(GroupName),
    /// There is no group of that name, or no longer.
    #[error("there is no group named {0}")]
    NoSuchGroup(GroupName),
    /// The user has an access token of that name already.
    #[error("there is an access token named {0} already")]
    TokenNameTaken(TokenName),
    /// There is a robot of that name already.
    #[error("there is a robot named {0} already")]
    RobotNameTaken(RobotName),
    /// There is no robot of that name, or no longer.
    #[error("there is no robot named {0}")]
    NoSuchRobot(RobotName),
    /// There are as many as there can be.
    #[error("there can be {limit} at most")]
    TooMany {
        /// How many.
        limit: u64,
    },
    /// Nobody could administer the registry any more.
    #[error("the last administrator who can sign in must stay")]
    LastAdministrator,
    /// Too many failed attempts before; this one was not looked at.
    #[error("too many failed attempts; try again in {} s", retry_after.whole_seconds())]
    TooManyAttempts {
        /// How long to wait, in whole seconds.
        retry_after: Duration,
    },
    /// Too many requests, right or wrong; this one was not looked at.
    #[error("too many requests; try again in {} s", retry_after.whole_seconds())]
    TooManyRequests {
        /// How long to wait, in whole seconds.
        retry_after: Duration,
    },
    /// Not the code that was printed at start.
    #[error("this is not the setup code that the server printed")]
    SetupCode,
    /// The first account exists already.
    #[error("an administrator exists already")]
    AlreadySetUp,
    /// The user name can't be one.
    #[error(transparent)]
    UserName(#[from] InvalidUserName),
    /// The password can't be one.
    #[error(transparent)]
    Password(#[from] InvalidPassword),
    /// The database is broken.
    #[error(transparent)]
    Metadata(#[from] metadata::Error),
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(#[from] getrandom::Error),
    /// The password could not be hashed.
    #[error("hashing a password: {0}")]
    Hash(#[from] argon2::password_hash::Error),
    /// The key that signs tokens can't be made or read.
    #[error("the key that signs tokens could not be made or read")]
    TokenKey,
    /// The file of users can't be read.
    #[error("the file of users: {0}")]
    Users(#[source] std::io::Error),
    /// The process is shutting down.
    #[error("the server is shutting down")]
    Stopping,
}
