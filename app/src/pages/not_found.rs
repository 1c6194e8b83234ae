//! An address that leads nowhere. The navigation stays, so there is always a way out.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::i18n::{t, t_string, use_i18n};

/// Answers 404 and says so.
#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    crate::api::status::not_found();
    view! {
        <Title text=move || t_string!(i18n, common.not_found.title) />
        <header class="page__header">
            <h1>{t!(i18n, common.not_found.title)}</h1>
        </header>
        <p>{t!(i18n, common.not_found.text)}</p>
        <p>
            <a href=super::explorer::REPOSITORIES>{t!(i18n, common.not_found.home)}</a>
        </p>
    }
}
