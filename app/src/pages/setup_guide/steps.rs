//! The steps as a numbered list, each with why, snippets and notes.

use humpback::setup_guide::{Role, Severity};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use crate::{
    api::setup_guide::{Written, WrittenAuthority, WrittenNote, WrittenScript, WrittenSnippet, WrittenStep},
    components::{CodeBlock, CopyButton, prose},
    format,
    i18n::{Locale, t, t_string, use_i18n},
};

type I18n = I18nContext<Locale>;

/// The guide, or a line in its place while there is none.
#[component]
pub(super) fn Steps(
    /// The guide for what is typed.
    guide: Option<Written>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(guide) = guide else {
        return view! { <p class="guide__none">{t!(i18n, guide.no_steps)}</p> }.into_any();
    };
    let summary = untrack(|| t_string!(i18n, guide.summary, url = guide.url, prefix = guide.prefix).to_string());
    let steps = guide.steps.into_iter().map(|step| one_step(i18n, step)).collect_view();
    view! {
        <section class="page__section" aria-labelledby="steps-title">
            <h2 id="steps-title">{t!(i18n, guide.steps_title)}</h2>
            <p class="guide__what">{guide.title}</p>
            <p>{prose(&summary)}</p>
            <p>{guide.shell}</p>
            {notes(i18n, guide.notes)}
            {guide.authority.map(|authority| view! { <Authority authority /> })}
            <ol class="steps">{steps}</ol>
            <CopyAll markdown=guide.markdown />
        </section>
        {guide.script.map(|script| view! { <WholeScript script /> })}
    }
    .into_any()
}

/// The authority, by what it is compared with, and its file.
#[component]
fn Authority(
    /// The authority.
    authority: WrittenAuthority,
) -> impl IntoView {
    let i18n = use_i18n();
    let WrittenAuthority { path, certificates } = authority;
    let certificates = certificates
        .into_iter()
        .map(|certificate| {
            let subject = match certificate.subject {
                subject if subject.is_empty() => untrack(|| t_string!(i18n, guide.authority.unnamed).to_string()),
                subject => subject,
            };
            let until = certificate.until.map(|until| {
                view! {
                    <dt>{t!(i18n, guide.authority.until)}</dt>
                    <dd>{move || format::date(i18n.get_locale(), until)}</dd>
                }
            });
            view! {
                <dl class="facts">
                    <dt>{t!(i18n, guide.authority.subject)}</dt>
                    <dd>{subject}</dd>
                    <dt>{t!(i18n, guide.authority.fingerprint)}</dt>
                    <dd class="mono guide__fingerprint">{certificate.fingerprint}</dd>
                    {until}
                </dl>
            }
        })
        .collect_view();
    view! {
        <section class="guide__authority" aria-labelledby="authority-title">
            <h3 id="authority-title">{t!(i18n, guide.authority.title)}</h3>
            <p>{prose(untrack(|| t_string!(i18n, guide.authority.what)))}</p>
            {certificates}
            <p>
                <a href=path rel="external" download="ca.crt">
                    {t!(i18n, guide.authority.download)}
                </a>
            </p>
        </section>
    }
}

/// Copies the whole guide; hidden where scripts are off, for it could do nothing there.
#[component]
fn CopyAll(
    /// The guide as Markdown.
    markdown: String,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p class="guide__copy-all">
            <span>{t!(i18n, guide.copy_all)}</span>
            <CopyButton value=markdown what=Signal::derive(move || t_string!(i18n, guide.copy_all_what).to_string()) />
        </p>
    }
}

/// The script that does the steps: how to get it, and all of it, to be read before anyone runs it.
#[component]
fn WholeScript(
    /// The script.
    script: WrittenScript,
) -> impl IntoView {
    let i18n = use_i18n();
    let WrittenScript { name, path, commands, text } = script;
    view! {
        <section class="page__section" aria-labelledby="script-title">
            <h2 id="script-title">{t!(i18n, guide.script.title)}</h2>
            <p>{prose(untrack(|| t_string!(i18n, guide.script.what)))}</p>
            <CodeBlock code=commands label=Signal::derive(move || t_string!(i18n, guide.role.run).to_string()) />
            <details class="guide__script">
                <summary>{untrack(|| t_string!(i18n, guide.script.whole, name = name.as_str()).to_string())}</summary>
                <CodeBlock code=text label=name.clone() tall=true />
                <p>
                    <a href=path rel="external">
                        {untrack(|| t_string!(i18n, guide.script.open, name = name.as_str()).to_string())}
                    </a>
                </p>
            </details>
        </section>
    }
}

fn one_step(i18n: I18n, step: WrittenStep) -> impl IntoView + use<> {
    let snippets = step.snippets.into_iter().map(|snippet| one_snippet(i18n, &step.title, snippet)).collect_view();
    view! {
        <li class="step">
            <h3>{step.title}</h3>
            {step.only.map(|only| view! { <p class="step__only">{prose(&only)}</p> })}
            <p>{prose(&step.why)}</p>
            {snippets}
            {notes(i18n, step.notes)}
        </li>
    }
}

/// A block of code. Commands and contents can be copied; what is only to be compared, or not to be used, cannot.
fn one_snippet(i18n: I18n, step: &str, snippet: WrittenSnippet) -> impl IntoView + use<> {
    let file = snippet.file.unwrap_or_default();
    let label = match snippet.role {
        Role::Run => untrack(|| t_string!(i18n, guide.role.run).to_string()),
        Role::Content => untrack(|| t_string!(i18n, guide.role.content, file = file.as_str()).to_string()),
        Role::Output => untrack(|| t_string!(i18n, guide.role.output).to_string()),
        Role::Refuted => untrack(|| t_string!(i18n, guide.role.refuted, file = file.as_str()).to_string()),
    };
    let copied = match snippet.role {
        Role::Run => Some(untrack(|| t_string!(i18n, guide.copy.commands, step = step).to_string())),
        Role::Content => Some(untrack(|| t_string!(i18n, guide.copy.content, file = file.as_str()).to_string())),
        Role::Output | Role::Refuted => None,
    };
    let class = match snippet.role {
        Role::Run | Role::Content => "code-block",
        Role::Output => "code-block code-block--output",
        Role::Refuted => "code-block code-block--refuted",
    };
    view! {
        <div class=class>
            <div class="code-block__label">{label}</div>
            <pre class="code-block__code" tabindex="0">
                <code>{snippet.text.clone()}</code>
            </pre>
            {copied.map(|what| view! { <CopyButton value=snippet.text what=what /> })}
        </div>
    }
}

fn notes(i18n: I18n, notes: Vec<WrittenNote>) -> impl IntoView + use<> {
    let items = notes
        .into_iter()
        .map(|note| {
            let (class, label) = match note.severity {
                Severity::Danger => ("note note--danger", untrack(|| t_string!(i18n, guide.severity.danger))),
                Severity::Warning => ("note note--warning", untrack(|| t_string!(i18n, guide.severity.warning))),
                Severity::Info => ("note", untrack(|| t_string!(i18n, guide.severity.info))),
            };
            view! {
                <li class=class>
                    <strong class="note__label">{label}</strong>
                    " "
                    <span>{prose(&note.text)}</span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!items.is_empty()).then(|| view! { <ul class="notes">{items}</ul> })
}
