//! What a credential is limited to: a row for each pattern of repositories. All rows are in the page, so that it needs no
//! script; those beyond the first are behind a fold.

use humpback::rules::Action;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::FormErrors;
use crate::{
    api::scope_form::{ACTIONS, NAMES, RowNames, ScopeRow, typed_rows},
    i18n::{Locale, t, t_string, use_i18n},
    words,
};

/// So many rows are seen at first, or as many as are in use.
const SEEN: usize = 2;

/// The rows.
#[component]
pub fn ScopeFields(
    /// What stands in them at first. What was typed before an error goes first.
    #[prop(optional)]
    rows: Vec<ScopeRow>,
    /// The form's errors.
    errors: FormErrors,
) -> impl IntoView {
    let i18n = use_i18n();
    let typed = errors.shown().with_untracked(|error| error.as_ref().and_then(typed_rows));
    let mut rows = typed.unwrap_or(rows);
    rows.resize(NAMES.len(), ScopeRow::default());
    let used = rows.iter().rposition(|row| *row != ScopeRow::default()).map_or(0, |last| last + 1);
    let seen = used.max(SEEN);
    let mut rows: Vec<_> = rows.into_iter().zip(NAMES).enumerate().collect();
    let more = rows.split_off(seen);
    let draw = move |(at, (row, names)): (usize, (ScopeRow, RowNames))| {
        view! { <Row number=at + 1 row=row names=names errors=errors /> }
    };
    let more = (!more.is_empty()).then(|| {
        view! {
            <details>
                <summary>{t!(i18n, credentials.scope.more)}</summary>
                <div class="scope__rows">{more.into_iter().map(draw).collect_view()}</div>
            </details>
        }
    });
    view! {
        <fieldset class="scope">
            <legend class="field__label">{t!(i18n, credentials.scope.legend)}</legend>
            <p class="field__caption">{t!(i18n, credentials.scope.caption)}</p>
            <div class="scope__rows">{rows.into_iter().map(draw).collect_view()}</div>
            {more}
        </fieldset>
    }
}

#[component]
fn Row(number: usize, row: ScopeRow, names: RowNames, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let name = names.pattern;
    let hint = format!("{name}-hint");
    let problem = Memo::new(move |_| errors.problem(name));
    let bad = move || problem.with(Option::is_some);
    let first_bad =
        errors.shown().with_untracked(|error| error.as_ref().is_some_and(|error| error.first_field() == Some(name)));
    let text = move || problem.get().map(|problem| words::problem(i18n, &problem)).unwrap_or_default();
    let boxes = ACTIONS.into_iter().zip(names.actions).zip(row.ticked()).map(|((action, box_name), ticked)| {
        view! {
            <label class="scope__action">
                <input
                    type="checkbox"
                    id=box_name
                    name=box_name
                    value="true"
                    checked=ticked
                    on:change=move |_| errors.typed_in(name)
                />
                {move || action_name(i18n, action)}
            </label>
        }
    });
    view! {
        <div
            class="scope__row"
            role="group"
            aria-label=move || t_string!(i18n, credentials.scope.row, number = number).to_string()
        >
            <input
                class="input input--mono scope__pattern"
                id=name
                name=name
                type="text"
                value=row.pattern.clone()
                aria-label=move || t_string!(i18n, credentials.scope.pattern)
                placeholder=if number == 1 { "team/**" } else { "" }
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                autofocus=first_bad
                aria-invalid=move || bad().then_some("true")
                aria-describedby=hint.clone()
                on:input=move |_| errors.typed_in(name)
            />
            <div class="scope__actions">{boxes.collect_view()}</div>
            <p class="field__error" id=hint hidden=move || !bad()>
                {text}
            </p>
        </div>
    }
}

/// An action, as a verb.
pub fn action_name(i18n: I18nContext<Locale>, action: Action) -> &'static str {
    match action {
        Action::Pull => t_string!(i18n, credentials.action.pull),
        Action::Push => t_string!(i18n, credentials.action.push),
        Action::Delete => t_string!(i18n, credentials.action.delete),
        Action::Administer => t_string!(i18n, credentials.action.administer),
    }
}
