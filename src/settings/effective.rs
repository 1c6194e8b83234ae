//! The values in force, each with where it was given; what `config show` prints.

use std::fmt;

use super::{
    Loaded, Origin,
    inspect::show,
    schema::{Key, Kind, ROOT, Standing},
    yaml::Node,
};

/// A key with the value in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The key, with dots, and the numbers of lists' elements in brackets.
    pub key: String,
    /// The value; `None` where nothing is given and nothing is the default. Secrets are hidden.
    pub value: Option<String>,
    /// Where it was given.
    pub origin: Origin,
}

/// `http.addr: :5000  (config.yml:12:5)`
impl fmt::Display for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}  ({})", self.key, self.value.as_deref().unwrap_or("(none)"), self.origin)
    }
}

impl Loaded {
    /// Every key that is honoured, in the order of Distribution's documentation.
    pub fn effective(&self) -> Vec<Effective> {
        let mut out = Vec::new();
        section(Some(&self.tree), ROOT, "", &mut out);
        out
    }
}

fn section(node: Option<&Node>, keys: &'static [Key], path: &str, out: &mut Vec<Effective>) {
    for key in keys {
        let here = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
        let given = node.and_then(|node| node.get(key.name)).filter(|node| !node.is_null());
        match (key.standing, key.kind) {
            (Standing::Honoured(_), kind) => {
                let value = given.map_or_else(|| key.default.map(str::to_owned), |node| show(node, &kind));
                let origin = given.map_or_else(Origin::default, |node| node.origin.clone());
                out.push(Effective { key: here, value, origin });
            }
            (Standing::Holds, Kind::Items(keys)) => {
                for (index, element) in given.map_or(&[][..], Node::elements).iter().enumerate() {
                    section(Some(element), keys, &format!("{here}[{index}]"), out);
                }
            }
            // Of these, only the one that is chosen is in force.
            (Standing::Holds, Kind::Named(kinds)) if key.name == "auth" => {
                let chosen = given.and_then(|node| node.entries().first());
                let name = chosen.map_or("none", |chosen| chosen.key.as_str());
                let origin = chosen.map_or_else(Origin::default, |chosen| chosen.origin.clone());
                out.push(Effective { key: here, value: Some(name.to_owned()), origin });
                if let Some(Kind::Map(keys)) = kinds.iter().find(|kind| kind.name == name).map(|kind| kind.kind) {
                    section(chosen.map(|chosen| &chosen.value), keys, &format!("auth.{name}"), out);
                }
            }
            (Standing::Holds, kind) => section(given, kind.keys().unwrap_or_default(), &here, out),
            (Standing::Ignored(_) | Standing::Refused(_), _) => {}
        }
    }
}
