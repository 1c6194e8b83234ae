//! Looks at every key that was given, and says what becomes of it.

use std::fmt;

use super::{
    Origin, Problem,
    schema::{self, Key, Kind, Standing},
    url::without_credentials,
    value,
    yaml::{Node, Value},
};
use crate::explorer::nearest::nearest;

/// What becomes of something that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It works.
    Honoured,
    /// It has no effect, and nothing is lost by that.
    Ignored,
    /// There is no such key; it has no effect.
    Unknown,
    /// The server does not start with it.
    Refused,
    /// It can't be read; the server does not start with it.
    Wrong,
}

impl Verdict {
    /// Whether the server does not start.
    pub const fn is_fatal(self) -> bool {
        matches!(self, Self::Refused | Self::Wrong)
    }

    /// In one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Honoured => "honoured",
            Self::Ignored => "ignored",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::Wrong => "wrong",
        }
    }
}

/// A key that was given, and what becomes of it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Where the key stands.
    pub origin: Origin,
    /// The key, with dots, and the numbers of lists' elements in brackets.
    pub key: String,
    /// What was given, as far as it may be shown.
    pub value: Option<String>,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Why, or what it does, or how to mend it.
    pub text: String,
}

/// `12:5  storage.delete.enabled: true  honoured: …`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Origin::File { line, column, .. } => write!(f, "{line}:{column}  ")?,
            origin => write!(f, "{origin}  ")?,
        }
        if !self.key.is_empty() {
            write!(f, "{}", self.key)?;
            if let Some(value) = &self.value {
                write!(f, ": {value}")?;
            }
            f.write_str("  ")?;
        }
        write!(f, "{}: {}", self.verdict.as_str(), self.text)
    }
}

impl Finding {
    pub(super) fn problem(&self) -> Problem {
        Problem::new(self.origin.clone(), &self.key, &self.text)
    }
}

/// Every key below `root`, in its order.
pub(super) fn inspect(root: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    section(root, schema::ROOT, "", &mut findings);
    findings
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn section(node: &Node, keys: &'static [Key], path: &str, out: &mut Vec<Finding>) {
    for entry in node.entries() {
        let here = join(path, &entry.key);
        match keys.iter().find(|key| key.name == entry.key) {
            Some(key) => visit(&entry.value, &entry.origin, key, &here, out),
            None => {
                let (verdict, text) = unknown(path, &entry.key, keys);
                let value = None;
                out.push(Finding { origin: entry.origin.clone(), key: here, value, verdict, text });
            }
        }
    }
}

fn unknown(path: &str, name: &str, keys: &[Key]) -> (Verdict, String) {
    // What such a key would have decided must not be left to chance.
    match path {
        "storage" => return (Verdict::Refused, "there is no such storage driver. Write filesystem.".to_owned()),
        "auth" => {
            return (Verdict::Refused, "there is no such kind of auth. Write htpasswd, token or none.".to_owned());
        }
        _ => {}
    }
    let near = nearest(&name.to_lowercase(), keys.iter().map(|key| key.name));
    let near = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
    (Verdict::Unknown, format!("there is no such key{near}"))
}

fn visit(node: &Node, origin: &Origin, key: &'static Key, path: &str, out: &mut Vec<Finding>) {
    let mut push = |verdict, text: String| {
        let value = show(node, &key.kind);
        out.push(Finding { origin: origin.clone(), key: path.to_owned(), value, verdict, text });
    };
    // To name a driver is to choose it, even with nothing below.
    let chosen = path.split_once('.').is_some_and(|(of, kind)| matches!(of, "storage" | "auth") && !kind.contains('.'));
    if node.is_null() && !chosen {
        if let Standing::Honoured(_) = key.standing {
            push(Verdict::Honoured, "nothing is given, so the default counts".to_owned());
        }
        return;
    }
    match key.standing {
        Standing::Refused(_) if !chosen && is_blank(node) => {}
        Standing::Refused(instead) => push(Verdict::Refused, format!("{instead}.")),
        Standing::Ignored(_) if path.starts_with("storage.cache.") && is_redis(node) => {
            push(Verdict::Refused, format!("{}.", schema::NO_REDIS));
        }
        Standing::Ignored(why) => match key.kind.check(node) {
            Ok(()) => push(Verdict::Ignored, why.to_owned()),
            Err(mismatch) => push(Verdict::Wrong, complain(node, &key.kind, &mismatch)),
        },
        Standing::Honoured(about) => match key.kind.check(node) {
            Ok(()) => push(Verdict::Honoured, about.to_owned()),
            Err(mismatch) => push(Verdict::Wrong, complain(node, &key.kind, &mismatch)),
        },
        Standing::Holds if node.is_null() => {}
        Standing::Holds => match (key.kind.check(node), key.kind) {
            (Err(mismatch), kind) => push(Verdict::Wrong, complain(node, &kind, &mismatch)),
            (Ok(()), Kind::Items(keys)) => items(node, keys, path, out),
            (Ok(()), kind) => section(node, kind.keys().unwrap_or_default(), path, out),
        },
    }
}

fn items(node: &Node, keys: &'static [Key], path: &str, out: &mut Vec<Finding>) {
    for (index, element) in node.elements().iter().enumerate() {
        let here = format!("{path}[{index}]");
        if let Err(mismatch) = Kind::Section(keys).check(element) {
            let text = complain(element, &Kind::Section(keys), &mismatch);
            let origin = element.origin.clone();
            out.push(Finding { origin, key: here, value: None, verdict: Verdict::Wrong, text });
        } else {
            section(element, keys, &here, out);
        }
    }
}

/// Whether nothing is said below: empty texts, lists and maps, `enabled: false`, `disabled: true`.
fn is_blank(node: &Node) -> bool {
    let is = |key: &str, expected: bool| node.get(key).is_some_and(|node| value::boolean(node) == Ok(expected));
    match &node.value {
        Value::Null => true,
        Value::Scalar { text, .. } => text.is_empty(),
        Value::List(elements) => elements.iter().all(is_blank),
        Value::Map(entries) => is("disabled", true) || entries.iter().all(|entry| is_blank(&entry.value)),
    }
}

fn is_redis(node: &Node) -> bool {
    value::text(node).is_ok_and(|text| text == "redis")
}

/// "expected …, found …. Write …."
fn complain(node: &Node, kind: &Kind, mismatch: &value::Mismatch) -> String {
    let looks_right = match node.value {
        Value::List(_) => kind.is_list(),
        Value::Map(_) => matches!(kind, Kind::Headers | Kind::Fields),
        _ => false,
    };
    // Of what lies inside, the mend tells; what is secret is not repeated.
    let found = match () {
        () if looks_right => String::new(),
        () if kind.is_secret() => ", found something else".to_owned(),
        () => format!(", found {}", value::found(node)),
    };
    format!("expected {}{found}. {}", mismatch.expected, mismatch.mend)
}

/// A value as it may be shown; `None` for what holds keys of its own.
pub(super) fn show(node: &Node, kind: &Kind) -> Option<String> {
    if kind.keys().is_some() || matches!(kind, Kind::Items(_)) || node.is_null() {
        return None;
    }
    if kind.is_secret() {
        return Some("(hidden)".to_owned());
    }
    Some(match &node.value {
        Value::Null => String::new(),
        Value::Scalar { text, .. } => one_line(&without_credentials(text)),
        Value::List(elements) => {
            let elements: Vec<_> = elements.iter().map(|element| one_line(&plain(element))).collect();
            format!("[{}]", elements.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<_> =
                entries.iter().map(|entry| format!("{}: {}", entry.key, one_line(&plain(&entry.value)))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    })
}

fn plain(node: &Node) -> String {
    value::text(node).map_or_else(|_| "…".to_owned(), |text| without_credentials(&text))
}

fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}
