//! Shows the secret of a new access token, once.

use leptos::prelude::*;
use leptos_meta::Title;

use super::back;
use crate::{
    api::access_tokens::{IssuedToken, take_issued_token},
    components::{Breadcrumb, EmptyState, IssuedSecret},
    i18n::{t, t_string, use_i18n},
    pages::refused::Refused,
};

/// The page `/account/issued-token`.
#[component]
pub fn IssuedTokenPage() -> impl IntoView {
    let i18n = use_i18n();
    // Blocking, so that the server alone takes it: it is gone with that.
    let issued = Resource::new_blocking(|| (), |()| take_issued_token());
    view! {
        <Title text=move || t_string!(i18n, credentials.issued.token_title) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=back(i18n) />
                <h1>{t!(i18n, credentials.issued.token_title)}</h1>
            </div>
        </header>
        <Suspense>
            {move || Suspend::new(async move {
                match issued.await {
                    Ok(Some(issued)) => view! { <Shown issued /> }.into_any(),
                    Ok(None) => {
                        view! {
                            <EmptyState title=Signal::derive(move || {
                                t_string!(i18n, credentials.issued.none_title).to_string()
                            })>
                                <p>{t!(i18n, credentials.issued.none_token)}</p>
                            </EmptyState>
                        }
                            .into_any()
                    }
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Shown(issued: IssuedToken) -> impl IntoView {
    let i18n = use_i18n();
    let IssuedToken { name, user, secret, registry } = issued;
    view! {
        <IssuedSecret
            text=move || t_string!(i18n, credentials.issued.token_text, name = name.to_string()).to_string()
            label=move || t_string!(i18n, credentials.issued.token)
            secret
            login=format!("docker login {registry} -u {user}")
            path="/account".to_owned()
            link=move || t_string!(i18n, credentials.issued.to_account)
        />
    }
}
