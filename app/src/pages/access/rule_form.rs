//! The form of one rule: adds it, or changes the one that the address names.

use humpback::rules::{Action, Effect, Rule, Subject};
use leptos::{form::ActionForm, prelude::*};
use leptos_i18n::I18nContext;

use super::{PATH, action_name, effect_name, leading};
use crate::{
    api::access::{ListedRule, SaveAccessRule},
    components::form::{FieldKind, FormErrors, FormSummary, SubmitButton, TextField},
    i18n::{Locale, t, t_string, use_i18n},
    words,
};

/// Whom a rule can be for, by the words of the form.
const WHO: [&str; 5] = ["anyone", "signed-in", "group", "robot", "user"];

/// The form.
#[component]
pub fn RuleForm(
    /// The rules that it adds to.
    version: u64,
    /// The rule to be changed, if it is not a new one.
    edited: Option<ListedRule>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<SaveAccessRule>();
    let editing = edited.is_some();
    let place =
        edited.as_ref().map(|edited| view! { <input type="hidden" name="place" value=edited.place.to_string() /> });
    let rule = edited.map(|edited| edited.rule);
    let pattern = rule.as_ref().map(|rule| rule.pattern.to_string()).unwrap_or_default();
    let (who, name) = words_of(rule.as_ref());
    let effect = rule.as_ref().map_or(Effect::Allow, |rule| rule.effect);
    let title = move || {
        if editing { t_string!(i18n, access.form.change_title) } else { t_string!(i18n, access.form.add_title) }
    };
    let submit = move || if editing { t_string!(i18n, access.form.change) } else { t_string!(i18n, access.form.add) };
    view! {
        <section class="card card--narrow" id="rule">
            <h2 class="card__title">{title}</h2>
            <ActionForm action attr:class="form">
                <FormSummary errors />
                <input type="hidden" name="expected_version" value=version.to_string() />
                {place}
                <TextField
                    name="pattern"
                    label=move || t_string!(i18n, access.form.pattern)
                    caption=move || t_string!(i18n, access.form.pattern_caption)
                    kind=FieldKind::Code
                    autocomplete="off"
                    value=pattern
                    errors
                />
                <Choice name="who" label=move || t_string!(i18n, access.form.who).to_owned() chosen=who errors options=WHO.to_vec() />
                <TextField
                    name="name"
                    label=move || t_string!(i18n, access.form.name)
                    caption=move || t_string!(i18n, access.form.name_caption)
                    kind=FieldKind::Text
                    autocomplete="off"
                    value=name
                    errors
                />
                <Choice
                    name="effect"
                    label=move || t_string!(i18n, access.form.effect).to_owned()
                    chosen=effect_word(effect)
                    errors
                    options=vec!["allow", "deny"]
                />
                <Actions rule=rule errors />
                <div class="form__actions">
                    <SubmitButton label=submit busy=move || t_string!(i18n, access.form.busy) pending=action.pending() />
                    {editing
                        .then(|| {
                            view! {
                                <a class="button" href=PATH rel="external">
                                    {t!(i18n, access.form.cancel)}
                                </a>
                            }
                        })}
                </div>
            </ActionForm>
        </section>
    }
}

const fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny",
    }
}

/// The words in the form that stand for whom a rule is for.
fn words_of(rule: Option<&Rule>) -> (&'static str, String) {
    match rule.map(|rule| &rule.subject) {
        None | Some(Subject::Anyone) => ("anyone", String::new()),
        Some(Subject::SignedIn) => ("signed-in", String::new()),
        Some(Subject::Group(name)) => ("group", name.to_string()),
        Some(Subject::Robot(name)) => ("robot", name.to_string()),
        Some(Subject::User(name)) => ("user", name.to_string()),
    }
}

/// What a word of the form is called.
pub fn word_name(i18n: I18nContext<Locale>, word: &str) -> &'static str {
    match word {
        "anyone" => t_string!(i18n, access.who.anyone),
        "signed-in" => t_string!(i18n, access.who.signed_in),
        "group" => t_string!(i18n, access.who.group),
        "robot" => t_string!(i18n, access.who.robot),
        "user" => t_string!(i18n, access.who.user),
        "deny" => effect_name(i18n, Effect::Deny),
        _ => effect_name(i18n, Effect::Allow),
    }
}

#[component]
fn Choice<F>(
    name: &'static str,
    label: F,
    chosen: &'static str,
    errors: FormErrors,
    options: Vec<&'static str>,
) -> impl IntoView
where
    F: Fn() -> String + Send + Sync + 'static,
{
    let i18n = use_i18n();
    // What a plain form had sent comes back with an error.
    let typed = errors.shown().with_untracked(|error| error.as_ref()?.typed(name).map(ToOwned::to_owned));
    let chosen = typed.unwrap_or_else(|| chosen.to_owned());
    let options = options.into_iter().map(move |word| {
        view! {
            <option value=word selected={chosen == word}>
                {move || word_name(i18n, word)}
            </option>
        }
    });
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select class="input" id=name name=name>
                {options.collect_view()}
            </select>
        </div>
    }
}

#[component]
fn Actions(rule: Option<Rule>, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let typed = errors.shown().with_untracked(|error| {
        let typed = |action: Action| error.as_ref()?.typed(action.as_str()).map(|value| value == "true");
        Action::ALL.map(typed)
    });
    let boxes = Action::ALL.into_iter().zip(typed).map(|(action, typed)| {
        let name = action.as_str();
        let ticked = typed.unwrap_or_else(|| rule.as_ref().is_some_and(|rule| rule.actions.contains(action)));
        view! {
            <div class="field field--inline">
                <input
                    type="checkbox"
                    id=name
                    name=name
                    value="true"
                    checked=ticked
                    on:input=move |_| errors.typed_in("pull")
                />
                <label for=name>{move || action_name(i18n, action)}</label>
                <p class="field__caption">{move || action_text(i18n, action)}</p>
            </div>
        }
    });
    let problem = move || errors.problem("pull").map(|problem| words::problem(i18n, &problem));
    view! {
        <fieldset class="field">
            <legend class="field__label">{t!(i18n, access.form.actions)}</legend>
            {boxes.collect_view()}
            <p class="field__error" hidden=move || problem().is_none()>
                {problem}
            </p>
        </fieldset>
    }
}

fn action_text(i18n: I18nContext<Locale>, action: Action) -> &'static str {
    match action {
        Action::Pull => t_string!(i18n, access.action_text.pull),
        Action::Push => t_string!(i18n, access.action_text.push),
        Action::Delete => t_string!(i18n, access.action_text.delete),
        Action::Administer => t_string!(i18n, access.action_text.administer),
    }
}
