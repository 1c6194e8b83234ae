//! YAML as a small tree in which every key and value knows its place.
//!
//! Anchors, aliases and merge keys are resolved here, within bounds: what a few lines of aliases can grow to is no
//! configuration. A key that stands twice is an error, where a reader in Distribution would take one of the two.

use std::{collections::HashMap, sync::Arc};

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Origin, Problem};

/// Nodes that one text may have once its aliases are written out.
const MOST_NODES: usize = 20_000;
/// How deep lists and maps may lie in each other.
const DEEPEST: usize = 32;

/// A value with its place. Has no `Debug`: it may hold secrets.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// What a [`Node`] holds.
#[derive(Clone)]
pub(super) enum Value {
    /// Nothing, `~` or `null`: as if it were not given.
    Null,
    /// A word, a number, a text.
    Scalar {
        text: String,
        /// Written without quotes, so that `yes` and `5` are more than text.
        plain: bool,
    },
    List(Vec<Node>),
    /// In the order of the file.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) origin: Origin,
    pub(super) value: Node,
}

impl Node {
    /// A map without entries.
    pub(super) const fn empty(origin: Origin) -> Self {
        Self { value: Value::Map(Vec::new()), origin }
    }

    /// A word as if it had been written without quotes.
    pub(super) fn plain(text: impl Into<String>, origin: Origin) -> Self {
        Self { value: Value::Scalar { text: text.into(), plain: true }, origin }
    }

    /// Whether it is as if it were not there.
    pub(super) const fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// A map's entries; none of anything else.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// A list's elements; none of anything else.
    pub(super) fn elements(&self) -> &[Self] {
        match &self.value {
            Value::List(elements) => elements,
            _ => &[],
        }
    }

    /// What lies under `key`.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Puts `value` under `key`, instead of what was there. What is no map becomes one.
    pub(super) fn set(&mut self, key: &str, value: Self) {
        let origin = value.origin.clone();
        let entries = self.make_map();
        match entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => *entry = Entry { key: key.to_owned(), origin, value },
            None => entries.push(Entry { key: key.to_owned(), origin, value }),
        }
    }

    /// What lies under `key`, to be changed; made if it is missing.
    pub(super) fn get_or_make(&mut self, key: &str, origin: &Origin) -> &mut Self {
        let entries = self.make_map();
        let index = entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
            let value = Self { value: Value::Null, origin: origin.clone() };
            entries.push(Entry { key: key.to_owned(), origin: origin.clone(), value });
            entries.len() - 1
        });
        &mut entries[index].value
    }

    fn make_map(&mut self) -> &mut Vec<Entry> {
        if !matches!(self.value, Value::Map(_)) {
            self.value = Value::Map(Vec::new());
        }
        match &mut self.value {
            Value::Map(entries) => entries,
            _ => unreachable!("made a map above"),
        }
    }
}

/// Where a text comes from.
#[derive(Clone)]
pub(super) enum Place {
    /// A file: each node gets its line and column.
    File(Arc<str>),
    /// Something small: each node has this origin.
    At(Origin),
}

impl Place {
    fn origin(&self, line: usize, column: usize) -> Origin {
        match self {
            Self::File(name) => Origin::File { name: Arc::clone(name), line, column },
            Self::At(origin) => origin.clone(),
        }
    }
}

/// Reads one document; an empty text is [`Value::Null`].
///
/// # Errors
/// The text is no YAML, or more than one document, or too large.
pub(super) fn parse(text: &str, place: &Place) -> Result<Node, Problem> {
    // A byte order mark is what some editors put before a text; it means nothing.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { events: Parser::new_from_str(text), place, anchors: HashMap::new(), nodes: 0 };
    let root = reader.document()?;
    Ok(root.unwrap_or_else(|| Node { value: Value::Null, origin: place.origin(1, 1) }))
}

struct Reader<'a> {
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
    place: &'a Place,
    /// Finished nodes that have an anchor, with how many nodes they are. One that is still being read is not there,
    /// so that nothing can hold itself.
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Option<Node>, Problem> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(root),
                Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
                _ if root.is_some() => {
                    return Err(Problem::new(self.at(span), "", "a second document begins here. Leave it out."));
                }
                event => root = Some(self.node(event, span, 0)?),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Problem> {
        match self.events.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let at = self.place.origin(error.marker().line(), error.marker().col() + 1);
                Err(Problem::new(at, "", format!("this is not YAML: {}.", error.info())))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn at(&self, span: Span) -> Origin {
        self.place.origin(span.start.line(), span.start.col() + 1)
    }

    /// The node that begins with `event`.
    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Problem> {
        let origin = self.at(span);
        if depth > DEEPEST {
            return Err(Problem::new(origin, "", format!("lists and maps may lie {DEEPEST} deep in each other.")));
        }
        self.count(1, &origin)?;
        let before = self.nodes;
        let (anchor, value) = match event {
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(Problem::new(origin, "", "this alias refers to what it is a part of."));
                };
                self.count(size, &origin)?;
                return Ok(node);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let null = plain && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL");
                let value = if null { Value::Null } else { Value::Scalar { text: text.into_owned(), plain } };
                (anchor, value)
            }
            Event::SequenceStart(anchor, _) => (anchor, Value::List(self.list(depth)?)),
            Event::MappingStart(anchor, _) => (anchor, Value::Map(self.map(depth)?)),
            _ => return Err(Problem::new(origin, "", "a value is missing here.")),
        };
        let node = Node { value, origin };
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), 1 + self.nodes - before));
        }
        Ok(node)
    }

    fn count(&mut self, nodes: usize, origin: &Origin) -> Result<(), Problem> {
        self.nodes += nodes;
        if self.nodes > MOST_NODES {
            return Err(Problem::new(
                origin.clone(),
                "",
                format!("with its aliases, this grows beyond {MOST_NODES} values."),
            ));
        }
        Ok(())
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Problem> {
        let mut elements = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(elements);
            }
            elements.push(self.node(event, span, depth + 1)?);
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<Entry>, Problem> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut merged: Vec<Entry> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let origin = self.at(span);
            let is_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, _) if text == "<<");
            let key = self.node(event, span, depth + 1)?;
            let Value::Scalar { text: key, .. } = key.value else {
                return Err(Problem::new(origin, "", "a key must be a word."));
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            if is_merge {
                merge(&mut merged, value)?;
                continue;
            }
            if let Some(first) = entries.iter().find(|entry| entry.key == key) {
                let text = format!("stands here a second time, first at {}. Make one of the two.", first.origin);
                return Err(Problem::new(origin, key, text));
            }
            entries.push(Entry { key, origin, value });
        }
        // What is written out counts, wherever the merge key stands (yaml.org/type/merge.html).
        for entry in merged {
            if !entries.iter().any(|known| known.key == entry.key) {
                entries.push(entry);
            }
        }
        Ok(entries)
    }
}

/// `<<: *map` and `<<: [*first, *second]`: of two that have the same key, the earlier one counts.
fn merge(merged: &mut Vec<Entry>, value: Node) -> Result<(), Problem> {
    match value.value {
        Value::Map(entries) => {
            for entry in entries {
                if !merged.iter().any(|known| known.key == entry.key) {
                    merged.push(entry);
                }
            }
            Ok(())
        }
        Value::List(elements) if elements.iter().all(|element| matches!(element.value, Value::Map(_))) => {
            elements.into_iter().try_for_each(|element| merge(merged, element))
        }
        _ => Err(Problem::new(value.origin, "<<", "expected a map, or a list of maps, to merge into this one.")),
    }
}
