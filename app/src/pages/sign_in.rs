//! Signing in. Works without scripts: the form's page comes back with the error by the field.

use leptos::{ev::SubmitEvent, form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::session::{SignIn, local_path},
    components::form::{FieldKind, FormErrors, FormSummary, SubmitButton, TextField},
    i18n::{t, t_string, use_i18n},
};

/// The page `/sign-in?return_to=…`.
#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SignIn>::new();
    let errors = FormErrors::of(action);
    let return_to = use_query_map().with_untracked(|query| query.get("return_to")).unwrap_or_default();
    let return_to = local_path(&return_to).to_owned();
    super::go_when_done(action);
    let check = move |event: SubmitEvent| errors.hold_back(&event, action.pending().get_untracked(), Ok(()));
    view! {
        <Title text=move || t_string!(i18n, session.sign_in.title) />
        <header class="page__header">
            <h1>{t!(i18n, session.sign_in.title)}</h1>
        </header>
        <div class="card card--narrow">
            <ActionForm action attr:class="form" on:submit:capture=check>
                <FormSummary errors />
                <input type="hidden" name="return_to" value=return_to />
                <TextField
                    name="user_name"
                    label=move || t_string!(i18n, session.sign_in.user_name)
                    kind=FieldKind::Text
                    autocomplete="username"
                    errors
                />
                <TextField
                    name="password"
                    label=move || t_string!(i18n, session.sign_in.password)
                    kind=FieldKind::Password
                    autocomplete="current-password"
                    errors
                />
                <div class="form__actions">
                    <SubmitButton label=move || t_string!(i18n, session.sign_in.submit) busy=move || t_string!(i18n, session.sign_in.busy) pending=action.pending() />
                </div>
            </ActionForm>
        </div>
        <p class="muted">{t!(i18n, session.sign_in.note)}</p>
    }
}
