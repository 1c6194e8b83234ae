//! The history of a repository's tags, or of one tag: who has put it where and when, and the way back.

use humpback::{explorer::TagChange, oci::Digest};
use leptos::{either::Either, form::ActionForm, prelude::*};
use leptos_i18n::I18nContext;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use time::OffsetDateTime;

use super::{RestoreButton, history_path};
use crate::{
    api::{
        Error,
        undo::{RestoreTag, TagHistory, read_tag_history},
    },
    components::{
        Breadcrumb, EmptyState, ErrorState, PageLinks, ShortDigest, TableSkeleton, TimeAgo, form::FormSummary,
    },
    format,
    i18n::{Locale, t, t_string, use_i18n},
    pages::{
        explorer::{REPOSITORIES, manifest_path, repository_path},
        leading,
        missing::MissingRepository,
    },
};

/// The page.
#[component]
pub fn TagHistoryPage() -> impl IntoView {
    let i18n = use_i18n();
    let (params, words) = (use_params_map(), use_query_map());
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let tag = Memo::new(move |_| words.with(|words| words.get("tag")).unwrap_or_default());
    let page = Memo::new(move |_| words.with(|words| words.get_str("page").and_then(|page| page.parse().ok())));
    let history = Resource::new(
        move || (name.get(), tag.get(), page.get().unwrap_or(1)),
        |(name, tag, page)| read_tag_history(name, tag, page),
    );
    let title = move || match tag.get() {
        tag if tag.is_empty() => t_string!(i18n, undo.history.title).to_string(),
        tag => t_string!(i18n, undo.history.of_tag, tag = tag).to_string(),
    };
    view! {
        <Title text=title />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=Signal::derive(move || {
                    vec![
                        (t_string!(i18n, explorer.title).to_string(), REPOSITORIES.to_owned()),
                        (name.get(), repository_path(&name.get())),
                    ]
                }) />
                <h1>{title}</h1>
            </div>
        </header>
        <Transition fallback=|| {
            view! { <TableSkeleton columns=5 /> }
        }>
            {move || Suspend::new(async move {
                match history.await {
                    Ok(history) => view! { <Loaded history /> }.into_any(),
                    Err(Error::NotFound { what }) => view! { <MissingRepository name=what /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(history: TagHistory) -> impl IntoView {
    let i18n = use_i18n();
    let TagHistory { repository, tag, list, page, administrator, now } = history;
    let name = repository.to_string();
    let all = tag.as_ref().map(|_| {
        let href = history_path(&name, None);
        view! {
            <p>
                <a href=href>{t!(i18n, undo.history.all)}</a>
            </p>
        }
    });
    let lead = view! { <p class="page__lead">{t!(i18n, undo.history.lead)}</p> };
    if list.rows.is_empty() {
        return view! {
            {lead}
            {all}
            <EmptyState title=Signal::derive(move || t_string!(i18n, undo.history.empty).to_string())>
                <p>{t!(i18n, undo.history.empty_text)}</p>
            </EmptyState>
        }
        .into_any();
    }
    let (last_page, matching) = (list.last_page(), list.matching);
    let path = history_path(&name, tag.as_ref().map(humpback::oci::Tag::as_str));
    let at = |page: u32| format!("{path}{}page={page}", if path.contains('?') { '&' } else { '?' });
    let (previous, next) = ((page > 1).then(|| at(page - 1)), (page < last_page).then(|| at(page + 1)));
    let (action, errors) = leading::<RestoreTag>();
    let row = |change| view! { <Row name=name.clone() change administrator now action /> };
    let rows = list.rows.into_iter().map(row).collect_view();
    let actions = administrator.then(|| {
        view! {
            <th scope="col">
                <span class="visually-hidden">{t!(i18n, undo.history.actions)}</span>
            </th>
        }
    });
    view! {
        {lead}
        {all}
        <FormSummary errors />
        <p class="toolbar__count">
            {move || t_string!(i18n, undo.history.count, count = matching, shown = format::number(matching)).to_string()}
        </p>
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, undo.history.tag)}</th>
                        <th scope="col">{t!(i18n, undo.history.change)}</th>
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, undo.history.before)}
                        </th>
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, undo.history.after)}
                        </th>
                        <th scope="col">{t!(i18n, undo.history.when)}</th>
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, undo.history.who)}
                        </th>
                        {actions}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <PageLinks page=page matching=matching last_page=last_page previous=previous next=next />
    }
    .into_any()
}

#[component]
fn Row(
    name: String,
    change: TagChange,
    administrator: bool,
    now: OffsetDateTime,
    action: ServerAction<RestoreTag>,
) -> impl IntoView {
    let i18n = use_i18n();
    let TagChange { id, tag, before, after, at, by, restored, can_go_back } = change;
    let href = history_path(&name, Some(tag.as_str()));
    let (was, is) = (before.is_some(), after.is_some());
    let kind = move || kind_name(i18n, was, is, restored);
    let cell = |digest: Option<Digest>| match digest {
        Some(digest) => {
            let href = manifest_path(&name, digest.as_str());
            Either::Left(view! { <ShortDigest digest=digest href=href /> })
        }
        None => Either::Right(view! { <span class="muted">{t!(i18n, undo.history.absent)}</span> }),
    };
    let back = before.clone().filter(|_| can_go_back);
    let button = administrator.then(|| {
        let tag = tag.to_string();
        let back = back.map(|digest| {
            let short = format!("{}:{}", digest.algorithm().as_str(), digest.short());
            let name = move || {
                t_string!(i18n, undo.history.restore_named, tag = tag.clone(), digest = short.clone()).to_string()
            };
            view! {
                <ActionForm action attr:class="data-table__actions">
                    <RestoreButton
                        id
                        label=move || t_string!(i18n, undo.history.restore)
                        name
                        pending=action.pending()
                    />
                </ActionForm>
            }
        });
        view! { <td>{back}</td> }
    });
    let who = if by.is_empty() {
        Either::Left(view! { <span class="muted">{t!(i18n, undo.history.nobody)}</span> })
    } else {
        Either::Right(by)
    };
    view! {
        <tr>
            <th scope="row" class="data-table__cell--name">
                <a href=href>{tag.to_string()}</a>
            </th>
            <td>{kind}</td>
            <td class="data-table__cell--secondary">{cell(before)}</td>
            <td class="data-table__cell--secondary">{cell(after)}</td>
            <td class="data-table__cell--time">
                <TimeAgo at=at now=now />
            </td>
            <td class="data-table__cell--secondary">{who}</td>
            {button}
        </tr>
    }
}

fn kind_name(i18n: I18nContext<Locale>, was: bool, is: bool, restored: bool) -> &'static str {
    match (restored, was, is) {
        (true, ..) => t_string!(i18n, undo.history.restored),
        (false, _, false) => t_string!(i18n, undo.history.deleted),
        (false, true, true) => t_string!(i18n, undo.history.moved),
        (false, false, true) => t_string!(i18n, undo.history.pushed),
    }
}
