//! From the tree to the typed settings, with what no single key can tell: what must be there together, and what
//! excludes each other.

use std::time::Duration;

use super::{
    Origin, Problem, Settings, Sourced,
    auth::{Auth, Htpasswd, Token},
    log::{Format, Log},
    rules::{Humpback, Indexes, Lists, Schema1, Validation},
    schema::{self, Key, Kind},
    storage::{Storage, UploadPurging},
    value,
    yaml::Node,
};

mod health;
mod http;
mod notifications;
mod tls;

/// A part of the tree, with the keys that are known there.
pub(super) struct Scope<'a> {
    node: &'a Node,
    keys: &'static [Key],
    path: String,
}

/// What reading found besides the settings.
#[derive(Default)]
pub(super) struct Remarks {
    /// The server does not start.
    pub(super) problems: Vec<Problem>,
    /// Not all of a value has an effect.
    pub(super) ignored: Vec<Problem>,
}

impl Remarks {
    fn problem(&mut self, origin: Origin, key: impl Into<String>, text: impl Into<String>) {
        self.problems.push(Problem::new(origin, key, text));
    }
}

impl<'a> Scope<'a> {
    pub(super) const fn root(node: &'a Node) -> Self {
        Self { node, keys: schema::ROOT, path: String::new() }
    }

    /// What was given at `path`, if it says something.
    fn node(&self, path: &str) -> Option<&'a Node> {
        let found = path.split('.').try_fold(self.node, |node, key| node.get(key))?;
        Some(found).filter(|node| !node.is_null())
    }

    fn key(&self, path: &str) -> &'static Key {
        let mut keys = self.keys;
        let mut found = None;
        for name in path.split('.') {
            found = keys.iter().find(|key| key.name == name);
            keys = found.and_then(|key| key.kind.keys()).unwrap_or_default();
        }
        found.unwrap_or_else(|| panic!("{path} is a key of the schema"))
    }

    /// The whole name of a key of this scope.
    fn name(&self, path: &str) -> String {
        if self.path.is_empty() { path.to_owned() } else { format!("{}.{path}", self.path) }
    }

    /// What was given; `None` if nothing was, or if it can't be read, which was told already.
    fn given<T>(&self, path: &str, read: impl FnOnce(&Node) -> value::Result<T>) -> Option<Sourced<T>> {
        let node = self.node(path)?;
        Some(Sourced::new(read(node).ok()?, node.origin.clone()))
    }

    /// What was given, else the default that the schema has.
    fn value<T>(&self, path: &str, read: impl Fn(&Node) -> value::Result<T>) -> Sourced<T> {
        let default = self.key(path).default;
        self.given(path, &read).unwrap_or_else(|| {
            let node = Node::plain(default.unwrap_or_default(), Origin::Default);
            match read(&node) {
                Ok(value) => Sourced::built_in(value),
                Err(mismatch) => panic!("the default of {path}: {mismatch:?}"),
            }
        })
    }

    /// What was given, if anything was.
    fn option<T>(&self, path: &str, read: impl FnOnce(&Node) -> value::Result<T>) -> Sourced<Option<T>> {
        self.given(path, read).map_or_else(Sourced::default, |given| given.map(Some))
    }

    /// What was given, else nothing: an empty list.
    fn or_empty<T: Default>(&self, path: &str, read: impl FnOnce(&Node) -> value::Result<T>) -> Sourced<T> {
        self.given(path, read).unwrap_or_default()
    }

    fn boolean(&self, path: &str) -> Sourced<bool> {
        self.value(path, value::boolean)
    }

    fn duration(&self, path: &str) -> Sourced<Duration> {
        self.value(path, value::duration)
    }

    fn choice(&self, path: &str) -> Sourced<&'static str> {
        let Kind::Choice(choices) = self.key(path).kind else { panic!("{path} is a choice") };
        self.value(path, |node| schema::choice(node, choices))
    }

    fn texts(&self, path: &str) -> Sourced<Vec<String>> {
        self.or_empty(path, value::texts)
    }

    /// The elements of a list of maps.
    fn items(&self, path: &str) -> Vec<Scope<'a>> {
        let Kind::Items(keys) = self.key(path).kind else { panic!("{path} is a list of maps") };
        let elements = self.node(path).map_or(&[][..], Node::elements);
        let scope = |(index, node)| Scope { node, keys, path: format!("{}[{index}]", self.name(path)) };
        elements.iter().enumerate().map(scope).collect()
    }

    /// A value that must be there; says so if it is not.
    fn required<T: Default>(
        &self,
        path: &str,
        mend: &str,
        read: impl FnOnce(&Node) -> value::Result<T>,
        remarks: &mut Remarks,
    ) -> Sourced<T> {
        if self.node(path).is_none() {
            remarks.problem(self.node.origin.clone(), self.name(path), format!("is missing. {mend}"));
        }
        self.or_empty(path, read)
    }
}

/// Every setting. Where something can't be read, its default stands in, and `remarks` or the inspection tells.
pub(super) fn settings(root: &Scope<'_>, remarks: &mut Remarks) -> Settings {
    Settings {
        log: log(root),
        storage: storage(root, remarks),
        auth: auth(root, remarks),
        http: http::http(root, remarks),
        notifications: notifications::notifications(root, remarks),
        health: health::health(root, remarks),
        lists: Lists {
            catalog_max: root.or_empty("catalog.maxentries", value::limit),
            tags_max: root.or_empty("tags.maxtags", value::limit),
        },
        validation: validation(root, remarks),
        schema1: Schema1 {
            push: root.boolean("compatibility.schema1.enabled"),
            signing_key_file: root.option("compatibility.schema1.signingkeyfile", value::path),
        },
        humpback: Humpback {
            ca: root.option("humpback.ca", value::path),
            sparse: root.boolean("humpback.sparse"),
            cors_origins: root.or_empty("humpback.corsorigins", value::origins),
            trusted_proxies: root.value("humpback.trustedproxies", value::proxies),
            manifest_limit: root.value("humpback.manifestlimit", value::manifest_limit),
            undo: root.duration("humpback.undo"),
        },
    }
}

fn log(root: &Scope<'_>) -> Log {
    let level = root.given("humpback.loglevel", value::text);
    let older = || root.given("loglevel", |node| schema::choice(node, schema::LEVELS));
    let level = level.unwrap_or_else(|| {
        let level = root.given("log.level", |node| schema::choice(node, schema::LEVELS)).or_else(older);
        level.unwrap_or_else(|| root.choice("log.level")).map(str::to_owned)
    });
    let format = root.choice("log.formatter").map(|format| match format {
        "text" => Format::Text,
        _ => Format::Json,
    });
    let access = root.boolean("log.accesslog.disabled").map(|disabled| !disabled);
    Log { level, format, fields: root.or_empty("log.fields", value::fields), access }
}

fn storage(root: &Scope<'_>, remarks: &mut Remarks) -> Storage {
    let purging = |key: &str| format!("storage.maintenance.uploadpurging.{key}");
    let upload_purging = UploadPurging {
        enabled: root.boolean(&purging("enabled")),
        age: root.duration(&purging("age")),
        interval: root.duration(&purging("interval")),
        dry_run: root.boolean(&purging("dryrun")),
    };
    let interval = &upload_purging.interval;
    if interval.value < Duration::from_secs(1) {
        let text = "expected a second or more. Write 24h for once a day.";
        remarks.problem(interval.origin.clone(), purging("interval"), text);
    }
    Storage {
        root: root.value("storage.filesystem.rootdirectory", value::path),
        delete: root.boolean("storage.delete.enabled"),
        read_only: root.boolean("storage.maintenance.readonly.enabled"),
        upload_purging,
    }
}

fn auth(root: &Scope<'_>, remarks: &mut Remarks) -> Sourced<Auth> {
    let Some(node) = root.node("auth") else { return Sourced::default() };
    let Some((first, more)) = node.entries().split_first() else { return Sourced::default() };
    if let Some(second) = more.first() {
        let text = format!("exactly one kind, found {} and {}. Take one out.", first.key, second.key);
        remarks.problem(second.origin.clone(), "auth", text);
    }
    let kind = first.key.as_str();
    let keys = root.key("auth").kind.keys().unwrap_or_default().iter().find(|key| key.name == kind);
    let keys = keys.and_then(|key| key.kind.keys()).unwrap_or_default();
    // Nothing below the kind: what is missing is missing at the kind.
    let empty = Node::empty(first.origin.clone());
    let node = if first.value.entries().is_empty() { &empty } else { &first.value };
    let scope = Scope { node, keys, path: format!("auth.{kind}") };
    let auth = match kind {
        "htpasswd" => Auth::Htpasswd(Htpasswd {
            realm: scope.required("realm", "Write any name, such as Registry.", value::text, remarks),
            path: scope.required("path", "Write the file of users.", value::path, remarks),
        }),
        "token" => Auth::Token(Box::new(token(&scope, remarks))),
        _ => Auth::None,
    };
    Sourced::new(auth, first.origin.clone())
}

fn token(scope: &Scope<'_>, remarks: &mut Remarks) -> Token {
    let token = Token {
        realm: scope.required("realm", "Write the URL of the token server.", value::text, remarks),
        service: scope.required("service", "Write what the token server calls this registry.", value::text, remarks),
        issuer: scope.required("issuer", "Write what the token server calls itself.", value::text, remarks),
        root_cert_bundle: scope.option("rootcertbundle", value::path),
        jwks: scope.option("jwks", value::path),
        signing_algorithms: scope.texts("signingalgorithms"),
        auto_redirect: scope.boolean("autoredirect"),
        auto_redirect_path: scope.value("autoredirectpath", value::text),
    };
    if scope.node("rootcertbundle").is_none() && scope.node("jwks").is_none() {
        let text = "is missing, and so is jwks. Write a file of certificates, or one of keys under jwks.";
        remarks.problem(scope.node.origin.clone(), scope.name("rootcertbundle"), text);
    }
    token
}

fn validation(root: &Scope<'_>, remarks: &mut Remarks) -> Validation {
    let enabled = root.given("validation.enabled", value::boolean).filter(|enabled| enabled.value);
    let disabled = enabled.map_or_else(|| root.boolean("validation.disabled"), |enabled| enabled.map(|_| false));
    let platforms = root.choice("validation.manifests.indexes.platforms");
    if platforms.value == "list" {
        let text = "which platforms of an index must be here can't be listed. Write all, or none for no check at all.";
        remarks.problem(platforms.origin.clone(), "validation.manifests.indexes.platforms", text);
    }
    Validation {
        disabled,
        urls_allow: root.or_empty("validation.manifests.urls.allow", value::patterns),
        urls_deny: root.or_empty("validation.manifests.urls.deny", value::patterns),
        indexes: platforms.map(|platforms| match platforms {
            "none" => Indexes::None,
            _ => Indexes::All,
        }),
    }
}
