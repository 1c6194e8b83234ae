//! Which part of a list is asked for: search, order, page. Read from the words of a URL, and written back to them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Rows on one page.
pub const PAGE_SIZE: u32 = 50;

/// No page beyond this one is asked of the database.
const PAGE_MAX: u32 = 1_000_000;

/// What is searched for is cut off here: no name is longer.
const SEARCH_MAX: usize = 255;

/// Which way a list runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// The smallest first.
    Ascending,
    /// The greatest first.
    Descending,
}

impl Order {
    /// The word in a URL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }

    /// The other way.
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// A column that a list can be ordered by.
pub trait SortKey: Copy + PartialEq + Default + 'static {
    /// Every column.
    const ALL: &'static [Self];

    /// The word in a URL.
    fn as_str(self) -> &'static str;

    /// The way that a reader wants first: names from A, what is counted from the greatest.
    fn first_order(self) -> Order;
}

/// An enum of columns. Where it is used, `Order`, `SortKey` and serde's two derives must be in scope.
macro_rules! sort_key {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal, $order:ident;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl SortKey for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            fn first_order(self) -> Order {
                match self { $(Self::$variant => Order::$order,)* }
            }
        }
    };
}

pub(crate) use sort_key;

sort_key! {
    /// What repositories can be ordered by.
    RepositorySort {
        /// Their names, byte by byte.
        Name = "name", Ascending;
        /// How many tags they have.
        Tags = "tags", Descending;
        /// Their sizes.
        Size = "size", Descending;
        /// The last push; the first choice, for who looks mostly looks for what is new.
        #[default]
        Pushed = "pushed", Descending;
    }
}

sort_key! {
    /// What a repository's tags can be ordered by.
    TagSort {
        /// Their names, byte by byte.
        Name = "name", Ascending;
        /// The size of what they name.
        Size = "size", Descending;
        /// When they were last pushed.
        #[default]
        Pushed = "pushed", Descending;
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery<S> {
    /// A part of the name, whatever its case; empty for all.
    pub search: String,
    /// The column that orders.
    pub sort: S,
    /// Which way.
    pub order: Order,
    /// The page, from 1.
    pub page: u32,
}

impl<S: SortKey> Default for ListQuery<S> {
    fn default() -> Self {
        Self { search: String::new(), sort: S::default(), order: S::default().first_order(), page: 1 }
    }
}

impl<S: SortKey> ListQuery<S> {
    /// Reads a URL's words. What is absent or nonsense is as if it had not been said: a link that someone has
    /// mangled still shows the list.
    pub fn from_words<'a>(word: impl Fn(&str) -> Option<&'a str>) -> Self {
        let sort = word("sort").and_then(|text| S::ALL.iter().copied().find(|key| key.as_str() == text));
        let sort = sort.unwrap_or_default();
        let order = match word("order") {
            Some("asc") => Order::Ascending,
            Some("desc") => Order::Descending,
            _ => sort.first_order(),
        };
        let page = word("page").and_then(|text| u32::from_str(text).ok()).unwrap_or(1).clamp(1, PAGE_MAX);
        let search = word("q").unwrap_or_default().trim().chars().take(SEARCH_MAX).collect();
        Self { search, sort, order, page }
    }

    /// The words of a URL that leads here; those that go without saying are left out.
    pub fn to_words(&self) -> Vec<(&'static str, String)> {
        let mut words = Vec::new();
        if !self.search.is_empty() {
            words.push(("q", self.search.clone()));
        }
        if self.sort != S::default() {
            words.push(("sort", self.sort.as_str().to_owned()));
        }
        if self.order != self.sort.first_order() {
            words.push(("order", self.order.as_str().to_owned()));
        }
        if self.page > 1 {
            words.push(("page", self.page.to_string()));
        }
        words
    }

    /// The same list ordered by `sort`: turned around if it is ordered by it already; from the first page.
    pub fn sorted_by(&self, sort: S) -> Self {
        let order = if sort == self.sort { self.order.reversed() } else { sort.first_order() };
        Self { search: self.search.clone(), sort, order, page: 1 }
    }

    /// Another page of the same list.
    pub fn at_page(&self, page: u32) -> Self {
        Self { page, ..self.clone() }
    }

    /// How many rows come before the page.
    pub const fn offset(&self) -> u32 {
        (self.page - 1).saturating_mul(PAGE_SIZE)
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// How many rows the search finds on all pages.
    pub matching: u64,
    /// How many there are without a search.
    pub total: u64,
}

impl<T> List<T> {
    /// The last page; 1 for an empty list.
    pub const fn last_page(&self) -> u32 {
        let pages = self.matching.div_ceil(PAGE_SIZE as u64);
        if pages == 0 {
            1
        } else if pages > PAGE_MAX as u64 {
            PAGE_MAX
        } else {
            #[expect(clippy::cast_possible_truncation, reason = "not above PAGE_MAX")]
            let pages = pages as u32;
            pages
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(words: &[(&str, &'static str)]) -> ListQuery<RepositorySort> {
        ListQuery::from_words(|key| words.iter().find(|(word, _)| *word == key).map(|(_, value)| *value))
    }

    #[test]
    fn words_round_trip() {
        let cases: [&[(&str, &'static str)]; 4] = [
            &[],
            &[("q", "team/app"), ("page", "7")],
            &[("sort", "name"), ("order", "desc")],
            &[("sort", "size"), ("order", "asc"), ("page", "2")],
        ];
        for words in cases {
            let expected: Vec<_> = words.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
            assert_eq!(query(words).to_words(), expected);
        }
    }

    #[test]
    fn nonsense_is_as_if_it_had_not_been_said() {
        let nonsense = query(&[("sort", "owner"), ("order", "sideways"), ("page", "-3"), ("q", "  ")]);
        assert_eq!(nonsense, ListQuery::default());
        assert_eq!(query(&[("page", "0")]).page, 1);
        assert_eq!(query(&[("page", "4000000000")]).page, PAGE_MAX);
    }

    #[test]
    fn a_second_click_turns_the_order_around() {
        let once = query(&[("page", "3")]).sorted_by(RepositorySort::Size);
        assert_eq!((once.order, once.page), (Order::Descending, 1));
        assert_eq!(once.sorted_by(RepositorySort::Size).order, Order::Ascending);
        assert_eq!(once.sorted_by(RepositorySort::Name).order, Order::Ascending);
    }

    #[test]
    fn pages_are_counted_from_one() {
        let list = |matching| List::<()> { rows: Vec::new(), matching, total: matching };
        for (matching, pages) in [(0, 1), (1, 1), (50, 1), (51, 2), (50_000, 1000)] {
            assert_eq!(list(matching).last_page(), pages, "{matching}");
        }
    }
}
