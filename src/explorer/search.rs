//! How the list of repositories is looked through: by what they hold besides their names, and by namespace.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::RepositorySummary;
use crate::oci::RepositoryName;

/// A repository, and why a search has found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRepository {
    /// The repository.
    pub summary: RepositorySummary,
    /// What that is; `None` where nothing is searched, or the name says it.
    pub found: Option<Match>,
}

/// Why a repository was found, if not by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// What it is.
    pub kind: MatchKind,
    /// The tag, the label as `key=value`, or the digest.
    pub text: String,
    /// The tag or digest under which the repository has the manifest that it belongs to.
    pub reference: String,
}

/// What a search finds besides names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MatchKind {
    /// A tag.
    Tag,
    /// A label of an image, or an annotation of a manifest.
    Label,
    /// The digest of a manifest.
    Manifest,
    /// The digest of a blob that a manifest names.
    Blob,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// A repository.
    Repository(FoundRepository),
    /// All the repositories whose names begin alike.
    Namespace(NamespaceSummary),
}

/// The repositories of a namespace, together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamespaceSummary {
    /// What their names begin with.
    pub name: Namespace,
    /// How many they are.
    pub repository_count: u64,
    /// How many tags they have.
    pub tag_count: u64,
    /// The sum of their sizes in bytes.
    pub size_bytes: u64,
    /// The last push to one of them.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub pushed_at: Option<OffsetDateTime>,
}

/// One page of a list of repositories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    /// The page; its total is that of all repositories, wherever they are.
    pub list: super::List<Entry>,
    /// How many repositories the rows of all pages stand for.
    pub repositories: u64,
}

/// Whether repositories stand one by one, or by their namespaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// One by one.
    #[default]
    Flat,
    /// By namespace.
    Tree,
}

impl View {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Flat, Self::Tree];

    /// The word in a URL and in a cookie.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::Tree => "tree",
        }
    }

    /// What that word says.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == word)
    }
}

/// What the names of some repositories begin with, up to and with a slash: `team/`; empty for that of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Namespace(String);

impl Namespace {
    /// Reads `team/` or `team`. What can't be one is as if it had not been said.
    pub fn of_word(word: &str) -> Self {
        match RepositoryName::parse(word.strip_suffix('/').unwrap_or(word)) {
            Ok(name) => Self(format!("{name}/")),
            Err(_) => Self::default(),
        }
    }

    /// The whole text, with its slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether all names are in it.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that it is in, the outermost first.
    pub fn above(&self) -> impl Iterator<Item = Self> + '_ {
        let ends = self.0.match_indices('/').map(|(at, _)| at + 1).filter(|end| *end < self.0.len());
        ends.map(|end| Self(self.0[..end].to_owned()))
    }
}

impl From<String> for Namespace {
    fn from(word: String) -> Self {
        Self::of_word(&word)
    }
}

impl From<Namespace> for String {
    fn from(namespace: Namespace) -> Self {
        namespace.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_ends_with_a_slash_and_knows_those_above() {
        let namespace = Namespace::of_word("team/backend");
        assert_eq!((namespace.as_str(), namespace.is_root()), ("team/backend/", false));
        assert_eq!(Namespace::of_word("team/backend/"), namespace);
        let above: Vec<_> = namespace.above().map(String::from).collect();
        assert_eq!(above, ["team/"]);
        assert_eq!(Namespace::of_word("team/").above().count(), 0);
    }

    #[test]
    fn what_can_t_be_a_namespace_is_that_of_all() {
        for word in ["", "/", "Team/", "a//", "../", "a b/", "<script>"] {
            assert!(Namespace::of_word(word).is_root(), "{word}");
        }
    }

    #[test]
    fn words_of_views_round_trip() {
        for view in View::ALL {
            assert_eq!(View::of_word(view.as_str()), Some(view));
        }
        assert_eq!(View::of_word("heap"), None);
    }
}
