//! The steps as a numbered list, each with why, snippets and notes.

use humpback::{
    config::InvalidAddress,
    setup_guide::{Guide, Note, Place, Role, Severity, Snippet, Step},
};
use leptos::prelude::*;

use super::{prose::prose, words};
use crate::{
    components::CopyButton,
    i18n::{t, t_string, use_i18n},
};

/// The guide, or a line in its place while there is none.
#[component]
pub(super) fn Steps(
    /// The guide for what is typed.
    result: Memo<Result<Guide, InvalidAddress>>,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let Ok(guide) = result.get() else {
            return view! { <p class="guide__none">{t!(i18n, guide.no_steps)}</p> }.into_any();
        };
        let place = guide.place.clone();
        let summary = t_string!(i18n, guide.summary, url = place.url(), prefix = place.prefix().to_owned());
        let steps = guide.steps.into_iter().map(|step| one_step(i18n, &place, step)).collect_view();
        view! {
            <section class="page__section" aria-labelledby="steps-title">
                <h2 id="steps-title">{t!(i18n, guide.steps_title)}</h2>
                <p>{prose(&summary)}</p>
                <p>{t!(i18n, guide.root_shell)}</p>
                {notes(i18n, &place, guide.notes)}
                <ol class="steps">{steps}</ol>
            </section>
        }
        .into_any()
    }
}

fn one_step(i18n: words::I18n, place: &Place, step: Step) -> impl IntoView + use<> {
    let title = words::step_title(i18n, step.kind);
    let snippets = step.snippets.into_iter().map(|snippet| one_snippet(i18n, &title, snippet)).collect_view();
    view! {
        <li class="step">
            <h3>{title}</h3>
            {step.only.map(|condition| view! { <p class="step__only">{prose(&words::condition(i18n, condition))}</p> })}
            <p>{prose(&words::step_why(i18n, step.kind))}</p>
            {snippets}
            {notes(i18n, place, step.notes)}
        </li>
    }
}

/// A block of code. Commands and contents can be copied; what is only to be compared, or not to be used, cannot.
fn one_snippet(i18n: words::I18n, step: &str, snippet: Snippet) -> impl IntoView + use<> {
    let label = words::snippet_label(i18n, &snippet);
    let class = match snippet.role {
        Role::Run | Role::Content => "code-block",
        Role::Output => "code-block code-block--output",
        Role::Refuted => "code-block code-block--refuted",
    };
    let copy =
        words::copied(i18n, &snippet, step).map(|what| view! { <CopyButton value=snippet.text.clone() what=what /> });
    view! {
        <div class=class>
            <div class="code-block__label">{label}</div>
            <pre class="code-block__code" tabindex="0">
                <code>{snippet.text}</code>
            </pre>
            {copy}
        </div>
    }
}

fn notes(i18n: words::I18n, place: &Place, notes: Vec<Note>) -> impl IntoView + use<> {
    let items = notes
        .into_iter()
        .map(|note| {
            let class = match note.severity() {
                Severity::Danger => "note note--danger",
                Severity::Warning => "note note--warning",
                Severity::Info => "note",
            };
            view! {
                <li class=class>
                    <strong class="note__label">{words::severity(i18n, note.severity())}</strong>
                    " "
                    <span>{prose(&words::note(i18n, note, place))}</span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!items.is_empty()).then(|| view! { <ul class="notes">{items}</ul> })
}
