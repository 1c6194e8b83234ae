//! Manage → Access: the rules of who may do what, presets to begin with, and a trial of both.

use humpback::{
    config::AccessKind,
    rules::{Action, Actions, Effect, Rule, Subject},
};
use leptos::{form::ActionForm, prelude::*};
use leptos_i18n::I18nContext;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{leading, refused::Refused};
use crate::{
    api::access::{AccessRules, ListedRule, RemoveAccessRule, load_access_rules},
    components::{CardSkeleton, DoneNote, TimeAgo, form::FormSummary},
    i18n::{Locale, t, t_string, use_i18n},
};

mod presets;
mod rule_form;
mod trial;

use presets::Presets;
use rule_form::RuleForm;
use trial::{Trial, Tried};

/// Where the page is.
const PATH: &str = "/manage/access";

/// The page.
#[component]
pub fn AccessPage() -> impl IntoView {
    let i18n = use_i18n();
    let rules = Resource::new(|| (), |()| load_access_rules());
    let tried = Tried::of_address();
    let done = move |word: &str| {
        let text = match word {
            "preset" => t_string!(i18n, access.done.preset),
            "added" => t_string!(i18n, access.done.added),
            "changed" => t_string!(i18n, access.done.changed),
            "removed" => t_string!(i18n, access.done.removed),
            _ => return None,
        };
        Some(text.to_owned())
    };
    view! {
        <Title text=move || t_string!(i18n, access.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, access.title)}</h1>
                <p class="page__lead">{t!(i18n, access.lead)}</p>
            </div>
        </header>
        <DoneNote words=done />
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match rules.await {
                    Ok(rules) => view! { <Loaded rules tried /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Loaded(rules: AccessRules, tried: Tried) -> impl IntoView {
    let i18n = use_i18n();
    let words = use_query_map();
    let edited = words.with_untracked(|words| words.get("edit")).and_then(|place| place.parse::<u32>().ok());
    let edited = edited.and_then(|place| rules.rules.iter().find(|listed| listed.place == place).cloned());
    let version = rules.version;
    let saved = rules.saved.clone().map(|saved| {
        let title = move || t_string!(i18n, access.saved, version = version, name = saved.by.as_str()).to_string();
        view! { <p class="muted">{title}" · " <TimeAgo at=saved.at now=rules.now /></p> }
    });
    view! {
        <Source kind=rules.kind ruled={version > 0} />
        <Presets version=version in_force=rules.preset count=rules.rules.len() />
        <section class="card" id="rules">
            <h2 class="card__title">{t!(i18n, access.rules.title)}</h2>
            <p>{t!(i18n, access.rules.text)}</p>
            {saved}
            <Table rules=rules.rules version=version />
        </section>
        <RuleForm version=version edited=edited />
        <Trial tried />
    }
}

/// What config.yml says, if it says who a client is.
#[component]
fn Source(kind: AccessKind, ruled: bool) -> impl IntoView {
    let i18n = use_i18n();
    let text = match (kind, ruled) {
        (AccessKind::Htpasswd, false) => t!(i18n, access.source.htpasswd).into_any(),
        (AccessKind::Htpasswd, true) => t!(i18n, access.source.htpasswd_ruled).into_any(),
        (AccessKind::Token, false) => t!(i18n, access.source.token).into_any(),
        (AccessKind::Token, true) => t!(i18n, access.source.token_ruled).into_any(),
        (AccessKind::Open | AccessKind::SignInToPush | AccessKind::Private | AccessKind::Rules { .. }, _) => {
            t!(i18n, access.source.accounts).into_any()
        }
    };
    view! { <p id="source">{text}</p> }
}

#[component]
fn Table(rules: Vec<ListedRule>, version: u64) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<RemoveAccessRule>();
    if rules.is_empty() {
        return view! { <p class="muted">{t!(i18n, access.rules.none)}</p> }.into_any();
    }
    let rows = rules.into_iter().map(|listed| view! { <Row listed version action /> }).collect_view();
    view! {
        <FormSummary errors />
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, access.column.pattern)}</th>
                        <th scope="col">{t!(i18n, access.column.who)}</th>
                        <th scope="col">{t!(i18n, access.column.effect)}</th>
                        <th scope="col">{t!(i18n, access.column.change)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(listed: ListedRule, version: u64, action: ServerAction<RemoveAccessRule>) -> impl IntoView {
    let i18n = use_i18n();
    let ListedRule { place, rule } = listed;
    let (one, other) = (rule.clone(), rule.clone());
    view! {
        <tr>
            <th scope="row" class="data-table__cell--name mono">
                {rule.pattern.to_string()}
            </th>
            <td>
                <Who subject=rule.subject.clone() />
            </td>
            <td>
                <WhatRuleSays rule=rule />
            </td>
            <td>
                <ActionForm action attr:class="form__actions">
                    <input type="hidden" name="expected_version" value=version.to_string() />
                    <input type="hidden" name="place" value=place.to_string() />
                    <a
                        class="button"
                        href=format!("{PATH}?edit={place}#rule")
                        rel="external"
                        aria-label=move || t_string!(i18n, access.edit_named, rule = sentence(i18n, &one)).to_string()
                    >
                        {t!(i18n, access.edit)}
                    </a>
                    <button
                        class="button"
                        type="submit"
                        aria-label=move || t_string!(i18n, access.remove_named, rule = sentence(i18n, &other)).to_string()
                    >
                        {t!(i18n, access.remove)}
                    </button>
                </ActionForm>
            </td>
        </tr>
    }
}

/// "Allow: pull, push", with a colour that does not speak alone.
#[component]
fn WhatRuleSays(rule: Rule) -> impl IntoView {
    let i18n = use_i18n();
    let (effect, actions) = (rule.effect, rule.actions);
    view! {
        <span class="badge" class:badge--success={effect == Effect::Allow} class:badge--danger={effect == Effect::Deny}>
            {move || effect_name(i18n, effect)}
        </span>
        " "
        {move || action_list(i18n, actions)}
    }
}

#[component]
fn Who(subject: Subject) -> impl IntoView {
    let i18n = use_i18n();
    move || subject_name(i18n, &subject)
}

/// A rule in one line.
fn sentence(i18n: I18nContext<Locale>, rule: &Rule) -> String {
    let (effect, actions) = (effect_name(i18n, rule.effect), action_list(i18n, rule.actions));
    let (who, pattern) = (subject_name(i18n, &rule.subject), rule.pattern.to_string());
    t_string!(i18n, access.sentence, effect = effect, actions = actions, who = who, pattern = pattern).to_string()
}

fn effect_name(i18n: I18nContext<Locale>, effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => t_string!(i18n, access.effect.allow),
        Effect::Deny => t_string!(i18n, access.effect.deny),
    }
}

fn action_name(i18n: I18nContext<Locale>, action: Action) -> &'static str {
    match action {
        Action::Pull => t_string!(i18n, access.action.pull),
        Action::Push => t_string!(i18n, access.action.push),
        Action::Delete => t_string!(i18n, access.action.delete),
        Action::Administer => t_string!(i18n, access.action.administer),
    }
}

fn action_list(i18n: I18nContext<Locale>, actions: Actions) -> String {
    let names: Vec<_> = actions.iter().map(|action| action_name(i18n, action)).collect();
    names.join(t_string!(i18n, access.comma))
}

fn subject_name(i18n: I18nContext<Locale>, subject: &Subject) -> String {
    match subject {
        Subject::Anyone => t_string!(i18n, access.who.anyone).to_owned(),
        Subject::SignedIn => t_string!(i18n, access.who.signed_in).to_owned(),
        Subject::User(name) => t_string!(i18n, access.who.user_named, name = name.as_str()).to_string(),
        Subject::Group(name) => t_string!(i18n, access.who.group_named, name = name.as_str()).to_string(),
        Subject::Robot(name) => t_string!(i18n, access.who.robot_named, name = name.as_str()).to_string(),
    }
}
