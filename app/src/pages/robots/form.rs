//! What is said of a robot, whether it is to be made or is there: the same fields.

use humpback::account::Robot;
use leptos::prelude::*;

use crate::{
    api::scope_form::rows_of,
    components::form::{FieldKind, FormErrors, LifetimeField, ScopeFields, TextField},
    i18n::{t_string, use_i18n},
};

/// The fields but for the name.
#[component]
pub(super) fn RobotFields(
    /// What stands in them at first.
    #[prop(optional)]
    robot: Option<Robot>,
    /// The form's errors.
    errors: FormErrors,
) -> impl IntoView {
    let i18n = use_i18n();
    let description = robot.as_ref().map(|robot| robot.description.to_string()).unwrap_or_default();
    let rows = robot.as_ref().map(|robot| rows_of(&robot.scope)).unwrap_or_default();
    let lifetime = match robot {
        Some(robot) => view! { <LifetimeField present=robot.expires_at errors /> }.into_any(),
        None => view! { <LifetimeField errors /> }.into_any(),
    };
    view! {
        <TextField
            name="description"
            label=move || t_string!(i18n, credentials.robot.description)
            caption=move || t_string!(i18n, credentials.robot.description_caption)
            kind=FieldKind::Text
            autocomplete="off"
            value=description
            errors
        />
        <ScopeFields rows errors />
        {lifetime}
    }
}
