//! TOML that keeps its comments, its order and its blanks.

use toml_edit::{DocumentMut, Item, Table, TableLike};

use super::{Refusal, Refused};

/// Reads a document.
pub(super) fn parse(text: &str) -> Result<DocumentMut, Refused> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let refused = match error.span() {
            Some(span) => Refused::at(Refusal::Syntax, text, span.start),
            None => Refused::new(Refusal::Syntax),
        };
        // One line: what was expected stands on the next ones.
        refused.saying(error.message().lines().collect::<Vec<_>>().join(", "))
    })
}

/// The table at `path`, made where it is missing. Tables on the way get no heading of their own.
pub(super) fn table<'a>(document: &'a mut DocumentMut, path: &[&str]) -> Result<&'a mut dyn TableLike, Refused> {
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for (depth, key) in path.iter().enumerate() {
        let item = table.entry(key).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(depth + 1 < path.len());
            Item::Table(table)
        });
        table = item
            .as_table_like_mut()
            .ok_or_else(|| Refused::new(Refusal::NotATable).saying(path[..=depth].join(".")))?;
    }
    Ok(table)
}

/// What stands at `path`, if all of it is there.
pub(super) fn get<'a>(document: &'a DocumentMut, path: &[&str]) -> Option<&'a Item> {
    let (last, tables) = path.split_last()?;
    let mut table: &dyn TableLike = document.as_table();
    for key in tables {
        table = table.get(key)?.as_table_like()?;
    }
    table.get(last)
}

/// Sets a key, and leaves it alone where it has the value already: a comment behind it stays.
pub(super) fn set(table: &mut dyn TableLike, key: &str, value: impl Into<toml_edit::Value>) {
    let value = value.into();
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if same(old, &value) => {}
        Some(old) => {
            let decor = old.decor().clone();
            *old = value;
            *old.decor_mut() = decor;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn same(a: &toml_edit::Value, b: &toml_edit::Value) -> bool {
    match (a.as_str(), b.as_str(), a.as_bool(), b.as_bool()) {
        (Some(a), Some(b), ..) => a == b,
        (_, _, Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// The document as text, ended by a newline.
pub(super) fn write(document: &DocumentMut) -> String {
    let text = document.to_string();
    // The first of several tables is set apart from nothing.
    let text = text.strip_prefix('\n').map(str::to_owned).unwrap_or(text);
    if text.is_empty() || text.ends_with('\n') { text } else { format!("{text}\n") }
}
