//! Chooses between the system's colours, light and dark.

use leptos::{form::ActionForm, prelude::*};

use super::icon::{Draw, Icon};
use crate::{
    api::preferences::SetTheme,
    i18n::{t_string, use_i18n},
    theme::Theme,
};

/// A plain form to the server, which remembers the choice; where scripts run the colours change at once.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SetTheme>::new();
    let chosen = RwSignal::new(Theme::of_request());
    Effect::new(move |_| {
        if let Some(SetTheme { theme }) = action.input().get() {
            theme.apply();
            chosen.set(theme);
        }
    });
    let name = move |theme| match theme {
        Theme::System => t_string!(i18n, common.theme.system),
        Theme::Light => t_string!(i18n, common.theme.light),
        Theme::Dark => t_string!(i18n, common.theme.dark),
    };
    let icon = |theme| match theme {
        Theme::System => Icon::Monitor,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    };
    view! {
        <ActionForm action=action>
            <div class="segments" role="group" aria-label=move || t_string!(i18n, common.theme.label)>
                {Theme::ALL
                    .into_iter()
                    .map(|theme| {
                        view! {
                            <button
                                class="segments__item"
                                name="theme"
                                value=theme.as_str()
                                title=move || name(theme)
                                aria-label=move || name(theme)
                                aria-pressed=move || (chosen.get() == theme).to_string()
                            >
                                <Draw icon=icon(theme) />
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
        </ActionForm>
    }
}
