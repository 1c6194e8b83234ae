//! registries.yaml of k3s and RKE2: lines are added, and nothing else is touched. No crate keeps the form of YAML, so
//! the text before and after is read and compared: it has to say the same, and the registry besides.

use super::{
    Merged, Refusal, Refused, Wish,
    tree::{self, Kind, Meaning, Node},
};
use crate::setup_guide::Trust;

pub(super) fn merge(text: &str, wish: &Wish<'_>) -> Result<Merged, Refused> {
    let prefix = wish.site.prefix();
    let merged = match wish.site.trust {
        // The mirror's endpoint says HTTP; without a mirror HTTPS is what is tried.
        Trust::Plain => add(text, &["mirrors", prefix, "endpoint"], &Leaf::Item(wish.site.place.url()))?,
        Trust::PrivateCa => add(text, &["configs", prefix, "tls", "ca_file"], &Leaf::Value(wish.path.to_owned()))?,
        Trust::Tls => {
            tree::read(text)?;
            text.to_owned()
        }
    };
    Ok(Merged::new(text, merged, Vec::new()))
}

/// What stands at the end of a path.
enum Leaf {
    /// A text in a list.
    Item(String),
    /// A text by itself.
    Value(String),
}

/// `text` with `leaf` at `path`.
fn add(text: &str, path: &[&str], leaf: &Leaf) -> Result<String, Refused> {
    let Some(root) = tree::read(text)? else {
        let lines = structure(path, leaf, 0);
        return checked(text, None, join(text, &lines), path, leaf);
    };
    let mut at = &root;
    for (depth, key) in path.iter().enumerate() {
        let Kind::Mapping(entries) = &at.kind else {
            return Err(Refused::at_line(Refusal::NotATable, at.line + 1));
        };
        let Some((name, value)) = at.get(key) else {
            let rest = &path[depth..];
            // Before the first entry, at its indentation; at the top behind everything, where people would write it.
            let merged = match entries.first() {
                Some((first, _)) if depth > 0 => before_line(text, first, &structure(rest, leaf, first.column))?,
                _ => join(text, &structure(rest, leaf, 0)),
            };
            return checked(text, Some(&root), merged, path, leaf);
        };
        if value.is_empty() {
            let rest = &path[depth + 1..];
            let lines = structure(rest, leaf, name.column + 2);
            return checked(text, Some(&root), after_line(text, name.line, &lines), path, leaf);
        }
        at = value;
    }
    match (leaf, &at.kind) {
        (Leaf::Value(wanted), Kind::Scalar { text: found, .. }) if wanted == found => Ok(text.to_owned()),
        (Leaf::Item(wanted), Kind::Sequence(items)) => {
            if items.iter().any(|item| item.as_text().map(|text| text.trim_end_matches('/')) == Some(wanted)) {
                return Ok(text.to_owned());
            }
            let merged = before_item(text, at, wanted)?;
            checked(text, Some(&root), merged, path, leaf)
        }
        _ => Err(Refused::at_line(Refusal::StandsOtherwise, at.line + 1)),
    }
}

/// The lines for what is missing, at an indentation.
fn structure(path: &[&str], leaf: &Leaf, indent: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (depth, key) in path.iter().enumerate() {
        // Names of registries hold colons and dots, and an IPv6 address brackets.
        let key = if key.contains(['.', ':', '[']) { format!("\"{key}\"") } else { (*key).to_owned() };
        lines.push(format!("{}{key}:", " ".repeat(indent + 2 * depth)));
    }
    let inner = " ".repeat(indent + 2 * path.len());
    match leaf {
        Leaf::Item(item) => lines.push(format!("{inner}- \"{item}\"")),
        Leaf::Value(value) => match lines.last_mut() {
            Some(last) => *last = format!("{last} \"{value}\""),
            None => lines.push(format!("{inner}\"{value}\"")),
        },
    }
    lines
}

fn join(text: &str, lines: &[String]) -> String {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{end}{}\n", lines.join("\n"))
}

/// Puts lines before the line of a key, which has to begin that line.
fn before_line(text: &str, key: &Node, lines: &[String]) -> Result<String, Refused> {
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let line = old.get(key.line).copied().unwrap_or_default();
    if line.chars().take(key.column).any(|c| c != ' ') {
        return Err(Refused::at_line(Refusal::YamlStyle, key.line + 1));
    }
    Ok(format!("{}{}\n{}", old[..key.line].concat(), lines.join("\n"), old[key.line..].concat()))
}

/// Puts an item before the first one of a list.
fn before_item(text: &str, list: &Node, item: &str) -> Result<String, Refused> {
    let Kind::Sequence(items) = &list.kind else { return Err(Refused::at_line(Refusal::YamlStyle, list.line + 1)) };
    let first = items.first().ok_or_else(|| Refused::at_line(Refusal::YamlStyle, list.line + 1))?;
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let line = old.get(first.line).copied().unwrap_or_default();
    let indent = line.len() - line.trim_start_matches(' ').len();
    if !line[indent..].starts_with("- ") {
        return Err(Refused::at_line(Refusal::YamlStyle, first.line + 1));
    }
    let new = format!("{}- \"{item}\"\n", " ".repeat(indent));
    Ok(format!("{}{new}{}", old[..first.line].concat(), old[first.line..].concat()))
}

/// Puts lines behind a line.
fn after_line(text: &str, line: usize, lines: &[String]) -> String {
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let (before, after) = old.split_at((line + 1).min(old.len()));
    let before = before.concat();
    let end = if before.ends_with('\n') { "" } else { "\n" };
    format!("{before}{end}{}\n{}", lines.join("\n"), after.concat())
}

/// What came out has to say what was said before, and `leaf` at `path`.
fn checked(before: &str, root: Option<&Node>, merged: String, path: &[&str], leaf: &Leaf) -> Result<String, Refused> {
    let mut expected = root.map_or_else(|| Meaning::Mapping(Vec::new()), Node::meaning);
    put(&mut expected, path, leaf);
    let found = tree::read(&merged)?.map(|node| node.meaning());
    if found.as_ref().is_some_and(|found| alike(found, &expected)) && merged.len() > before.len() {
        Ok(merged)
    } else {
        Err(Refused::new(Refusal::YamlStyle))
    }
}

/// Puts `leaf` at `path` of a meaning.
fn put(at: &mut Meaning, path: &[&str], leaf: &Leaf) {
    let Some((key, rest)) = path.split_first() else {
        match (leaf, at) {
            (Leaf::Item(item), Meaning::Sequence(items)) => items.insert(0, Meaning::Scalar(item.clone(), false)),
            (Leaf::Item(item), at) => *at = Meaning::Sequence(vec![Meaning::Scalar(item.clone(), false)]),
            (Leaf::Value(value), at) => *at = Meaning::Scalar(value.clone(), false),
        }
        return;
    };
    if !matches!(at, Meaning::Mapping(_)) {
        *at = Meaning::Mapping(Vec::new());
    }
    if let Meaning::Mapping(entries) = at {
        let name = Meaning::Scalar((*key).to_owned(), false);
        let place = match entries.iter().position(|(other, _)| *other == name) {
            Some(place) => place,
            None => {
                entries.push((name, Meaning::Scalar(String::new(), true)));
                entries.len() - 1
            }
        };
        put(&mut entries[place].1, rest, leaf);
    }
}

/// Whether two meanings are one; the order in a mapping says nothing.
fn alike(a: &Meaning, b: &Meaning) -> bool {
    match (a, b) {
        (Meaning::Scalar(a, x), Meaning::Scalar(b, y)) => a == b && x == y,
        (Meaning::Sequence(a), Meaning::Sequence(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Meaning::Mapping(a), Meaning::Mapping(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| b.iter().any(|(other, it)| alike(key, other) && alike(value, it)))
        }
        _ => false,
    }
}
