//! Presets: each says what it means, and what it replaces, before it is put in force.

use humpback::rules::Preset;
use leptos::{form::ActionForm, prelude::*};
use leptos_i18n::I18nContext;

use super::leading;
use crate::{
    api::access::ApplyAccessPreset,
    components::form::FormSummary,
    i18n::{Locale, t, t_string, use_i18n},
};

/// The presets, beside each other where there is room.
#[component]
pub fn Presets(
    /// The rules that would be replaced.
    version: u64,
    /// The preset that they are, if they are one.
    in_force: Option<Preset>,
    /// How many rules there are.
    count: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<ApplyAccessPreset>();
    let cards = Preset::ALL.map(|preset| {
        let apply = if in_force == Some(preset) {
            view! { <p><span class="badge badge--accent">{t!(i18n, access.preset.in_force)}</span></p> }.into_any()
        } else {
            let named = move || t_string!(i18n, access.preset.apply_named, name = title(i18n, preset)).to_string();
            view! {
                <details>
                    <summary>{t!(i18n, access.preset.choose)}</summary>
                    <ActionForm action attr:class="form">
                        <p>{move || t_string!(i18n, access.preset.replaces, count = count).to_string()}</p>
                        <input type="hidden" name="expected_version" value=version.to_string() />
                        <input type="hidden" name="preset" value=preset.as_str() />
                        <div class="form__actions">
                            <button class="button button--primary" type="submit">
                                {named}
                            </button>
                        </div>
                    </ActionForm>
                </details>
            }
            .into_any()
        };
        view! {
            <li class="card">
                <h3>{move || title(i18n, preset)}</h3>
                <p>{move || meaning(i18n, preset)}</p>
                {apply}
            </li>
        }
    });
    view! {
        <section class="presets" aria-labelledby="presets">
            <h2 id="presets">{t!(i18n, access.preset.title)}</h2>
            <FormSummary errors />
            <ul class="presets__list" role="list">
                {cards}
            </ul>
        </section>
    }
}

fn title(i18n: I18nContext<Locale>, preset: Preset) -> &'static str {
    match preset {
        Preset::Open => t_string!(i18n, access.preset.open),
        Preset::SignInToPush => t_string!(i18n, access.preset.sign_in_to_push),
        Preset::Private => t_string!(i18n, access.preset.private),
    }
}

fn meaning(i18n: I18nContext<Locale>, preset: Preset) -> &'static str {
    match preset {
        Preset::Open => t_string!(i18n, access.preset.open_text),
        Preset::SignInToPush => t_string!(i18n, access.preset.sign_in_to_push_text),
        Preset::Private => t_string!(i18n, access.preset.private_text),
    }
}
