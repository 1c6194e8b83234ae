//! From a node to a typed value, as Distribution's decoder reads it, and in words where it can't be.
//!
//! Plain words follow YAML 1.1, as `gopkg.in/yaml.v2` does: `yes` and `on` are booleans. Durations are Go's.

use std::path::PathBuf;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};

use super::{
    Url,
    http::Listen,
    yaml::{Node, Value},
};
use crate::{
    proxy::TrustedProxies,
    wire::{ExternalUrl, PathPrefix},
};

mod duration;

pub(super) use duration::duration;

/// What a value should have been. Never holds the value: it may be a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// "expected …"
    pub(super) expected: String,
    /// What to write instead, as a sentence.
    pub(super) mend: String,
}

impl Mismatch {
    pub(super) fn new(expected: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { expected: expected.into(), mend: mend.into() }
    }
}

/// Shorthand for what reading a value gives.
pub(super) type Result<T> = std::result::Result<T, Mismatch>;

/// `true`, `yes`, `on`, `y` and their opposites, in lower case, upper case or with a capital, without quotes.
pub(super) fn boolean(node: &Node) -> Result<bool> {
    let expected = "true or false";
    let Value::Scalar { text, plain } = &node.value else {
        return Err(Mismatch::new(expected, "Write true or false."));
    };
    let read = match text.as_str() {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    };
    match read {
        Some(read) if *plain => Ok(read),
        Some(read) => Err(Mismatch::new(expected, format!("Write {read} without quotes."))),
        None => Err(Mismatch::new(expected, "Write true or false.")),
    }
}

/// A whole number: decimal, `0x…`, `0b…`, `0o…` or, with a zero before it, octal; `_` may stand between digits.
pub(super) fn integer(node: &Node) -> Result<i64> {
    let mismatch = || Mismatch::new("a whole number", "Write one such as 100.");
    let Value::Scalar { text, plain: true } = &node.value else { return Err(mismatch()) };
    let digits = text.replace('_', "");
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, digits.strip_prefix('+').unwrap_or(&digits)),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.starts_with(['+', '-']) {
        return Err(mismatch());
    }
    i64::from_str_radix(digits, radix).map(|number| sign * number).map_err(|_| mismatch())
}

/// A whole number that is not negative.
pub(super) fn count(node: &Node) -> Result<u32> {
    u32::try_from(integer(node)?).map_err(|_| Mismatch::new("a number that is not negative", "Write one such as 10."))
}

/// A whole number where 0 or less stands for the default.
pub(super) fn limit(node: &Node) -> Result<Option<u32>> {
    let number = integer(node)?;
    if number <= 0 {
        return Ok(None);
    }
    let number = u32::try_from(number).map_err(|_| Mismatch::new("a smaller number", "Write one such as 1000."))?;
    Ok(Some(number))
}

/// Any word, number or text, as it is written.
pub(super) fn text(node: &Node) -> Result<String> {
    match &node.value {
        Value::Scalar { text, .. } => Ok(text.clone()),
        _ => Err(Mismatch::new("a text", "Write one value on this line.")),
    }
}

/// The path of a file or a folder.
pub(super) fn path(node: &Node) -> Result<PathBuf> {
    match text(node) {
        Ok(text) if !text.is_empty() => Ok(PathBuf::from(text)),
        _ => Err(Mismatch::new("a path", "Write one such as /etc/registry/file.")),
    }
}

/// A list of values, each read by `read`.
pub(super) fn list<T>(node: &Node, read: impl Fn(&Node) -> Result<T>) -> Result<Vec<T>> {
    match &node.value {
        Value::List(elements) => elements.iter().filter(|element| !element.is_null()).map(read).collect(),
        _ => Err(Mismatch::new("a list", "Write it as [one, another], or one to a line with \"- \" before it.")),
    }
}

/// A list of texts; one text alone is a list of one.
pub(super) fn texts(node: &Node) -> Result<Vec<String>> {
    match &node.value {
        Value::Scalar { text, .. } => Ok(vec![text.clone()]),
        _ => list(node, text),
    }
}

/// A list of paths.
pub(super) fn paths(node: &Node) -> Result<Vec<PathBuf>> {
    list(node, path)
}

/// A list of regular expressions.
pub(super) fn patterns(node: &Node) -> Result<Vec<String>> {
    list(node, |element| {
        let pattern = text(element)?;
        match regex::Regex::new(&pattern) {
            Ok(_) => Ok(pattern),
            Err(_) => Err(Mismatch::new(
                "regular expressions",
                format!("Mend this one: {pattern} (^https://cdn[.]example[.]com/ is one)."),
            )),
        }
    })
}

/// Names and texts (`log.fields`).
pub(super) fn fields(node: &Node) -> Result<Vec<(String, String)>> {
    let Value::Map(entries) = &node.value else {
        return Err(Mismatch::new("names with values", "Write them as name: value, one to a line."));
    };
    entries.iter().map(|entry| Ok((entry.key.clone(), text(&entry.value)?))).collect()
}

/// Header names, each with a list of values. The values are marked as sensitive.
pub(super) fn headers(node: &Node) -> Result<HeaderMap> {
    let Value::Map(entries) = &node.value else {
        return Err(Mismatch::new("header names with lists of values", "Write them as Name: [value]."));
    };
    let mut headers = HeaderMap::new();
    for entry in entries {
        let name = HeaderName::try_from(&entry.key)
            .map_err(|_| Mismatch::new("header names", format!("{:?} can't be one.", entry.key)))?;
        let values = list(&entry.value, text)
            .map_err(|_| Mismatch::new("a list of values for each header", format!("Write {}: [value].", entry.key)))?;
        for value in values {
            let mut value = HeaderValue::try_from(value)
                .map_err(|_| Mismatch::new("header values of one line", format!("Mend the value of {}.", entry.key)))?;
            value.set_sensitive(true);
            headers.append(name.clone(), value);
        }
    }
    Ok(headers)
}

/// An `http` or `https` URL with a host.
pub(super) fn url(node: &Node) -> Result<Url> {
    let mismatch = || Mismatch::new("a URL", "Write one such as https://registry.example.com.");
    let text = text(node).map_err(|_| mismatch())?;
    let uri: Uri = text.parse().map_err(|_| mismatch())?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(host)) if !host.is_empty() => Ok(Url::new(text)),
        _ => Err(mismatch()),
    }
}

/// `http.host`: a URL without user and query.
pub(super) fn external_url(node: &Node) -> Result<ExternalUrl> {
    let text = text(node).unwrap_or_default();
    ExternalUrl::parse(&text).map_err(|_| Mismatch::new("a URL", "Write one such as https://registry.example.com."))
}

/// `http.prefix`.
pub(super) fn prefix(node: &Node) -> Result<PathPrefix> {
    let text = text(node).unwrap_or_default();
    PathPrefix::parse(&text).map_err(|error| Mismatch::new("a path", format!("{}.", capital(&error.to_string()))))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `host:port`, `:port` for every address, `[::1]:port`; as Go's `net.Listen` reads it.
pub(super) fn tcp(node: &Node) -> Result<Listen> {
    let mismatch = || Mismatch::new("an address with a port", "Write one such as :5000 or 127.0.0.1:5000.");
    let text = text(node).map_err(|_| mismatch())?;
    let (host, port) = text.rsplit_once(':').ok_or_else(mismatch)?;
    let port = match port {
        "http" => 80,
        "https" => 443,
        port => port.parse().map_err(|_| mismatch())?,
    };
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_name = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    match inner {
        Some(inner) if inner.parse::<std::net::Ipv6Addr>().is_ok() => Ok(Listen::Tcp { host: inner.to_owned(), port }),
        None if is_name(host) => Ok(Listen::Tcp { host: host.to_owned(), port }),
        _ => Err(mismatch()),
    }
}

/// What `humpback.corsorigins` takes: pages' origins, or `*` for every page.
pub(super) fn origins(node: &Node) -> Result<Vec<HeaderValue>> {
    texts(node)?.iter().map(|text| origin(text)).collect()
}

fn origin(text: &str) -> Result<HeaderValue> {
    let is_origin = text == "*"
        || text.split_once("://").is_some_and(|(scheme, host)| {
            matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains(['/', '?', '#', '@', ' '])
        });
    match HeaderValue::from_str(text) {
        Ok(origin) if is_origin => Ok(origin),
        _ => Err(Mismatch::new(
            "origins as the browser sends them",
            "Write them such as http://humpback.example:8000, or * for every page.",
        )),
    }
}

/// Addresses, networks, and words for some networks.
pub(super) fn proxies(node: &Node) -> Result<TrustedProxies> {
    let texts = texts(node)?;
    TrustedProxies::parse(texts.iter().map(String::as_str)).map_err(|_| {
        let mend = "Write them such as [10.0.0.0/8, 192.0.2.1], or one of private, loopback, all, none.";
        Mismatch::new("addresses and networks", mend)
    })
}

/// The longest manifest: makes room for an ordinary image, and fits into memory.
pub(super) fn manifest_limit(node: &Node) -> Result<usize> {
    let bytes = integer(node).ok().and_then(|bytes| usize::try_from(bytes).ok());
    bytes.filter(|bytes| (64 * 1024..=64 * 1024 * 1024).contains(bytes)).ok_or_else(|| {
        Mismatch::new("a number of bytes from 65536 (64 KiB) to 67108864 (64 MiB)", "Write 4194304 for 4 MiB.")
    })
}

/// How a value is told to a person who gave it.
pub(super) fn found(node: &Node) -> String {
    match &node.value {
        Value::Null => "nothing".to_owned(),
        Value::Scalar { text, plain: true } => format!("`{}`", shorten(text)),
        Value::Scalar { text, plain: false } => format!("{:?}", shorten(text)),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a map".to_owned(),
    }
}

/// One line of at most 60 characters.
fn shorten(text: &str) -> String {
    let line: String = text.chars().take_while(|c| *c != '\n').take(60).collect();
    if line.len() == text.len() { line } else { line + "…" }
}

#[cfg(test)]
mod tests;
