//! The repositories, with search, order, namespace and page in its address.

mod place;
mod table;

use humpback::explorer::{ListQuery, RemoteRepositories, RepositorySort};
use leptos::{either::EitherOf3, prelude::*};
use leptos_router::hooks::use_query_map;

use self::{
    place::{Heading, ViewSwitch, path_of, place_of},
    table::Table,
};
use super::{
    explorer::{Disabled, REPOSITORIES, Searched, no_match, number_of},
    remote::RemoteRepositoryList,
};
use crate::{
    api::repositories::{Indexing, Place, Repositories, Shown, Surroundings, list_repositories},
    components::{CodeBlock, EmptyState, ErrorState, Pagination, SearchField, TableSkeleton, announcer::use_announcer},
    format,
    i18n::{t, t_string, use_i18n},
};

/// The page.
#[component]
pub fn RepositoriesPage() -> impl IntoView {
    let words = use_query_map();
    let query =
        Memo::new(move |_| words.with(|words| ListQuery::<RepositorySort>::from_words(|key| words.get_str(key))));
    let place = Memo::new(move |_| words.with(place_of));
    let page = Resource::new(move || (query.get(), place.get()), |(query, place)| list_repositories(query, place));
    announce_results(query, page);
    view! {
        <Heading place=place />
        <Transition fallback=|| {
            view! { <TableSkeleton columns=4 /> }
        }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(Shown::This(page)) => EitherOf3::A(view! { <Loaded page=page query=query place=place /> }),
                    Ok(Shown::Remote(page)) => {
                        EitherOf3::B(view! { <RemoteRepositoryList page=page query=query path=REPOSITORIES /> })
                    }
                    Err(error) => EitherOf3::C(view! { <ErrorState error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(page: Repositories, query: Memo<ListQuery<RepositorySort>>, place: Memo<Place>) -> impl IntoView {
    let i18n = use_i18n();
    let Repositories { list, repositories, view: chosen, indexing, surroundings } = page;
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
    let (asked, at) = (query.get_untracked(), place.get_untracked());
    let path = path_of(&at);
    let (last_page, matching) = (list.last_page(), list.matching);
    let count = number_of(i18n, &asked, repositories);
    // What is found stands one by one in any case.
    let switch = asked.search.is_empty().then(|| {
        view! { <ViewSwitch view=chosen place=at.clone() query=asked.clone() /> }
    });
    let content = if list.rows.is_empty() && matching == 0 && asked.search.is_empty() {
        view! { <NothingBelow namespace=at.within.as_str().to_owned() /> }.into_any()
    } else if list.rows.is_empty() {
        no_match(i18n, &path, &asked, matching, Searched::Everything).into_any()
    } else {
        view! {
            <Table rows=list.rows query=asked.clone() place=at now=surroundings.now />
            <Pagination query=asked matching=matching last_page=last_page path=path />
        }
        .into_any()
    };
    view! {
        {disabled}
        {indexing}
        <div class="toolbar">
            <SearchField
                query=query
                path=Signal::derive(move || path_of(&place.get()))
                label=Signal::derive(move || t_string!(i18n, explorer.search).to_string())
                hint=Signal::derive(move || t_string!(i18n, explorer.list.hint).to_string())
            />
            {switch}
            <span class="toolbar__count">{count}</span>
        </div>
        {content}
    }
    .into_any()
}

/// A namespace of which nothing is left, or that never was.
#[component]
fn NothingBelow(namespace: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <EmptyState title=Signal::derive(move || t_string!(i18n, explorer.list.none_title).to_string())>
            <p>{move || t_string!(i18n, explorer.list.none, namespace = namespace.clone()).to_string()}</p>
            <div class="empty-state__actions">
                <a href=REPOSITORIES class="button">
                    {t!(i18n, explorer.list.all)}
                </a>
            </div>
        </EmptyState>
    }
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
            Shown::This(page) => page.repositories,
            Shown::Remote(page) => page.told.list.matching,
        };
        if before.is_some_and(|before| before != asked.search) {
            announcer.say(untrack(|| number_of(i18n, &asked, matching)()));
        }
        asked.search
    });
}
