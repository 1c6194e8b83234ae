//! Makes an access token for oneself.

use leptos::{ev::SubmitEvent, form::ActionForm, form::FromFormData as _, prelude::*};
use leptos_meta::Title;
use time::OffsetDateTime;

use super::back;
use crate::{
    api::{
        access_tokens::{CreateAccessToken, TokenForm},
        account::read_own_account,
    },
    components::{
        Breadcrumb, CardSkeleton,
        form::{FieldKind, FormErrors, FormSummary, LifetimeField, ScopeFields, SubmitButton, TextField},
    },
    i18n::{t, t_string, use_i18n},
    pages::{leading, refused::Refused},
};

/// The page `/account/new-token`.
#[component]
pub fn NewTokenPage() -> impl IntoView {
    let i18n = use_i18n();
    // Whoever is not signed in hears it before the form is filled in.
    let account = Resource::new(|| (), |()| read_own_account());
    view! {
        <Title text=move || t_string!(i18n, credentials.new_token.title) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=back(i18n) />
                <h1>{t!(i18n, credentials.new_token.title)}</h1>
                <p class="page__lead">{t!(i18n, credentials.new_token.lead)}</p>
            </div>
        </header>
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match account.await {
                    Ok(account) => view! { <Form now=account.now /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Form(now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<CreateAccessToken>();
    let check = move |event: SubmitEvent| {
        let checked = match CreateAccessToken::from_event(&event) {
            Ok(CreateAccessToken { token_name, lifetime, date, limited, scope }) => {
                TokenForm { token_name, lifetime, date, limited, scope }.check(now)
            }
            Err(_) => return,
        };
        errors.hold_back(&event, action.pending().get_untracked(), checked.map(|_| ()));
    };
    view! {
        <div class="card card--form">
            <ActionForm action attr:class="form" on:submit:capture=check>
                <FormSummary errors />
                <TextField
                    name="token_name"
                    label=move || t_string!(i18n, credentials.new_token.name)
                    caption=move || t_string!(i18n, credentials.new_token.name_caption)
                    kind=FieldKind::Text
                    autocomplete="off"
                    errors
                />
                <LifetimeField errors />
                <Limits errors />
                <ScopeFields errors />
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, credentials.new_token.submit)
                        busy=move || t_string!(i18n, credentials.new_token.busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </div>
    }
}

/// Whether the token reaches as far as its owner, or less far.
#[component]
fn Limits(errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let limited = errors
        .shown()
        .with_untracked(|error| error.as_ref().is_some_and(|error| error.typed("limited") == Some("true")));
    view! {
        <fieldset class="field limits">
            <legend class="field__label">{t!(i18n, credentials.new_token.limits)}</legend>
            <div class="choices">
                <label class="choice">
                    <input type="radio" name="limited" value="false" checked=!limited />
                    {t!(i18n, credentials.new_token.unlimited)}
                </label>
                <label class="choice">
                    <input type="radio" name="limited" value="true" checked=limited />
                    {t!(i18n, credentials.new_token.limited)}
                </label>
            </div>
        </fieldset>
    }
}
