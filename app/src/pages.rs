//! The pages, one file each.

mod access;
mod account;
mod activity;
mod delete_tag;
mod description;
mod explorer;
mod first_start;
mod groups;
mod home;
pub mod lazy;
mod manifest;
mod missing;
mod not_found;
mod notifications;
#[cfg(feature = "ssr")]
pub mod paths;
mod proxy_check;
mod refused;
mod remote;
mod repositories;
mod repository;
mod robots;
mod setup_guide;
mod sign_in;
mod system_config;
mod troubleshooting;
mod undo;
mod users;
mod visits;

pub use access::AccessPage;
pub use account::{AccountPage, IssuedTokenPage, NewTokenPage};
pub use activity::ActivityPage;
pub use delete_tag::DeleteTag;
pub use description::DescriptionPage;
pub use first_start::FirstStartPage;
pub use groups::{GroupPage, GroupsPage};
pub use home::HomePage;
pub use manifest::Manifest;
pub use not_found::NotFound;
pub use notifications::NotificationsPage;
pub use proxy_check::ProxyCheck;
pub use repositories::RepositoriesPage;
pub use repository::Repository;
pub use robots::{IssuedRobotPage, NewRobotPage, RobotPage, RobotsPage};
pub use setup_guide::SetupGuide;
pub use sign_in::SignInPage;
pub use system_config::SystemConfigPage;
pub use troubleshooting::{ProblemPage, Troubleshooting};
pub use undo::{DeleteRepositoryPage, DeleteTagsPage, PutTagPage, RecentlyDeletedPage, TagHistoryPage};
pub use users::{IssuedPasswordPage, NewUserPage, UserPage, UsersPage};

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{api::Error, components::form::FormErrors};

/// Loads the page to which an action leads, whole, so that all of it is rendered for whoever is signed in now.
fn go_when_done<S>(action: ServerAction<S>)
where
    S: ServerFn<Output = String, Error = Error> + Clone + Send + Sync + 'static,
{
    Effect::new(move || {
        if let Some(Ok(path)) = action.value().get() {
            // Refused only for an address of another kind than a path.
            let _ = window().location().set_href(&path);
        }
    });
}

/// An action that leads to a page, and what goes wrong with its form.
fn leading<S>() -> (ServerAction<S>, FormErrors)
where
    S: ServerFn<Output = String, Error = Error> + Clone + Send + Sync + 'static,
{
    let action = ServerAction::<S>::new();
    let errors = FormErrors::of(action);
    go_when_done(action);
    (action, errors)
}
