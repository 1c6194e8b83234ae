//! Manage → Users: for administrators alone.

use humpback::{
    account::{AccessToken, GroupName, Role, UserName, UserSort, UserSummary},
    explorer::{List, ListQuery},
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;

/// Where a generated password is shown.
pub const ISSUED: &str = "/manage/issued-password";

/// One page of the users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Users {
    /// The page.
    pub list: List<UserSummary>,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// One user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// What is known of him.
    pub user: UserSummary,
    /// The groups that he is in.
    pub groups: Vec<GroupName>,
    /// All groups that there are.
    pub all_groups: Vec<GroupName>,
    /// What machines sign in with for him, the newest first.
    pub tokens: Vec<AccessToken>,
    /// Whether it is the reader himself.
    pub own: bool,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// A generated password, to be handed to its owner.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Whose it is.
    pub name: UserName,
    /// Shown this once.
    pub password: String,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issued({}, …)", self.name)
    }
}

/// Where a user's page is.
pub fn user_path(name: &str) -> String {
    format!("/manage/user/{}", crate::format::escape(name))
}

/// One page of the users.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or something is broken.
#[server(endpoint = "list_users", input = Json, output = crate::api::encoding::Answer)]
pub async fn list_users(query: ListQuery<UserSort>) -> Result<Users, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let list = console.auth.list_users(&query).await.map_err(super::context::internal)?;
    Ok(Users { list, now: console.clock.now() })
}

/// One user.
///
/// # Errors
/// As for [`list_users`], or [`Error::NotFound`].
#[server(endpoint = "read_user", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_user(user_name: String) -> Result<User, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let not_found = || Error::NotFound { what: user_name.clone() };
    let name = UserName::parse(&user_name).map_err(|_| not_found())?;
    let user = console.auth.user(&name).await.map_err(super::context::internal)?.ok_or_else(not_found)?;
    let internal = super::context::internal;
    let groups = console.auth.groups_of(&name).await.map_err(internal)?;
    let all_groups = console.auth.group_names().await.map_err(internal)?;
    let tokens = console.auth.access_tokens(&name).await.map_err(internal)?;
    Ok(User { own: user.name == who.name, user, groups, all_groups, tokens, now: console.clock.now() })
}

/// Creates a user; without a password one is generated. Returns where to go.
///
/// # Errors
/// As for [`list_users`], or [`Error::Invalid`].
#[server(endpoint = "create_user", output = crate::api::encoding::Answer)]
pub async fn create_user(user_name: String, role: Role, #[server(default)] password: String) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let name = check_new_user(&user_name, &password)?;
    let (password, generated) = ssr::choose(&password)?;
    let created = console.auth.create_user(&super::context::actor(&who), &name, role, password.clone()).await;
    created.map_err(|error| super::session::ssr::refuse(error, &user_name))?;
    Ok(ssr::show(&console, name, generated.then_some(password), "created"))
}

/// Gives a user another role. Returns where to go.
///
/// # Errors
/// As for [`list_users`], [`Error::NotFound`], or [`Error::LastAdministrator`].
#[server(endpoint = "set_user_role", output = crate::api::encoding::Answer)]
pub async fn set_user_role(user_name: UserName, role: Role) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let done = console.auth.set_role(&super::context::actor(&who), &user_name, role).await;
    done.map_err(|error| super::session::ssr::refuse(error, user_name.as_str()))?;
    // Who is no administrator any more has no business on the page.
    let path = if who.name == user_name { "/account".to_owned() } else { ssr::done(&user_name, "role") };
    super::session::ssr::lead_to(&path);
    Ok(path)
}

/// Lets a user sign in, or not any more. Returns where to go.
///
/// # Errors
/// As for [`set_user_role`].
#[server(endpoint = "set_user_enabled", output = crate::api::encoding::Answer)]
pub async fn set_user_enabled(user_name: UserName, enabled: bool) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let done = console.auth.set_enabled(&super::context::actor(&who), &user_name, enabled).await;
    done.map_err(|error| super::session::ssr::refuse(error, user_name.as_str()))?;
    let path = ssr::done(&user_name, if enabled { "enabled" } else { "disabled" });
    super::session::ssr::lead_to(&path);
    Ok(path)
}

/// Gives a user another password and ends his sessions; without a password one is generated. `revoke_tokens` revokes his
/// access tokens, too. Returns where to go.
///
/// # Errors
/// As for [`list_users`], [`Error::NotFound`], or [`Error::Invalid`].
#[server(endpoint = "reset_password", output = crate::api::encoding::Answer)]
pub async fn reset_password(
    user_name: UserName,
    #[server(default)] password: String,
    #[server(default)] revoke_tokens: bool,
) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let (password, generated) = ssr::choose(&password)?;
    let by = super::context::actor(&who);
    let done = console.auth.reset_password(&by, &user_name, password.clone(), revoke_tokens).await;
    done.map_err(|error| super::session::ssr::refuse(error, user_name.as_str()))?;
    Ok(ssr::show(&console, user_name, generated.then_some(password), "reset"))
}

/// Removes a user. Returns where to go.
///
/// # Errors
/// As for [`set_user_role`].
#[server(endpoint = "delete_user", output = crate::api::encoding::Answer)]
pub async fn delete_user(user_name: UserName) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let rules = matches!(console.guard.source(), humpback::access::Source::Accounts).then(|| console.guard.rules());
    let done = console.auth.delete_user(&super::context::actor(&who), &user_name, rules).await;
    done.map_err(|error| super::session::ssr::refuse(error, user_name.as_str()))?;
    let path = format!("/manage/users?done={user_name}");
    super::session::ssr::lead_to(&path);
    Ok(path)
}

/// The password that was generated just now for someone, in this session; the second time there is none.
///
/// # Errors
/// As for [`list_users`].
#[server(endpoint = "take_issued_password", input = Json, output = crate::api::encoding::Answer)]
pub async fn take_issued_password() -> Result<Option<Issued>, Error> {
    use humpback::auth::IssuedFor;
    use secrecy::ExposeSecret as _;

    super::context::administrator().await?;
    super::context::forbid_caching();
    let console = super::context::console()?;
    let wanted = |of: &IssuedFor| match of {
        IssuedFor::Password(name) => Some(name.clone()),
        IssuedFor::AccessToken(_) | IssuedFor::Robot(_) => None,
    };
    let issued = super::context::session_token().and_then(|token| console.auth.take_issued(&token, wanted));
    Ok(issued.map(|(name, password)| Issued { name, password: password.expose_secret().to_owned() }))
}

pub use form::check_new_user;

/// What the browser checks before it sends, and the server again.
mod form {
    use std::collections::BTreeMap;

    use humpback::account::{UserName, check_password};

    use crate::api::{Error, FieldError};

    /// The user name that was meant, if every field can be accepted. An empty password asks for a generated one.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all that must be mended.
    pub fn check_new_user(name: &str, password: &str) -> Result<UserName, Error> {
        let mut fields = Vec::new();
        let parsed = UserName::parse(name);
        if let Err(problem) = parsed {
            fields.push(FieldError::new("user_name", problem));
        }
        if let Some(problem) = check_password(password).err().filter(|_| !password.is_empty()) {
            fields.push(FieldError::new("password", problem));
        }
        match parsed {
            Ok(parsed) if fields.is_empty() => Ok(parsed),
            _ => Err(Error::Invalid { fields, typed: BTreeMap::from([("user_name".into(), name.into())]) }),
        }
    }
}

#[cfg(feature = "ssr")]
mod ssr {
    use humpback::{
        account::UserName,
        auth::{self, IssuedFor, IssuedSecret},
    };
    use secrecy::SecretString;

    use super::ISSUED;
    use crate::api::{
        Error,
        context::{self, Console},
        session::ssr::lead_to,
    };

    /// The password that was typed, or a generated one.
    pub(super) fn choose(typed: &str) -> Result<(SecretString, bool), Error> {
        if typed.is_empty() {
            return Ok((auth::generate_password().map_err(context::internal)?, true));
        }
        Ok((typed.into(), false))
    }

    /// A user's page, which says what was done.
    pub(super) fn done(name: &UserName, what: &str) -> String {
        format!("{}?done={what}", super::user_path(name.as_str()))
    }

    /// Leads to the page that shows a generated password, or back to the user's.
    pub(super) fn show(console: &Console, name: UserName, generated: Option<SecretString>, what: &str) -> String {
        let path = match (generated, context::session_token()) {
            (Some(password), Some(token)) => {
                console.auth.issue(&token, IssuedSecret { of: IssuedFor::Password(name), secret: password });
                ISSUED.to_owned()
            }
            _ => done(&name, what),
        };
        lead_to(&path);
        path
    }
}
