//! Pages whose code the browser fetches when it gets to them, so that the first page comes with its own code alone.
//!
//! The build cuts the WebAssembly at these functions (`cargo leptos build --split`); functions of one module make one
//! file, what several files share goes into files of its own. The server says in the page's head which ones it needs,
//! so that they come beside the main one.

use leptos::{prelude::*, wasm_split::SplitLoaderError};
use leptos_router::{LazyRoute, hooks::use_location, location::Location};

use crate::components::layout::focus_title;

use super::{
    AccessPage, AccountPage, ActivityPage, DeleteRepositoryPage, DeleteTag, DeleteTagsPage, DescriptionPage,
    FirstStartPage, GroupPage, GroupsPage, HomePage, IssuedPasswordPage, IssuedRobotPage, IssuedTokenPage, Manifest,
    NewRobotPage, NewTokenPage, NewUserPage, NotificationsPage, ProblemPage, ProxyCheck, PutTagPage,
    RecentlyDeletedPage, RepositoriesPage, Repository, RobotPage, RobotsPage, SetupGuide, SignInPage, SystemConfigPage,
    TagHistoryPage, Troubleshooting, UserPage, UsersPage,
};

/// A page's view, or why its code did not come.
type Loaded = Result<AnyView, SplitLoaderError>;

macro_rules! lazy {
    ($($file:ident { $($route:ident = $page:ident in $view:ident, $preload:ident;)+ })+) => {$($(
        #[doc = concat!("The route of [`", stringify!($page), "`].")]
        #[derive(Debug)]
        pub struct $route(Location);

        impl LazyRoute for $route {
            fn data() -> Self {
                Self(use_location())
            }

            async fn view(this: Self) -> AnyView {
                #[cfg(feature = "ssr")]
                leptos::prefetch_lazy_fn_on_server(stringify!($file));
                match $view().await {
                    Ok(view) => {
                        arrive();
                        view
                    }
                    Err(_) => ask_the_server(&this.0).await,
                }
            }

            async fn preload() {
                if $preload().await.is_err() && !taken_over() {
                    // The page that the server has rendered does without it, and stays as it is.
                    std::future::pending::<()>().await;
                }
            }
        }

        #[leptos::wasm_split::wasm_split($file, wasm_split_path = ::leptos::wasm_split, preload($preload), fallible)]
        fn $view() -> Loaded {
            Ok(view! { <$page /> }.into_any())
        }
    )+)+};
}

lazy! {
    home {
        HomeRoute = HomePage in home, preload_home;
    }
    explorer {
        RepositoriesRoute = RepositoriesPage in repositories, preload_repositories;
        RepositoryRoute = Repository in repository, preload_repository;
        ManifestRoute = Manifest in manifest, preload_manifest;
        DescriptionRoute = DescriptionPage in description, preload_description;
        DeleteTagRoute = DeleteTag in delete_tag, preload_delete_tag;
        DeleteTagsRoute = DeleteTagsPage in delete_tags, preload_delete_tags;
        DeleteRepositoryRoute = DeleteRepositoryPage in delete_repository, preload_delete_repository;
        PutTagRoute = PutTagPage in put_tag, preload_put_tag;
        TagHistoryRoute = TagHistoryPage in tag_history, preload_tag_history;
        RecentlyDeletedRoute = RecentlyDeletedPage in recently_deleted, preload_recently_deleted;
    }
    account {
        SignInRoute = SignInPage in sign_in, preload_sign_in;
        FirstStartRoute = FirstStartPage in first_start, preload_first_start;
        AccountRoute = AccountPage in account, preload_account;
        NewTokenRoute = NewTokenPage in new_token, preload_new_token;
        IssuedTokenRoute = IssuedTokenPage in issued_token, preload_issued_token;
    }
    users {
        UsersRoute = UsersPage in users, preload_users;
        NewUserRoute = NewUserPage in new_user, preload_new_user;
        IssuedPasswordRoute = IssuedPasswordPage in issued_password, preload_issued_password;
        UserRoute = UserPage in user, preload_user;
        GroupsRoute = GroupsPage in groups, preload_groups;
        GroupRoute = GroupPage in group, preload_group;
    }
    robots {
        RobotsRoute = RobotsPage in robots, preload_robots;
        NewRobotRoute = NewRobotPage in new_robot, preload_new_robot;
        IssuedRobotRoute = IssuedRobotPage in issued_robot, preload_issued_robot;
        RobotRoute = RobotPage in robot, preload_robot;
    }
    manage {
        AccessRoute = AccessPage in access, preload_access;
        ActivityRoute = ActivityPage in activity, preload_activity;
        SystemConfigRoute = SystemConfigPage in system_config, preload_system_config;
        NotificationsRoute = NotificationsPage in notifications, preload_notifications;
    }
    guide {
        SetupRoute = SetupGuide in setup, preload_setup;
        ProxyCheckRoute = ProxyCheck in proxy_check, preload_proxy_check;
        TroubleshootingRoute = Troubleshooting in troubleshooting, preload_troubleshooting;
        ProblemRoute = ProblemPage in problem, preload_problem;
    }
}

/// Whether the page answers without the server already, so that another one is opened by changing it.
fn taken_over() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-hydrated"))
}

/// The reader's place is the title of the page that he has opened, which stands there in a moment.
fn arrive() {
    if cfg!(feature = "hydrate") && taken_over() {
        focus_title();
    }
}

/// Leaves a page whose code did not come to the server, which can do without it: the connection broke, or a newer
/// release has taken the file's place.
async fn ask_the_server(Location { pathname, search, .. }: &Location) -> AnyView {
    let (path, query) = (pathname.get_untracked(), search.get_untracked());
    let query = if query.is_empty() { query } else { format!("?{query}") };
    // Refused only for an address of another kind than a path.
    let _ = window().location().set_href(&format!("{path}{query}"));
    std::future::pending().await
}
