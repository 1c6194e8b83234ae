//! `REGISTRY_…` variables, by Distribution's rule (configuration/parser.go).
//!
//! Sorted by name, so that `REGISTRY_STORAGE` comes before what goes into it. The rest of a name is split at `_`, and
//! each part names a field of Distribution's structs, a key of a map, or the number of a list's element. The value is
//! YAML, so that lists and maps can be given whole. Unlike there, an element of a list of texts and a key inside a
//! map that the file has made can be set, too.

use super::{
    Origin, Problem,
    schema::{Kind, ROOT},
    yaml::{self, Node, Place, Value},
};

const PREFIX: &str = "REGISTRY_";

/// What others mean something by: Kubernetes sets these for a service named `registry`, podman and skopeo read from the
/// next one where their passwords are, and the last one names the file itself.
const NOT_MEANT: &[&str] =
    &["REGISTRY_PORT", "REGISTRY_PORT_", "REGISTRY_SERVICE_", "REGISTRY_AUTH_FILE", "REGISTRY_CONFIGURATION_PATH"];

/// Why a variable did not find its place.
enum Lost {
    /// No key has this name.
    Unknown,
    /// The list has fewer elements than that.
    Beyond { length: usize },
    /// A list's element is named by something else than a number.
    NoNumber,
}

/// Puts the variables into the tree. What can't be read becomes a problem; names that no key has are told in
/// `ignored`.
pub(super) fn apply(
    tree: &mut Node,
    variables: impl IntoIterator<Item = (String, String)>,
    problems: &mut Vec<Problem>,
    ignored: &mut Vec<Problem>,
) {
    let mut variables: Vec<_> = variables.into_iter().filter(|(name, _)| is_meant(name)).collect();
    variables.sort();
    for (name, text) in variables {
        let origin = Origin::Variable(name.as_str().into());
        let value = match yaml::parse(&text, &Place::At(origin.clone())) {
            Ok(value) => value,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let parts: Vec<&str> = name[PREFIX.len()..].split('_').collect();
        match set(tree, Kind::Section(ROOT), &parts, value) {
            Ok(()) => {}
            Err(Lost::Unknown) => ignored.push(Problem::new(origin, "", "no key has this name")),
            Err(Lost::Beyond { length }) => {
                problems.push(Problem::new(origin, "", format!("undefined index: the next element is {length}.")));
            }
            Err(Lost::NoNumber) => {
                problems.push(Problem::new(origin, "", "non-numeric index: elements of a list are numbered from 0."));
            }
        }
    }
}

fn is_meant(name: &str) -> bool {
    let not_meant = |other: &&str| if other.ends_with('_') { name.starts_with(*other) } else { name == *other };
    name.starts_with(PREFIX) && !NOT_MEANT.iter().any(not_meant)
}

/// Puts `value` where `parts`, of which there is at least one, lead from `node`.
fn set(node: &mut Node, kind: Kind, parts: &[&str], value: Node) -> Result<(), Lost> {
    let (part, rest) = parts.split_first().ok_or(Lost::Unknown)?;
    if matches!(kind, Kind::Named(_)) {
        spell_out(node);
    }
    let (name, child) = match kind {
        Kind::Section(keys) => {
            let key = keys.iter().find(|key| key.is_variable(part)).ok_or(Lost::Unknown)?;
            (key.name.to_owned(), key.kind)
        }
        Kind::Map(keys) | Kind::Named(keys) => {
            let name = key_of_map(node, part);
            let kind = keys.iter().find(|key| key.name == name).map_or(Kind::Any, |key| key.kind);
            (name, kind)
        }
        Kind::Headers => (key_of_map(node, part), Kind::Texts),
        Kind::Fields => (key_of_map(node, part), Kind::Text),
        Kind::Items(keys) => return set_element(node, Kind::Section(keys), part, rest, value),
        Kind::Texts | Kind::Paths | Kind::Patterns | Kind::Origins | Kind::Proxies => {
            return set_element(node, Kind::Text, part, rest, value);
        }
        Kind::Any if matches!(node.value, Value::List(_)) => return set_element(node, Kind::Any, part, rest, value),
        Kind::Any => (key_of_map(node, part), Kind::Any),
        _ => return Err(Lost::Unknown),
    };
    if rest.is_empty() {
        node.set(&name, value);
        Ok(())
    } else {
        let origin = value.origin.clone();
        set(node.get_or_make(&name, &origin), child, rest, value)
    }
}

/// The key that is there in another case, else the part in lower case.
fn key_of_map(node: &Node, part: &str) -> String {
    let there = node.entries().iter().find(|entry| entry.key.to_uppercase() == part);
    there.map_or_else(|| part.to_lowercase(), |entry| entry.key.clone())
}

fn set_element(node: &mut Node, kind: Kind, part: &str, rest: &[&str], value: Node) -> Result<(), Lost> {
    let index: usize = part.parse().map_err(|_| Lost::NoNumber)?;
    let length = node.elements().len();
    if index > length {
        return Err(Lost::Beyond { length });
    }
    if !matches!(node.value, Value::List(_)) {
        node.value = Value::List(Vec::new());
    }
    let Value::List(elements) = &mut node.value else { return Err(Lost::Unknown) };
    if index == length {
        elements.push(Node::empty(value.origin.clone()));
    }
    if rest.is_empty() {
        elements[index] = value;
        return Ok(());
    }
    let set = set(&mut elements[index], kind, rest, value);
    if set.is_err() && index == length {
        elements.pop();
    }
    set
}

/// `storage: filesystem` and `auth: none` are short for maps with that key.
pub(super) fn spell_out(node: &mut Node) {
    if let Value::Scalar { text, .. } = &node.value {
        let text = text.clone();
        let origin = node.origin.clone();
        node.value = Value::Map(Vec::new());
        node.set(&text, Node::empty(origin));
    }
}
