//! What the last save has changed, by whom and when, and the way back.

use humpback::config::{Draft, SystemConfig, changes};
use leptos::{form::ActionForm, prelude::*};

use super::change_table::ChangeTable;
use crate::{
    api::system_config::{SaveSystemConfig, Settings},
    components::TimeAgo,
    i18n::{t, t_string, use_i18n},
};

/// The last change with a button that takes it back; a line that says so when there was none yet.
#[component]
pub fn LastChange(
    /// What is in force, and what was before.
    settings: Settings,
    /// Saves the form.
    action: ServerAction<SaveSystemConfig>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Settings { current, previous, now, .. } = settings;
    let version = current.version;
    let (Some(saved), Some(previous)) = (current.saved, previous) else {
        return view! { <p class="muted">{t!(i18n, config.never_saved)}</p> }.into_any();
    };
    let name = saved.by;
    let title = move || t_string!(i18n, config.version, version = version, name = name.as_str()).to_string();
    let changed = changes(&previous, &current.value);
    view! {
        <section class="card">
            <h2 class="card__title">{t!(i18n, config.changes.last)}</h2>
            <p class="muted">
                {title}" · " <TimeAgo at=saved.at now />
            </p>
            <ChangeTable
                changes=changed
                from=move || t_string!(i18n, config.changes.before)
                to=move || t_string!(i18n, config.changes.after)
            />
            <ActionForm action attr:class="form__actions">
                <HiddenSettings version value=previous />
                <button class="button" type="submit">
                    {t!(i18n, config.changes.undo)}
                </button>
            </ActionForm>
        </section>
    }
    .into_any()
}

/// The fields of a form that saves `value` after `version`.
#[component]
fn HiddenSettings(
    /// The version that is to be followed.
    version: u64,
    /// What is to be saved.
    value: SystemConfig,
) -> impl IntoView {
    let Draft { private_registry_enabled, address } = Draft::from(&value);
    view! {
        <input type="hidden" name="expected_version" value=version.to_string() />
        {private_registry_enabled
            .then(|| view! { <input type="hidden" name="private_registry_enabled" value="true" /> })}
        <input type="hidden" name="address" value=address />
    }
}
