//! The console's entry point in the browser: takes over the page that the server has rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's start script once the module is loaded. Marks the document when the page has been taken
/// over: from then on it answers without the server.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    if let Some(root) = leptos::prelude::document().document_element() {
        // Refused by no browser; and without the mark nothing is lost.
        let _ = root.set_attribute("data-hydrated", "");
    }
}
