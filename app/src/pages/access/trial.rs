//! Who can do what: choose someone and a repository, and see the answers and the rules that gave them. A plain form, whose
//! words stand in the address.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use leptos_router::hooks::use_query_map;

use super::{PATH, action_name, rule_form::word_name, sentence};
use crate::{
    api::{
        Error,
        access::{Answer, Because, try_access},
    },
    components::error_state::message,
    i18n::{Locale, t, t_string, use_i18n},
    words,
};

/// Who can be tried, by the words of the form.
const WHO: [&str; 4] = ["anyone", "signed-in", "user", "robot"];

/// What was asked, and the answers. Made where the page is, outside of what waits for the rules.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    asked: StoredValue<[String; 3]>,
    answers: Resource<Option<Result<Vec<Answer>, Error>>>,
}

impl Tried {
    /// What the page's address asks.
    pub fn of_address() -> Self {
        let words = use_query_map();
        let asked = ["try_who", "try_name", "try_repository"]
            .map(|key| words.with_untracked(|words| words.get(key)).unwrap_or_default());
        let source = asked.clone();
        let answers = Resource::new(
            move || source.clone(),
            |[who, name, repository]| async move {
                if repository.is_empty() { None } else { Some(try_access(who, name, repository).await) }
            },
        );
        Self { asked: StoredValue::new(asked), answers }
    }
}

/// The form and, once it was sent, the answers.
#[component]
pub fn Trial(
    /// What was asked.
    tried: Tried,
) -> impl IntoView {
    let i18n = use_i18n();
    let Tried { asked, answers } = tried;
    let [who, name, repository] = asked.get_value();
    let options = WHO.into_iter().map(move |word| {
        view! {
            <option value=word selected={who == word}>
                {move || word_name(i18n, word)}
            </option>
        }
    });
    view! {
        <section class="card" id="trial">
            <h2 class="card__title">{t!(i18n, access.trial.title)}</h2>
            <p>{t!(i18n, access.trial.text)}</p>
            <form class="filter" method="get" action=format!("{PATH}#trial")>
                <div class="field">
                    <label for="try_who">{t!(i18n, access.trial.who)}</label>
                    <select class="input" id="try_who" name="try_who">
                        {options.collect_view()}
                    </select>
                </div>
                <div class="field">
                    <label for="try_name">{t!(i18n, access.trial.name)}</label>
                    <input class="input" id="try_name" name="try_name" value=name autocomplete="off" maxlength="64" />
                </div>
                <div class="field">
                    <label for="try_repository">{t!(i18n, access.trial.repository)}</label>
                    <input
                        class="input input--mono"
                        id="try_repository"
                        name="try_repository"
                        value=repository
                        autocomplete="off"
                        maxlength="255"
                        required
                    />
                </div>
                <div class="filter__actions">
                    <button class="button button--primary" type="submit">
                        {t!(i18n, access.trial.submit)}
                    </button>
                </div>
            </form>
            <div role="status">
                <Suspense>
                    {move || Suspend::new(async move {
                        match answers.await {
                            None => ().into_any(),
                            Some(Ok(answers)) => view! { <Answers answers /> }.into_any(),
                            Some(Err(error)) => view! { <p class="field__error">{move || failure(i18n, &error)}</p> }.into_any(),
                        }
                    })}
                </Suspense>
            </div>
            <p class="muted">{t!(i18n, access.trial.note)}</p>
        </section>
    }
}

fn failure(i18n: I18nContext<Locale>, error: &Error) -> String {
    match error {
        Error::Invalid { fields, .. } => {
            fields.iter().map(|field| words::problem(i18n, &field.problem())).collect::<Vec<_>>().join(" ")
        }
        error => message(i18n, error),
    }
}

#[component]
fn Answers(answers: Vec<Answer>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = answers.into_iter().map(|Answer { action, allowed, because }| {
        view! {
            <tr>
                <th scope="row">{move || action_name(i18n, action)}</th>
                <td>
                    <span class="badge" class:badge--success=allowed class:badge--danger=!allowed>
                        {move || if allowed { t_string!(i18n, access.trial.yes) } else { t_string!(i18n, access.trial.no) }}
                    </span>
                </td>
                <td>{move || reason(i18n, &because)}</td>
            </tr>
        }
    });
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, access.trial.action)}</th>
                        <th scope="col">{t!(i18n, access.trial.answer)}</th>
                        <th scope="col">{t!(i18n, access.trial.reason)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

fn reason(i18n: I18nContext<Locale>, because: &Because) -> String {
    let text = match because {
        Because::Rule(rule) => return sentence(i18n, rule),
        Because::NoRule => t_string!(i18n, access.trial.no_rule),
        Because::Administrator => t_string!(i18n, access.trial.administrator),
        Because::Disabled => t_string!(i18n, access.trial.disabled),
        Because::SignIn => t_string!(i18n, access.trial.sign_in),
        Because::Elsewhere => t_string!(i18n, access.trial.elsewhere),
    };
    text.to_owned()
}
