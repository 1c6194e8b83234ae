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
pub mod components;
#[cfg(feature = "ssr")]
pub mod export;
pub mod format;
#[cfg(feature = "ssr")]
pub mod gate;
pub mod language;
pub mod pages;
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
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use components::layout::Layout;
use pages::{
    AccessPage, AccountPage, ActivityPage, DeleteTag, FirstStartPage, GroupPage, GroupsPage, Home, IssuedPasswordPage,
    IssuedRobotPage, IssuedTokenPage, Manifest, NewRobotPage, NewTokenPage, NewUserPage, NotFound, NotificationsPage,
    ProblemPage, ProxyCheck, Repository, RobotPage, RobotsPage, SetupGuide, SignInPage, SystemConfigPage,
    Troubleshooting, UserPage, UsersPage,
};

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

use i18n::I18nContextProvider;
pub use shell::{Assets, shell};

/// The console's routes. Every page is rendered whole on the server (`SsrMode::Async`), so that each reads and
/// works without scripts.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <I18nContextProvider enable_cookie=false ssr_lang_header_getter=language::negotiation()>
            <Router>
                <Layout>
                    <Routes fallback=NotFound>
                        <Route path=path!("/") view=Home ssr=SsrMode::Async />
                        <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                        <Route path=path!("/first-start") view=FirstStartPage ssr=SsrMode::Async />
                        <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
                        <Route path=path!("/account/new-token") view=NewTokenPage ssr=SsrMode::Async />
                        <Route path=path!("/account/issued-token") view=IssuedTokenPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/users") view=UsersPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/new-user") view=NewUserPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/issued-password") view=IssuedPasswordPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/user/:name") view=UserPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/access") view=AccessPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/groups") view=GroupsPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/group/:name") view=GroupPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/robots") view=RobotsPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/new-robot") view=NewRobotPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/issued-robot") view=IssuedRobotPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/robot/:name") view=RobotPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/activity") view=ActivityPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/system-config") view=SystemConfigPage ssr=SsrMode::Async />
                        <Route path=path!("/manage/notifications") view=NotificationsPage ssr=SsrMode::Async />
                        <Route path=path!("/repositories/*name") view=Repository ssr=SsrMode::Async />
                        <Route path=path!("/manifests/*name") view=Manifest ssr=SsrMode::Async />
                        <Route path=path!("/delete-tag/*name") view=DeleteTag ssr=SsrMode::Async />
                        <Route path=path!("/setup") view=SetupGuide ssr=SsrMode::Async />
                        <Route path=path!("/setup/proxy") view=ProxyCheck ssr=SsrMode::Async />
                        <Route path=path!("/setup/troubleshooting") view=Troubleshooting ssr=SsrMode::Async />
                        <Route path=path!("/setup/troubleshooting/:problem") view=ProblemPage ssr=SsrMode::Async />
                    </Routes>
                </Layout>
            </Router>
        </I18nContextProvider>
    }
}
