//! Adds a user, with a password that is typed or generated.

use humpback::account::Role;
use leptos::{ev::SubmitEvent, form::ActionForm, form::FromFormData as _, prelude::*};
use leptos_meta::Title;

use super::{RoleField, back};
use crate::{
    api::users::{CreateUser, check_new_user, list_users},
    components::{
        Breadcrumb, CardSkeleton,
        form::{FieldKind, FormErrors, FormSummary, SubmitButton, TextField},
    },
    i18n::{t, t_string, use_i18n},
    pages::{go_when_done, refused::Refused},
};

/// The page `/manage/new-user`.
#[component]
pub fn NewUserPage() -> impl IntoView {
    let i18n = use_i18n();
    // Whoever may not list users may not add one either, and hears it before the form is filled in.
    let allowed = Resource::new(|| (), |()| async { list_users(Default::default()).await.map(|_| ()) });
    view! {
        <Title text=move || t_string!(i18n, manage.new.title) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=back(i18n) />
                <h1>{t!(i18n, manage.new.title)}</h1>
                <p class="page__lead">{t!(i18n, manage.new.lead)}</p>
            </div>
        </header>
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match allowed.await {
                    Ok(()) => view! { <Form /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Form() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<CreateUser>::new();
    let errors = FormErrors::of(action);
    go_when_done(action);
    let check = move |event: SubmitEvent| {
        let checked = match CreateUser::from_event(&event) {
            Ok(form) => check_new_user(&form.user_name, &form.password),
            Err(_) => return,
        };
        errors.hold_back(&event, action.pending().get_untracked(), checked.map(|_| ()));
    };
    view! {
        <div class="card card--narrow">
            <ActionForm action attr:class="form" on:submit:capture=check>
                <FormSummary errors />
                <TextField
                    name="user_name"
                    label=move || t_string!(i18n, manage.new.name)
                    caption=move || t_string!(i18n, manage.new.name_caption)
                    kind=FieldKind::Text
                    autocomplete="off"
                    errors
                />
                <RoleField role=Role::Member />
                <TextField
                    name="password"
                    label=move || t_string!(i18n, manage.new.password)
                    caption=move || t_string!(i18n, manage.new.password_caption)
                    kind=FieldKind::Password
                    autocomplete="new-password"
                    errors
                />
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, manage.new.submit)
                        busy=move || t_string!(i18n, manage.new.busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </div>
    }
}
