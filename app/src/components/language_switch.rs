//! Chooses the language: one button for each that is not in use, named in that language.

use leptos::{form::ActionForm, prelude::*};
use leptos_i18n::Locale as _;

use crate::{api::preferences::SetLanguage, i18n::use_i18n, language};

/// A plain form to the server, which remembers the choice; where scripts run the page changes at once.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SetLanguage>::new();
    Effect::new(move |_| {
        if let Some(SetLanguage { language }) = action.input().get() {
            i18n.set_locale(language);
        }
    });
    let others = move || {
        let current = i18n.get_locale();
        language::all().iter().copied().filter(|locale| *locale != current).collect::<Vec<_>>()
    };
    view! {
        <ActionForm action=action>
            {move || {
                others()
                    .into_iter()
                    .map(|locale| {
                        view! {
                            <button
                                class="button button--quiet"
                                name="language"
                                value=locale.as_str()
                                lang=locale.as_str()
                            >
                                {language::own_name(locale)}
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </ActionForm>
    }
}
