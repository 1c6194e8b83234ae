//! Manage → Activity: who did what, with filters and pages in its address.

use humpback::audit::{AuditEntry, AuditQuery, Kind};
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use super::refused::Refused;
use crate::{
    api::activity::{Activity, list_activity},
    components::{Draw, EmptyState, Icon, PageLinks, TableSkeleton, TimeAgo},
    format,
    i18n::{Locale, t, t_string, use_i18n},
};

mod detail;
mod words;

/// Where the page is.
const PATH: &str = "/manage/activity";
/// Where the same is as a file.
const EXPORT: &str = "/manage/activity.jsonl";

/// The page.
#[component]
pub fn ActivityPage() -> impl IntoView {
    let i18n = use_i18n();
    let words = use_query_map();
    let query = Memo::new(move |_| words.with(|words| AuditQuery::from_words(|key| words.get_str(key))));
    let page = Resource::new(move || query.get(), list_activity);
    view! {
        <Title text=move || t_string!(i18n, manage.activity.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, manage.activity.title)}</h1>
            </div>
        </header>
        <Transition fallback=|| {
            view! { <TableSkeleton columns=3 /> }
        }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <Loaded page=page query=query.get_untracked() /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(page: Activity, query: AuditQuery) -> impl IntoView {
    let i18n = use_i18n();
    let Activity { list, kept_days, now } = page;
    let (last_page, matching) = (list.last_page(), list.matching);
    let export = link(EXPORT, &query.at_page(1));
    let count = move || t_string!(i18n, manage.activity.found, count = matching).to_string();
    let content = if list.rows.is_empty() {
        view! { <Nothing filtered=query.is_filtered() /> }.into_any()
    } else {
        let previous = (query.page > 1).then(|| link(PATH, &query.at_page(query.page - 1)));
        let next = (query.page < last_page).then(|| link(PATH, &query.at_page(query.page + 1)));
        view! {
            <Table rows=list.rows now=now />
            <PageLinks page=query.page matching=matching last_page=last_page previous=previous next=next />
        }
        .into_any()
    };
    view! {
        <p class="page__lead">{move || t_string!(i18n, manage.activity.lead, days = kept_days).to_string()}</p>
        <Filter query=query />
        <div class="toolbar">
            <span class="toolbar__count" role="status">
                {count}
            </span>
            <a class="button" href=export rel="external" download="">
                <Draw icon=Icon::Download />
                {t!(i18n, manage.activity.export)}
            </a>
        </div>
        {content}
    }
}

/// The address of the list that `query` asks for.
fn link(path: &str, query: &AuditQuery) -> String {
    let words: Vec<_> =
        query.to_words().into_iter().map(|(key, value)| format!("{key}={}", format::escape(&value))).collect();
    if words.is_empty() { path.to_owned() } else { format!("{path}?{}", words.join("&")) }
}

/// A plain form: what is chosen stands in the address.
#[component]
fn Filter(query: AuditQuery) -> impl IntoView {
    let i18n = use_i18n();
    let filtered = query.is_filtered();
    let words = query.to_words();
    let word = |key: &str| words.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone());
    let (from, to) = (word("from").unwrap_or_default(), word("to").unwrap_or_default());
    let chosen = query.kind;
    let kinds = Kind::ALL.into_iter().map(|kind| {
        view! {
            <option value=kind.as_str() selected={chosen == Some(kind)}>
                {move || kind_name(i18n, kind)}
            </option>
        }
    });
    view! {
        <form class="filter" role="search" method="get" action=PATH>
            <div class="field">
                <label for="q">{t!(i18n, manage.activity.search)}</label>
                <input class="input" type="search" id="q" name="q" value=query.search autocomplete="off" maxlength="255" />
            </div>
            <div class="field">
                <label for="kind">{t!(i18n, manage.activity.kind)}</label>
                <select class="input" id="kind" name="kind">
                    <option value="">{t!(i18n, manage.activity.any)}</option>
                    {kinds.collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="from">{t!(i18n, manage.activity.from)}</label>
                <input class="input" type="date" id="from" name="from" value=from aria-describedby="filter-utc" />
            </div>
            <div class="field">
                <label for="to">{t!(i18n, manage.activity.to)}</label>
                <input class="input" type="date" id="to" name="to" value=to aria-describedby="filter-utc" />
            </div>
            <div class="filter__actions">
                <button class="button button--primary" type="submit">
                    {t!(i18n, manage.activity.filter)}
                </button>
                {filtered
                    .then(|| {
                        view! {
                            <a class="button" href=PATH>
                                {t!(i18n, manage.activity.clear)}
                            </a>
                        }
                    })}
                <span class="field__caption" id="filter-utc">
                    {t!(i18n, manage.activity.utc)}
                </span>
            </div>
        </form>
    }
}

fn kind_name(i18n: I18nContext<Locale>, kind: Kind) -> &'static str {
    match kind {
        Kind::SignIn => t_string!(i18n, manage.activity.kinds.sign_in),
        Kind::Account => t_string!(i18n, manage.activity.kinds.account),
        Kind::Credential => t_string!(i18n, manage.activity.kinds.credential),
        Kind::Configuration => t_string!(i18n, manage.activity.kinds.configuration),
        Kind::Deletion => t_string!(i18n, manage.activity.kinds.deletion),
    }
}

#[component]
fn Nothing(filtered: bool) -> impl IntoView {
    let i18n = use_i18n();
    let title = Signal::derive(move || {
        let title =
            if filtered { t_string!(i18n, manage.activity.no_match) } else { t_string!(i18n, manage.activity.empty) };
        title.to_owned()
    });
    view! {
        <EmptyState title=title>
            <p>
                {move || {
                    if filtered {
                        t_string!(i18n, manage.activity.no_match_text)
                    } else {
                        t_string!(i18n, manage.activity.empty_text)
                    }
                }}
            </p>
        </EmptyState>
    }
}

#[component]
fn Table(rows: Vec<AuditEntry>, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, manage.activity.column.when)}</th>
                        <th scope="col">{t!(i18n, manage.activity.column.who)}</th>
                        <th scope="col">{t!(i18n, manage.activity.column.what)}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|entry| view! { <Row entry=entry now=now /> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(entry: AuditEntry, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let AuditEntry { at, actor, address, action, subject, detail } = entry;
    let who = if actor.is_empty() {
        view! { <span class="muted">{t!(i18n, manage.activity.nobody)}</span> }.into_any()
    } else {
        actor.into_any()
    };
    let address = address.map(|address| view! { <div class="muted mono">{address}</div> });
    let subject = subject.map(|subject| view! { <div class="wrap-anywhere mono">{subject}</div> });
    let lines = detail::lines(&detail);
    let details = (!lines.is_empty()).then(|| {
        let lines = lines.into_iter().map(|line| view! { <div>{line}</div> });
        view! {
            <details>
                <summary>{t!(i18n, manage.activity.details)}</summary>
                <div class="mono wrap-anywhere">{lines.collect_view()}</div>
            </details>
        }
    });
    view! {
        <tr>
            <td class="data-table__cell--time">
                <TimeAgo at=at now=now />
            </td>
            <td class="data-table__cell--name">{who} {address}</td>
            <td class="data-table__cell--name">
                <div>{move || words::action(i18n, &action)}</div>
                {subject}
                {details}
            </td>
        </tr>
    }
}
