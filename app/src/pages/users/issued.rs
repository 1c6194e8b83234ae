//! Shows a generated password, once.

use leptos::prelude::*;
use leptos_meta::Title;

use super::back;
use crate::{
    api::users::{Issued, take_issued_password, user_path},
    components::{Breadcrumb, EmptyState, IssuedSecret},
    i18n::{t, t_string, use_i18n},
    pages::refused::Refused,
};

/// The page `/manage/issued-password`.
#[component]
pub fn IssuedPasswordPage() -> impl IntoView {
    let i18n = use_i18n();
    // Blocking, so that the server alone takes it: it is gone with that.
    let issued = Resource::new_blocking(|| (), |()| take_issued_password());
    view! {
        <Title text=move || t_string!(i18n, manage.issued.title) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=back(i18n) />
                <h1>{t!(i18n, manage.issued.title)}</h1>
            </div>
        </header>
        <Suspense>
            {move || Suspend::new(async move {
                match issued.await {
                    Ok(Some(issued)) => view! { <Shown issued /> }.into_any(),
                    Ok(None) => view! { <Gone /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Shown(issued: Issued) -> impl IntoView {
    let i18n = use_i18n();
    let Issued { name, password } = issued;
    let path = user_path(name.as_str());
    view! {
        <IssuedSecret
            text=move || t_string!(i18n, manage.issued.text, name = name.to_string()).to_string()
            label=move || t_string!(i18n, manage.issued.password)
            secret=password
            path
            link=move || t_string!(i18n, manage.issued.link)
        />
    }
}

#[component]
fn Gone() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <EmptyState title=Signal::derive(move || t_string!(i18n, manage.issued.none_title).to_string())>
            <p>{t!(i18n, manage.issued.none_text)}</p>
        </EmptyState>
    }
}
