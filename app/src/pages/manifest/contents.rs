//! What a manifest points at: an image's layers, an index's platforms.

use humpback::explorer::{Child, Layer, SharedLayer};
use leptos::prelude::*;

use super::super::explorer::{manifest_path, repository_path};
use crate::{
    components::{
        ByteSize, Share, ShortDigest,
        data_table::{Column, cell_class},
    },
    i18n::{t, t_string, use_i18n},
};

/// The layers with their sizes and shares, the lowest first.
#[component]
pub fn Layers(
    /// The repository's name.
    name: String,
    /// The layers.
    layers: Vec<Layer>,
    /// Whether their sizes are known.
    sizes: bool,
    /// Those that others use too.
    shared: Vec<SharedLayer>,
) -> impl IntoView {
    let i18n = use_i18n();
    let sharing = !shared.is_empty();
    let whole = layers.iter().map(|layer| layer.size_bytes).fold(0, u64::saturating_add);
    let row = |(at, layer): (usize, Layer)| {
        let users = shared.iter().find(|shared| shared.digest == layer.digest).cloned();
        view! {
            <tr>
                <td class=cell_class(Column::Number, true)>{at + 1}</td>
                <th scope="row">
                    <ShortDigest digest=layer.digest />
                </th>
                <td class="data-table__cell--command data-table__cell--secondary">
                    {layer.origin.unwrap_or(layer.media_type)}
                </td>
                {sizes
                    .then(|| {
                        view! {
                            <td class=cell_class(Column::Number, false)>
                                <ByteSize size=layer.size_bytes />
                            </td>
                            <td class=cell_class(Column::Number, true)>
                                <Share part=layer.size_bytes whole=whole />
                            </td>
                        }
                    })}
                {sharing.then(|| view! { <td>{users.map(|users| view! { <Users name=name.clone() users=users /> })}</td> })}
            </tr>
        }
    };
    if layers.is_empty() {
        return view! { <p class="muted">{t!(i18n, explorer.manifest.no_layers)}</p> }.into_any();
    }
    view! {
        <section class="page__section" aria-labelledby="layers">
            <h2 id="layers">{t!(i18n, explorer.manifest.layers)}</h2>
            <div class="data-table__frame">
                <table class="data-table">
                    <thead>
                        <tr>
                            <th scope="col" class=cell_class(Column::Number, true)>
                                "#"
                            </th>
                            <th scope="col">{t!(i18n, explorer.column.layer)}</th>
                            <th scope="col" class="data-table__cell--secondary">
                                {t!(i18n, explorer.column.origin)}
                            </th>
                            {sizes
                                .then(|| {
                                    view! {
                                        <th scope="col" class=cell_class(Column::Number, false)>
                                            {t!(i18n, explorer.column.size)}
                                        </th>
                                        <th scope="col" class=cell_class(Column::Number, true)>
                                            {t!(i18n, explorer.column.share)}
                                        </th>
                                    }
                                })}
                            {sharing.then(|| view! { <th scope="col">{t!(i18n, explorer.column.shared)}</th> })}
                        </tr>
                    </thead>
                    <tbody>{layers.into_iter().enumerate().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// Who has a layer too: how many, and which.
#[component]
fn Users(name: String, users: SharedLayer) -> impl IntoView {
    let i18n = use_i18n();
    let (repositories, tags) = (users.repositories.len() as u64, users.tags.len() as u64);
    let sign = if users.more { "+" } else { "" };
    let repository = |repository: humpback::oci::RepositoryName| {
        let href = repository_path(repository.as_str());
        view! {
            <li>
                <a href=href>{repository.to_string()}</a>
            </li>
        }
    };
    let tag = |tag: humpback::oci::Tag| {
        let (href, shown) = (manifest_path(&name, tag.as_str()), format!("{name}:{tag}"));
        view! {
            <li>
                <a href=href>{shown}</a>
            </li>
        }
    };
    let words = move || {
        let mut words = Vec::new();
        if repositories > 0 {
            let shown = format!("{repositories}{sign}");
            words.push(t_string!(i18n, explorer.shared.repositories, count = repositories, shown = shown).to_string());
        }
        if tags > 0 {
            let shown = format!("{tags}{sign}");
            words.push(t_string!(i18n, explorer.shared.tags, count = tags, shown = shown).to_string());
        }
        words.join(t_string!(i18n, explorer.shared.and))
    };
    view! {
        <details>
            <summary>{words}</summary>
            <ul class="facts__list">
                {users.repositories.into_iter().map(repository).collect_view()}
                {users.tags.into_iter().map(tag).collect_view()}
                {users.more.then(|| view! { <li class="muted">{t!(i18n, explorer.shared.more)}</li> })}
            </ul>
        </details>
    }
}

/// The manifests of an index with their platforms and sizes.
#[component]
pub fn Platforms(
    /// The repository's name.
    name: String,
    /// The manifests.
    children: Vec<Child>,
    /// Whether it is known which of them are there, and their sizes.
    sizes: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = |child: Child| {
        let href = manifest_path(&name, child.digest.as_str());
        let label = match (child.platform, child.role) {
            (Some(platform), None) => view! { <a href=href.clone()>{platform}</a> }.into_any(),
            (Some(platform), Some(role)) => view! {
                <a href=href.clone()>{platform}</a>
                " "
                <span class="badge badge--accent">{role}</span>
            }
            .into_any(),
            (None, Some(role)) => view! { <span class="badge badge--accent">{role}</span> }.into_any(),
            (None, None) => view! { <span class="muted">{t!(i18n, explorer.manifest.no_platform)}</span> }.into_any(),
        };
        let size = match child.size_bytes {
            Some(size) => view! { <ByteSize size=size /> }.into_any(),
            None => view! { <span class="muted">{t!(i18n, explorer.manifest.platform_missing)}</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row" class="data-table__cell--name">
                    {label}
                </th>
                <td>
                    <ShortDigest digest=child.digest href=href />
                </td>
                {sizes.then(|| view! { <td class=cell_class(Column::Number, false)>{size}</td> })}
            </tr>
        }
    };
    view! {
        <section class="page__section" aria-labelledby="platforms">
            <h2 id="platforms">{t!(i18n, explorer.manifest.platforms)}</h2>
            <div class="data-table__frame">
                <table class="data-table">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, explorer.column.platform)}</th>
                            <th scope="col">{t!(i18n, explorer.column.digest)}</th>
                            {sizes
                                .then(|| {
                                    view! {
                                        <th scope="col" class=cell_class(Column::Number, false)>
                                            {t!(i18n, explorer.column.size)}
                                        </th>
                                    }
                                })}
                        </tr>
                    </thead>
                    <tbody>{children.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
