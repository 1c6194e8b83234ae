//! Troubleshooting: paste an error message and get the cause; and a page for each problem, to be linked to.
//!
//! The message travels in the page's address by a plain GET form, so that it works without scripts and an answer can be
//! passed on.

use humpback::troubleshooting::Problem;
use leptos::{either::Either, prelude::*};
use leptos_i18n::Locale as _;
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};

use super::NotFound;
use crate::{
    api::troubleshooting::{Advice, Answer, MESSAGE_MAX, Trouble, problems, troubleshoot},
    components::{Breadcrumb, CardSkeleton, CodeBlock, ErrorState, in_textarea, prose},
    i18n::{t, t_string, use_i18n},
};

/// Where the list is; a problem's page lies below.
const PATH: &str = "/setup/troubleshooting";

/// The address of a problem's page.
pub(super) fn href(problem: &str, address: &str) -> String {
    let mut query = ParamsMap::new();
    if !address.is_empty() {
        query.insert("address", address.to_owned());
    }
    format!("{PATH}/{problem}{}", query.to_query_string())
}

/// The list of problems, and the form.
#[component]
pub fn Troubleshooting() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let part = move |key: &'static str| query.with(|query| query.get(key).unwrap_or_default());
    let asked = Memo::new(move |_| Trouble {
        message: part("error"),
        problem: String::new(),
        address: part("address"),
        language: i18n.get_locale().as_str().to_owned(),
    });
    let answer = Resource::new(
        move || asked.get(),
        async |trouble| {
            if trouble.message.trim().is_empty() { Ok(None) } else { troubleshoot(trouble).await.map(Some) }
        },
    );
    let all = Resource::new(move || i18n.get_locale().as_str().to_owned(), problems);
    view! {
        <Title text=move || t_string!(i18n, support.trouble.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, support.trouble.title)}</h1>
                <p class="page__lead">{t!(i18n, support.trouble.lead)}</p>
            </div>
        </header>
        <Paste asked=asked />
        <Transition fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match answer.await {
                    Ok(None) => Either::Left(()),
                    Ok(Some(answer)) => Either::Right(Either::Left(view! { <Answered answer=answer /> })),
                    Err(error) => Either::Right(Either::Right(view! { <ErrorState error=error /> })),
                }
            })}
        </Transition>
        <section class="page__section" aria-labelledby="all-problems">
            <h2 id="all-problems">{t!(i18n, support.trouble.all)}</h2>
            <Transition>
                {move || Suspend::new(async move {
                    match all.await {
                        Ok(all) => Either::Left(list(all)),
                        Err(error) => Either::Right(view! { <ErrorState error=error /> }),
                    }
                })}
            </Transition>
        </section>
        <Further />
    }
}

fn list(all: Vec<(String, String)>) -> impl IntoView {
    let row = |(slug, title): (String, String)| {
        view! {
            <li>
                <A href=href(&slug, "")>{title}</A>
            </li>
        }
    };
    view! { <ul class="links">{all.into_iter().map(row).collect_view()}</ul> }
}

/// The form.
#[component]
fn Paste(
    /// What was asked last.
    asked: Memo<Trouble>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Trouble { message, address, .. } = asked.get_untracked();
    view! {
        <form class="form" method="get" action=PATH>
            <div class="field">
                <label for="error">{t!(i18n, support.trouble.message)}</label>
                <p class="field__caption" id="error-caption">
                    {t!(i18n, support.trouble.message_caption)}
                </p>
                <textarea
                    class="input input--mono input--tall"
                    id="error"
                    name="error"
                    rows="5"
                    maxlength=MESSAGE_MAX.to_string()
                    required
                    spellcheck="false"
                    aria-describedby="error-caption"
                >
                    {in_textarea(message)}
                </textarea>
            </div>
            <div class="field">
                <label for="address">{t!(i18n, support.trouble.address)}</label>
                <p class="field__caption" id="address-caption">
                    {t!(i18n, support.trouble.address_caption)}
                </p>
                <input
                    class="input input--mono"
                    id="address"
                    name="address"
                    value=address
                    inputmode="url"
                    autocapitalize="off"
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby="address-caption"
                />
            </div>
            <div class="form__actions">
                <button class="button button--primary">{t!(i18n, support.trouble.explain)}</button>
            </div>
        </form>
    }
}

#[component]
fn Answered(
    /// What is known of the message.
    answer: Answer,
) -> impl IntoView {
    let i18n = use_i18n();
    let Answer { advice, address } = answer;
    if advice.is_empty() {
        return view! {
            <section class="page__section" aria-labelledby="unknown-message">
                <h2 id="unknown-message">{t!(i18n, support.trouble.unknown)}</h2>
                <p>{t!(i18n, support.trouble.send_along)}</p>
                <CodeBlock code=format!("docker version\ndocker info\ncurl -v {address}/v2/\njournalctl -u docker --since -10min --no-pager") />
            </section>
        }
        .into_any();
    }
    let several = advice.len() > 1;
    let parts = advice.into_iter().enumerate().map(|(at, advice)| {
        let id = format!("cause-{at}");
        let link = href(&advice.slug, &address);
        let title = advice.title.clone();
        view! {
            <section class="page__section" aria-labelledby=id.clone()>
                <h2 id=id.clone()>
                    <A href=link>{title}</A>
                </h2>
                {(several && at == 0).then(|| view! { <p class="visits__aside">{t!(i18n, support.trouble.most_likely)}</p> })}
                <Advised advice=advice address=address.clone() />
            </section>
        }
    });
    parts.collect_view().into_any()
}

/// Cause, mend, and what to copy.
#[component]
fn Advised(
    /// What to say.
    advice: Advice,
    /// The address that stands in the commands.
    address: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let Advice { why, mend, snippets, targets, .. } = advice;
    let target = move |(slug, name): (String, String)| {
        let mut query = ParamsMap::new();
        query.insert("target", slug);
        query.insert("address", address.clone());
        view! {
            <li>
                <A href=format!("/setup{}", query.to_query_string())>{name}</A>
            </li>
        }
    };
    let has_targets = !targets.is_empty();
    let targets = targets.into_iter().map(target).collect_view();
    view! {
        <p class="page__prose">{prose(&why)}</p>
        <p class="page__prose">{prose(&mend)}</p>
        {snippets
            .into_iter()
            .map(|snippet| view! { <CodeBlock code=snippet.text label=snippet.label /> })
            .collect_view()}
        {has_targets
            .then(|| {
                view! {
                    <p>{t!(i18n, support.trouble.steps)}</p>
                    <ul class="links links--row">{targets}</ul>
                }
            })}
    }
}

/// A problem's own page.
#[component]
pub fn ProblemPage() -> impl IntoView {
    let i18n = use_i18n();
    let (params, query) = (use_params_map(), use_query_map());
    let slug = Memo::new(move |_| params.with(|params| params.get("problem").unwrap_or_default()));
    let asked = Memo::new(move |_| Trouble {
        message: String::new(),
        problem: slug.get(),
        address: query.with(|query| query.get("address").unwrap_or_default()),
        language: i18n.get_locale().as_str().to_owned(),
    });
    let answer = Resource::new(
        move || asked.get(),
        async |trouble| match Problem::from_slug(&trouble.problem) {
            Some(_) => troubleshoot(trouble).await.map(Some),
            None => Ok(None),
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match answer.await {
                    Ok(Some(Answer { mut advice, address })) if !advice.is_empty() => {
                        Either::Left(view! { <OneProblem advice=advice.remove(0) address=address /> })
                    }
                    Ok(_) => Either::Right(Either::Left(view! { <NotFound /> })),
                    Err(error) => Either::Right(Either::Right(view! { <ErrorState error=error /> })),
                }
            })}
        </Transition>
    }
}

#[component]
fn OneProblem(
    /// What to say.
    advice: Advice,
    /// The address that stands in the commands.
    address: String,
) -> impl IntoView {
    let title = advice.title.clone();
    view! {
        <Title text=advice.title.clone() />
        <header class="page__header">
            <div class="page__title">
                <Back />
                <h1>{title}</h1>
            </div>
        </header>
        <section class="page__section">
            <Advised advice=advice address=address />
        </section>
        <Further />
    }
}

/// The way back to the list.
#[component]
fn Back() -> impl IntoView {
    let i18n = use_i18n();
    let steps = move || {
        vec![
            (t_string!(i18n, guide.title).to_string(), "/setup".to_owned()),
            (t_string!(i18n, support.trouble.title).to_string(), PATH.to_owned()),
        ]
    };
    view! { <Breadcrumb steps=Signal::derive(steps) /> }
}

/// Where else help is.
#[component]
pub(super) fn Further() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav class="page__section" aria-label=move || t_string!(i18n, support.further)>
            <ul class="links links--row">
                <li>
                    <A href="/setup">{t!(i18n, guide.title)}</A>
                </li>
                <li>
                    <A href=PATH exact=true>
                        {t!(i18n, support.trouble.title)}
                    </A>
                </li>
                <li>
                    <A href="/setup/proxy">{t!(i18n, support.proxy.title)}</A>
                </li>
            </ul>
        </nav>
    }
}
