//! Makes a robot.

use leptos::{ev::SubmitEvent, form::ActionForm, form::FromFormData as _, prelude::*};
use leptos_meta::Title;
use time::OffsetDateTime;

use super::{back, form::RobotFields};
use crate::{
    api::robots::{CreateRobot, RobotForm, list_robots},
    components::{
        Breadcrumb, CardSkeleton,
        form::{FieldKind, FormSummary, SubmitButton, TextField},
    },
    i18n::{t, t_string, use_i18n},
    pages::{leading, refused::Refused},
};

/// The page `/manage/new-robot`.
#[component]
pub fn NewRobotPage() -> impl IntoView {
    let i18n = use_i18n();
    // Whoever may not list robots may not make one either, and hears it before the form is filled in.
    let allowed = Resource::new(|| (), |()| async { list_robots(Default::default()).await.map(|robots| robots.now) });
    view! {
        <Title text=move || t_string!(i18n, credentials.new_robot.title) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=back(i18n) />
                <h1>{t!(i18n, credentials.new_robot.title)}</h1>
                <p class="page__lead">{t!(i18n, credentials.new_robot.lead)}</p>
            </div>
        </header>
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match allowed.await {
                    Ok(now) => view! { <Form now /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Form(now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<CreateRobot>();
    let check = move |event: SubmitEvent| {
        let checked = match CreateRobot::from_event(&event) {
            Ok(CreateRobot { robot_name, description, lifetime, date, scope }) => {
                RobotForm { robot_name, description, lifetime, date, scope }.check(now)
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
                    name="robot_name"
                    label=move || t_string!(i18n, credentials.new_robot.name)
                    caption=move || t_string!(i18n, credentials.new_robot.name_caption)
                    kind=FieldKind::Text
                    autocomplete="off"
                    errors
                />
                <RobotFields errors />
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, credentials.new_robot.submit)
                        busy=move || t_string!(i18n, credentials.new_robot.busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </div>
    }
}
