//! One's own account: the password, access tokens, and where one is signed in.

use humpback::account::{Device, OwnSession};
use leptos::{ev::SubmitEvent, form::ActionForm, form::FromFormData as _, prelude::*};
use leptos_i18n::I18nContext;
use leptos_meta::Title;
use time::OffsetDateTime;

use super::{go_when_done, refused::Refused, users::RoleName};
use crate::{
    api::account::{ChangePassword, EndOtherSessions, EndSession, OwnAccount, check_new_password, read_own_account},
    components::{
        CardSkeleton, DoneNote, TimeAgo,
        data_table::{Column, cell_class},
        form::{FieldKind, FormErrors, FormSummary, SubmitButton, TextField},
    },
    i18n::{Locale, t, t_string, use_i18n},
};

mod issued_token;
mod new_token;
mod tokens;

pub use issued_token::IssuedTokenPage;
pub use new_token::NewTokenPage;
pub use tokens::TokenTable;
use tokens::Tokens;

/// The page `/account`.
#[component]
pub fn AccountPage() -> impl IntoView {
    let i18n = use_i18n();
    let account = Resource::new(|| (), |()| read_own_account());
    let done = move |word: &str| {
        let text = match word {
            "password" => t_string!(i18n, manage.account.done.password),
            "token" => t_string!(i18n, credentials.tokens.done.one),
            "tokens" => t_string!(i18n, credentials.tokens.done.all),
            "session" => t_string!(i18n, manage.account.done.session),
            "sessions" => t_string!(i18n, manage.account.done.sessions),
            _ => return None,
        };
        Some(text.to_owned())
    };
    view! {
        <Title text=move || t_string!(i18n, manage.account.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, manage.account.title)}</h1>
            </div>
        </header>
        <DoneNote words=done />
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match account.await {
                    Ok(account) => view! { <Loaded account /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Loaded(account: OwnAccount) -> impl IntoView {
    let i18n = use_i18n();
    let name = account.name.to_string();
    let role = account.role;
    view! {
        <p class="page__lead">
            {move || t_string!(i18n, manage.account.signed_in, name = name.clone()).to_string()} " · "
            <RoleName role=role />
        </p>
        <Tokens tokens=account.tokens.clone() now=account.now />
        <Password />
        <Sessions account />
    }
}

#[component]
fn Password() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<ChangePassword>::new();
    let errors = FormErrors::of(action);
    go_when_done(action);
    let check = move |event: SubmitEvent| {
        let checked = match ChangePassword::from_event(&event) {
            Ok(form) => check_new_password(&form.present_password, &form.new_password, &form.new_password_again),
            Err(_) => return,
        };
        errors.hold_back(&event, action.pending().get_untracked(), checked);
    };
    view! {
        <section class="card card--narrow">
            <h2>{t!(i18n, manage.account.password_title)}</h2>
            <ActionForm action attr:class="form" on:submit:capture=check>
                <FormSummary errors />
                <TextField
                    name="present_password"
                    label=move || t_string!(i18n, manage.account.present)
                    kind=FieldKind::Password
                    autocomplete="current-password"
                    errors
                />
                <TextField
                    name="new_password"
                    label=move || t_string!(i18n, manage.account.new)
                    caption=move || t_string!(i18n, manage.account.new_caption)
                    kind=FieldKind::Password
                    autocomplete="new-password"
                    errors
                />
                <TextField
                    name="new_password_again"
                    label=move || t_string!(i18n, manage.account.again)
                    kind=FieldKind::Password
                    autocomplete="new-password"
                    errors
                />
                <p class="field__caption">{t!(i18n, manage.account.password_effect)}</p>
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, manage.account.submit)
                        busy=move || t_string!(i18n, manage.account.busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn Sessions(account: OwnAccount) -> impl IntoView {
    let i18n = use_i18n();
    let OwnAccount { sessions, idle_hours, absolute_days, now, .. } = account;
    let end = ServerAction::<EndSession>::new();
    let end_others = ServerAction::<EndOtherSessions>::new();
    let (errors, others_errors) = (FormErrors::of(end), FormErrors::of(end_others));
    go_when_done(end);
    go_when_done(end_others);
    let others = (sessions.len() > 1).then(|| {
        view! {
            <ActionForm action=end_others attr:class="form__actions">
                <SubmitButton
                    label=move || t_string!(i18n, manage.account.end_others)
                    busy=move || t_string!(i18n, manage.account.end_busy)
                    pending=end_others.pending()
                />
            </ActionForm>
        }
    });
    let rows = sessions.into_iter().map(|session| view! { <Row session=session end=end now=now /> });
    view! {
        <section class="page__section">
            <h2>{t!(i18n, manage.account.sessions_title)}</h2>
            <p class="muted">
                {move || {
                    t_string!(i18n, manage.account.sessions_text, hours = idle_hours, days = absolute_days).to_string()
                }}
            </p>
            <FormSummary errors />
            <FormSummary errors=others_errors />
            <div class="data-table__frame">
                <table class="data-table">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, manage.account.column.device)}</th>
                            <th scope="col" class=cell_class(Column::Text, true)>
                                {t!(i18n, manage.account.column.since)}
                            </th>
                            <th scope="col">{t!(i18n, manage.account.column.seen)}</th>
                            <th scope="col">
                                <span class="visually-hidden">{t!(i18n, manage.account.column.action)}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            {others}
        </section>
    }
}

#[component]
fn Row(session: OwnSession, end: ServerAction<EndSession>, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let OwnSession { id, current, address, user_agent, created_at, used_at } = session;
    let device = Device::of(&user_agent);
    let end = if current {
        view! { <span class="badge badge--accent">{t!(i18n, manage.account.this)}</span> }.into_any()
    } else {
        let named = move || t_string!(i18n, manage.account.end_named, device = device_name(i18n, device)).to_string();
        view! {
            <ActionForm action=end>
                <input type="hidden" name="id" value=id.to_string() />
                <button class="button button--small" type="submit" aria-label=named>
                    {t!(i18n, manage.account.end)}
                </button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row" class="data-table__cell--name">
                <span title=user_agent>{move || device_name(i18n, device)}</span>
                <div class="muted mono wrap-anywhere">{address}</div>
            </th>
            <td class=cell_class(Column::Text, true)>
                <TimeAgo at=created_at now=now />
            </td>
            <td>
                <TimeAgo at=used_at now=now />
            </td>
            <td>{end}</td>
        </tr>
    }
}

/// "Firefox on Linux", or what is known of it.
fn device_name(i18n: I18nContext<Locale>, device: Device) -> String {
    match (device.browser, device.system) {
        (Some(browser), Some(system)) => {
            t_string!(i18n, manage.account.on, browser = browser, system = system).to_string()
        }
        (Some(known), None) | (None, Some(known)) => known.to_owned(),
        (None, None) => t_string!(i18n, manage.account.unknown).to_owned(),
    }
}

/// The way back to the page, for those that belong to it.
fn back(i18n: I18nContext<Locale>) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || vec![(t_string!(i18n, manage.account.title).to_string(), "/account".to_owned())])
}
