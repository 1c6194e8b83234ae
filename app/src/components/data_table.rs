//! A table's heads that order it. They are links: they work without scripts, and the order can be sent to someone.

use humpback::explorer::{ListQuery, Order, SortKey};
use leptos::prelude::*;

use super::icon::{Draw, Icon};

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Text.
    Text,
    /// Numbers, which stand at the end of the line so that their digits align.
    Number,
}

/// The head of a column that the list can be ordered by.
#[component]
pub fn SortHeader<S: SortKey + Send + Sync>(
    /// The column.
    key: S,
    /// How the list is ordered now.
    query: ListQuery<S>,
    /// The page's path, to which the order is added.
    #[prop(into)]
    path: String,
    /// What stands in the column.
    column: Column,
    /// Left out on a phone.
    #[prop(optional)]
    secondary: bool,
    /// The column's title.
    children: Children,
) -> impl IntoView {
    let current = query.sort == key;
    let aria = current.then_some(match query.order {
        Order::Ascending => "ascending",
        Order::Descending => "descending",
    });
    let next = query.sorted_by(key);
    // The arrow shows the order that is, or the one that a click would give.
    let icon = match if current { query.order } else { next.order } {
        Order::Ascending => Icon::ArrowUp,
        Order::Descending => Icon::ArrowDown,
    };
    view! {
        <th scope="col" class=cell_class(column, secondary) aria-sort=aria>
            <a href=link(&path, &next) data-noscroll=true class="data-table__sort">
                {children()}
                <Draw icon=icon />
            </a>
        </th>
    }
}

/// The classes of a column's cells, heads and bodies alike.
pub const fn cell_class(column: Column, secondary: bool) -> &'static str {
    match (column, secondary) {
        (Column::Text, false) => "",
        (Column::Text, true) => "data-table__cell--secondary",
        (Column::Number, false) => "data-table__cell--number",
        (Column::Number, true) => "data-table__cell--number data-table__cell--secondary",
    }
}

/// The address of the list that `query` asks for; `path` may have words of its own.
pub fn link<S: SortKey>(path: &str, query: &ListQuery<S>) -> String {
    let words: Vec<_> =
        query.to_words().into_iter().map(|(key, value)| format!("{key}={}", crate::format::escape(&value))).collect();
    let sign = if path.contains('?') { '&' } else { '?' };
    if words.is_empty() { path.to_owned() } else { format!("{path}{sign}{}", words.join("&")) }
}
