//! What a server function may answer instead of its result. Crosses the wire as JSON, or in the page's URL when
//! a form was sent without scripts; so it carries nothing secret, neither SQL nor a path.

use std::collections::BTreeMap;

use humpback::{
    account::{InvalidGroupName, InvalidLabel, InvalidLifetime, InvalidPassword, InvalidRobotName, InvalidUserName},
    config::{self, Draft, InvalidAddress, InvalidRemote, SystemConfig, Versioned},
    explorer::RemoteFailure,
    oci::Digest,
    rules::InvalidPattern,
};
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use super::{encoding::JsonText, sealed::Sealed};

/// Why the server did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Error {
    /// Nobody is signed in, or the session has ended.
    #[error("sign in first")]
    Unauthorised,
    /// Whoever is signed in may not do this.
    #[error("this account may not do this")]
    Forbidden,
    /// It is not there, or no longer.
    #[error("{what} was not found")]
    NotFound {
        /// The thing's own name, for example `team/app:1.0`.
        what: String,
    },
    /// What was typed can't be accepted; every field that must be mended is named.
    #[error("the form has {} field(s) to mend", fields.len())]
    Invalid {
        /// In the order of the form.
        fields: Vec<FieldError>,
        /// What was typed, by field name, for a page without scripts to show again. Never a password.
        typed: BTreeMap<String, String>,
    },
    /// Nobody who can sign in could administer the registry any more.
    #[error("the last administrator must stay")]
    LastAdministrator,
    /// Someone else has saved in between.
    #[error("the configuration was changed in the meantime")]
    Conflict(Sealed<Conflict>),
    /// Someone else has changed the rules since the page was read.
    #[error("the rules were changed in the meantime")]
    RulesChanged,
    /// Too many failed attempts; nothing was checked this time.
    #[error("too many attempts; try again in {retry_after_seconds} s")]
    TooManyAttempts {
        /// How long to wait, in seconds.
        retry_after_seconds: u64,
        /// As in [`Error::Invalid`].
        typed: BTreeMap<String, String>,
    },
    /// The registry that the configured address leads to could not be read.
    #[error("the registry at {address} could not be read: {failure}")]
    Remote {
        /// The configured address.
        address: String,
        /// Why.
        failure: RemoteFailure,
    },
    /// Could work later: the server is stopping, the network is down.
    #[error("{message}")]
    Unavailable {
        /// What to tell the user, in English.
        message: String,
    },
    /// The server is broken; the log says how, under this id.
    #[error("the server could not complete the request")]
    Internal {
        /// The request's id in the log, where there is one.
        request_id: Option<String>,
    },
}

/// What someone else has saved in between, and what was not saved for that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What is in force now, by whom and since when.
    pub current: Versioned<SystemConfig>,
    /// What this form was about to save.
    pub mine: Draft,
}

/// A field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The `name` of the input.
    pub field: String,
    problem: Sealed<Problem>,
}

impl FieldError {
    /// A problem with the input of that `name`.
    pub fn new(field: impl Into<String>, problem: impl Into<Problem>) -> Self {
        Self { field: field.into(), problem: Sealed::new(&problem.into()) }
    }

    /// What must be mended.
    pub fn problem(&self) -> Problem {
        self.problem.open().unwrap_or(Problem::NotUnderstood)
    }
}

/// What can be wrong with a field; each has a text in every language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Problem {
    /// The registry address.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
    /// How another registry is asked.
    #[error(transparent)]
    Remote(#[from] InvalidRemote),
    /// A user name to be created.
    #[error(transparent)]
    UserName(#[from] InvalidUserName),
    /// A group's name to be.
    #[error(transparent)]
    GroupName(#[from] InvalidGroupName),
    /// A robot's name to be.
    #[error(transparent)]
    RobotName(#[from] InvalidRobotName),
    /// The name of an access token, or a description.
    #[error(transparent)]
    Label(#[from] InvalidLabel),
    /// How long something is to hold.
    #[error(transparent)]
    Lifetime(#[from] InvalidLifetime),
    /// Which repositories something is for.
    #[error(transparent)]
    Pattern(#[from] InvalidPattern),
    /// A rule or a scope that is about nothing.
    #[error("choose at least one action")]
    ActionMissing,
    /// More was typed than is kept.
    #[error("this text is too long")]
    TextTooLong,
    /// A password to be set.
    #[error(transparent)]
    Password(#[from] InvalidPassword),
    /// The password and its repetition are not the same.
    #[error("the passwords differ")]
    PasswordsDiffer,
    /// No setup code was typed.
    #[error("enter the setup code that the server printed")]
    SetupCodeMissing,
    /// Not the code that the server has printed.
    #[error("this is not the setup code that the server printed")]
    SetupCode,
    /// The first administrator was created in the meantime.
    #[error("there is an administrator already")]
    AlreadySetUp,
    /// No account of that name with that password.
    #[error("the user name or the password is wrong")]
    Credentials,
    /// There is an account of that name.
    #[error("there is a user of that name already")]
    NameTaken,
    /// Not the name of a user, group or robot, where one is needed.
    #[error("enter the name of the user, group or robot")]
    SubjectName,
    /// Not the name of a repository.
    #[error("enter the name of a repository")]
    RepositoryName,
    /// There are as many rules as there may be.
    #[error("there are too many rules")]
    TooManyRules,
    /// There is a group of that name.
    #[error("there is a group of that name already")]
    GroupNameTaken,
    /// There is an access token of that name.
    #[error("there is an access token of that name already")]
    TokenNameTaken,
    /// There is a robot of that name.
    #[error("there is a robot of that name already")]
    RobotNameTaken,
    /// There is no user of that name.
    #[error("there is no user of that name")]
    NoSuchUser,
    /// There are as many as there can be.
    #[error("there can be {limit} at most")]
    TooMany {
        /// How many.
        limit: u64,
    },
    /// Something else than the name of what is to be deleted.
    #[error("type the name of the repository")]
    Confirmation,
    /// Not a tag.
    #[error("this is not a tag")]
    TagName,
    /// The tag names another manifest, and nobody has said that it is to move.
    #[error("this tag names {digest}")]
    TagElsewhere {
        /// That manifest.
        digest: Digest,
    },
    /// Not one's own present password.
    #[error("this is not the present password")]
    PresentPassword,
    /// What another version of the server says.
    #[error("the server's answer was not understood")]
    NotUnderstood,
}

impl From<config::Problem> for FieldError {
    fn from(problem: config::Problem) -> Self {
        let field = problem.field().name();
        match problem {
            config::Problem::Address(problem) => Self::new(field, problem),
        }
    }
}

impl Error {
    /// Fields to mend in a form of which nothing has to be shown again.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self::Invalid { fields, typed: BTreeMap::new() }
    }

    /// What is wrong with the input of that `name`, if anything.
    pub fn problem(&self, name: &str) -> Option<Problem> {
        match self {
            Self::Invalid { fields, .. } => fields.iter().find(|error| error.field == name).map(FieldError::problem),
            _ => None,
        }
    }

    /// The `name` of the first input that must be mended.
    pub fn first_field(&self) -> Option<&str> {
        match self {
            Self::Invalid { fields, .. } => fields.first().map(|error| error.field.as_str()),
            _ => None,
        }
    }

    /// What was typed into the input of that `name`, as far as the error tells.
    pub fn typed(&self, name: &str) -> Option<&str> {
        match self {
            Self::Invalid { typed, .. } | Self::TooManyAttempts { typed, .. } => typed.get(name).map(String::as_str),
            _ => None,
        }
    }

    /// The HTTP status of an answer with this error.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unauthorised => 401,
            Self::Forbidden => 403,
            Self::NotFound { .. } => 404,
            Self::Conflict(_) | Self::LastAdministrator | Self::RulesChanged => 409,
            Self::Invalid { .. } => 422,
            Self::TooManyAttempts { .. } => 429,
            Self::Internal { .. } => 500,
            Self::Remote { failure: RemoteFailure::Timeout, .. } => 504,
            Self::Remote { .. } => 502,
            Self::Unavailable { .. } => 503,
        }
    }
}

impl FromServerFnError for Error {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unavailable {
                message: "The server could not be reached. Check the connection and try again.".into(),
            },
            // The answer of a proxy in between, or of another version of the server.
            ServerFnErrorErr::Deserialization(_) | ServerFnErrorErr::Response(_) => {
                Self::Unavailable { message: "The server's answer was not understood. Reload the page.".into() }
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::Unavailable { message: "The form was not understood. Reload the page and try again.".into() }
            }
            _ => Self::Internal { request_id: None },
        }
    }

    fn ser(&self) -> leptos::server_fn::Bytes {
        // Called for the response alone: here the status is known, else each error would be a 500.
        #[cfg(feature = "ssr")]
        super::context::answer_with_status(self);
        serde_json::to_vec(self).unwrap_or_default().into()
    }
}
