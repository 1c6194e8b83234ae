//! The way to every page. Beside the content where there is room; on a phone a popover that the menu button opens,
//! by the browser's own means and so without scripts too.

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};

use super::{
    current_account::use_current_account,
    icon::{Draw, Icon},
};
use crate::i18n::{t, t_string, use_i18n};

/// The popover's id, which the menu button in the header names.
pub const NAVIGATION_ID: &str = "navigation";

/// Where the pages below the list of repositories are.
const EXPLORER: [&str; 7] = [
    "/repositories/",
    "/manifests/",
    "/delete-tag/",
    "/delete-tags/",
    "/delete-repository/",
    "/put-tag/",
    "/tag-history/",
];

/// Where the pages below the list of users are.
const USERS: [&str; 4] = ["/manage/user/", "/manage/new-user", "/manage/group", "/manage/issued-password"];

/// Where the pages below the list of robots are.
const ROBOTS: [&str; 3] = ["/manage/robot/", "/manage/new-robot", "/manage/issued-robot"];

/// The list of pages.
#[component]
pub fn Navigation() -> impl IntoView {
    let i18n = use_i18n();
    let account = use_current_account();
    let navigation = NodeRef::<leptos::html::Nav>::new();
    close_on_arrival(navigation);
    let path = use_location().pathname;
    let explores = move || path.with(|path| EXPLORER.iter().any(|section| path.starts_with(section))).then_some("");
    view! {
        <nav
            class="navigation"
            id=NAVIGATION_ID
            popover="auto"
            aria-label=move || t_string!(i18n, common.nav.label)
            node_ref=navigation
        >
            <ul class="navigation__group">
                <li>
                    <A href="/" exact=true attr:class="navigation__link">
                        <Draw icon=Icon::Home />
                        {t!(i18n, common.nav.home)}
                    </A>
                </li>
                <li>
                    <A href="/repositories" exact=true attr:class="navigation__link" attr:data-within=explores>
                        <Draw icon=Icon::Stack />
                        {t!(i18n, common.nav.repositories)}
                    </A>
                </li>
                <li>
                    <A href="/setup" attr:class="navigation__link">
                        <Draw icon=Icon::Guide />
                        {t!(i18n, common.nav.setup)}
                    </A>
                </li>
            </ul>
            <Transition>
                {move || Suspend::new(async move {
                    let who = account.await.ok().flatten();
                    let member = who.as_ref().is_some_and(|who| !who.administrator);
                    view! {
                        // Nobody is told by this what he may do: the server is asked each time.
                        {(!member).then(|| view! { <Manage /> })}
                        {who.is_some().then(|| view! { <Own /> })}
                    }
                })}
            </Transition>
        </nav>
    }
}

/// What administrators do. Shown to whoever is not signed in, too, for it leads to the sign-in.
#[component]
fn Manage() -> impl IntoView {
    let i18n = use_i18n();
    let path = use_location().pathname;
    let within = move |sections: &'static [&'static str]| {
        move || path.with(|path| sections.iter().any(|section| path.starts_with(section))).then_some("")
    };
    let (users, robots) = (within(&USERS), within(&ROBOTS));
    view! {
        <h2 class="navigation__heading" id="navigation-manage">
            {t!(i18n, common.nav.manage)}
        </h2>
        <ul class="navigation__group" aria-labelledby="navigation-manage">
            <li>
                <A href="/manage/users" attr:class="navigation__link" attr:data-within=users>
                    <Draw icon=Icon::People />
                    {t!(i18n, common.nav.users)}
                </A>
            </li>
            <li>
                <A href="/manage/robots" attr:class="navigation__link" attr:data-within=robots>
                    <Draw icon=Icon::Robot />
                    {t!(i18n, common.nav.robots)}
                </A>
            </li>
            <li>
                <A href="/manage/access" attr:class="navigation__link">
                    <Draw icon=Icon::Shield />
                    {t!(i18n, common.nav.access)}
                </A>
            </li>
            <li>
                <A href="/manage/activity" attr:class="navigation__link">
                    <Draw icon=Icon::Activity />
                    {t!(i18n, common.nav.activity)}
                </A>
            </li>
            <li>
                <A href="/manage/deleted" attr:class="navigation__link">
                    <Draw icon=Icon::Trash />
                    {t!(i18n, common.nav.deleted)}
                </A>
            </li>
            <li>
                <A href="/manage/notifications" attr:class="navigation__link">
                    <Draw icon=Icon::Bell />
                    {t!(i18n, common.nav.notifications)}
                </A>
            </li>
            <li>
                <A href="/manage/system-config" attr:class="navigation__link">
                    <Draw icon=Icon::Gear />
                    {t!(i18n, common.nav.system_config)}
                </A>
            </li>
        </ul>
    }
}

/// What everyone who is signed in looks after himself.
#[component]
fn Own() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <ul class="navigation__group">
            <li>
                <A href="/account" attr:class="navigation__link">
                    <Draw icon=Icon::Person />
                    {t!(i18n, common.nav.account)}
                </A>
            </li>
        </ul>
    }
}

/// A link inside a popover does not close it, and the router does not load a new page.
fn close_on_arrival(navigation: NodeRef<leptos::html::Nav>) {
    let path = use_location().pathname;
    Effect::new(move |before: Option<()>| {
        path.track();
        if before.is_some()
            && let Some(element) = navigation.get_untracked()
        {
            // Refused where it is not open, or where the browser has no popovers: then there is nothing to close.
            let _ = element.hide_popover();
        }
    });
}
