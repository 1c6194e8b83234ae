//! A repository's tags.

use humpback::{
    explorer::{List, ListQuery, TagSort, TagSummary},
    oci::media_type::{DOCKER_CONFIG, ManifestKind, OCI_CONFIG},
};
use std::collections::BTreeSet;

use leptos::{either::Either, prelude::*};
use time::OffsetDateTime;

use super::super::{
    delete_tag::DeleteLink,
    explorer::{Searched, manifest_path, no_match, number_of_tags, repository_path},
    undo::history_path,
};
use crate::{
    api::repositories::Surroundings,
    components::{
        ByteSize, Draw, Icon, Pagination, SearchField, ShortDigest, TimeAgo,
        data_table::{Column, SortHeader, cell_class},
    },
    format::{self, escape},
    i18n::{t, t_string, use_i18n},
};

/// So many platforms of a tag are shown.
const PLATFORMS_SHOWN: usize = 3;

/// The toolbar, the table and the pages.
#[component]
pub fn Tags(
    /// The repository's name.
    name: String,
    /// The page of tags.
    list: List<TagSummary>,
    /// How they were asked for.
    query: Memo<ListQuery<TagSort>>,
    /// What is around them.
    surroundings: Surroundings,
) -> impl IntoView {
    let i18n = use_i18n();
    let asked = query.get_untracked();
    let path = repository_path(&name);
    let (last_page, matching) = (list.last_page(), list.matching);
    let count = number_of_tags(i18n, &asked, matching);
    let content = if list.rows.is_empty() {
        no_match(i18n, &path, &asked, matching, Searched::Names).into_any()
    } else {
        let administrator = surroundings.administrator;
        let selected = Selected(RwSignal::new(BTreeSet::new()));
        provide_context(selected);
        let action = format!("/delete-tags/{}", escape(&name));
        let table = view! { <Table name=name path=path.clone() rows=list.rows query=asked.clone() surroundings=surroundings /> };
        let table = if administrator {
            Either::Left(view! {
                <form class="selection" method="get" action=action>
                    {table}
                    <SelectionBar />
                </form>
            })
        } else {
            Either::Right(table)
        };
        view! {
            {table}
            <Pagination query=asked matching=matching last_page=last_page path=path.clone() />
        }
        .into_any()
    };
    view! {
        <section class="page__section" aria-labelledby="tags">
            <h2 id="tags">{t!(i18n, explorer.repository.tags)}</h2>
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
}

/// The tags that are ticked, where scripts run. Without them the form's own boxes are all there is.
#[derive(Clone, Copy, Debug)]
struct Selected(RwSignal<BTreeSet<String>>);

/// What can be done with the tags that are ticked; there while some are.
#[component]
fn SelectionBar() -> impl IntoView {
    let i18n = use_i18n();
    let Selected(selected) = expect_context();
    let label = move || match selected.with(BTreeSet::len) as u64 {
        0 => t_string!(i18n, undo.select.delete).to_string(),
        count => t_string!(i18n, undo.select.delete_count, count = count).to_string(),
    };
    view! {
        <div class="selection__bar">
            <button class="button button--danger" type="submit">
                <Draw icon=Icon::Trash />
                {label}
            </button>
            <button class="button" type="reset" on:click=move |_| selected.update(BTreeSet::clear)>
                {t!(i18n, undo.select.clear)}
            </button>
        </div>
    }
}

/// The box before a tag.
#[component]
fn SelectBox(tag: String) -> impl IntoView {
    let i18n = use_i18n();
    let Selected(selected) = expect_context();
    let (named, ticked, changed) = (tag.clone(), tag.clone(), tag.clone());
    view! {
        <td class="data-table__cell--select">
            <input
                type="checkbox"
                name="tag"
                value=tag
                autocomplete="off"
                aria-label=move || t_string!(i18n, undo.select.one, tag = named.clone()).to_string()
                prop:checked=move || selected.with(|tags| tags.contains(&ticked))
                on:change=move |event| {
                    selected
                        .update(|tags| {
                            if event_target_checked(&event) {
                                tags.insert(changed.clone());
                            } else {
                                tags.remove(&changed);
                            }
                        });
                }
            />
        </td>
    }
}

/// The box above all of them. It works by scripts alone, and is hidden without.
#[component]
fn SelectAll(tags: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    let Selected(selected) = expect_context();
    let count = tags.len();
    view! {
        <th scope="col" class="data-table__cell--select">
            <input
                type="checkbox"
                class="selection__all"
                autocomplete="off"
                aria-label=move || t_string!(i18n, undo.select.all)
                prop:checked=move || selected.with(BTreeSet::len) == count
                on:change=move |event| {
                    let all = event_target_checked(&event);
                    selected.set(if all { tags.iter().cloned().collect() } else { BTreeSet::new() });
                }
            />
        </th>
    }
}

#[component]
fn Table(
    name: String,
    path: String,
    rows: Vec<TagSummary>,
    query: ListQuery<TagSort>,
    surroundings: Surroundings,
) -> impl IntoView {
    let i18n = use_i18n();
    let Surroundings { administrator, now, .. } = surroundings;
    let header = |key, column, secondary, title: AnyView| {
        view! {
            <SortHeader key=key query=query.clone() path=path.clone() column=column secondary=secondary>
                {title}
            </SortHeader>
        }
    };
    let names: Vec<String> = rows.iter().map(|tag| tag.name.to_string()).collect();
    let row = |tag: TagSummary| {
        let to = manifest_path(&name, tag.name.as_str());
        let by_digest = manifest_path(&name, tag.digest.as_str());
        let TagSummary { size_bytes, pushed_at, pull_count, pulled_at, signed, .. } = tag;
        let platforms = tag.platforms.clone().unwrap_or_default();
        let (shown, digest) = (tag.name.to_string(), tag.digest.clone());
        let select = administrator.then(|| view! { <SelectBox tag=tag.name.to_string() /> });
        let history = history_path(&name, Some(tag.name.as_str()));
        let history_of = tag.name.to_string();
        let history_name = move || t_string!(i18n, undo.history.of_tag, tag = history_of.clone()).to_string();
        let history_title = history_name.clone();
        let delete = administrator.then(|| {
            view! {
                <td>
                    <div class="data-table__actions">
                        <a
                            class="button button--quiet button--small button--icon"
                            href=history
                            aria-label=history_name
                            title=history_title
                        >
                            <Draw icon=Icon::History />
                        </a>
                        <DeleteLink repository=name.clone() tag=tag.name.to_string() />
                    </div>
                </td>
            }
        });
        view! {
            <tr>
                {select}
                <th scope="row" class="data-table__cell--name">
                    <a href=to>{shown}</a>
                    {signed
                        .then(|| {
                            view! {
                                " "
                                <span class="badge badge--success">{t!(i18n, explorer.signed)}</span>
                            }
                        })}
                </th>
                <td class="data-table__cell--secondary">
                    <ShortDigest digest=digest href=by_digest />
                </td>
                <td class="data-table__cell--secondary">
                    <Kind tag=tag />
                </td>
                <td class="data-table__cell--secondary">
                    <Platforms platforms=platforms />
                </td>
                <td class=cell_class(Column::Number, true)>
                    <ByteSize size=size_bytes />
                </td>
                <td class="data-table__cell--time">
                    <TimeAgo at=pushed_at now=now />
                </td>
                <td class="data-table__cell--time data-table__cell--secondary">
                    <Pulls count=pull_count last=pulled_at now=now />
                </td>
                {delete}
            </tr>
        }
    };
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        {administrator.then(|| view! { <SelectAll tags=names /> })}
                        {header(TagSort::Name, Column::Text, false, t!(i18n, explorer.column.tag).into_any())}
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, explorer.column.digest)}
                        </th>
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, explorer.column.kind)}
                        </th>
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, explorer.column.platforms)}
                        </th>
                        {header(TagSort::Size, Column::Number, true, t!(i18n, explorer.column.size).into_any())}
                        {header(TagSort::Pushed, Column::Text, false, t!(i18n, explorer.column.pushed).into_any())}
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, explorer.column.pulls)}
                        </th>
                        {administrator
                            .then(|| {
                                view! {
                                    <th scope="col">
                                        <span class="visually-hidden">{t!(i18n, explorer.column.actions)}</span>
                                    </th>
                                }
                            })}
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The first platforms; the others on pointing at them.
#[component]
fn Platforms(platforms: Vec<String>) -> impl IntoView {
    let more = platforms.len().saturating_sub(PLATFORMS_SHOWN);
    let all = platforms.join(", ");
    let shown = platforms.into_iter().take(PLATFORMS_SHOWN);
    view! {
        <span class="badges" title=(more > 0).then_some(all)>
            {shown.map(|platform| view! { <span class="badge">{platform}</span> }).collect_view()}
            {(more > 0).then(|| view! { <span class="muted">{format!("+{more}")}</span> })}
        </span>
    }
}

/// How often it was pulled, and when last.
#[component]
fn Pulls(count: u64, last: Option<OffsetDateTime>, now: OffsetDateTime) -> impl IntoView {
    view! {
        <span class="numeric">{format::number(count)}</span>
        {last.map(|at| view! { <span class="muted">" · " <TimeAgo at=at now=now /></span> })}
    }
}

/// An image, an index of so many platforms, or an artifact with its type.
#[component]
fn Kind(tag: TagSummary) -> impl IntoView {
    let i18n = use_i18n();
    let index = ManifestKind::of(&tag.media_type) == Some(ManifestKind::Index);
    let artifact = tag.artifact_type.filter(|kind| kind != OCI_CONFIG && kind != DOCKER_CONFIG);
    let count = tag.child_count;
    if index {
        view! { <span class="badge">{move || t_string!(i18n, explorer.kind.index, count = count).to_string()}</span> }
            .into_any()
    } else if let Some(kind) = artifact {
        view! {
            <span class="badge badge--accent" title=kind>
                {t!(i18n, explorer.kind.artifact)}
            </span>
        }
        .into_any()
    } else {
        view! { <span class="muted">{t!(i18n, explorer.kind.image)}</span> }.into_any()
    }
}
