//! What stands where a list would, when there is none.

use leptos::prelude::*;

/// Stands in the place of the table and its heads, and says what to do.
#[component]
pub fn EmptyState(
    /// What is the case.
    #[prop(into)]
    title: Signal<String>,
    /// Why, and what to do about it.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="empty-state">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}
