//! Text that was written in Markdown.

use leptos::prelude::*;

/// Shows HTML that the server has made of Markdown, and made harmless (`crate::markdown`).
#[component]
pub fn Markdown(
    /// The HTML. From nowhere else than the server's own renderer.
    #[prop(into)]
    html: Signal<String>,
) -> impl IntoView {
    view! { <div class="markdown card" inner_html=html></div> }
}
