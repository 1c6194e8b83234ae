//! The way from the list down to this page.

use leptos::prelude::*;

use crate::i18n::{t_string, use_i18n};

/// The pages above this one, the highest first.
#[component]
pub fn Breadcrumb(
    /// Text and address of each.
    #[prop(into)]
    steps: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav class="breadcrumb" aria-label=move || t_string!(i18n, common.breadcrumb)>
            <ol class="breadcrumb__list">
                {move || {
                    steps
                        .get()
                        .into_iter()
                        .map(|(text, href)| {
                            view! {
                                <li>
                                    <a href=href>{text}</a>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ol>
        </nav>
    }
}
