//! Manage → Recently deleted: what can still be restored.

use humpback::explorer::{DeletionKind, KeptDeletion};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use super::{RestoreButton, UndoNote};
use crate::{
    api::undo::{Deletions, RestoreDeletion, list_deletions},
    components::{EmptyState, PageLinks, ShortDigest, TableSkeleton, TimeAgo, form::FormSummary},
    format,
    i18n::{t, t_string, use_i18n},
    pages::{explorer::repository_path, leading, refused::Refused},
};

/// Where the page is.
const PATH: &str = "/manage/deleted";

/// The page.
#[component]
pub fn RecentlyDeletedPage() -> impl IntoView {
    let i18n = use_i18n();
    let words = use_query_map();
    let page = Memo::new(move |_| words.with(|words| words.get_str("page").and_then(|page| page.parse().ok())));
    let deletions = Resource::new(move || page.get().unwrap_or(1), list_deletions);
    view! {
        <Title text=move || t_string!(i18n, undo.bin.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, undo.bin.title)}</h1>
            </div>
        </header>
        <Transition fallback=|| {
            view! { <TableSkeleton columns=5 /> }
        }>
            {move || Suspend::new(async move {
                match deletions.await {
                    Ok(deletions) => {
                        view! {
                            <UndoNote />
                            <Loaded deletions />
                        }
                            .into_any()
                    }
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(deletions: Deletions) -> impl IntoView {
    let i18n = use_i18n();
    let Deletions { list, page, kept_hours, now } = deletions;
    let lead = if kept_hours == 0 {
        view! { <p class="page__lead">{t!(i18n, undo.bin.off)}</p> }.into_any()
    } else {
        view! { <p class="page__lead">{t!(i18n, undo.bin.lead)}</p> }.into_any()
    };
    if list.rows.is_empty() {
        return view! {
            {lead}
            <EmptyState title=Signal::derive(move || t_string!(i18n, undo.bin.empty).to_string())>
                <p>{t!(i18n, undo.bin.empty_text)}</p>
            </EmptyState>
        }
        .into_any();
    }
    let (last_page, matching) = (list.last_page(), list.matching);
    let at = |page: u32| format!("{PATH}?page={page}");
    let (previous, next) = ((page > 1).then(|| at(page - 1)), (page < last_page).then(|| at(page + 1)));
    let (action, errors) = leading::<RestoreDeletion>();
    let rows = list.rows.into_iter().map(|deletion| view! { <Row deletion now action /> }).collect_view();
    view! {
        {lead}
        <FormSummary errors />
        <p class="toolbar__count">
            {move || t_string!(i18n, undo.bin.count, count = matching, shown = format::number(matching)).to_string()}
        </p>
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, undo.bin.what)}</th>
                        <th scope="col">{t!(i18n, undo.bin.deleted)}</th>
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, undo.bin.by)}
                        </th>
                        <th scope="col" class="data-table__cell--secondary">
                            {t!(i18n, undo.bin.until)}
                        </th>
                        <th scope="col">
                            <span class="visually-hidden">{t!(i18n, undo.bin.actions)}</span>
                        </th>
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
fn Row(deletion: KeptDeletion, now: OffsetDateTime, action: ServerAction<RestoreDeletion>) -> impl IntoView {
    let i18n = use_i18n();
    let KeptDeletion { id, repository, kind, at, until, by, tag_count, manifest_count, tags, digest } = deletion;
    let name = repository.to_string();
    let (href, shown) = (repository_path(&name), name.clone());
    let kind_name = move || match kind {
        DeletionKind::Tags => t_string!(i18n, undo.bin.tags, count = tag_count).to_string(),
        DeletionKind::Manifest => t_string!(i18n, undo.bin.manifest).to_string(),
        DeletionKind::Repository => {
            let tags = t_string!(i18n, undo.bin.tags, count = tag_count).to_string();
            let manifests = t_string!(
                i18n,
                undo.repository.manifests,
                count = manifest_count,
                shown = format::number(manifest_count)
            );
            format!("{}: {tags}, {manifests}", t_string!(i18n, undo.bin.repository))
        }
    };
    let more = tag_count.saturating_sub(tags.len() as u64);
    let named = tags.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let rest = (more > 0).then_some(move || format!(" {}", t_string!(i18n, undo.bin.more, count = more)));
    let who = if by.is_empty() {
        view! { <span class="muted">{t!(i18n, undo.history.nobody)}</span> }.into_any()
    } else {
        by.into_any()
    };
    view! {
        <tr>
            <th scope="row" class="data-table__cell--name">
                <a href=href>{shown}</a>
                <div class="muted">{kind_name}</div>
                <div class="mono wrap-anywhere">{named} {rest}</div>
                {digest.map(|digest| view! { <ShortDigest digest=digest /> })}
            </th>
            <td class="data-table__cell--time">
                <TimeAgo at=at now=now />
            </td>
            <td class="data-table__cell--secondary">{who}</td>
            <td class="data-table__cell--time data-table__cell--secondary">
                <time datetime=format::machine(until)>{format::exact(until)}</time>
            </td>
            <td>
                <ActionForm action attr:class="data-table__actions">
                    <RestoreButton
                        id
                        label=move || t_string!(i18n, undo.bin.restore)
                        name=move || t_string!(i18n, undo.bin.restore_named, repository = name.clone()).to_string()
                        pending=action.pending()
                    />
                </ActionForm>
            </td>
        </tr>
    }
}
