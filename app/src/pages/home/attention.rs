//! What needs an administrator, each with the place where it is mended.

use leptos::prelude::*;

use crate::{
    api::home::Attention,
    components::{Draw, Icon},
    i18n::{t, use_i18n},
};

/// The list; nothing if there is nothing.
#[component]
pub(super) fn NeedsAttention(
    /// The most pressing first.
    found: Vec<Attention>,
) -> impl IntoView {
    let i18n = use_i18n();
    (!found.is_empty()).then(|| {
        let item = |Attention { grave, text, place }: Attention| {
            view! {
                <li class="banner" class:banner--danger=grave class:banner--warning=!grave>
                    <Draw icon=Icon::Warning />
                    <p class="banner__text">{text}</p>
                    {place
                        .map(|(path, name)| {
                            view! {
                                <div class="banner__actions">
                                    <a href=path>{name}</a>
                                </div>
                            }
                        })}
                </li>
            }
        };
        view! {
            <section class="page__section" aria-labelledby="attention-title">
                <h2 id="attention-title">{t!(i18n, home.attention.title)}</h2>
                <ul class="page__section">{found.into_iter().map(item).collect_view()}</ul>
            </section>
        }
    })
}
