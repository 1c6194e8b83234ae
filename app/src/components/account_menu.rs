//! Who is signed in, at the top of every page, and the way in or out.

use leptos::{form::ActionForm, prelude::*};
use leptos_router::{hooks::use_location, location::Location};

use crate::{
    api::session::SignOut,
    components::current_account::use_current_account,
    format::escape,
    i18n::{t, t_string, use_i18n},
};

/// The account's name with a way out, or the way in.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let i18n = use_i18n();
    let account = use_current_account();
    let location = StoredValue::new(use_location());
    let sign_out = ServerAction::<SignOut>::new();
    Effect::new(move || {
        if matches!(sign_out.value().get(), Some(Ok(()))) {
            // Whole, so that nothing of what only an administrator sees stays behind.
            let _ = window().location().set_href("/sign-in");
        }
    });
    view! {
        <div class="account" role="group" aria-label=move || t_string!(i18n, session.account.label)>
            <Transition>
                {move || Suspend::new(async move {
                    match account.await {
                        Ok(Some(who)) => {
                            let name = who.name.to_string();
                            let title = {
                                let name = name.clone();
                                move || t_string!(i18n, session.account.signed_in_as, name = name.as_str()).to_string()
                            };
                            view! {
                                <a class="account__name" href="/account" title=title>
                                    {name}
                                </a>
                                <ActionForm action=sign_out>
                                    <button class="button button--quiet" type="submit">
                                        {t!(i18n, session.account.sign_out)}
                                    </button>
                                </ActionForm>
                            }
                                .into_any()
                        }
                        // Also when it could not be asked: the page that is opened says more.
                        Ok(None) | Err(_) => {
                            view! {
                                <a class="button button--quiet" href=move || location.with_value(sign_in_link) rel="external">
                                    {t!(i18n, session.account.sign_in)}
                                </a>
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        </div>
    }
}

/// The way to sign in and back to the page that is open. Reads the address: follows it where that is tracked.
pub fn sign_in_link(Location { pathname, search, .. }: &Location) -> String {
    let (path, search) = (pathname.get(), search.get());
    match path.as_str() {
        "/" | "/sign-in" | "/first-start" => "/sign-in".to_owned(),
        _ if search.is_empty() => format!("/sign-in?return_to={}", escape(&path)),
        _ => format!("/sign-in?return_to={}", escape(&format!("{path}?{}", search.trim_start_matches('?')))),
    }
}
