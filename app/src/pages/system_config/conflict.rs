//! Two administrators have saved at once: the second sees what differs and decides.

use humpback::config::{Draft, SystemConfig, Versioned, changes};
use leptos::prelude::*;

use super::change_table::ChangeTable;
use crate::{
    components::icon::{Draw, Icon},
    i18n::{t, t_string, use_i18n},
};

/// What is in force beside what this form was about to save.
#[component]
pub fn ConflictNote(
    /// What is in force.
    current: Versioned<SystemConfig>,
    /// What was to be saved.
    mine: Draft,
) -> impl IntoView {
    let i18n = use_i18n();
    let version = current.version;
    let name = current.saved.map(|saved| saved.by).unwrap_or_default();
    let text = move || t_string!(i18n, config.conflict.text, name = name.as_str(), version = version).to_string();
    // A form that the server has compared is valid; anything else has nothing to show here.
    let differing = mine.validate().map(|mine| changes(&current.value, &mine)).unwrap_or_default();
    view! {
        <div class="banner banner--warning" id="form-summary" role="alert" tabindex="-1">
            <Draw icon=Icon::Warning />
            <div class="banner__text">
                <p class="banner__title">{t!(i18n, config.conflict.title)}</p>
                <p>{text}</p>
                <ChangeTable
                    changes=differing
                    from=move || t_string!(i18n, config.changes.theirs)
                    to=move || t_string!(i18n, config.changes.mine)
                />
            </div>
            <div class="banner__actions">
                // Loads the page anew, and with it the form.
                <a class="button" href="/manage/system-config" rel="external">
                    {t!(i18n, config.conflict.take)}
                </a>
            </div>
        </div>
    }
}
