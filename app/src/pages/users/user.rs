//! One user: what is known of him, and what an administrator can do about him. Each deed is a form of its own.

use humpback::account::UserSummary;
use leptos::{ev::SubmitEvent, form::ActionForm, form::FromFormData as _, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use super::{LastSignIn, RoleField, RoleName, State, back, groups_form::GroupsForm, tokens::Tokens};
use crate::{
    api::users::{DeleteUser, ResetPassword, SetUserEnabled, SetUserRole, User, check_new_user, read_user},
    components::{
        Breadcrumb, CardSkeleton, DoneNote, TimeAgo,
        form::{DeleteButton, DeletionCard, FieldKind, FormSummary, SubmitButton, TextField},
    },
    format,
    i18n::{t, t_string, use_i18n},
    pages::{leading, refused::Refused},
};

/// The page `/manage/user/:name`.
#[component]
pub fn UserPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let user = Resource::new(move || name.get(), read_user);
    let done = move |word: &str| {
        let text = match word {
            "created" => t_string!(i18n, manage.user.done.created),
            "role" => t_string!(i18n, manage.user.done.role),
            "groups" => t_string!(i18n, credentials.user.done.groups),
            "token" => t_string!(i18n, credentials.user.done.token),
            "tokens" => t_string!(i18n, credentials.user.done.tokens),
            "enabled" => t_string!(i18n, manage.user.done.enabled),
            "disabled" => t_string!(i18n, manage.user.done.disabled),
            "reset" => t_string!(i18n, manage.user.done.reset),
            _ => return None,
        };
        Some(text.to_owned())
    };
    view! {
        <Title text=name />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=back(i18n) />
                <h1>{name}</h1>
            </div>
        </header>
        <DoneNote words=done />
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match user.await {
                    Ok(user) => view! { <Loaded user /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Loaded(user: User) -> impl IntoView {
    let i18n = use_i18n();
    let User { user, groups, all_groups, tokens, own, now } = user;
    let name = user.name.to_string();
    let disabled = user.disabled_at.is_some();
    let own = own.then(|| view! { <p class="muted">{t!(i18n, manage.user.own)}</p> });
    let facts = view! { <Facts user=user.clone() now=now /> };
    view! {
        {own}
        {facts}
        <Tokens name=name.clone() tokens now />
        <RoleForm user=user />
        <GroupsForm name=name.clone() all=all_groups own=groups />
        <PasswordForm name=name.clone() />
        <EnableForm name=name.clone() disabled=disabled />
        <DeleteForm name=name />
    }
}

#[component]
fn Facts(user: UserSummary, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <dl class="facts facts--row">
            <div>
                <dt>{t!(i18n, manage.user.role)}</dt>
                <dd>
                    <RoleName role=user.role />
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, manage.user.state)}</dt>
                <dd>
                    <State disabled=user.disabled_at.is_some() />
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, manage.user.signed_in)}</dt>
                <dd>
                    <LastSignIn at=user.signed_in_at now=now />
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, manage.user.created)}</dt>
                <dd>
                    <TimeAgo at=user.created_at now=now />
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, manage.user.sessions)}</dt>
                <dd>{format::number(user.sessions)}</dd>
            </div>
        </dl>
    }
}

#[component]
fn RoleForm(user: UserSummary) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<SetUserRole>();
    view! {
        <section class="card card--narrow">
            <h2>{t!(i18n, manage.user.role_title)}</h2>
            <ActionForm action attr:class="form">
                <FormSummary errors />
                <input type="hidden" name="user_name" value=user.name.to_string() />
                <RoleField role=user.role />
                <p class="field__caption">{t!(i18n, manage.user.role_caption)}</p>
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, manage.user.role_submit)
                        busy=move || t_string!(i18n, manage.user.role_busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn PasswordForm(name: String) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<ResetPassword>();
    let check = move |event: SubmitEvent| {
        let checked = match ResetPassword::from_event(&event) {
            Ok(form) => check_new_user(form.user_name.as_str(), &form.password),
            Err(_) => return,
        };
        errors.hold_back(&event, action.pending().get_untracked(), checked.map(|_| ()));
    };
    view! {
        <section class="card card--narrow">
            <h2>{t!(i18n, manage.user.password_title)}</h2>
            <p>{t!(i18n, manage.user.password_text)}</p>
            <ActionForm action attr:class="form" on:submit:capture=check>
                <FormSummary errors />
                <input type="hidden" name="user_name" value=name />
                <TextField
                    name="password"
                    label=move || t_string!(i18n, manage.new.password)
                    caption=move || t_string!(i18n, manage.new.password_caption)
                    kind=FieldKind::Password
                    autocomplete="new-password"
                    errors
                />
                <div class="field field--inline">
                    <input type="checkbox" id="revoke_tokens" name="revoke_tokens" value="true" />
                    <label for="revoke_tokens">{t!(i18n, credentials.user.revoke_too)}</label>
                    <p class="field__caption">{t!(i18n, credentials.user.revoke_too_caption)}</p>
                </div>
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, manage.user.password_submit)
                        busy=move || t_string!(i18n, manage.user.password_busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn EnableForm(name: String, disabled: bool) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<SetUserEnabled>();
    let (title, text) = if disabled {
        (t!(i18n, manage.user.enable_title).into_any(), t!(i18n, manage.user.enable_text).into_any())
    } else {
        (t!(i18n, manage.user.disable_title).into_any(), t!(i18n, manage.user.disable_text).into_any())
    };
    let label = move || {
        if disabled { t_string!(i18n, manage.user.enable) } else { t_string!(i18n, manage.user.disable) }
    };
    let busy = move || {
        if disabled { t_string!(i18n, manage.user.enable_busy) } else { t_string!(i18n, manage.user.disable_busy) }
    };
    view! {
        <section class="card card--narrow">
            <h2>{title}</h2>
            <p>{text}</p>
            <ActionForm action attr:class="form">
                <FormSummary errors />
                <input type="hidden" name="user_name" value=name />
                <input type="hidden" name="enabled" value=disabled.to_string() />
                <div class="form__actions">
                    <SubmitButton label=label busy=busy pending=action.pending() />
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn DeleteForm(name: String) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<DeleteUser>();
    view! {
        <DeletionCard
            title=move || t_string!(i18n, manage.user.delete_title)
            text=move || t_string!(i18n, manage.user.delete_text)
            open=move || t_string!(i18n, manage.user.delete_open)
            errors
        >
            <ActionForm action attr:class="form">
                <input type="hidden" name="user_name" value=name />
                <DeleteButton label=move || t_string!(i18n, manage.user.delete) pending=action.pending() />
            </ActionForm>
        </DeletionCard>
    }
}
