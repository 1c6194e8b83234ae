//! From page to page of a list.

use humpback::explorer::{ListQuery, SortKey, list::PAGE_SIZE};
use leptos::prelude::*;

use super::{
    data_table::link,
    icon::{Draw, Icon},
};
use crate::{
    format::number,
    i18n::{t, t_string, use_i18n},
};

/// Which rows are shown, and the ways to those before and after. Nothing where all fit on one page.
#[component]
pub fn Pagination<S: SortKey + Send + Sync>(
    /// The list that is shown.
    query: ListQuery<S>,
    /// The rows of all its pages.
    matching: u64,
    /// The last page.
    last_page: u32,
    /// The page's path, to which the query is added.
    #[prop(into)]
    path: String,
) -> impl IntoView {
    let previous = (query.page > 1).then(|| link(&path, &query.at_page(query.page - 1)));
    let next = (query.page < last_page).then(|| link(&path, &query.at_page(query.page + 1)));
    view! { <PageLinks page=query.page matching=matching last_page=last_page previous=previous next=next /> }
}

/// The same for a list that is asked for in another way: with the ways already written.
#[component]
pub fn PageLinks(
    /// The page that is shown, from 1.
    page: u32,
    /// The rows of all its pages.
    matching: u64,
    /// The last page.
    last_page: u32,
    /// The way to the page before.
    previous: Option<String>,
    /// The way to the page after.
    next: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    if last_page <= 1 {
        return ().into_any();
    }
    let first = u64::from(page - 1) * u64::from(PAGE_SIZE) + 1;
    let last = (first - 1 + u64::from(PAGE_SIZE)).min(matching);
    view! {
        <nav class="pagination" aria-label=move || t_string!(i18n, common.page.label)>
            <span class="pagination__range">
                {move || {
                    t_string!(
                        i18n,
                        common.page.range,
                        first = number(first),
                        last = number(last),
                        total = number(matching)
                    )
                        .to_string()
                }}
            </span>
            <span class="pagination__links">
                {previous
                    .map(|href| {
                        view! {
                            <a href=href class="button" rel="prev">
                                <Draw icon=Icon::ChevronLeft />
                                {t!(i18n, common.page.previous)}
                            </a>
                        }
                    })}
                {next
                    .map(|href| {
                        view! {
                            <a href=href class="button" rel="next">
                                {t!(i18n, common.page.next)}
                                <Draw icon=Icon::ChevronRight />
                            </a>
                        }
                    })}
            </span>
        </nav>
    }
    .into_any()
}
