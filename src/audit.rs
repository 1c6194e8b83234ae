//! Who did what, from where and when; and which part of that is asked for.
//!
//! Pure data that crosses from the server to the browser and goes into the export. No secret belongs into it, and every
//! text in it is one that was checked: names, addresses, digests.

use std::{net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

mod query;

pub use query::AuditQuery;

/// Who does something, and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// The account's name, or the user's on `/v2/`; empty if nobody has told it.
    pub name: String,
    /// The client's address, as far as it is known.
    pub address: Option<IpAddr>,
}

impl Actor {
    /// Someone with a name.
    pub fn new(name: impl ToString, address: Option<IpAddr>) -> Self {
        Self { name: name.to_string(), address }
    }
}

/// One deed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When, in UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who: the account's name. Empty if that was not known.
    pub actor: String,
    /// From where: the client's address, as far as it was known.
    pub address: Option<String>,
    /// What: a noun and what happened to it, one of [`Action`]'s words.
    pub action: String,
    /// To whom or to what: an account's name, an image.
    pub subject: Option<String>,
    /// What belongs to it, such as before and after; never a secret.
    pub detail: Value,
}

impl AuditEntry {
    /// A deed of `actor`.
    pub fn new(at: OffsetDateTime, actor: &Actor, action: Action) -> Self {
        Self {
            at,
            actor: actor.name.clone(),
            address: actor.address.map(|address| address.to_canonical().to_string()),
            action: action.as_str().to_owned(),
            subject: None,
            detail: Value::Object(serde_json::Map::new()),
        }
    }

    /// Names what it was done to.
    pub fn about(mut self, subject: impl ToString) -> Self {
        self.subject = Some(subject.to_string());
        self
    }

    /// Says what belongs to it.
    pub fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $kind:ident;)*) => {
        /// What can be done. An entry of another version may hold a word that is none of these.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $variant,)*
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in the database and in the export.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What kind of deed it is.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }
        }
    };
}

actions! {
    /// Someone has signed in to the console.
    SessionOpened = "session.opened", SignIn;
    /// Someone has signed out.
    SessionClosed = "session.closed", SignIn;
    /// Someone has ended a session that may be another browser's.
    SessionEnded = "session.ended", SignIn;
    /// A name and a password did not fit.
    SignInFailed = "sign_in.failed", SignIn;
    /// So many sign-ins failed within an hour that the others are not listed.
    SignInFailuresOmitted = "sign_in.failures_omitted", SignIn;
    /// An account was created.
    AccountCreated = "account.created", Account;
    /// An account may sign in again.
    AccountEnabled = "account.enabled", Account;
    /// An account may not sign in any more.
    AccountDisabled = "account.disabled", Account;
    /// An account was given another role.
    AccountRoleChanged = "account.role_changed", Account;
    /// An account was removed.
    AccountDeleted = "account.deleted", Account;
    /// Someone has changed his own password.
    PasswordChanged = "password.changed", Account;
    /// An administrator has set someone's password.
    PasswordReset = "password.reset", Account;
    /// An account was put into groups or taken out of them.
    AccountGroupsChanged = "account.groups_changed", Account;
    /// A group was made.
    GroupCreated = "group.created", Account;
    /// A group was given another name.
    GroupRenamed = "group.renamed", Account;
    /// A user was put into a group.
    GroupMemberAdded = "group.member_added", Account;
    /// A user was taken out of a group.
    GroupMemberRemoved = "group.member_removed", Account;
    /// A group was removed.
    GroupDeleted = "group.deleted", Account;
    /// Someone has made an access token for himself.
    AccessTokenCreated = "access_token.created", Credential;
    /// Access tokens were revoked.
    AccessTokenRevoked = "access_token.revoked", Credential;
    /// A robot was made.
    RobotCreated = "robot.created", Credential;
    /// A robot was described, limited or made to end in another way.
    RobotChanged = "robot.changed", Credential;
    /// A robot was given another secret.
    RobotSecretRotated = "robot.secret_rotated", Credential;
    /// A robot may sign in again.
    RobotEnabled = "robot.enabled", Credential;
    /// A robot may not sign in any more.
    RobotDisabled = "robot.disabled", Credential;
    /// A robot was removed.
    RobotDeleted = "robot.deleted", Credential;
    /// The system configuration was saved.
    SystemConfigSaved = "system_config.saved", Configuration;
    /// How another registry is asked was changed.
    RemoteRegistrySaved = "remote_registry.saved", Configuration;
    /// The rules of who may do what were saved.
    RulesSaved = "rules.saved", Configuration;
    /// Something else was said of a repository.
    RepositoryDescribed = "repository.described", Configuration;
    /// A tag was taken away.
    TagDeleted = "tag.deleted", Deletion;
    /// A manifest and all its tags were taken away.
    ManifestDeleted = "manifest.deleted", Deletion;
    /// A repository and all in it was taken away.
    RepositoryDeleted = "repository.deleted", Deletion;
    /// A tag was put back.
    TagRestored = "tag.restored", Deletion;
    /// A manifest was brought back with its tags.
    ManifestRestored = "manifest.restored", Deletion;
    /// A repository was brought back with all in it.
    RepositoryRestored = "repository.restored", Deletion;
    /// A tag was put on a manifest in the console.
    TagAdded = "tag.added", Deletion;
    /// A tag was moved to another manifest in the console.
    TagMoved = "tag.moved", Deletion;
    /// A blob was taken out of a repository.
    BlobDeleted = "blob.deleted", Deletion;
}

impl Action {
    /// The action of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == word)
    }
}

/// Actions that are looked for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// In and out, and in vain.
    SignIn,
    /// Accounts, their passwords and groups.
    Account,
    /// Access tokens and robots.
    Credential,
    /// The system configuration.
    Configuration,
    /// What was taken out of the registry or brought back, and tags that were set in the console.
    Deletion,
}

/// A word that names no kind of deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such kind of deed")]
pub struct UnknownKind;

impl Kind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::SignIn, Self::Account, Self::Credential, Self::Configuration, Self::Deletion];

    /// The word in a URL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Account => "account",
            Self::Credential => "credential",
            Self::Configuration => "configuration",
            Self::Deletion => "deletion",
        }
    }

    /// The words of all its actions.
    pub fn actions(self) -> impl Iterator<Item = &'static str> {
        Action::ALL.iter().filter(move |action| action.kind() == self).map(|action| action.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(UnknownKind)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use time::macros::datetime;

    use super::*;

    #[test]
    fn every_action_has_a_word_of_its_own_and_a_kind_that_finds_it() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.as_str()), Some(*action));
            assert!(action.kind().actions().any(|word| word == action.as_str()));
        }
        assert_eq!(Kind::ALL.iter().flat_map(|kind| kind.actions()).count(), Action::ALL.len());
    }

    #[test]
    fn an_entry_is_one_line_of_json_whatever_stands_in_it() {
        let actor = Actor::new("ann", Some([192, 0, 2, 1].into()));
        let entry = AuditEntry::new(datetime!(2026-11-24 08:00 UTC), &actor, Action::TagDeleted)
            .about("team/app:1.0\n{\"actor\":\"forged\"}\u{2028}");
        let line = serde_json::to_string(&entry).unwrap();
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.starts_with(
            r#"{"at":"2026-11-24T08:00:00Z","actor":"ann","address":"192.0.2.1","action":"tag.deleted","#
        ));
        assert_eq!(serde_json::from_str::<AuditEntry>(&line).unwrap(), entry);
    }
}
