//! The choice in the page's address.

use humpback::{config::RegistryAddress, setup_guide::Trust};
use leptos_router::params::ParamsMap;

use super::PATH;
use crate::api::setup_guide::{Catalogue, Choice, TargetChoice};

/// What the page's address says. Words that mean nothing stay as they are and choose nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) target: Option<String>,
    pub(super) version: Option<String>,
    pub(super) trust: Option<String>,
    /// What the targets are searched for.
    pub(super) find: String,
}

impl Query {
    pub(super) fn read(map: &ParamsMap) -> Self {
        let word = |key| map.get(key).filter(|word| !word.is_empty());
        Self {
            target: word("target"),
            version: word("version"),
            trust: word("trust"),
            find: word("find").unwrap_or_default(),
        }
    }

    /// What stands in the page's address besides the registry's.
    pub(super) fn words(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let words = [("target", &self.target), ("version", &self.version), ("trust", &self.trust)];
        words.into_iter().filter_map(|(key, word)| Some((key, word.as_deref()?)))
    }

    /// The page's address with this choice and the registry's as it is typed.
    pub(super) fn href(&self, address: &str) -> String {
        let mut map = ParamsMap::new();
        for (key, word) in self.words() {
            map.insert(key, word.to_owned());
        }
        map.insert("address", address.to_owned());
        format!("{PATH}{}", map.to_query_string())
    }

    /// The target of this choice. `None` only of an empty catalogue.
    pub(super) fn target_of<'a>(&self, catalogue: &'a Catalogue) -> Option<&'a TargetChoice> {
        let mut targets = catalogue.groups.iter().flat_map(|group| &group.targets);
        let first = targets.clone().next();
        targets.find(|target| Some(&target.slug) == self.target.as_ref()).or(first)
    }

    /// The way to trust, as far as the typed address leaves a choice.
    pub(super) fn trust_for(&self, typed: &str) -> (&'static [Trust], Trust) {
        let wanted = self.trust.as_deref().and_then(Trust::from_slug);
        match RegistryAddress::parse(typed) {
            Ok(address) => (Trust::open_to(&address), Trust::choose(&address, wanted)),
            Err(_) => (Trust::ALL, wanted.unwrap_or(Trust::Plain)),
        }
    }
}

impl TargetChoice {
    /// What there is to ask for, for a registry that is trusted so.
    pub(super) fn open_versions(&self, trust: Trust) -> &[Choice] {
        if trust.is_encrypted() && self.tls_is_alike { &self.versions[..1] } else { &self.versions }
    }

    /// Whether every word of `text` is found here.
    pub(super) fn matches(&self, text: &str) -> bool {
        text.to_lowercase().split_whitespace().all(|word| self.search.contains(word))
    }
}
