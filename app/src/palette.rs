//! The command palette and the keyboard: the button in the header, and the keys that every page listens to.
//!
//! Only these two are code of the first page, and kept small. What they open is a part of its own ([`part`]), which the
//! browser fetches when it is first asked for.

mod dialog;
mod keys;
mod part;
pub mod preference;
mod recent;
mod search;
mod shortcuts;

use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    components::{Draw, Icon},
    i18n::{t, use_i18n},
};

/// Where the search is without the palette.
const WITHOUT: &str = "/repositories";

/// What is opened over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// The palette.
    Palette,
    /// The list of the shortcuts.
    Shortcuts,
}

/// The button that opens the palette; without scripts, and until they have come, it leads to the page that searches. Where
/// it is, the page listens to the keyboard.
#[component]
pub fn PaletteButton() -> impl IntoView {
    let i18n = use_i18n();
    let owner = Owner::current().unwrap_or_default();
    let listening = owner.clone();
    Effect::new(move |before: Option<()>| {
        if before.is_none() {
            keys::listen(listening.clone());
        }
    });
    let opened = move |event: SubmitEvent| {
        event.prevent_default();
        open(&owner, Shown::Palette);
    };
    view! {
        <form action=WITHOUT on:submit=opened>
            <button
                class="button header__search"
                aria-haspopup="dialog"
                aria-keyshortcuts="Control+K Meta+K"
                title="Ctrl K, ⌘ K"
            >
                <Draw icon=Icon::Search />
                <span>{t!(i18n, common.search.label)}</span>
                // The style sheet writes in which keys there are, by `preference::keyboard_of_request`.
                <kbd aria-hidden="true"></kbd>
            </button>
        </form>
    }
}

/// Opens something over the page, below `owner`, once its code has come. If it does not come, the page that searches is
/// asked of the server instead.
fn open(owner: &Owner, shown: Shown) {
    let owner = owner.clone();
    leptos::task::spawn_local(async move {
        if part::show(owner, shown).await.is_err() {
            // Refused only for an address of another kind than a path.
            let _ = window().location().set_href(WITHOUT);
        }
    });
}

/// The first element that a selector finds.
fn element(selector: &str) -> Option<web_sys::Element> {
    document().query_selector(selector).ok().flatten()
}
