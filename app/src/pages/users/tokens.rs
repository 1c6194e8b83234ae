//! The access tokens of one user: an administrator sees them, but for their secrets, and revokes them.

use humpback::account::AccessToken;
use leptos::{form::ActionForm, prelude::*};
use time::OffsetDateTime;

use crate::{
    api::access_tokens::{RevokeUserToken, RevokeUserTokens},
    components::form::FormSummary,
    i18n::{t, t_string, use_i18n},
    pages::{account::TokenTable, leading},
};

/// The table, and the buttons that revoke.
#[component]
pub(super) fn Tokens(
    /// Whose they are.
    name: String,
    /// The tokens.
    tokens: Vec<AccessToken>,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let i18n = use_i18n();
    let (one, one_errors) = leading::<RevokeUserToken>();
    let (all, all_errors) = leading::<RevokeUserTokens>();
    if tokens.is_empty() {
        return view! {
            <section class="page__section">
                <h2>{t!(i18n, credentials.tokens.title)}</h2>
                <p class="muted">{t!(i18n, credentials.tokens.none_of_user)}</p>
            </section>
        }
        .into_any();
    }
    let owner = name.clone();
    let revoke = move |token: &AccessToken| {
        let (owner, id, name) = (owner.clone(), token.id.0.to_string(), token.name.to_string());
        let named = move || t_string!(i18n, credentials.tokens.revoke_named, name = name.clone()).to_string();
        view! {
            <ActionForm action=one attr:class="data-table__actions">
                <input type="hidden" name="user_name" value=owner />
                <input type="hidden" name="id" value=id />
                <button class="button button--small button--danger" type="submit" aria-label=named>
                    {t!(i18n, credentials.tokens.revoke)}
                </button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <section class="page__section">
            <h2>{t!(i18n, credentials.tokens.title)}</h2>
            <FormSummary errors=one_errors />
            <FormSummary errors=all_errors />
            <TokenTable tokens now revoke />
            <details>
                <summary>{t!(i18n, credentials.tokens.revoke_all_open)}</summary>
                <ActionForm action=all attr:class="form">
                    <p>{t!(i18n, credentials.tokens.revoke_all_text)}</p>
                    <input type="hidden" name="user_name" value=name />
                    <div class="form__actions">
                        <button class="button button--danger" type="submit">
                            {t!(i18n, credentials.tokens.revoke_all)}
                        </button>
                    </div>
                </ActionForm>
            </details>
        </section>
    }
    .into_any()
}
