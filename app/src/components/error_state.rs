//! What stands where something could not be loaded: what happened, what to do, and the id for whoever looks it up.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{CopyButton, account_menu::sign_in_link};
use crate::{
    api::Error,
    i18n::{t, t_string, use_i18n},
};

/// An error in the place of a page's part.
#[component]
pub fn ErrorState(
    /// What went wrong.
    error: Error,
) -> impl IntoView {
    let i18n = use_i18n();
    let location = use_location();
    let back = location.clone();
    crate::api::status::of_error(&error);
    let request_id = match &error {
        Error::Internal { request_id } => request_id.clone(),
        _ => None,
    };
    let sign_in = matches!(error, Error::Unauthorised);
    let remote = matches!(error, Error::Remote { .. });
    let text = move || message(i18n, &error);
    let here = move || format!("{}{}", location.pathname.get(), search(&location.search.get()));
    view! {
        <section class="empty-state empty-state--error" role="alert">
            <h2>{t!(i18n, common.error.title)}</h2>
            <p>{text}</p>
            {request_id
                .map(|id| {
                    let shown = id.clone();
                    view! {
                        <p class="copyable">
                            <span class="mono">
                                {move || t_string!(i18n, common.error.request_id, id = shown.clone()).to_string()}
                            </span>
                            <CopyButton value=id />
                        </p>
                    }
                })}
            <div class="empty-state__actions">
                // A whole reading of the page: it helps whatever is broken, with scripts and without.
                <a class="button" href=here rel="external">
                    {t!(i18n, common.error.retry)}
                </a>
                {remote
                    .then(|| {
                        view! {
                            <a class="button" href="/manage/system-config#remote">
                                {t!(i18n, common.error.system_config)}
                            </a>
                        }
                    })}
                {sign_in
                    .then(|| {
                        let way = untrack(|| sign_in_link(&back));
                        view! {
                            <a class="button button--primary" href=way rel="external">
                                {t!(i18n, common.error.sign_in)}
                            </a>
                        }
                    })}
            </div>
        </section>
    }
}

fn search(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) }
}

/// The error in the reader's language: what happened, and what to do.
pub fn message(i18n: leptos_i18n::I18nContext<crate::i18n::Locale>, error: &Error) -> String {
    match error {
        Error::Unauthorised => t_string!(i18n, common.error.unauthorised).to_string(),
        Error::Forbidden => t_string!(i18n, common.error.forbidden).to_string(),
        Error::NotFound { what } => t_string!(i18n, common.error.not_found, what = what.clone()).to_string(),
        Error::Invalid { .. } => t_string!(i18n, common.error.invalid).to_string(),
        Error::LastAdministrator => t_string!(i18n, common.error.last_administrator).to_string(),
        Error::RulesChanged => t_string!(i18n, common.error.rules_changed).to_string(),
        Error::Conflict(_) => t_string!(i18n, common.error.conflict).to_string(),
        Error::TooManyAttempts { retry_after_seconds, .. } => {
            t_string!(i18n, common.error.attempts, seconds = *retry_after_seconds).to_string()
        }
        Error::Remote { address, failure } => {
            let why = super::remote_failure(i18n, failure);
            t_string!(i18n, common.error.remote, address = address.clone(), why = why).to_string()
        }
        Error::Unavailable { .. } => t_string!(i18n, common.error.unavailable).to_string(),
        Error::Internal { .. } => t_string!(i18n, common.error.internal).to_string(),
    }
}
