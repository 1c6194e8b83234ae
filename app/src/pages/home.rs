//! The first page: the repositories.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::i18n::{t, t_string, use_i18n};

#[component]
pub fn Home() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=move || t_string!(i18n, common.product) />
        <h1>{t!(i18n, common.nav.repositories)}</h1>
    }
}
