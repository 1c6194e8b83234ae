//! One's own account: the password, access tokens, and where one is signed in. For whoever is signed in, and about himself alone.

use humpback::account::{AccessToken, OwnSession, Role, SessionId, UserName};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    /// The account's name.
    pub name: UserName,
    /// What it may do.
    pub role: Role,
    /// Where it is signed in, the last used first.
    pub sessions: Vec<OwnSession>,
    /// What machines sign in with for him, the newest first.
    pub tokens: Vec<AccessToken>,
    /// After how many hours without use a session ends.
    pub idle_hours: u64,
    /// After how many days a session ends in any case.
    pub absolute_days: u64,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// One's own account.
///
/// # Errors
/// [`Error::Unauthorised`], or something is broken.
#[server(endpoint = "read_own_account", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_own_account() -> Result<OwnAccount, Error> {
    use humpback::auth::session::{ABSOLUTE, IDLE};

    let account = super::context::account().await?;
    let console = super::context::console()?;
    let token = super::context::session_token().unwrap_or_default();
    let sessions = console.auth.sessions(&account, &token).await.map_err(super::context::internal)?;
    let tokens = console.auth.access_tokens(&account.name).await.map_err(super::context::internal)?;
    Ok(OwnAccount {
        name: account.name,
        role: account.role,
        sessions,
        tokens,
        idle_hours: IDLE.whole_hours().unsigned_abs(),
        absolute_days: ABSOLUTE.whole_days().unsigned_abs(),
        now: console.clock.now(),
    })
}

/// Changes one's own password and ends the other sessions. Returns where to go.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Invalid`], [`Error::TooManyAttempts`], or something is broken.
#[server(endpoint = "change_password", output = crate::api::encoding::Answer)]
pub async fn change_password(
    present_password: String,
    new_password: String,
    new_password_again: String,
) -> Result<String, Error> {
    let account = super::context::account().await?;
    let console = super::context::console()?;
    check_new_password(&present_password, &new_password, &new_password_again)?;
    let token = super::context::session_token().unwrap_or_default();
    let by = super::context::actor(&account);
    let changed = console.auth.change_password(&by, &token, present_password.into(), new_password.into()).await;
    changed.map_err(ssr::refuse)?;
    Ok(ssr::done("password"))
}

/// Ends one of one's own sessions. Returns where to go.
///
/// # Errors
/// [`Error::Unauthorised`], or something is broken.
#[server(endpoint = "end_session", output = crate::api::encoding::Answer)]
pub async fn end_session(id: SessionId) -> Result<String, Error> {
    let account = super::context::account().await?;
    let console = super::context::console()?;
    // One that has ended by itself in the meantime is as good.
    let ended = console.auth.end_session(&super::context::actor(&account), &account, &id).await;
    ended.map_err(super::context::internal)?;
    Ok(ssr::done("session"))
}

/// Ends all of one's own sessions but this one. Returns where to go.
///
/// # Errors
/// [`Error::Unauthorised`], or something is broken.
#[server(endpoint = "end_other_sessions", output = crate::api::encoding::Answer)]
pub async fn end_other_sessions() -> Result<String, Error> {
    let account = super::context::account().await?;
    let console = super::context::console()?;
    let token = super::context::session_token().unwrap_or_default();
    let ended = console.auth.end_other_sessions(&super::context::actor(&account), &account, &token).await;
    ended.map_err(super::context::internal)?;
    Ok(ssr::done("sessions"))
}

pub use form::check_new_password;

/// What the browser checks before it sends, and the server again.
mod form {
    use humpback::account::{InvalidPassword, check_password};

    use crate::api::{Error, FieldError, Problem};

    /// Judges the three fields; whether the present password is right is not asked here.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all that must be mended.
    pub fn check_new_password(present: &str, new: &str, again: &str) -> Result<(), Error> {
        let mut fields = Vec::new();
        if present.is_empty() {
            fields.push(FieldError::new("present_password", InvalidPassword::Missing));
        }
        if let Err(problem) = check_password(new) {
            fields.push(FieldError::new("new_password", problem));
        } else if new != again {
            fields.push(FieldError::new("new_password_again", Problem::PasswordsDiffer));
        }
        if fields.is_empty() { Ok(()) } else { Err(Error::invalid(fields)) }
    }
}

#[cfg(feature = "ssr")]
pub(super) mod ssr {
    use humpback::auth;

    use crate::api::{Error, FieldError, Problem, session};

    /// Says in the form's words why the password stays.
    pub(super) fn refuse(error: auth::Error) -> Error {
        match error {
            auth::Error::Credentials => {
                Error::invalid(vec![FieldError::new("present_password", Problem::PresentPassword)])
            }
            auth::Error::Password(problem) => Error::invalid(vec![FieldError::new("new_password", problem)]),
            other => session::ssr::refuse(other, ""),
        }
    }

    /// The page, which says what was done.
    pub(in crate::api) fn done(what: &str) -> String {
        let path = format!("/account?done={what}");
        session::ssr::lead_to(&path);
        path
    }
}
