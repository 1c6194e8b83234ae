//! How long a credential is to hold. What belongs to one choice alone is shown with it, by the style sheet.

use humpback::account::Lifetime;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::FormErrors;
use crate::{
    i18n::{t, t_string, use_i18n},
    words,
};

/// The choices, and the day for one of them.
#[component]
pub fn LifetimeField(
    /// When it ends now: for what exists. `None` for what does not end by itself.
    #[prop(optional)]
    present: Option<Option<OffsetDateTime>>,
    /// The form's errors.
    errors: FormErrors,
) -> impl IntoView {
    let i18n = use_i18n();
    let typed =
        move |name: &str| errors.shown().with_untracked(|error| error.as_ref()?.typed(name).map(ToOwned::to_owned));
    let at_first = match present {
        None => Lifetime::Days90,
        Some(Some(_)) => Lifetime::Date,
        Some(None) => Lifetime::Never,
    };
    let chosen = typed("lifetime").and_then(|word| word.parse().ok()).unwrap_or(at_first);
    let date = typed("date").unwrap_or_else(|| present.flatten().map(Lifetime::last_day).unwrap_or_default());
    let problem = Memo::new(move |_| errors.problem("date").or_else(|| errors.problem("lifetime")));
    let bad = move || problem.with(Option::is_some);
    let text = move || problem.get().map(|problem| words::problem(i18n, &problem)).unwrap_or_default();
    let choices = Lifetime::ALL.into_iter().map(|choice| {
        let label = move || match choice {
            Lifetime::Days30 => t_string!(i18n, credentials.lifetime.days, days = 30).to_string(),
            Lifetime::Days90 => t_string!(i18n, credentials.lifetime.days, days = 90).to_string(),
            Lifetime::Days365 => t_string!(i18n, credentials.lifetime.days, days = 365).to_string(),
            Lifetime::Date => t_string!(i18n, credentials.lifetime.date).to_owned(),
            Lifetime::Never => t_string!(i18n, credentials.lifetime.never).to_owned(),
        };
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="lifetime"
                    value=choice.as_str()
                    checked={choice == chosen}
                    on:change=move |_| errors.typed_in("date")
                />
                {label}
            </label>
        }
    });
    view! {
        <fieldset class="field lifetime">
            <legend class="field__label">{t!(i18n, credentials.lifetime.legend)}</legend>
            <div class="choices">{choices.collect_view()}</div>
            <input
                class="input lifetime__date"
                id="date"
                name="date"
                type="date"
                value=date
                aria-label=move || t_string!(i18n, credentials.lifetime.day)
                aria-invalid=move || bad().then_some("true")
                aria-describedby="date-hint"
                on:input=move |_| errors.typed_in("date")
            />
            <p class="field__error" id="date-hint" hidden=move || !bad()>
                {text}
            </p>
            <p class="note note--warning lifetime__warning">{t!(i18n, credentials.lifetime.warning)}</p>
        </fieldset>
    }
}
