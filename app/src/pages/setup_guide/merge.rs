//! The reader's own files: pasted, and shown with what changes in them. A plain form without scripts, which then puts
//! what is pasted into the page's address; with them it stays out of it.

use humpback::setup_guide::merge::{Change, Line};
use leptos::{ev::SubmitEvent, html, prelude::*};
use leptos_i18n::I18nContext;

use super::{PATH, Query};
use crate::{
    api::setup_guide::{Asked, MergedFile, WrittenFile, setup_merge},
    components::{CodeBlock, announcer::use_announcer, in_textarea, prose},
    i18n::{Locale, t, t_string, use_i18n},
};

/// The fields' names in the page's address, in order.
pub(super) const FIELDS: [&str; 2] = ["paste", "paste_flags"];

/// A field for each file, and the files as they are to be.
#[component]
pub(super) fn Merge(
    /// The files that can be merged.
    files: Vec<WrittenFile>,
    /// What the guide was asked for with.
    asked: Asked,
    /// What is chosen, which the form carries on.
    query: Memo<Query>,
    /// What was pasted, if anything.
    pasted: RwSignal<Option<Vec<String>>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let announcer = use_announcer();
    let address = asked.address.clone();
    let result = Resource::new(
        move || pasted.get(),
        move |pasted| {
            let asked = asked.clone();
            async move {
                match pasted {
                    Some(pasted) => setup_merge(asked, pasted).await,
                    None => Ok(None),
                }
            }
        },
    );
    Effect::new(move |before: Option<()>| {
        if let Some(Ok(Some(files))) = result.get()
            && before.is_some()
        {
            let refused = files.iter().any(|file| matches!(file, MergedFile::Refused { .. }));
            announcer.say(untrack(|| match refused {
                true => t_string!(i18n, guide.merge.refused),
                false => t_string!(i18n, guide.merge.done),
            }));
        }
    });
    let areas: Vec<NodeRef<html::Textarea>> = files.iter().map(|_| NodeRef::new()).collect();
    let before = pasted.get_untracked().unwrap_or_default();
    let fields = files.into_iter().zip(FIELDS).zip(areas.clone()).enumerate().map(|(at, ((file, name), area))| {
        let caption = format!("{name}-caption");
        view! {
            <div class="field">
                <label for=name>
                    <code>{file.name}</code>
                </label>
                <p class="field__caption" id=caption.clone()>
                    {prose(&file.caption)}
                </p>
                <textarea
                    class="input input--wide input--mono"
                    id=name
                    name=name
                    rows="8"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    aria-describedby=caption
                    node_ref=area
                >
                    {in_textarea(before.get(at).cloned().unwrap_or_default())}
                </textarea>
            </div>
        }
    });
    let fields = fields.collect_view();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        pasted.set(Some(
            areas.iter().map(|area| area.get_untracked().map(|area| area.value()).unwrap_or_default()).collect(),
        ));
    };
    view! {
        <section class="page__section guide__merge" aria-labelledby="merge-title">
            <h2 id="merge-title">{t!(i18n, guide.merge.title)}</h2>
            <p>{t!(i18n, guide.merge.lead)}</p>
            <form class="form" method="get" action=PATH on:submit=submit>
                {move || {
                    query
                        .with(|query| {
                            let hidden = |(key, word): (&'static str, &str)| {
                                view! { <input type="hidden" name=key value=word.to_owned() /> }
                            };
                            query.words().map(hidden).collect_view()
                        })
                }}
                <input type="hidden" name="address" value=address />
                {fields}
                <div class="form__actions">
                    <button class="button">{t!(i18n, guide.merge.submit)}</button>
                </div>
            </form>
            <Transition>
                {move || Suspend::new(async move {
                    let files = result.await.ok().flatten().unwrap_or_default();
                    files.into_iter().map(|file| merged(i18n, file)).collect_view()
                })}
            </Transition>
        </section>
    }
}

fn merged(i18n: I18nContext<Locale>, file: MergedFile) -> impl IntoView {
    match file {
        MergedFile::Merged { name, text, lines, remarks } => {
            let heading = untrack(|| t_string!(i18n, guide.merge.difference, name = name.as_str()).to_string());
            let result = untrack(|| t_string!(i18n, guide.merge.result, name = name.as_str()).to_string());
            let body = if lines.is_empty() {
                view! { <p>{t!(i18n, guide.merge.unchanged)}</p> }.into_any()
            } else {
                view! {
                    <div class="code-block difference">
                        <pre class="code-block__code" tabindex="0">
                            <code>{lines.into_iter().map(difference).collect_view()}</code>
                        </pre>
                    </div>
                    <CodeBlock code=text label=result tall=true />
                }
                .into_any()
            };
            let remarks = remarks.into_iter().map(|remark| view! { <li class="note">{prose(&remark)}</li> });
            view! {
                <section class="guide__merged">
                    <h3>{heading}</h3>
                    {body}
                    <ul class="notes">{remarks.collect_view()}</ul>
                </section>
            }
            .into_any()
        }
        MergedFile::Refused { name, reason, place, detail } => {
            let place = place.map(|(line, column)| {
                untrack(|| match column {
                    Some(column) => t_string!(i18n, guide.merge.place, line = line, column = column).to_string(),
                    None => t_string!(i18n, guide.merge.line, line = line).to_string(),
                })
            });
            view! {
                <section class="guide__merged">
                    <h3>{name}</h3>
                    <div class="note note--danger">
                        {place.map(|place| view! { <strong class="note__label">{place}</strong> })} " "
                        <span>{prose(&reason)}</span> " "
                        {(!detail.is_empty()).then(|| view! { <code lang="en">{detail}</code> })}
                    </div>
                </section>
            }
            .into_any()
        }
    }
}

/// A line with its sign. Colour does not speak alone: `ins` and `del` say it, and so does the sign.
fn difference(line: Line) -> impl IntoView {
    let text = line.text;
    match line.change {
        Change::Same => view! { <span class="difference__line">{format!("  {text}\n")}</span> }.into_any(),
        Change::Added => view! {
            <ins class="difference__line difference__line--added">
                {format!("+ {text}\n")}
            </ins>
        }
        .into_any(),
        Change::Removed => view! {
            <del class="difference__line difference__line--removed">
                {format!("- {text}\n")}
            </del>
        }
        .into_any(),
    }
}
