//! Manage → Users → Groups: for administrators alone.

use humpback::{
    account::{GroupDetail, GroupName, GroupSort, GroupSummary, MemberSort, UserName},
    explorer::{List, ListQuery},
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;

/// Where the groups are.
pub const GROUPS: &str = "/manage/groups";

/// One page of the groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// The page.
    pub list: List<GroupSummary>,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// Where a group's page is.
pub fn group_path(name: &str) -> String {
    format!("/manage/group/{}", crate::format::escape(name))
}

/// One page of the groups.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or something is broken.
#[server(endpoint = "list_groups", input = Json, output = crate::api::encoding::Answer)]
pub async fn list_groups(query: ListQuery<GroupSort>) -> Result<Groups, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let list = console.auth.list_groups(&query).await.map_err(super::context::internal)?;
    Ok(Groups { list, now: console.clock.now() })
}

/// One group, with one page of its members.
///
/// # Errors
/// As for [`list_groups`], or [`Error::NotFound`].
#[server(endpoint = "read_group", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_group(group: String, query: ListQuery<MemberSort>) -> Result<GroupDetail, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let not_found = || Error::NotFound { what: group.clone() };
    let name = GroupName::parse(&group).map_err(|_| not_found())?;
    console.auth.group(&name, &query).await.map_err(super::context::internal)?.ok_or_else(not_found)
}

/// Makes a group. Returns where to go.
///
/// # Errors
/// As for [`list_groups`], or [`Error::Invalid`].
#[server(endpoint = "create_group", output = crate::api::encoding::Answer)]
pub async fn create_group(group_name: String) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let name = check_group_name(&group_name)?;
    let done = console.auth.create_group(&super::context::actor(&who), &name).await;
    done.map_err(|error| ssr::refuse(error, "group_name", &group_name))?;
    Ok(ssr::done(&name, "created"))
}

/// Gives a group another name. Returns where to go.
///
/// # Errors
/// As for [`create_group`], or [`Error::NotFound`].
#[server(endpoint = "rename_group", output = crate::api::encoding::Answer)]
pub async fn rename_group(group: GroupName, group_name: String) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let name = check_group_name(&group_name)?;
    let done = console.auth.rename_group(&super::context::actor(&who), &group, &name, console.guard.rules()).await;
    done.map_err(|error| ssr::refuse(error, "group_name", &group_name))?;
    Ok(ssr::done(&name, "renamed"))
}

/// Removes a group. Returns where to go.
///
/// # Errors
/// As for [`list_groups`], or [`Error::NotFound`].
#[server(endpoint = "delete_group", output = crate::api::encoding::Answer)]
pub async fn delete_group(group: GroupName) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let done = console.auth.delete_group(&super::context::actor(&who), &group, console.guard.rules()).await;
    done.map_err(|error| ssr::refuse(error, "group", ""))?;
    let path = format!("{GROUPS}?done={group}");
    super::session::ssr::lead_to(&path);
    Ok(path)
}

/// Puts a user into a group. Returns where to go.
///
/// # Errors
/// As for [`create_group`], or [`Error::NotFound`].
#[server(endpoint = "add_group_member", output = crate::api::encoding::Answer)]
pub async fn add_group_member(group: GroupName, user_name: String) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let user = check_member(&user_name)?;
    let done = console.auth.set_member(&super::context::actor(&who), &group, &user, true).await;
    done.map_err(|error| ssr::refuse(error, "user_name", &user_name))?;
    Ok(ssr::done(&group, "added"))
}

/// Takes a user out of a group. Returns where to go.
///
/// # Errors
/// As for [`list_groups`], or [`Error::NotFound`].
#[server(endpoint = "remove_group_member", output = crate::api::encoding::Answer)]
pub async fn remove_group_member(group: GroupName, user_name: UserName) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let done = console.auth.set_member(&super::context::actor(&who), &group, &user_name, false).await;
    match done {
        // Deleted in the meantime, and so in no group.
        Ok(()) | Err(humpback::auth::Error::NoSuchUser(_)) => Ok(ssr::done(&group, "removed")),
        Err(error) => Err(ssr::refuse(error, "user_name", user_name.as_str())),
    }
}

/// Makes these the groups of a user. Returns where to go.
///
/// # Errors
/// As for [`list_groups`], or [`Error::NotFound`].
#[server(endpoint = "set_user_groups", output = crate::api::encoding::Answer)]
pub async fn set_user_groups(user_name: UserName, #[server(default)] groups: Vec<GroupName>) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let done = console.auth.set_groups(&super::context::actor(&who), &user_name, &groups).await;
    done.map_err(|error| super::session::ssr::refuse(error, user_name.as_str()))?;
    let path = format!("{}?done=groups", super::users::user_path(user_name.as_str()));
    super::session::ssr::lead_to(&path);
    Ok(path)
}

pub use form::{check_group_name, check_member};

/// What the browser checks before it sends, and the server again.
mod form {
    use std::collections::BTreeMap;

    use humpback::account::{GroupName, UserName};

    use crate::api::{Error, FieldError, Problem};

    /// The name that was meant.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what must be mended.
    pub fn check_group_name(name: &str) -> Result<GroupName, Error> {
        GroupName::parse(name).map_err(|problem| one("group_name", problem, name))
    }

    /// The user who was meant.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what must be mended.
    pub fn check_member(name: &str) -> Result<UserName, Error> {
        UserName::parse(name).map_err(|problem| one("user_name", problem, name))
    }

    /// One field to mend, and what was typed into it.
    pub(super) fn one(field: &str, problem: impl Into<Problem>, typed: &str) -> Error {
        Error::Invalid {
            fields: vec![FieldError::new(field, problem)],
            typed: BTreeMap::from([(field.to_owned(), typed.to_owned())]),
        }
    }
}

#[cfg(feature = "ssr")]
mod ssr {
    use humpback::{account::GroupName, auth};

    use crate::api::{
        Error, Problem,
        session::ssr::{lead_to, refuse as refuse_generally},
    };

    /// Says in the form's words why nothing was done: what is wrong is the field's that was typed into.
    pub(super) fn refuse(error: auth::Error, field: &str, typed: &str) -> Error {
        match error {
            auth::Error::GroupNameTaken(_) => super::form::one(field, Problem::GroupNameTaken, typed),
            auth::Error::NoSuchUser(_) => super::form::one(field, Problem::NoSuchUser, typed),
            auth::Error::TooMany { limit } => super::form::one(field, Problem::TooMany { limit }, typed),
            other => refuse_generally(other, ""),
        }
    }

    /// A group's page, which says what was done.
    pub(super) fn done(name: &GroupName, what: &str) -> String {
        let path = format!("{}?done={what}", super::group_path(name.as_str()));
        lead_to(&path);
        path
    }
}
