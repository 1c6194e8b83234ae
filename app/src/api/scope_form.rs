//! What a form says of a credential: what it is limited to and how long it holds. The browser checks it before it sends,
//! and the server again.

use std::collections::BTreeMap;

use humpback::{
    account::{InvalidLifetime, Lifetime},
    rules::{Action, Actions, InvalidPattern, Pattern, Scope},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Error, FieldError, Problem};

/// How many patterns a form offers.
pub const ROWS: usize = 8;

/// What a credential can be limited to: looking after a repository is nothing for a machine.
pub const ACTIONS: [Action; 3] = [Action::Pull, Action::Push, Action::Delete];

/// The names of one row's inputs, which are their ids, too.
#[derive(Clone, Copy, Debug)]
pub struct RowNames {
    /// The pattern.
    pub pattern: &'static str,
    /// The actions, in the order of [`ACTIONS`].
    pub actions: [&'static str; 3],
}

macro_rules! rows {
    ($($row:literal)*) => {
        [$(RowNames {
            pattern: concat!("scope[", $row, "][pattern]"),
            actions: [
                concat!("scope[", $row, "][pull]"),
                concat!("scope[", $row, "][push]"),
                concat!("scope[", $row, "][delete]"),
            ],
        }),*]
    };
}

/// The names of every row's inputs.
pub const NAMES: [RowNames; ROWS] = rows!(0 1 2 3 4 5 6 7);

/// One row: repositories, and what may be done there. An empty one says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeRow {
    /// Which repositories.
    #[serde(default)]
    pub pattern: String,
    /// Whether to read them. A box that is not ticked is not sent.
    #[serde(default)]
    pub pull: bool,
    /// Whether to write into them.
    #[serde(default)]
    pub push: bool,
    /// Whether to take away from them.
    #[serde(default)]
    pub delete: bool,
}

impl ScopeRow {
    /// Which boxes are ticked, in the order of [`ACTIONS`].
    pub const fn ticked(&self) -> [bool; 3] {
        [self.pull, self.push, self.delete]
    }

    fn actions(&self) -> Actions {
        ACTIONS.into_iter().zip(self.ticked()).filter(|(_, ticked)| *ticked).map(|(action, _)| action).collect()
    }

    fn is_empty(&self) -> bool {
        self.pattern.trim().is_empty() && self.actions().is_empty()
    }
}

/// The rows that say what `scope` does.
pub fn rows_of(scope: &Scope) -> Vec<ScopeRow> {
    let row = |(pattern, actions): &(Pattern, Actions)| ScopeRow {
        pattern: pattern.to_string(),
        pull: actions.contains(Action::Pull),
        push: actions.contains(Action::Push),
        delete: actions.contains(Action::Delete),
    };
    scope.0.iter().map(row).collect()
}

/// What the rows say, and adds to `fields` what must be mended in them.
pub fn check_scope(rows: &[ScopeRow], fields: &mut Vec<FieldError>) -> Scope {
    let mut scope = Scope::default();
    let before = fields.len();
    for (row, names) in rows.iter().zip(NAMES).filter(|(row, _)| !row.is_empty()) {
        match Pattern::parse(&row.pattern) {
            Ok(_) if row.actions().is_empty() => fields.push(FieldError::new(names.pattern, Problem::ActionMissing)),
            Ok(pattern) => scope.0.push((pattern, row.actions())),
            Err(problem) => fields.push(FieldError::new(names.pattern, problem)),
        }
    }
    if scope.0.is_empty() && fields.len() == before {
        fields.push(FieldError::new(NAMES[0].pattern, InvalidPattern::Missing));
    }
    scope
}

/// When a credential of `now` ends, and adds to `fields` what must be mended.
pub fn check_lifetime(
    lifetime: &str,
    date: &str,
    now: OffsetDateTime,
    fields: &mut Vec<FieldError>,
) -> Option<OffsetDateTime> {
    match lifetime.parse::<Lifetime>().and_then(|lifetime| lifetime.ends(date, now)) {
        Ok(end) => end,
        Err(problem) => {
            let field = if problem == InvalidLifetime::Missing { "lifetime" } else { "date" };
            fields.push(FieldError::new(field, problem));
            None
        }
    }
}

/// What was typed, for a page without scripts to show again.
pub fn typed(others: &[(&str, &str)], rows: &[ScopeRow]) -> BTreeMap<String, String> {
    let mut typed: BTreeMap<_, _> =
        others.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for (row, names) in rows.iter().zip(NAMES) {
        typed.insert(names.pattern.to_owned(), row.pattern.clone());
        for (name, ticked) in names.actions.into_iter().zip(row.ticked()) {
            typed.insert(name.to_owned(), ticked.to_string());
        }
    }
    typed
}

/// The rows that were typed before an error.
pub fn typed_rows(error: &Error) -> Option<Vec<ScopeRow>> {
    error.typed(NAMES[0].pattern)?;
    let row = |names: &RowNames| {
        let [pull, push, delete] = names.actions.map(|name| error.typed(name) == Some("true"));
        ScopeRow { pattern: error.typed(names.pattern).unwrap_or_default().to_owned(), pull, push, delete }
    };
    Some(NAMES.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use humpback::rules::InvalidPattern;

    use super::*;

    fn row(pattern: &str, pull: bool) -> ScopeRow {
        ScopeRow { pattern: pattern.to_owned(), pull, ..ScopeRow::default() }
    }

    #[test]
    fn empty_rows_say_nothing_and_the_others_what_to_mend() {
        let mut fields = Vec::new();
        let rows = [row("", false), row("team/**", true), row(" ", false), row("a/b", true)];
        let scope = check_scope(&rows, &mut fields);
        assert_eq!(
            (serde_json::to_string(&scope).unwrap().as_str(), fields.len()),
            (r#"[["team/**",["pull"]],["a/b",["pull"]]]"#, 0)
        );
        assert_eq!(rows_of(&scope), [row("team/**", true), row("a/b", true)]);

        check_scope(&[row("a/b", false), row("", true), row("A", true)], &mut fields);
        let expected = [
            FieldError::new("scope[0][pattern]", Problem::ActionMissing),
            FieldError::new("scope[1][pattern]", InvalidPattern::Missing),
            FieldError::new("scope[2][pattern]", InvalidPattern::Form),
        ];
        assert_eq!(fields, expected);
        fields.clear();
        check_scope(&[row("", false)], &mut fields);
        assert_eq!(fields, [FieldError::new("scope[0][pattern]", InvalidPattern::Missing)]);
    }

    #[test]
    fn what_was_typed_comes_back() {
        let rows = [row("team/**", true), row("x y", false)];
        let error = Error::Invalid { fields: Vec::new(), typed: typed(&[("token_name", "laptop")], &rows) };
        assert_eq!(error.typed("token_name"), Some("laptop"));
        assert_eq!(typed_rows(&error).unwrap()[..2], rows);
        assert_eq!(typed_rows(&Error::Unauthorised), None);
    }
}
