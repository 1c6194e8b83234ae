//! The console: every page, every component and every server function.
//!
//! Compiled twice: natively into the server, which renders each page whole, and to WebAssembly, which takes
//! the rendered page over in the browser.

// The functions of the generated texts are named by their keys, and some of these are `new`.
#![allow(clippy::new_ret_no_self)]
// Leptos' macros generate items without doc comments.
#![allow(missing_docs)]
// A page is one nested type.
#![recursion_limit = "256"]

pub mod api;
#[cfg(feature = "ssr")]
pub mod authority_file;
#[cfg(feature = "ssr")]
pub mod certificate_end;
pub mod components;
#[cfg(feature = "ssr")]
pub mod export;
pub mod format;
#[cfg(feature = "ssr")]
pub mod gate;
pub mod language;
#[cfg(feature = "ssr")]
pub mod markdown;
pub mod pages;
pub mod palette;
#[cfg(feature = "ssr")]
pub mod security;
#[cfg(feature = "ssr")]
pub mod setup_script;
pub mod shell;
pub mod theme;
pub mod words;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    Lazy, SsrMode,
    components::{Route, Router, Routes},
    path,
};

use components::layout::Layout;
use pages::{
    NotFound,
    lazy::{
        AccessRoute, AccountRoute, ActivityRoute, DeleteRepositoryRoute, DeleteTagRoute, DeleteTagsRoute,
        DescriptionRoute, FirstStartRoute, GroupRoute, GroupsRoute, HomeRoute, IssuedPasswordRoute, IssuedRobotRoute,
        IssuedTokenRoute, ManifestRoute, NewRobotRoute, NewTokenRoute, NewUserRoute, NotificationsRoute, ProblemRoute,
        ProxyCheckRoute, PutTagRoute, RecentlyDeletedRoute, RepositoriesRoute, RepositoryRoute, RobotRoute,
        RobotsRoute, SetupRoute, SignInRoute, SystemConfigRoute, TagHistoryRoute, TroubleshootingRoute, UserRoute,
        UsersRoute,
    },
};

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

use i18n::I18nContextProvider;
pub use shell::{Assets, Parts, shell};

/// The console's routes. Every page is rendered whole on the server (`SsrMode::Async`), so that each reads and
/// works without scripts; in the browser, each brings its own code ([`pages::lazy`]).
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <I18nContextProvider enable_cookie=false ssr_lang_header_getter=language::negotiation()>
            <Router>
                <Layout>
                    <Routes fallback=NotFound>
                        <Route path=path!("/") view={Lazy::<HomeRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/repositories") view={Lazy::<RepositoriesRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/sign-in") view={Lazy::<SignInRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/first-start") view={Lazy::<FirstStartRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/account") view={Lazy::<AccountRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/account/new-token") view={Lazy::<NewTokenRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/account/issued-token") view={Lazy::<IssuedTokenRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/users") view={Lazy::<UsersRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/new-user") view={Lazy::<NewUserRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/issued-password") view={Lazy::<IssuedPasswordRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/user/:name") view={Lazy::<UserRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/access") view={Lazy::<AccessRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/groups") view={Lazy::<GroupsRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/group/:name") view={Lazy::<GroupRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/robots") view={Lazy::<RobotsRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/new-robot") view={Lazy::<NewRobotRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/issued-robot") view={Lazy::<IssuedRobotRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/robot/:name") view={Lazy::<RobotRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/activity") view={Lazy::<ActivityRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/system-config") view={Lazy::<SystemConfigRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/notifications") view={Lazy::<NotificationsRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/repositories/*name") view={Lazy::<RepositoryRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manifests/*name") view={Lazy::<ManifestRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/describe/*name") view={Lazy::<DescriptionRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/delete-tag/*name") view={Lazy::<DeleteTagRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/delete-tags/*name") view={Lazy::<DeleteTagsRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/delete-repository/*name") view={Lazy::<DeleteRepositoryRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/put-tag/*name") view={Lazy::<PutTagRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/tag-history/*name") view={Lazy::<TagHistoryRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/manage/deleted") view={Lazy::<RecentlyDeletedRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/setup") view={Lazy::<SetupRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/setup/proxy") view={Lazy::<ProxyCheckRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/setup/troubleshooting") view={Lazy::<TroubleshootingRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/setup/troubleshooting/:problem") view={Lazy::<ProblemRoute>::new()} ssr=SsrMode::Async />
                    </Routes>
                </Layout>
            </Router>
        </I18nContextProvider>
    }
}
