//! What the words of the page's address choose: the manifest, the tab, and the client that pulls.

use leptos_router::params::ParamsMap;

use super::super::explorer::manifest_path;
use crate::format;

/// A part of the page with an address of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    /// Layers, files or platforms: what is in it.
    Contents,
    /// How it is run.
    Config,
    /// How it was built.
    Build,
    /// What was said about it.
    Attached,
    /// Its text.
    Json,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Contents, Self::Config, Self::Build, Self::Attached, Self::Json];

    const fn word(self) -> Option<&'static str> {
        match self {
            Self::Contents => None,
            Self::Config => Some("config"),
            Self::Build => Some("build"),
            Self::Attached => Some("attached"),
            Self::Json => Some("json"),
        }
    }
}

/// The words. What is absent or nonsense is as if it had not been said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query {
    /// A tag or a digest.
    pub reference: String,
    /// The open tab.
    pub tab: Tab,
    /// The chosen client's name.
    pub client: Option<String>,
}

impl Query {
    /// Reads the words of an address.
    pub fn from_words(words: &ParamsMap) -> Self {
        let word = |key| words.get(key).filter(|text| !text.is_empty());
        let tab = word("tab");
        let tab = Tab::ALL.into_iter().find(|known| known.word().is_some() && known.word() == tab.as_deref());
        Self {
            reference: word("reference").unwrap_or_else(|| "latest".to_owned()),
            tab: tab.unwrap_or(Tab::Contents),
            client: word("client"),
        }
    }

    /// The same manifest's page with another tab or client.
    pub fn href(&self, repository: &str) -> String {
        let mut href = manifest_path(repository, &self.reference);
        for (key, word) in [("tab", self.tab.word()), ("client", self.client.as_deref())] {
            if let Some(word) = word {
                href.push_str(&format!("&{key}={}", format::escape(word)));
            }
        }
        href
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[(&str, &str)]) -> Query {
        let mut map = ParamsMap::new();
        for (key, value) in words {
            map.insert((*key).to_owned(), (*value).to_owned());
        }
        Query::from_words(&map)
    }

    #[test]
    fn words_choose_and_nonsense_is_as_if_not_said() {
        let query = read(&[("reference", "1.0"), ("tab", "build"), ("client", "podman")]);
        assert_eq!((query.tab, query.client.as_deref()), (Tab::Build, Some("podman")));
        assert_eq!(query.href("team/app"), "/manifests/team/app?reference=1.0&tab=build&client=podman");
        let query = read(&[("reference", ""), ("tab", "<b>"), ("client", "")]);
        assert_eq!(query, Query { reference: "latest".to_owned(), tab: Tab::Contents, client: None });
        assert_eq!(query.href("a"), "/manifests/a?reference=latest");
    }
}
