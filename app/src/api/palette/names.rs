//! Where the names of repositories and tags come from: this registry, or the one that is shown instead; and of each what
//! the reader may see.

use std::time::Duration;

use humpback::{
    access::Caller,
    explorer::{ListQuery, Order, RepositorySort, TagSort},
    metadata::Visible,
    oci::{RepositoryName, Tag},
    registry::Registry,
    remote::RemoteReader,
    source::Source,
};

use crate::api::{Error, context};

/// So long another registry may take: pages and actions are to be chosen meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where they come from.
pub(super) enum Names {
    /// This registry.
    Here { registry: Registry, visible: Visible, caller: Caller },
    /// Another one.
    Elsewhere { remote: RemoteReader, caller: Caller },
    /// Whoever asks has to sign in first.
    Closed,
}

impl Names {
    /// The names that `caller` may see; `None` if it is known too little who asks.
    ///
    /// # Errors
    /// Something is broken.
    pub(super) async fn of(console: &context::Console, caller: Option<Caller>) -> Result<Self, Error> {
        let Some(caller) = caller else { return Ok(Self::Closed) };
        match context::source(console).await {
            Ok(Source::This) => {
                let visible = console.guard.visible(&caller).await.map_err(context::internal)?;
                Ok(Self::Here { registry: console.registry.clone(), visible, caller })
            }
            Ok(Source::Remote(remote)) => Ok(Self::Elsewhere { remote, caller }),
            Err(Error::Unauthorised) => Ok(Self::Closed),
            Err(error) => Err(error),
        }
    }

    /// The address of another registry, if that is what is shown.
    pub(super) fn remote(&self) -> Option<String> {
        match self {
            Self::Elsewhere { remote, .. } => Some(remote.address()),
            Self::Here { .. } | Self::Closed => None,
        }
    }

    /// Up to `limit` repositories for what was typed, the best first; `None` if another registry does not tell them.
    ///
    /// # Errors
    /// Something is broken.
    pub(super) async fn repositories(&self, typed: &str, limit: usize) -> Result<Option<Vec<RepositoryName>>, Error> {
        let typed = typed.to_lowercase();
        // No name holds anything else: nothing needs to be asked.
        if !typed.chars().all(|c| c.is_ascii_graphic() || c == ' ') || typed.trim().is_empty() {
            return Ok(Some(Vec::new()));
        }
        match self {
            Self::Here { registry, visible, .. } => {
                let found = registry.find_repositories(&typed, limit, visible).await;
                found.map(Some).map_err(context::internal)
            }
            Self::Elsewhere { remote, caller } => {
                let query =
                    ListQuery { search: typed.clone(), sort: RepositorySort::Name, order: Order::Ascending, page: 1 };
                let caller = caller.clone();
                let asking = remote.repositories(&query, move |name| caller.may_list(name));
                let Ok(Ok(told)) = tokio::time::timeout(PATIENCE, asking).await else { return Ok(None) };
                let mut names = told.list.rows;
                names.sort_by_key(|name| super::fit::fit(&typed, &[name.as_str()]));
                names.truncate(limit);
                Ok(Some(names))
            }
            Self::Closed => Ok(Some(Vec::new())),
        }
    }

    /// Up to `limit` tags of a repository that begin with `typed`.
    ///
    /// # Errors
    /// Something is broken.
    pub(super) async fn tags(&self, name: &RepositoryName, typed: &str, limit: usize) -> Result<Vec<Tag>, Error> {
        match self {
            Self::Here { registry, caller, .. } if caller.may_pull(name) => {
                registry.find_tags(name, typed, limit).await.map_err(context::internal)
            }
            Self::Elsewhere { remote, caller } if caller.may_pull(name) => {
                let query =
                    ListQuery { search: typed.to_owned(), sort: TagSort::Name, order: Order::Ascending, page: 1 };
                let Ok(Ok(Some(told))) = tokio::time::timeout(PATIENCE, remote.tags(name, &query)).await else {
                    return Ok(Vec::new());
                };
                Ok(told.list.rows.into_iter().filter(|tag| tag.as_str().starts_with(typed)).take(limit).collect())
            }
            Self::Here { .. } | Self::Elsewhere { .. } | Self::Closed => Ok(Vec::new()),
        }
    }

    /// Up to `limit` tags that begin with `typed`, each in a repository of its own. Another registry is not asked: it would
    /// have to be asked for each repository.
    ///
    /// # Errors
    /// Something is broken.
    pub(super) async fn tags_of_latest(&self, typed: &str, limit: usize) -> Result<Vec<(RepositoryName, Tag)>, Error> {
        match self {
            Self::Here { registry, visible, .. } if Tag::parse(typed).is_ok() => {
                registry.find_tags_of_latest(typed, limit, visible).await.map_err(context::internal)
            }
            Self::Here { .. } | Self::Elsewhere { .. } | Self::Closed => Ok(Vec::new()),
        }
    }

    /// Whether a repository, or a tag in it, is there for the reader. Another registry is not asked: what was chosen of it
    /// lately is there.
    ///
    /// # Errors
    /// Something is broken.
    pub(super) async fn has(&self, name: &RepositoryName, tag: Option<&Tag>) -> Result<bool, Error> {
        match self {
            Self::Here { caller, .. } | Self::Elsewhere { caller, .. } if !caller.may_pull(name) => Ok(false),
            Self::Here { registry, .. } => match tag {
                Some(tag) => {
                    let found = registry.find_tags(name, tag.as_str(), 1).await.map_err(context::internal)?;
                    Ok(found.first() == Some(tag))
                }
                None => {
                    let found = registry.repository_summary(name).await.map_err(context::internal)?;
                    Ok(found.is_some_and(|found| found.manifest_count > 0))
                }
            },
            Self::Elsewhere { .. } => Ok(true),
            Self::Closed => Ok(false),
        }
    }
}
