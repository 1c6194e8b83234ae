//! Says what was done, on the page to which a form has led: the word stands in the page's address.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// A note, if the address holds a word that `words` knows.
#[component]
pub fn DoneNote<F>(
    /// What is said for a word of the address.
    words: F,
) -> impl IntoView
where
    F: Fn(&str) -> Option<String> + Send + Sync + 'static,
{
    let query = use_query_map();
    let text = move || query.with(|query| query.get("done")).and_then(|word| words(&word));
    move || {
        text().map(|text| {
            view! {
                <p class="banner banner--success" role="status">
                    {text}
                </p>
            }
        })
    }
}
