//! Signing in and out, and the first administrator. Open to anyone, by nature; guessing is slowed down by the engine.

use humpback::account::UserName;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Error;

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The account's name.
    pub name: UserName,
    /// Whether he may change everything.
    pub administrator: bool,
}

/// Who is signed in, if anyone. Open to anyone: tells only the browser's own account.
///
/// # Errors
/// Something is broken.
#[server(endpoint = "load_account", output = crate::api::encoding::Answer)]
pub async fn load_account() -> Result<Option<Who>, Error> {
    let account = super::context::signed_in().await?;
    Ok(account.map(|account| Who {
        name: account.name,
        administrator: account.role == humpback::account::Role::Administrator,
    }))
}

/// Opens a session; returns the path to go to.
///
/// # Errors
/// [`Error::Invalid`], [`Error::TooManyAttempts`], or something is broken.
#[server(endpoint = "sign_in", output = crate::api::encoding::Answer)]
pub async fn sign_in(user_name: String, password: String, return_to: Option<String>) -> Result<String, Error> {
    let console = super::context::anyone()?;
    let replaces = super::context::session_token();
    let visitor = super::context::visitor();
    let opened = console.auth.sign_in(&user_name, password.into(), &visitor, replaces.as_deref()).await;
    let opened = opened.map_err(|error| ssr::refuse(error, &user_name))?;
    Ok(ssr::enter(&opened, local_path(return_to.as_deref().unwrap_or_default())))
}

/// Makes the first administrator for whoever knows the code that the server has printed, and signs in; returns the
/// path to go to.
///
/// # Errors
/// [`Error::Invalid`], or something is broken.
#[server(endpoint = "create_administrator", output = crate::api::encoding::Answer)]
pub async fn create_administrator(
    setup_code: String,
    user_name: String,
    password: String,
    password_again: String,
) -> Result<String, Error> {
    let console = super::context::anyone()?;
    let name = check_first_start(&setup_code, &user_name, &password, &password_again)?;
    let visitor = super::context::visitor();
    let opened = console.auth.create_first_administrator(&setup_code, &name, password.into(), &visitor).await;
    let opened = opened.map_err(|error| ssr::refuse(error, &user_name))?;
    Ok(ssr::enter(&opened, "/"))
}

/// Ends the session of this browser, and leads to the sign-in page.
///
/// # Errors
/// Something is broken.
#[server(endpoint = "sign_out", output = crate::api::encoding::Answer)]
pub async fn sign_out() -> Result<(), Error> {
    let console = super::context::anyone()?;
    if let Some(token) = super::context::session_token() {
        console.auth.sign_out(&token, super::context::client()).await.map_err(super::context::internal)?;
    }
    super::context::set_session_cookie(None);
    ssr::lead_to("/sign-in");
    Ok(())
}

pub use form::{check_first_start, local_path};

/// What the browser checks before it sends, and the server again.
mod form {
    use std::collections::BTreeMap;

    use humpback::account::{UserName, check_password};

    use crate::api::{Error, FieldError, Problem};

    /// The user name that was meant, if every field can be accepted. Whether the code is the right one is not
    /// asked here.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all that must be mended.
    pub fn check_first_start(code: &str, name: &str, password: &str, again: &str) -> Result<UserName, Error> {
        let mut fields = Vec::new();
        if code.trim().is_empty() {
            fields.push(FieldError::new("setup_code", Problem::SetupCodeMissing));
        }
        let parsed = UserName::parse(name);
        if let Err(problem) = parsed {
            fields.push(FieldError::new("user_name", problem));
        }
        if let Err(problem) = check_password(password) {
            fields.push(FieldError::new("password", problem));
        } else if password != again {
            fields.push(FieldError::new("password_again", Problem::PasswordsDiffer));
        }
        match parsed {
            Ok(parsed) if fields.is_empty() => Ok(parsed),
            _ => Err(Error::Invalid { fields, typed: BTreeMap::from([("user_name".into(), name.into())]) }),
        }
    }

    /// `path` if it leads to a page of this console, else the first page: a link to the sign-in page must not be
    /// able to send people elsewhere.
    pub fn local_path(path: &str) -> &str {
        let local = path.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']));
        // Browsers drop tabs and line ends within a URL, and a header may not hold them.
        let printable = path.bytes().all(|byte| byte.is_ascii_graphic());
        let page = !["/api/", "/sign-in", "/first-start"].iter().any(|prefix| path.starts_with(prefix));
        if local && printable && page { path } else { "/" }
    }
}

#[cfg(feature = "ssr")]
pub(super) mod ssr {
    use std::collections::BTreeMap;

    use humpback::auth::{self, NewSession};

    use crate::api::{Error, FieldError, Problem, context};

    /// Says in the form's words why nobody was let in.
    pub(crate) fn refuse(error: auth::Error, user_name: &str) -> Error {
        let typed = BTreeMap::from([("user_name".to_owned(), user_name.to_owned())]);
        let invalid = |name: &str, problem: Problem| Error::Invalid {
            fields: vec![FieldError::new(name, problem)],
            typed: typed.clone(),
        };
        match error {
            auth::Error::Credentials => invalid("password", Problem::Credentials),
            auth::Error::TooManyAttempts { retry_after } | auth::Error::TooManyRequests { retry_after } => {
                Error::TooManyAttempts { retry_after_seconds: retry_after.whole_seconds().unsigned_abs(), typed }
            }
            auth::Error::SetupCode => invalid("setup_code", Problem::SetupCode),
            auth::Error::UserName(problem) => invalid("user_name", problem.into()),
            auth::Error::Password(problem) => invalid("password", problem.into()),
            auth::Error::AlreadySetUp => invalid("setup_code", Problem::AlreadySetUp),
            auth::Error::Stopping => Error::Unavailable { message: "The server is shutting down.".into() },
            auth::Error::NotAdministrator => Error::Forbidden,
            auth::Error::NameTaken(_) => invalid("user_name", Problem::NameTaken),
            auth::Error::NoSuchUser(name) => Error::NotFound { what: name.to_string() },
            auth::Error::NoSuchGroup(name) => Error::NotFound { what: name.to_string() },
            auth::Error::NoSuchRobot(name) => Error::NotFound { what: name.login() },
            // Their own forms name the field that was meant.
            auth::Error::GroupNameTaken(_) => invalid("group_name", Problem::GroupNameTaken),
            auth::Error::TokenNameTaken(_) => invalid("token_name", Problem::TokenNameTaken),
            auth::Error::RobotNameTaken(_) => invalid("robot_name", Problem::RobotNameTaken),
            auth::Error::TooMany { limit } => invalid("name", Problem::TooMany { limit }),
            auth::Error::LastAdministrator => Error::LastAdministrator,
            error @ (auth::Error::Metadata(_)
            | auth::Error::Random(_)
            | auth::Error::Hash(_)
            | auth::Error::Users(_)
            | auth::Error::TokenKey) => context::internal(error),
        }
    }

    /// Hands the session over; returns where to go.
    pub(super) fn enter(opened: &NewSession, path: &str) -> String {
        context::set_session_cookie(Some(opened.token.expose()));
        lead_to(path);
        path.to_owned()
    }

    /// Sends a plain form on to a page. A script loads the page itself, whole, so that all of it is rendered for
    /// whoever is signed in now.
    pub(crate) fn lead_to(path: &str) {
        if context::wants_html() {
            leptos_axum::redirect(path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use humpback::account::{InvalidPassword, InvalidUserName};

    use super::*;
    use crate::api::{FieldError, Problem};

    #[test]
    fn only_pages_of_this_console_are_returned_to() {
        for path in ["/", "/repositories/team/app", "/?search=a&page=2", "/manage/system-config"] {
            assert_eq!(local_path(path), path);
        }
        let elsewhere = [
            "",
            "https://example.com",
            "//example.com",
            "/\\example.com",
            "\\\\example.com",
            "/\t/example.com",
            "/a\r\nSet-Cookie: a=b",
            "/中文",
            "javascript:alert(1)",
            "/api/sign_out",
            "/sign-in?return_to=/sign-in",
        ];
        for path in elsewhere {
            assert_eq!(local_path(path), "/", "{path}");
        }
    }

    #[test]
    fn all_that_must_be_mended_is_said_at_once() {
        let error = check_first_start(" ", "管理员", "short", "other").unwrap_err();
        let Error::Invalid { fields, typed } = &error else { panic!("{error}") };
        assert_eq!(
            fields,
            &[
                FieldError::new("setup_code", Problem::SetupCodeMissing),
                FieldError::new("user_name", InvalidUserName::Form),
                FieldError::new("password", InvalidPassword::TooShort),
            ]
        );
        assert_eq!(typed.len(), 1, "neither code nor password goes back");
        let differ = check_first_start("code", "admin", "long enough", "long enougj").unwrap_err();
        assert_eq!(differ.problem("password_again"), Some(Problem::PasswordsDiffer));
        assert_eq!(check_first_start("code", "Admin", "long enough", "long enough").unwrap().as_str(), "admin");
    }
}
