//! What was chosen lately in this browser, so that it can be offered first. Only keys are kept: the server says which of
//! them are still there for whoever asks, and what they are called.

use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::js_sys::Reflect;

use crate::api::palette::RECENT_MAX;

/// Under which name it is kept; a key a line, the last one first.
const NAME: &str = "humpback_recent";

/// The keys, the last one first.
pub(super) fn keys() -> Vec<String> {
    let kept = storage().and_then(|storage| Reflect::get(&storage, &NAME.into()).ok()?.as_string());
    kept.unwrap_or_default().lines().take(RECENT_MAX).map(ToOwned::to_owned).collect()
}

/// Puts a key first.
pub(super) fn remember(key: &str) {
    let others = keys().into_iter().filter(|other| other != key).take(RECENT_MAX - 1);
    keep(&others.fold(key.to_owned(), |kept, other| kept + "\n" + &other));
}

/// Keeps nothing any more: whoever sits here next need not see it.
pub(super) fn forget() {
    keep("");
}

fn keep(text: &str) {
    if let Some(storage) = storage() {
        // Refused where it is full: then nothing is remembered, and nothing else is lost.
        let _ = Reflect::set(&storage, &NAME.into(), &text.into());
    }
}

/// What the browser keeps for the console, as an object with the kept texts in it (HTML, "The Storage interface"). Some
/// keep nothing for a page, by their settings.
fn storage() -> Option<JsValue> {
    Reflect::get(&window(), &"localStorage".into()).ok().filter(JsValue::is_object)
}
