//! The console's entry point in the browser: takes over the page that the server has rendered.

// The application's type is a nested one.
#![recursion_limit = "256"]

use leptos::prelude::document;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's start script once the module is loaded. Marks the document when the page has been taken
/// over: from then on it answers without the server.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    let Some(body) = document().body() else { return };
    // The page's own code comes in a file of its own.
    leptos::mount::hydrate_from_async(body, app::App).await.forget();
    if let Some(root) = document().document_element() {
        // Refused by no browser; and without the mark nothing is lost.
        let _ = root.set_attribute("data-hydrated", "");
    }
}
