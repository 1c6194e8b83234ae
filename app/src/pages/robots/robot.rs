//! One robot: what is known of it, and what an administrator can do about it. Each deed is a form of its own.

use humpback::account::{Robot, RobotName, has_ended};
use leptos::{ev::SubmitEvent, form::ActionForm, form::FromFormData as _, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use super::{State, back, form::RobotFields};
use crate::{
    api::robots::{ChangeRobot, DeleteRobot, OneRobot, RobotForm, RotateRobot, SetRobotEnabled, read_robot},
    components::{
        Breadcrumb, CardSkeleton, DoneNote, Expiry, LastUsed, TimeAgo,
        form::{DeleteButton, DeletionCard, FormSummary, SubmitButton},
    },
    i18n::{t, t_string, use_i18n},
    pages::{leading, refused::Refused},
};

/// The page `/manage/robot/:name`.
#[component]
pub fn RobotPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let robot = Resource::new(move || name.get(), read_robot);
    let title = move || RobotName::parse(&name.get()).map_or_else(|_| name.get(), |name| name.login());
    let done = move |word: &str| {
        let text = match word {
            "changed" => t_string!(i18n, credentials.robot.done.changed),
            "enabled" => t_string!(i18n, credentials.robot.done.enabled),
            "disabled" => t_string!(i18n, credentials.robot.done.disabled),
            _ => return None,
        };
        Some(text.to_owned())
    };
    view! {
        <Title text=title />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=back(i18n) />
                <h1>{title}</h1>
            </div>
        </header>
        <DoneNote words=done />
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match robot.await {
                    Ok(found) => view! { <Loaded found /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Loaded(found: OneRobot) -> impl IntoView {
    let OneRobot { robot, now } = found;
    let name = robot.name.to_string();
    let disabled = robot.disabled_at.is_some();
    let facts = view! { <Facts robot=robot.clone() now=now /> };
    view! {
        {facts}
        <ChangeForm robot now />
        <RotateForm name=name.clone() />
        <EnableForm name=name.clone() disabled=disabled />
        <DeleteForm name=name />
    }
}

#[component]
fn Facts(robot: Robot, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let Robot { created_at, rotated_at, expires_at, disabled_at, used, .. } = robot;
    view! {
        <dl class="facts facts--row">
            <div>
                <dt>{t!(i18n, manage.user.state)}</dt>
                <dd>
                    <State disabled=disabled_at.is_some() ended=has_ended(expires_at, now) />
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, credentials.tokens.column.expires)}</dt>
                <dd>
                    <Expiry at=expires_at now />
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, credentials.tokens.column.used)}</dt>
                <dd>
                    <LastUsed used now />
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, credentials.robot.rotated)}</dt>
                <dd>
                    <TimeAgo at=rotated_at now=now />
                </dd>
            </div>
            <div>
                <dt>{t!(i18n, manage.user.created)}</dt>
                <dd>
                    <TimeAgo at=created_at now=now />
                </dd>
            </div>
        </dl>
    }
}

#[component]
fn ChangeForm(robot: Robot, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<ChangeRobot>();
    let name = robot.name.to_string();
    let check = move |event: SubmitEvent| {
        let checked = match ChangeRobot::from_event(&event) {
            Ok(ChangeRobot { robot_name, description, lifetime, date, scope }) => {
                RobotForm { robot_name, description, lifetime, date, scope }.check(now)
            }
            Err(_) => return,
        };
        errors.hold_back(&event, action.pending().get_untracked(), checked.map(|_| ()));
    };
    view! {
        <section class="card card--form">
            <h2>{t!(i18n, credentials.robot.change_title)}</h2>
            <ActionForm action attr:class="form" on:submit:capture=check>
                <FormSummary errors />
                <input type="hidden" name="robot_name" value=name />
                <RobotFields robot errors />
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, credentials.robot.change)
                        busy=move || t_string!(i18n, credentials.robot.change_busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn RotateForm(name: String) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<RotateRobot>();
    view! {
        <section class="card card--narrow">
            <h2>{t!(i18n, credentials.robot.rotate_title)}</h2>
            <p>{t!(i18n, credentials.robot.rotate_text)}</p>
            <ActionForm action attr:class="form">
                <FormSummary errors />
                <input type="hidden" name="robot" value=name />
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, credentials.robot.rotate)
                        busy=move || t_string!(i18n, credentials.robot.rotate_busy)
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
    let (action, errors) = leading::<SetRobotEnabled>();
    let (title, text) = if disabled {
        (t!(i18n, manage.user.enable_title).into_any(), t!(i18n, credentials.robot.enable_text).into_any())
    } else {
        (t!(i18n, manage.user.disable_title).into_any(), t!(i18n, credentials.robot.disable_text).into_any())
    };
    let label = move || {
        if disabled { t_string!(i18n, credentials.robot.enable) } else { t_string!(i18n, credentials.robot.disable) }
    };
    let busy = move || {
        if disabled {
            t_string!(i18n, credentials.robot.enable_busy)
        } else {
            t_string!(i18n, credentials.robot.disable_busy)
        }
    };
    view! {
        <section class="card card--narrow">
            <h2>{title}</h2>
            <p>{text}</p>
            <ActionForm action attr:class="form">
                <FormSummary errors />
                <input type="hidden" name="robot" value=name />
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
    let (action, errors) = leading::<DeleteRobot>();
    view! {
        <DeletionCard
            title=move || t_string!(i18n, credentials.robot.delete_title)
            text=move || t_string!(i18n, credentials.robot.delete_text)
            open=move || t_string!(i18n, credentials.robot.delete_open)
            errors
        >
            <ActionForm action attr:class="form">
                <input type="hidden" name="robot" value=name />
                <DeleteButton label=move || t_string!(i18n, credentials.robot.delete) pending=action.pending() />
            </ActionForm>
        </DeletionCard>
    }
}
