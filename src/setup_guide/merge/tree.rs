//! YAML as a tree that knows where everything stands: enough to change a text without writing it anew.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Refusal, Refused};

/// A node and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The line, from 0.
    pub(super) line: usize,
    /// The column in characters, from 0.
    pub(super) column: usize,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Scalar {
        text: String,
        /// Whether it stands for nothing at all, as behind a bare `key:`.
        empty: bool,
    },
    Mapping(Vec<(Node, Node)>),
    Sequence(Vec<Node>),
}

impl Node {
    /// The text of a scalar.
    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether nothing is written here.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.kind, Kind::Scalar { empty: true, .. })
    }

    /// What a mapping has under `key`.
    pub(super) fn get(&self, key: &str) -> Option<&(Self, Self)> {
        match &self.kind {
            Kind::Mapping(entries) => entries.iter().find(|(name, _)| name.as_text() == Some(key)),
            _ => None,
        }
    }

    /// The meaning without the places, for comparing.
    pub(super) fn meaning(&self) -> Meaning {
        match &self.kind {
            Kind::Scalar { text, empty } => Meaning::Scalar(text.clone(), *empty),
            Kind::Mapping(entries) => {
                Meaning::Mapping(entries.iter().map(|(key, value)| (key.meaning(), value.meaning())).collect())
            }
            Kind::Sequence(items) => Meaning::Sequence(items.iter().map(Self::meaning).collect()),
        }
    }
}

/// What a text says, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Scalar(String, bool),
    Mapping(Vec<(Meaning, Meaning)>),
    Sequence(Vec<Meaning>),
}

/// What is being built.
enum Open {
    Mapping(Node, Option<Node>),
    Sequence(Node),
}

/// Reads the one document of `text`; `None` where there is none. Anchors, aliases, tags, flow style and a second
/// document are refused: none of them can be changed line by line.
pub(super) fn read(text: &str) -> Result<Option<Node>, Refused> {
    let mut open: Vec<Open> = Vec::new();
    let mut root: Option<Node> = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let mark = error.marker();
            let refused = Refused::at_line(Refusal::Syntax, mark.line());
            Refused { column: Some(mark.col() + 1), ..refused }.saying(error.info())
        })?;
        let style = || Refused::at_line(Refusal::YamlStyle, span.start.line());
        let done = match event {
            Event::Scalar(value, how, anchor, tag) => {
                if anchor != 0 || tag.is_some() {
                    return Err(style());
                }
                let empty = how == ScalarStyle::Plain && span.is_empty();
                Some(node(Kind::Scalar { text: value.into_owned(), empty }, &span))
            }
            Event::MappingStart(anchor, tag) => {
                if anchor != 0 || tag.is_some() || is_flow(text, &span, '{') {
                    return Err(style());
                }
                open.push(Open::Mapping(node(Kind::Mapping(Vec::new()), &span), None));
                None
            }
            Event::SequenceStart(anchor, tag) => {
                if anchor != 0 || tag.is_some() || is_flow(text, &span, '[') {
                    return Err(style());
                }
                open.push(Open::Sequence(node(Kind::Sequence(Vec::new()), &span)));
                None
            }
            Event::MappingEnd | Event::SequenceEnd => match open.pop() {
                Some(Open::Mapping(node, _) | Open::Sequence(node)) => Some(node),
                None => return Err(style()),
            },
            Event::Alias(_) => return Err(style()),
            Event::DocumentStart(_) if root.is_some() => return Err(style()),
            _ => None,
        };
        let Some(done) = done else { continue };
        match open.last_mut() {
            None => root = Some(done),
            Some(Open::Sequence(Node { kind: Kind::Sequence(items), .. })) => items.push(done),
            Some(Open::Mapping(Node { kind: Kind::Mapping(entries), .. }, key)) => match key.take() {
                None => *key = Some(done),
                Some(name) => {
                    if entries.iter().any(|(other, _)| other.as_text() == name.as_text()) {
                        return Err(Refused::at_line(Refusal::TwiceTheKey, name.line + 1));
                    }
                    entries.push((name, done));
                }
            },
            Some(_) => return Err(style()),
        }
    }
    Ok(root.filter(|root| !root.is_empty()))
}

fn node(kind: Kind, span: &Span) -> Node {
    Node { kind, line: span.start.line().saturating_sub(1), column: span.start.col() }
}

fn is_flow(text: &str, span: &Span, bracket: char) -> bool {
    text.chars().nth(span.start.index()) == Some(bracket)
}
