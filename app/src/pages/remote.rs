//! What another registry tells, on the explorer's pages: names. What it does not tell is said once, and no column is
//! there for it.

use humpback::{
    explorer::{Extent, List, ListQuery, Order, RemoteRepositories, RemoteTags, RepositorySort, SortKey, TagSort},
    oci::{RepositoryName, Tag},
};
use leptos::prelude::*;

use super::explorer::{Searched, manifest_path, no_match, number_of, number_of_tags, repository_path};
use crate::{
    api::repositories::Remote,
    components::{
        CodeBlock, EmptyState, Pagination, SearchField,
        data_table::{Column, SortHeader},
    },
    i18n::{t, t_string, use_i18n},
};

/// Says whose images these are, and what is not to be had of them.
#[component]
pub fn RemoteNote(
    /// The other registry's address.
    address: String,
    /// What its API does not tell, on this page.
    #[prop(into)]
    missing: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="banner" role="note">
            <div class="banner__text">
                <p class="banner__title wrap-anywhere">
                    {move || t_string!(i18n, explorer.remote.title, address = address.clone()).to_string()}
                </p>
                <p>{missing}</p>
            </div>
        </div>
    }
}

/// The other registry's repositories.
#[component]
pub fn RemoteRepositoryList(
    /// What it tells.
    page: Remote<RemoteRepositories>,
    /// How they were asked for.
    query: Memo<ListQuery<RepositorySort>>,
    /// The page's path.
    path: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let Remote { told: RemoteRepositories { list, extent }, surroundings } = page;
    let note = view! {
        <RemoteNote
            address=surroundings.remote.unwrap_or_default()
            missing=Signal::derive(move || t_string!(i18n, explorer.remote.no_facts).to_string())
        />
    };
    if list.total == 0 {
        return view! {
            {note}
            <EmptyState title=Signal::derive(move || t_string!(i18n, explorer.remote.empty_title).to_string())>
                <p>{t!(i18n, explorer.remote.empty)}</p>
            </EmptyState>
        }
        .into_any();
    }
    let asked = by_name(query.get_untracked(), RepositorySort::Name);
    let count = number_of(i18n, &asked, list.matching);
    let content = if list.rows.is_empty() {
        no_match(i18n, path, &asked, list.matching, Searched::Names).into_any()
    } else {
        let href = |name: &RepositoryName| repository_path(name.as_str());
        let title = t!(i18n, explorer.column.repository).into_any();
        view! { <Names list=list query=asked key=RepositorySort::Name path=path.to_owned() href=href title=title /> }
            .into_any()
    };
    view! {
        {note}
        <ExtentNote extent=extent />
        <div class="toolbar">
            <SearchField
                query=query
                path=path.to_owned()
                label=Signal::derive(move || t_string!(i18n, explorer.search).to_string())
            />
            <span class="toolbar__count">{count}</span>
        </div>
        {content}
    }
    .into_any()
}

/// A repository of the other registry: how to pull from it, and its tags.
#[component]
pub fn RemoteRepository(
    /// What it tells.
    page: Remote<RemoteTags>,
    /// How the tags were asked for.
    query: Memo<ListQuery<TagSort>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Remote { told: RemoteTags { name, example, list, extent }, surroundings } = page;
    let name = name.to_string();
    let note = view! {
        <RemoteNote
            address=surroundings.remote.unwrap_or_default()
            missing=Signal::derive(move || t_string!(i18n, explorer.remote.no_tag_facts).to_string())
        />
    };
    let Some(example) = example else {
        return view! {
            {note}
            <EmptyState title=Signal::derive(move || t_string!(i18n, explorer.no_tags.title).to_string())>
                <p>{t!(i18n, explorer.remote.no_tags)}</p>
            </EmptyState>
        }
        .into_any();
    };
    let pull = format!("docker pull {}/{name}:{example}", surroundings.registry);
    let path = repository_path(&name);
    let asked = by_name(query.get_untracked(), TagSort::Name);
    let count = number_of_tags(i18n, &asked, list.matching);
    let content = if list.rows.is_empty() {
        no_match(i18n, &path, &asked, list.matching, Searched::Names).into_any()
    } else {
        let href = move |tag: &Tag| manifest_path(&name, tag.as_str());
        let title = t!(i18n, explorer.column.tag).into_any();
        view! { <Names list=list query=asked key=TagSort::Name path=path.clone() href=href title=title /> }.into_any()
    };
    view! {
        {note}
        <section class="page__section">
            <CodeBlock
                code=pull
                wrap=true
                label=Signal::derive(move || Some(t_string!(i18n, explorer.repository.pull).to_string()))
            />
        </section>
        <section class="page__section" aria-labelledby="tags">
            <h2 id="tags">{t!(i18n, explorer.repository.tags)}</h2>
            <ExtentNote extent=extent />
            <div class="toolbar">
                <SearchField
                    query=query
                    path=path
                    label=Signal::derive(move || t_string!(i18n, explorer.search_tags).to_string())
                />
                <span class="toolbar__count">{count}</span>
            </div>
            {content}
        </section>
    }
    .into_any()
}

/// The list as it stands there: its names are in their order whatever was asked for.
fn by_name<S: SortKey>(query: ListQuery<S>, name: S) -> ListQuery<S> {
    if query.sort == name { query } else { ListQuery { sort: name, order: Order::Ascending, ..query } }
}

/// A list of names, each with its page.
#[component]
fn Names<T, S>(
    list: List<T>,
    query: ListQuery<S>,
    key: S,
    path: String,
    href: impl Fn(&T) -> String,
    title: AnyView,
) -> impl IntoView
where
    T: AsRef<str>,
    S: SortKey + Send + Sync,
{
    let (last_page, matching) = (list.last_page(), list.matching);
    let row = |name: T| {
        view! {
            <tr>
                <th scope="row" class="data-table__cell--name">
                    <a href=href(&name)>{name.as_ref().to_owned()}</a>
                </th>
            </tr>
        }
    };
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        <SortHeader key=key query=query.clone() path=path.clone() column=Column::Text>
                            {title}
                        </SortHeader>
                    </tr>
                </thead>
                <tbody>{list.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Pagination query=query matching=matching last_page=last_page path=path />
    }
}

/// The names are not all there.
#[component]
fn ExtentNote(extent: Extent) -> impl IntoView {
    let i18n = use_i18n();
    let text = match extent {
        Extent::Whole => return None,
        Extent::Reading => t!(i18n, explorer.remote.reading).into_any(),
        Extent::Cut => t!(i18n, explorer.remote.cut).into_any(),
    };
    Some(view! {
        <p class="banner" role="note">
            {text}
        </p>
    })
}
