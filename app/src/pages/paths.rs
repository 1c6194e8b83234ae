//! Where the pages are. Exists in the server only.

use leptos_axum::AxumRouteListing;
use leptos_router::{Method, SsrMode};

/// The path of every page, as axum writes paths.
///
/// The application knows them, and would say them (`generate_route_list`); but it is rendered for that, which costs each
/// start some time and memory, and while it goes on, nothing that a page waits for is loaded anywhere in the process
/// (`IS_SUPPRESSING_RESOURCE_LOAD` in leptos_server). A test compares the two.
const PATHS: [&str; 34] = [
    "/",
    "/account",
    "/account/issued-token",
    "/account/new-token",
    "/delete-repository/{*name}",
    "/delete-tag/{*name}",
    "/delete-tags/{*name}",
    "/describe/{*name}",
    "/first-start",
    "/manage/access",
    "/manage/activity",
    "/manage/deleted",
    "/manage/group/{name}",
    "/manage/groups",
    "/manage/issued-password",
    "/manage/issued-robot",
    "/manage/new-robot",
    "/manage/new-user",
    "/manage/notifications",
    "/manage/robot/{name}",
    "/manage/robots",
    "/manage/system-config",
    "/manage/user/{name}",
    "/manage/users",
    "/manifests/{*name}",
    "/put-tag/{*name}",
    "/repositories",
    "/repositories/{*name}",
    "/setup",
    "/setup/proxy",
    "/setup/troubleshooting",
    "/setup/troubleshooting/{problem}",
    "/sign-in",
    "/tag-history/{*name}",
];

/// Every page: rendered whole, and for reading.
pub fn listing() -> Vec<AxumRouteListing> {
    PATHS.iter().map(|&path| AxumRouteListing::new(path.to_owned(), SsrMode::Async, [Method::Get], [])).collect()
}
