//! The shape of what is on its way, so that nothing moves when it comes.

use leptos::prelude::*;

/// A table of which nothing is known yet but its columns.
#[component]
pub fn TableSkeleton(
    /// How many columns.
    columns: usize,
) -> impl IntoView {
    const ROWS: usize = 8;
    let line = move || (0..columns).map(|_| view! { <td><span class="skeleton__line"></span></td> }).collect_view();
    view! {
        <div class="data-table__frame skeleton" aria-busy="true" aria-hidden="true">
            <table class="data-table">
                <tbody>{(0..=ROWS).map(|_| view! { <tr>{line()}</tr> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// A form or a text that is on its way.
#[component]
pub fn CardSkeleton() -> impl IntoView {
    const LINES: usize = 8;
    let line = || view! { <span class="skeleton__line"></span> };
    view! {
        <div class="card skeleton stack" aria-busy="true" aria-hidden="true">
            {(0..LINES).map(|_| line()).collect_view()}
        </div>
    }
}
