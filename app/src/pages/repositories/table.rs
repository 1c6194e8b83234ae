//! The rows of the list: repositories, each with why it was found, and namespaces.

use humpback::explorer::{Entry, FoundRepository, ListQuery, Match, MatchKind, NamespaceSummary, RepositorySort};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::place::{path_of, path_within};
use crate::{
    api::repositories::Place,
    components::{
        ByteSize, TimeAgo,
        data_table::{Column, SortHeader, cell_class, link},
    },
    format,
    i18n::{t, t_string, use_i18n},
    pages::explorer::manifest_path,
};

/// The list.
#[component]
pub fn Table(
    /// Its rows.
    rows: Vec<Entry>,
    /// How they were asked for.
    query: ListQuery<RepositorySort>,
    /// Where one is.
    place: Place,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let i18n = use_i18n();
    let path = path_of(&place);
    let header = |key, column, secondary, title: AnyView| {
        view! {
            <SortHeader key=key query=query.clone() path=path.clone() column=column secondary=secondary>
                {title}
            </SortHeader>
        }
    };
    let row = |entry| match entry {
        Entry::Repository(FoundRepository { summary, found }) => {
            let name = summary.name.to_string();
            let first = view! {
                <a href=format!("/repositories/{name}")>{marked(&name, &query.search)}</a>
                {found.map(|found| view! { <Why repository=name found=found /> })}
            }
            .into_any();
            line(first, summary.tag_count, summary.size_bytes, summary.pushed_at, now)
        }
        Entry::Namespace(NamespaceSummary { name, repository_count, tag_count, size_bytes, pushed_at }) => {
            let text = name.as_str().to_owned();
            let href = link(&path_within(&place, name), &query.at_page(1));
            let shown = format::number(repository_count);
            let count =
                move || t_string!(i18n, explorer.found, count = repository_count, shown = shown.clone()).to_string();
            let first = view! {
                <a href=href>{text}</a>
                " "
                <span class="muted numeric">{count}</span>
            }
            .into_any();
            line(first, tag_count, size_bytes, pushed_at, now)
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
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn line(
    first: AnyView,
    tag_count: u64,
    size_bytes: u64,
    pushed_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> AnyView {
    view! {
        <tr>
            <th scope="row" class="data-table__cell--name">
                {first}
            </th>
            <td class=cell_class(Column::Number, true)>{format::number(tag_count)}</td>
            <td class=cell_class(Column::Number, true)>
                <ByteSize size=size_bytes />
            </td>
            <td class="data-table__cell--time">{pushed_at.map(|at| view! { <TimeAgo at=at now=now /> })}</td>
        </tr>
    }
    .into_any()
}

/// A name with the part of it marked that was searched for.
fn marked(name: &str, search: &str) -> AnyView {
    let search = search.to_lowercase();
    match name.split_once(search.as_str()).filter(|_| !search.is_empty()) {
        Some((before, after)) => {
            let (before, after) = (before.to_owned(), after.to_owned());
            view! {
                {before}
                <mark>{search}</mark>
                {after}
            }
            .into_any()
        }
        None => name.to_owned().into_any(),
    }
}

/// Why a repository was found, if not by its name.
#[component]
fn Why(repository: String, found: Match) -> impl IntoView {
    let i18n = use_i18n();
    let Match { kind, text, reference } = found;
    let word = move || match kind {
        MatchKind::Tag => t_string!(i18n, explorer.column.tag),
        MatchKind::Label => t_string!(i18n, explorer.list.label),
        MatchKind::Manifest => t_string!(i18n, explorer.column.digest),
        MatchKind::Blob => t_string!(i18n, explorer.list.blob),
    };
    view! {
        <span class="data-table__why">
            <span class="muted">{word}</span>
            " "
            <a href=manifest_path(&repository, &reference)>{text}</a>
        </span>
    }
}
