//! One's own access tokens: a table, and the way to a new one.

use humpback::account::AccessToken;
use leptos::{form::ActionForm, prelude::*};
use time::OffsetDateTime;

use crate::{
    api::access_tokens::{RevokeAccessToken, RevokeAccessTokens},
    components::{
        Draw, Expiry, Icon, LastUsed, ScopeText, TimeAgo,
        data_table::{Column, cell_class},
        form::FormSummary,
    },
    i18n::{t, t_string, use_i18n},
    pages::leading,
};

/// The part of the page.
#[component]
pub(super) fn Tokens(
    /// The tokens, the newest first.
    tokens: Vec<AccessToken>,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let i18n = use_i18n();
    let (one, one_errors) = leading::<RevokeAccessToken>();
    let (all, all_errors) = leading::<RevokeAccessTokens>();
    let revoke = move |token: &AccessToken| {
        let (id, name) = (token.id.0.to_string(), token.name.to_string());
        let named = move || t_string!(i18n, credentials.tokens.revoke_named, name = name.clone()).to_string();
        view! {
            <ActionForm action=one attr:class="data-table__actions">
                <input type="hidden" name="id" value=id />
                <button class="button button--small button--danger" type="submit" aria-label=named>
                    {t!(i18n, credentials.tokens.revoke)}
                </button>
            </ActionForm>
        }
        .into_any()
    };
    let several = tokens.len() > 1;
    let table = (!tokens.is_empty()).then(|| view! { <TokenTable tokens now revoke /> });
    let all = several.then(|| {
        view! {
            <details>
                <summary>{t!(i18n, credentials.tokens.revoke_all_open)}</summary>
                <ActionForm action=all attr:class="form">
                    <p>{t!(i18n, credentials.tokens.revoke_all_text)}</p>
                    <div class="form__actions">
                        <button class="button button--danger" type="submit">
                            {t!(i18n, credentials.tokens.revoke_all)}
                        </button>
                    </div>
                </ActionForm>
            </details>
        }
    });
    view! {
        <section class="page__section">
            <h2>{t!(i18n, credentials.tokens.title)}</h2>
            <p class="muted page__prose">{t!(i18n, credentials.tokens.lead)}</p>
            <FormSummary errors=one_errors />
            <FormSummary errors=all_errors />
            {table}
            <div class="form__actions">
                <a class="button button--primary" href="/account/new-token">
                    <Draw icon=Icon::Plus />
                    {t!(i18n, credentials.tokens.add)}
                </a>
            </div>
            {all}
        </section>
    }
}

/// Access tokens, each with what `revoke` draws for it.
#[component]
pub fn TokenTable<F>(
    /// The tokens.
    tokens: Vec<AccessToken>,
    /// The server's time.
    now: OffsetDateTime,
    /// What revokes one.
    revoke: F,
) -> impl IntoView
where
    F: Fn(&AccessToken) -> AnyView + Send + 'static,
{
    let i18n = use_i18n();
    let rows = tokens.into_iter().map(|token| {
        let revoke = revoke(&token);
        let AccessToken { name, scope, created_at, expires_at, used, .. } = token;
        view! {
            <tr>
                <th scope="row" class="data-table__cell--name">
                    {name.to_string()}
                </th>
                <td>
                    <ScopeText scope />
                </td>
                <td>
                    <Expiry at=expires_at now />
                </td>
                <td>
                    <LastUsed used now />
                </td>
                <td class=cell_class(Column::Text, true)>
                    <TimeAgo at=created_at now=now />
                </td>
                <td>{revoke}</td>
            </tr>
        }
    });
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, credentials.tokens.column.name)}</th>
                        <th scope="col">{t!(i18n, credentials.tokens.column.scope)}</th>
                        <th scope="col">{t!(i18n, credentials.tokens.column.expires)}</th>
                        <th scope="col">{t!(i18n, credentials.tokens.column.used)}</th>
                        <th scope="col" class=cell_class(Column::Text, true)>
                            {t!(i18n, credentials.tokens.column.created)}
                        </th>
                        <th scope="col">
                            <span class="visually-hidden">{t!(i18n, manage.account.column.action)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
