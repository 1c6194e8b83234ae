//! Which deeds are asked for. Read from the words of a URL, and written back to them.

use serde::{Deserialize, Serialize};
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

use super::Kind;
use crate::explorer::list::PAGE_SIZE;

/// No page beyond this one is asked of the database.
const PAGE_MAX: u32 = 1_000_000;
/// What is searched for is cut off here: no name is longer.
const SEARCH_MAX: usize = 255;
/// What `<input type="date">` sends.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Which deeds are asked for; the newest come first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuery {
    /// A part of who did it, of what it was done to or of the address; empty for all.
    pub search: String,
    /// What kind; `None` for every kind.
    pub kind: Option<Kind>,
    /// The first day, in UTC.
    #[serde(with = "day")]
    pub from: Option<Date>,
    /// The last day, in UTC.
    #[serde(with = "day")]
    pub to: Option<Date>,
    /// The page, from 1.
    pub page: u32,
}

impl Default for AuditQuery {
    fn default() -> Self {
        Self { search: String::new(), kind: None, from: None, to: None, page: 1 }
    }
}

impl AuditQuery {
    /// Reads a URL's words. What is absent or nonsense is as if it had not been said.
    pub fn from_words<'a>(word: impl Fn(&str) -> Option<&'a str>) -> Self {
        Self {
            search: word("q").unwrap_or_default().trim().chars().take(SEARCH_MAX).collect(),
            kind: word("kind").and_then(|text| text.parse().ok()),
            from: word("from").and_then(parse_day),
            to: word("to").and_then(parse_day),
            page: word("page").and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, PAGE_MAX),
        }
    }

    /// The words of a URL that leads here; those that go without saying are left out.
    pub fn to_words(&self) -> Vec<(&'static str, String)> {
        let mut words = Vec::new();
        if !self.search.is_empty() {
            words.push(("q", self.search.clone()));
        }
        if let Some(kind) = self.kind {
            words.push(("kind", kind.as_str().to_owned()));
        }
        words.extend(
            [("from", self.from), ("to", self.to)].into_iter().filter_map(|(key, day)| Some((key, text(day?)))),
        );
        if self.page > 1 {
            words.push(("page", self.page.to_string()));
        }
        words
    }

    /// Whether anything is left out.
    pub fn is_filtered(&self) -> bool {
        Self { page: 1, ..self.clone() } != Self::default()
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

fn parse_day(text: &str) -> Option<Date> {
    Date::parse(text, DAY).ok()
}

/// A day as a form writes it: `2026-11-24`.
pub fn text(day: Date) -> String {
    day.format(DAY).unwrap_or_default()
}

mod day {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
    use time::Date;

    #[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
    pub(super) fn serialize<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        day.map(super::text).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.and_then(|day| super::parse_day(&day)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use time::macros::date;

    use super::*;

    fn query(words: &[(&str, &'static str)]) -> AuditQuery {
        AuditQuery::from_words(|key| words.iter().find(|(word, _)| *word == key).map(|(_, value)| *value))
    }

    #[test]
    fn words_round_trip_and_nonsense_is_as_if_it_had_not_been_said() {
        let words = [("q", "ann"), ("kind", "sign-in"), ("from", "2026-11-01"), ("to", "2026-11-24"), ("page", "3")];
        let read = query(&words);
        assert_eq!((read.kind, read.to), (Some(Kind::SignIn), Some(date!(2026 - 11 - 24))));
        assert_eq!(read.to_words(), words.map(|(key, value)| (key, value.to_owned())));
        assert_eq!(serde_json::from_str::<AuditQuery>(&serde_json::to_string(&read).unwrap()).unwrap(), read);
        let nonsense =
            query(&[("kind", "deeds"), ("from", "yesterday"), ("to", "2026-13-40"), ("page", "0"), ("q", " ")]);
        assert_eq!(nonsense, AuditQuery::default());
        assert!(!nonsense.is_filtered() && read.is_filtered());
    }
}
