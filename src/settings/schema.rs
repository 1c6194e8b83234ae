//! Every key that may stand in `config.yml`: Distribution's of the lines 2 and 3 (configuration/configuration.go,
//! docs/content/about/configuration.md), and ours. Each says what becomes of it here.

use super::{
    value::{self, Mismatch},
    yaml::Node,
};

mod api;
mod http;
mod log;
mod storage;

pub(super) use log::LEVELS;
pub(super) use storage::NO_REDIS;

/// A key.
pub(super) struct Key {
    /// As it stands in the file.
    pub(super) name: &'static str,
    /// The part of a `REGISTRY_…` variable, where it is not the name in upper case: variables follow the names in
    /// Distribution's source, not those in the file.
    pub(super) variable: Option<&'static str>,
    pub(super) kind: Kind,
    /// What counts where nothing is given; as it would be written.
    pub(super) default: Option<&'static str>,
    pub(super) standing: Standing,
}

/// What becomes of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It works. With what it does.
    Honoured(&'static str),
    /// It has no effect, and nothing is lost by that. With why.
    Ignored(&'static str),
    /// The server does not start with it. With what to do instead.
    Refused(&'static str),
    /// It holds other keys.
    Holds,
}

/// What may stand under a key.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Boolean,
    Integer,
    /// Not negative.
    Count,
    Duration,
    Text,
    /// A text that is never shown.
    Secret,
    Path,
    Url,
    HostUrl,
    Prefix,
    /// In lower case; any case is read.
    Choice(&'static [&'static str]),
    Texts,
    Paths,
    Patterns,
    Headers,
    /// Names with values (`log.fields`).
    Fields,
    Origins,
    Proxies,
    ManifestLimit,
    /// Not looked into.
    Any,
    /// A struct in Distribution: variables reach its known keys only.
    Section(&'static [Key]),
    /// A map in Distribution: variables may make any key in it.
    Map(&'static [Key]),
    /// A map, one key of which names a kind; that name alone may stand for the map.
    Named(&'static [Key]),
    /// A list of structs.
    Items(&'static [Key]),
}

impl Key {
    const fn new(name: &'static str, kind: Kind, standing: Standing) -> Self {
        Self { name, variable: None, kind, default: None, standing }
    }

    /// Works; `about` says what it does.
    const fn honoured(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self::new(name, kind, Standing::Honoured(about))
    }

    /// Has no effect.
    const fn ignored(name: &'static str, kind: Kind, why: &'static str) -> Self {
        Self::new(name, kind, Standing::Ignored(why))
    }

    /// Ends the start.
    const fn refused(name: &'static str, kind: Kind, instead: &'static str) -> Self {
        Self::new(name, kind, Standing::Refused(instead))
    }

    /// Holds the keys of `kind`.
    const fn holds(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Standing::Holds)
    }

    const fn default(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    const fn variable(mut self, variable: &'static str) -> Self {
        self.variable = Some(variable);
        self
    }

    /// Whether `part` of a variable's name means this key.
    pub(super) fn is_variable(&self, part: &str) -> bool {
        match self.variable {
            Some(variable) => variable == part,
            None => self.name.eq_ignore_ascii_case(part) && !part.bytes().any(|byte| byte.is_ascii_lowercase()),
        }
    }
}

impl Kind {
    /// The keys that may stand below; `None` for a value.
    pub(super) const fn keys(&self) -> Option<&'static [Key]> {
        match self {
            Self::Section(keys) | Self::Map(keys) | Self::Named(keys) => Some(keys),
            _ => None,
        }
    }

    /// Whether the value is a list.
    pub(super) const fn is_list(&self) -> bool {
        matches!(self, Self::Texts | Self::Paths | Self::Patterns | Self::Origins | Self::Proxies | Self::Items(_))
    }

    /// Whether the value is never shown.
    pub(super) const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret | Self::Headers | Self::Any)
    }

    /// Whether `node` can be read as this. Says nothing about what lies below.
    pub(super) fn check(&self, node: &Node) -> value::Result<()> {
        match self {
            Self::Boolean => value::boolean(node).map(drop),
            Self::Integer => value::integer(node).map(drop),
            Self::Count => value::count(node).map(drop),
            Self::Duration => value::duration(node).map(drop),
            Self::Text | Self::Secret => value::text(node).map(drop),
            Self::Path => value::path(node).map(drop),
            Self::Url => value::url(node).map(drop),
            Self::HostUrl => value::external_url(node).map(drop),
            Self::Prefix => value::prefix(node).map(drop),
            Self::Choice(choices) => choice(node, choices).map(drop),
            Self::Texts => value::list(node, value::text).map(drop),
            Self::Paths => value::paths(node).map(drop),
            Self::Patterns => value::patterns(node).map(drop),
            Self::Headers => value::headers(node).map(drop),
            Self::Fields => value::fields(node).map(drop),
            Self::Origins => value::origins(node).map(drop),
            Self::ManifestLimit => value::manifest_limit(node).map(drop),
            Self::Proxies => value::proxies(node).map(drop),
            Self::Any => Ok(()),
            Self::Section(keys) | Self::Map(keys) | Self::Named(keys) => match &node.value {
                super::yaml::Value::Map(_) => Ok(()),
                _ => Err(Mismatch::new("keys below it", format!("Write {} on a line of its own.", example(keys)))),
            },
            Self::Items(_) => value::list(node, |_| Ok(())).map(drop),
        }
    }
}

fn example(keys: &[Key]) -> String {
    keys.first().map_or_else(|| "them".to_owned(), |key| format!("{}: …", key.name))
}

/// One of `choices`, whatever its case.
pub(super) fn choice(node: &Node, choices: &'static [&'static str]) -> value::Result<&'static str> {
    let text = value::text(node).unwrap_or_default();
    choices.iter().find(|choice| choice.eq_ignore_ascii_case(&text)).copied().ok_or_else(|| match choices {
        [only] => Mismatch::new(format!("{only} here"), format!("Write {only}.")),
        _ => Mismatch::new(format!("one of {}", choices.join(", ")), "Write one of them."),
    })
}

/// The whole file.
pub(super) const ROOT: &[Key] = &[
    Key::honoured("version", Kind::Choice(&["0.1"]), "the format of this file"),
    Key::holds("log", Kind::Section(log::LOG)),
    Key::honoured("loglevel", Kind::Choice(LEVELS), "the older name of log.level, which counts if both are there"),
    Key::holds("storage", Kind::Named(storage::STORAGE)),
    Key::holds("auth", Kind::Named(api::AUTH)),
    Key::refused(
        "middleware",
        Kind::Any,
        "there is no middleware here. Take it out; a proxy or a CDN in front of the registry does the same",
    ),
    Key::ignored("reporting", Kind::Any, "errors are in the log and nowhere else"),
    Key::holds("http", Kind::Section(http::HTTP)),
    Key::holds("notifications", Kind::Section(api::NOTIFICATIONS)),
    Key::ignored("redis", Kind::Any, "nothing here needs Redis"),
    Key::holds("health", Kind::Section(api::HEALTH)),
    Key::holds("catalog", Kind::Section(api::CATALOG)),
    Key::holds("tags", Kind::Section(api::TAGS)),
    Key::refused(
        "proxy",
        Kind::Any,
        "this registry is no cache of another one yet. Take it out, and let clients pull from the other one, or copy \
         images here with skopeo sync",
    ),
    Key::holds("compatibility", Kind::Section(api::COMPATIBILITY)),
    Key::holds("validation", Kind::Section(api::VALIDATION)),
    Key::holds("policy", Kind::Section(api::POLICY)),
    Key::holds("humpback", Kind::Section(api::HUMPBACK)),
];
