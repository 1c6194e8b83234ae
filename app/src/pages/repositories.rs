//! The repositories, with search, order and pages in its address.

use humpback::explorer::{ListQuery, RemoteRepositories, RepositorySort, RepositorySummary};
use leptos::{either::EitherOf3, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use super::{
    explorer::{Disabled, REPOSITORIES, no_match, number_of},
    remote::RemoteRepositoryList,
};
use crate::{
    api::repositories::{Indexing, Repositories, Shown, Surroundings, list_repositories},
    components::{
        ByteSize, CodeBlock, EmptyState, ErrorState, Pagination, SearchField, TableSkeleton, TimeAgo,
        announcer::use_announcer,
        data_table::{Column, SortHeader, cell_class},
    },
    format,
    i18n::{t, t_string, use_i18n},
};

/// Where the page is.
const PATH: &str = REPOSITORIES;

/// The page.
#[component]
pub fn RepositoriesPage() -> impl IntoView {
    let i18n = use_i18n();
    let words = use_query_map();
    let query =
        Memo::new(move |_| words.with(|words| ListQuery::<RepositorySort>::from_words(|key| words.get_str(key))));
    let page = Resource::new(move || query.get(), list_repositories);
    announce_results(query, page);
    view! {
        <Title text=move || t_string!(i18n, explorer.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, explorer.title)}</h1>
                <p class="page__lead">{t!(i18n, explorer.lead)}</p>
            </div>
        </header>
        <Transition fallback=|| {
            view! { <TableSkeleton columns=4 /> }
        }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(Shown::This(page)) => EitherOf3::A(view! { <Loaded page=page query=query /> }),
                    Ok(Shown::Remote(page)) => {
                        EitherOf3::B(view! { <RemoteRepositoryList page=page query=query path=PATH /> })
                    }
                    Err(error) => EitherOf3::C(view! { <ErrorState error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(page: Repositories, query: Memo<ListQuery<RepositorySort>>) -> impl IntoView {
    let i18n = use_i18n();
    let Repositories { list, indexing, surroundings } = page;
    let disabled = (!surroundings.enabled).then(|| view! { <Disabled /> });
    let indexing = indexing.map(|indexing| view! { <IndexingBanner indexing=indexing /> });
    if list.total == 0 && indexing.is_some() {
        // What is there is not listed yet: it would be wrong to say that there is nothing.
        return view! {
            {disabled}
            {indexing}
        }
        .into_any();
    }
    if list.total == 0 {
        return view! {
            {disabled}
            <NothingYet surroundings=surroundings />
        }
        .into_any();
    }
    let asked = query.get_untracked();
    let (last_page, matching) = (list.last_page(), list.matching);
    let count = number_of(i18n, &asked, matching);
    let content = if list.rows.is_empty() {
        no_match(i18n, PATH, &asked, matching).into_any()
    } else {
        view! {
            <Table rows=list.rows query=asked.clone() now=surroundings.now />
            <Pagination query=asked matching=matching last_page=last_page path=PATH />
        }
        .into_any()
    };
    view! {
        {disabled}
        {indexing}
        <div class="toolbar">
            <SearchField
                query=query
                path=PATH.to_owned()
                label=Signal::derive(move || t_string!(i18n, explorer.search).to_string())
            />
            <span class="toolbar__count">{count}</span>
        </div>
        {content}
    }
    .into_any()
}

/// Not everything is in the list yet: the folder of another registry is being read.
#[component]
fn IndexingBanner(indexing: Indexing) -> impl IntoView {
    let i18n = use_i18n();
    let Indexing { done, total } = indexing;
    let title = move || match total {
        0 => t_string!(i18n, explorer.indexing.begun).to_string(),
        _ => t_string!(i18n, explorer.indexing.title, done = format::number(done), total = format::number(total))
            .to_string(),
    };
    view! {
        <div class="banner" role="note">
            <div class="banner__text">
                <p class="banner__title">{title}</p>
                <p>{t!(i18n, explorer.indexing.text)}</p>
            </div>
        </div>
    }
}

#[component]
fn Table(rows: Vec<RepositorySummary>, query: ListQuery<RepositorySort>, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let header = |key, column, secondary, title: AnyView| {
        view! {
            <SortHeader key=key query=query.clone() path=PATH column=column secondary=secondary>
                {title}
            </SortHeader>
        }
    };
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        {header(RepositorySort::Name, Column::Text, false, t!(i18n, explorer.column.repository).into_any())}
                        {header(RepositorySort::Tags, Column::Number, true, t!(i18n, explorer.column.tags).into_any())}
                        {header(RepositorySort::Size, Column::Number, true, t!(i18n, explorer.column.size).into_any())}
                        {header(RepositorySort::Pushed, Column::Text, false, t!(i18n, explorer.column.pushed).into_any())}
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|row| view! { <Row row=row now=now /> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(row: RepositorySummary, now: OffsetDateTime) -> impl IntoView {
    let name = row.name.to_string();
    view! {
        <tr>
            <th scope="row" class="data-table__cell--name">
                <a href=format!("/repositories/{name}")>{name.clone()}</a>
            </th>
            <td class=cell_class(Column::Number, true)>{format::number(row.tag_count)}</td>
            <td class=cell_class(Column::Number, true)>
                <ByteSize size=row.size_bytes />
            </td>
            <td class="data-table__cell--time">{row.pushed_at.map(|at| view! { <TimeAgo at=at now=now /> })}</td>
        </tr>
    }
}

/// Nothing was ever pushed: how to push.
#[component]
pub(super) fn NothingYet(surroundings: Surroundings) -> impl IntoView {
    let i18n = use_i18n();
    let image = format!("{}/my-image:latest", surroundings.registry);
    let tag = format!("docker tag my-image {image}");
    let push = format!("docker push {image}");
    view! {
        <EmptyState title=Signal::derive(move || t_string!(i18n, explorer.empty.title).to_string())>
            <p>{t!(i18n, explorer.empty.text)}</p>
            <CodeBlock
                code=tag
                wrap=true
                label=Signal::derive(move || Some(t_string!(i18n, explorer.empty.tag).to_string()))
            />
            <CodeBlock
                code=push
                wrap=true
                label=Signal::derive(move || Some(t_string!(i18n, explorer.empty.push).to_string()))
            />
            <p>{t!(i18n, explorer.empty.guide)}</p>
            <div class="empty-state__actions">
                <a href="/setup" class="button">
                    {t!(i18n, common.nav.setup)}
                </a>
            </div>
        </EmptyState>
    }
}

/// Says how many there are after a search, but not when the page is opened.
fn announce_results(
    query: Memo<ListQuery<RepositorySort>>,
    page: Resource<Result<Shown<Repositories, RemoteRepositories>, crate::api::Error>>,
) {
    let i18n = use_i18n();
    let announcer = use_announcer();
    Effect::new(move |before: Option<String>| {
        let Some(Ok(page)) = page.get() else { return before.unwrap_or_default() };
        let asked = query.get_untracked();
        let matching = match page {
            Shown::This(page) => page.list.matching,
            Shown::Remote(page) => page.told.list.matching,
        };
        if before.is_some_and(|before| before != asked.search) {
            announcer.say(untrack(|| number_of(i18n, &asked, matching)()));
        }
        asked.search
    });
}
