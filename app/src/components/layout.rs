//! What surrounds each page: header, navigation, the one `<main>`, footer, and the voice.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast as _;

use super::{
    account_menu::AccountMenu,
    announcer::Announcer,
    current_account::CurrentAccount,
    icon::{Draw, Icon, Whale},
    language_switch::LanguageSwitch,
    navigation::{NAVIGATION_ID, Navigation},
    open_registry_banner::{OpenRegistryBanner, RegistryChanges},
    textarea::in_title,
    theme_switch::ThemeSwitch,
};
use crate::{
    i18n::{t, t_string, use_i18n},
    palette::PaletteButton,
};

/// Where the skip link leads.
const CONTENT_ID: &str = "content";

/// The frame around the page.
#[component]
pub fn Layout(
    /// The page.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let announcer = Announcer::provide();
    RegistryChanges::provide();
    CurrentAccount::provide();
    move_focus_on_arrival();
    view! {
        <Title formatter=move |page: String| in_title(title(&page, t_string!(i18n, common.product))) />
        // Not the router's: only the browser moves the focus to where the link leads.
        <a class="skip-link" href=format!("#{CONTENT_ID}") rel="external">
            {t!(i18n, common.skip)}
        </a>
        <div class="shell">
            <header class="header">
                <button
                    class="button button--quiet header__menu"
                    type="button"
                    popovertarget=NAVIGATION_ID
                    aria-label=move || t_string!(i18n, common.nav.open)
                >
                    <Draw icon=Icon::Menu />
                </button>
                <a href="/" class="header__brand">
                    <Whale />
                    <span>{t!(i18n, common.product)}</span>
                </a>
                <div class="header__tools">
                    <PaletteButton />
                    <LanguageSwitch />
                    <ThemeSwitch />
                    <AccountMenu />
                </div>
            </header>
            <Navigation />
            <main class="main" id=CONTENT_ID tabindex="-1">
                <OpenRegistryBanner />
                {children()}
            </main>
            <footer class="footer">
                <span>{t!(i18n, common.product)}" "{env!("CARGO_PKG_VERSION")}</span>
            </footer>
        </div>
        <p class="visually-hidden" role="status">
            {announcer.text()}
        </p>
    }
}

/// The document's title: the page first, for that is what tells two tabs apart.
fn title(page: &str, product: &str) -> String {
    if page.is_empty() || page == product { product.to_owned() } else { format!("{page} · {product}") }
}

/// After a page has been changed without loading a new document, the reader's place is the new page's title.
fn move_focus_on_arrival() {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            focus_title();
        }
        now
    });
}

/// Puts the reader's place at the page's title, once the page is drawn.
pub fn focus_title() {
    request_animation_frame(|| {
        let title = document().query_selector("main h1").ok().flatten();
        if let Some(title) = title.and_then(|title| title.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = title.set_attribute("tabindex", "-1");
            let _ = title.focus();
        }
    });
}
