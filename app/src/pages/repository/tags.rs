//! A repository's tags.

use humpback::{
    explorer::{List, ListQuery, TagSort, TagSummary},
    oci::media_type::{DOCKER_CONFIG, ManifestKind, OCI_CONFIG},
};
use leptos::prelude::*;

use super::super::{
    delete_tag::DeleteLink,
    explorer::{manifest_path, no_match, number_of_tags, repository_path},
};
use crate::{
    api::repositories::Surroundings,
    components::{
        ByteSize, Pagination, SearchField, ShortDigest, TimeAgo,
        data_table::{Column, SortHeader, cell_class},
    },
    i18n::{t, t_string, use_i18n},
};

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
        no_match(i18n, &path, &asked, matching).into_any()
    } else {
        view! {
            <Table name=name path=path.clone() rows=list.rows query=asked.clone() surroundings=surroundings />
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
    let row = |tag: TagSummary| {
        let to = manifest_path(&name, tag.name.as_str());
        let by_digest = manifest_path(&name, tag.digest.as_str());
        let TagSummary { size_bytes, pushed_at, .. } = tag;
        let (shown, digest) = (tag.name.to_string(), tag.digest.clone());
        let delete = administrator.then(|| {
            view! {
                <td>
                    <div class="data-table__actions">
                        <DeleteLink repository=name.clone() tag=tag.name.to_string() />
                    </div>
                </td>
            }
        });
        view! {
            <tr>
                <th scope="row" class="data-table__cell--name">
                    <a href=to>{shown}</a>
                </th>
                <td class="data-table__cell--secondary">
                    <ShortDigest digest=digest href=by_digest />
                </td>
                <td class="data-table__cell--secondary">
                    <Kind tag=tag />
                </td>
                <td class=cell_class(Column::Number, true)>
                    <ByteSize size=size_bytes />
                </td>
                <td class="data-table__cell--time">
                    <TimeAgo at=pushed_at now=now />
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
                        {header(TagSort::Name, Column::Text, false, t!(i18n, explorer.column.tag).into_any())}
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, explorer.column.digest)}
                        </th>
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, explorer.column.kind)}
                        </th>
                        {header(TagSort::Size, Column::Number, true, t!(i18n, explorer.column.size).into_any())}
                        {header(TagSort::Pushed, Column::Text, false, t!(i18n, explorer.column.pushed).into_any())}
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
