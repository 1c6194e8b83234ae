//! The first administrator is created with the code that the server has printed.

use leptos::{ev::SubmitEvent, form::ActionForm, form::FromFormData as _, prelude::*};
use leptos_meta::Title;

use crate::{
    api::session::{CreateAdministrator, check_first_start},
    components::form::{FieldKind, FormErrors, FormSummary, SubmitButton, TextField},
    i18n::{t, t_string, use_i18n},
};

/// The page `/first-start`, to which every other page leads while there is no account.
#[component]
pub fn FirstStartPage() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<CreateAdministrator>::new();
    let errors = FormErrors::of(action);
    super::go_when_done(action);
    let check = move |event: SubmitEvent| {
        let checked = match CreateAdministrator::from_event(&event) {
            Ok(form) => check_first_start(&form.setup_code, &form.user_name, &form.password, &form.password_again),
            Err(_) => return,
        };
        errors.hold_back(&event, action.pending().get_untracked(), checked.map(|_| ()));
    };
    view! {
        <Title text=move || t_string!(i18n, session.first_start.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, session.first_start.title)}</h1>
                <p class="page__lead">{t!(i18n, session.first_start.lead)}</p>
            </div>
        </header>
        <div class="card card--narrow">
            <ActionForm action attr:class="form" on:submit:capture=check>
                <FormSummary errors />
                <TextField
                    name="setup_code"
                    label=move || t_string!(i18n, session.first_start.setup_code)
                    caption=move || t_string!(i18n, session.first_start.setup_code_caption)
                    kind=FieldKind::Code
                    autocomplete="one-time-code"
                    errors
                />
                <TextField
                    name="user_name"
                    label=move || t_string!(i18n, session.first_start.user_name)
                    caption=move || t_string!(i18n, session.first_start.user_name_caption)
                    kind=FieldKind::Text
                    autocomplete="username"
                    value="admin"
                    errors
                />
                <TextField
                    name="password"
                    label=move || t_string!(i18n, session.first_start.password)
                    caption=move || t_string!(i18n, session.first_start.password_caption)
                    kind=FieldKind::Password
                    autocomplete="new-password"
                    errors
                />
                <TextField
                    name="password_again"
                    label=move || t_string!(i18n, session.first_start.password_again)
                    kind=FieldKind::Password
                    autocomplete="new-password"
                    errors
                />
                <div class="form__actions">
                    <SubmitButton label=move || t_string!(i18n, session.first_start.submit) busy=move || t_string!(i18n, session.first_start.busy) pending=action.pending() />
                </div>
            </ActionForm>
            <details>
                <summary>{t!(i18n, session.first_start.where_title)}</summary>
                <p>{t!(i18n, session.first_start.where_text)}</p>
            </details>
        </div>
    }
}
