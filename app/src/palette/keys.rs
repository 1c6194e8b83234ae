//! The keys that every page listens to. Those that are a single key act only where nothing is typed, and can be turned off
//! ([`preference`](super::preference)).

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{Shown, element, open};

/// What is open over the page has the keys for itself.
const DIALOG: &str = "dialog[open]";
/// Where a key is a letter, and where nobody wants it to be more.
const TYPING: &str = ":is(input,select,textarea):focus,[data-shortcuts],dialog[open]";
/// The field that searches what the page shows.
const FILTER: &str = "main [type=search]";

/// So long the second key of two may take, in milliseconds.
const BETWEEN: f64 = 1500.0;

/// Listens from now on; what is opened is below `owner`.
pub(super) fn listen(owner: Owner) {
    // When `g` was pressed.
    let going = Cell::new(f64::NEG_INFINITY);
    window_event_listener_untyped("keydown", move |event| {
        // A browser that fills a form in says that a key was pressed, and not which.
        if let Some(event) = event.dyn_ref() {
            pressed(event, &going, &owner);
        }
    });
}

fn pressed(event: &KeyboardEvent, going: &Cell<f64>, owner: &Owner) {
    // While an input method composes, the key is `Process` and none of these.
    let key = event.key();
    let chord = event.ctrl_key() || event.meta_key();
    let single = || !chord && !event.alt_key() && element(TYPING).is_none();
    let then = |page: &str| {
        if event.time_stamp() - going.replace(f64::NEG_INFINITY) < BETWEEN && single() {
            // The link in the navigation, so that its page is opened as by a click on it.
            use_it(&format!("nav a[href='{page}']"), HtmlElement::click);
        }
    };
    match key.as_str() {
        "k" if chord && !event.alt_key() && element(DIALOG).is_none() => {
            event.prevent_default();
            open(owner, Shown::Palette);
        }
        "/" if single() => {
            use_it(FILTER, |field| {
                event.prevent_default();
                let _ = field.focus();
            });
        }
        "?" if single() => {
            event.prevent_default();
            open(owner, Shown::Shortcuts);
        }
        "g" if single() => going.set(event.time_stamp()),
        "h" => then("/"),
        "r" => then("/repositories"),
        "s" => then("/setup"),
        _ => {}
    }
}

/// Does something with the first element that a selector finds.
pub(super) fn use_it(selector: &str, deed: impl FnOnce(&HtmlElement)) {
    if let Some(element) = element(selector).and_then(|element| element.dyn_into().ok()) {
        deed(&element);
    }
}
