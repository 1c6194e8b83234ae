//! The explorer's server functions. Everyone sees what he may pull; deleting is an administrator's.

use humpback::{
    explorer::{
        Entry, List, ListQuery, ManifestView, Namespace, Relations, RemoteRepositories, RemoteTags, RepositorySort,
        RepositorySummary, TagSort, TagSummary, View,
    },
    oci::{Digest, RepositoryName, Tag},
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;
#[cfg(feature = "ssr")]
use humpback::{explorer::Entries, source::Source};

/// What every page of the explorer has to know besides its own data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surroundings {
    /// How clients name the registry: what stands before a repository's name in a command.
    pub registry: String,
    /// Whether clients speak plain HTTP to it.
    pub plain_http: bool,
    /// Whether clients are served at all.
    pub enabled: bool,
    /// Whether the reader is an administrator.
    pub administrator: bool,
    /// The address of another registry, if that is what is shown.
    pub remote: Option<String>,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// What a page shows: this registry, or what another one tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown<T, R> {
    /// This registry.
    This(T),
    /// Another one.
    Remote(Remote<R>),
}

/// What another registry tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote<R> {
    /// What it tells.
    pub told: R,
    /// What is around it.
    pub surroundings: Surroundings,
}

/// Where in the list one is, and how it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What was chosen just now; `None` for what was chosen before.
    pub view: Option<View>,
    /// The namespace whose repositories are shown.
    pub within: Namespace,
}

/// One page of the repositories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repositories {
    /// The page.
    pub list: List<Entry>,
    /// How many repositories its rows stand for, with those of the other pages.
    pub repositories: u64,
    /// How they are shown while nothing is searched.
    pub view: View,
    /// How far the folder of another registry was taken over; `None` once all of it was.
    pub indexing: Option<Indexing>,
    /// What is around it.
    pub surroundings: Surroundings,
}

/// How far the folder of another registry was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indexing {
    /// How many repositories are listed already.
    pub done: u64,
    /// How many there are; 0 until they are counted.
    pub total: u64,
}

/// A repository and one page of its tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// The repository's own facts.
    pub summary: RepositorySummary,
    /// The tag that was pushed last, whatever page is shown.
    pub newest_tag: Option<Tag>,
    /// The page of tags.
    pub tags: List<TagSummary>,
    /// What is said of it, as HTML that was made harmless.
    pub description: Option<String>,
    /// Whether the reader may change that.
    pub may_describe: bool,
    /// What is around it.
    pub surroundings: Surroundings,
}

/// A manifest, as one of its pages shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The repository that holds it.
    pub repository: RepositoryName,
    /// The manifest.
    pub view: ManifestView,
    /// What the rest of the registry has to do with it, as far as the reader may see it.
    pub relations: Relations,
    /// What is around it.
    pub surroundings: Surroundings,
}

/// What is lost and what stays when a tag is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagDeletion {
    /// The repository.
    pub repository: RepositoryName,
    /// The tag.
    pub tag: Tag,
    /// The manifest that it names: it stays.
    pub digest: Digest,
    /// The other tags on the same manifest: they stay.
    pub other_tags: Vec<Tag>,
    /// How clients name the registry.
    pub registry: String,
}

/// One page of the repositories that hold a manifest. How they are shown is remembered where it is chosen.
///
/// # Errors
/// [`Error::Remote`], or the database is broken.
#[server(endpoint = "list_repositories", input = Json, output = crate::api::encoding::Answer)]
pub async fn list_repositories(
    query: ListQuery<RepositorySort>,
    #[server(default)] place: Place,
) -> Result<Shown<Repositories, RemoteRepositories>, Error> {
    let (console, caller) = super::context::reader().await?;
    let visible = console.guard.visible(&caller).await.map_err(super::context::internal)?;
    if let Source::Remote(remote) = super::context::source(&console).await? {
        let everything = matches!(visible, humpback::metadata::Visible::All);
        let told = remote.repositories(&query, move |name| everything || caller.may_list(name)).await;
        return ssr::remote(&remote, told).await.map(Shown::Remote);
    }
    let view = ssr::view(place.view);
    // What is found is shown as it is: nobody searches for a namespace to open it.
    let entries = match view {
        View::Tree if query.search.is_empty() => console.registry.list_namespace(&query, &place.within, &visible).await,
        View::Tree | View::Flat => console.registry.search_repositories(&query, &place.within, &visible).await,
    };
    let Entries { list, repositories } = entries.map_err(super::context::internal)?;
    let indexing = console.registry.adoption_progress();
    let indexing = indexing.map(|progress| Indexing { done: progress.done as u64, total: progress.total as u64 });
    let surroundings = ssr::surroundings(None).await?;
    Ok(Shown::This(Repositories { list, repositories, view, indexing, surroundings }))
}

/// A repository and one page of its tags.
///
/// # Errors
/// [`Error::NotFound`] if nothing was ever pushed there; [`Error::Remote`].
#[server(endpoint = "repository", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_repository(name: String, query: ListQuery<TagSort>) -> Result<Shown<Repository, RemoteTags>, Error> {
    use super::context::internal;

    let (console, caller) = super::context::reader().await?;
    let not_found = || Error::NotFound { what: name.clone() };
    let repository = RepositoryName::parse(&name).ok().filter(|name| caller.may_pull(name)).ok_or_else(not_found)?;
    if let Source::Remote(remote) = super::context::source(&console).await? {
        let told = ssr::remote(&remote, remote.tags(&repository, &query).await).await?;
        let Remote { told: Some(told), surroundings } = told else { return Err(not_found()) };
        return Ok(Shown::Remote(Remote { told, surroundings }));
    }
    let summary = console.registry.repository_summary(&repository).await.map_err(internal)?;
    let summary = summary.ok_or_else(not_found)?;
    let tags = console.registry.list_tags(&repository, &query).await.map_err(internal)?;
    let newest = if query == ListQuery::default() {
        tags.rows.first().cloned()
    } else {
        let newest = console.registry.list_tags(&repository, &ListQuery::default()).await.map_err(internal)?;
        newest.rows.into_iter().next()
    };
    let surroundings = ssr::surroundings(None).await?;
    let description = console.registry.description(&repository).await.map_err(internal)?;
    let description = description.map(|description| crate::markdown::render(&description.content));
    let account = super::context::signed_in().await?;
    let may_describe = account.is_some() && (surroundings.administrator || caller.may_administer(&repository));
    Ok(Shown::This(Repository {
        summary,
        newest_tag: newest.map(|tag| tag.name),
        tags,
        description,
        may_describe,
        surroundings,
    }))
}

/// The manifest that a tag or a digest names, laid out.
///
/// # Errors
/// [`Error::NotFound`] if there is none; [`Error::Remote`].
#[server(endpoint = "manifest", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_manifest(name: String, reference: String) -> Result<Manifest, Error> {
    let (console, caller) = super::context::reader().await?;
    let not_found = || Error::NotFound { what: ssr::full_name(&name, &reference) };
    let parsed = ssr::parse(&name, &reference).filter(|(name, _)| caller.may_pull(name));
    let (repository, parsed) = parsed.ok_or_else(not_found)?;
    if let Source::Remote(remote) = super::context::source(&console).await? {
        let told = ssr::remote(&remote, remote.manifest(&repository, &parsed).await).await?;
        let (view, relations) = told.told.ok_or_else(not_found)?;
        return Ok(Manifest { repository, view, relations, surroundings: told.surroundings });
    }
    let view = console.registry.manifest_view(&repository, &parsed).await.map_err(super::context::internal)?;
    let view = view.ok_or_else(not_found)?;
    let visible = console.guard.visible(&caller).await.map_err(super::context::internal)?;
    let relations = console.registry.relations(&repository, &view.digest, &visible).await;
    let relations = relations.map_err(super::context::internal)?;
    Ok(Manifest { repository, view, relations, surroundings: ssr::surroundings(None).await? })
}

/// The repository whose name is nearest to one that is not there.
///
/// # Errors
/// The database is broken.
#[server(endpoint = "nearest_repository", input = Json, output = crate::api::encoding::Answer)]
pub async fn nearest_repository(name: String) -> Result<Option<RepositoryName>, Error> {
    let (console, caller) = super::context::reader().await?;
    // No name is longer, and comparing takes time by its length.
    if name.len() > humpback::oci::reference::REPOSITORY_NAME_MAX {
        return Ok(None);
    }
    if matches!(super::context::source(&console).await?, Source::Remote(_)) {
        return Ok(None);
    }
    let visible = console.guard.visible(&caller).await.map_err(super::context::internal)?;
    console.registry.nearest_repository(&name, &visible).await.map_err(super::context::internal)
}

/// What would be lost and what would stay if the tag were deleted.
///
/// # Errors
/// [`Error::Unauthorised`], or [`Error::NotFound`] if there is no such tag.
#[server(endpoint = "tag_deletion", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_tag_deletion(repository: String, tag: String) -> Result<TagDeletion, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let not_found = || Error::NotFound { what: ssr::full_name(&repository, &tag) };
    ssr::only_here(&console, not_found).await?;
    let tag = Tag::parse(&tag).map_err(|_| not_found())?;
    let (name, reference) = ssr::parse(&repository, tag.as_str()).ok_or_else(not_found)?;
    let view = console.registry.manifest_view(&name, &reference).await.map_err(super::context::internal)?;
    let view = view.ok_or_else(not_found)?;
    let other_tags = view.tags.into_iter().filter(|other| *other != tag).collect();
    let registry = super::registry_address::registry_address().await?.in_commands();
    Ok(TagDeletion { repository: name, tag, digest: view.digest, other_tags, registry })
}

/// Takes a tag away; what it named stays, by digest and by its other tags. The number by which it can be undone. A plain
/// form is led back to the repository, which offers that.
///
/// # Errors
/// [`Error::Unauthorised`], or [`Error::NotFound`] if someone was faster.
#[server(endpoint = "delete_tag", output = crate::api::encoding::Answer)]
pub async fn delete_tag(repository: String, tag: String) -> Result<Option<i64>, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let not_found = || Error::NotFound { what: ssr::full_name(&repository, &tag) };
    ssr::only_here(&console, not_found).await?;
    let name = RepositoryName::parse(&repository).map_err(|_| not_found())?;
    let tag = Tag::parse(&tag).map_err(|_| not_found())?;
    let registry = console.registry.on_behalf_of(super::context::cause(&who));
    let by = super::context::actor(&who);
    let deleted = registry.delete_tags(&name, std::slice::from_ref(&tag), &by).await.map_err(ssr::refused)?;
    let deleted = deleted.ok_or_else(not_found)?;
    tracing::info!(repository = %name, %tag, by = %who.name, "Deleted the tag {name}:{tag}");
    super::session::ssr::lead_to(&super::undo::repository_note(&name, "tag-deleted", tag.as_str(), deleted.undo));
    Ok(deleted.undo)
}

#[cfg(feature = "ssr")]
pub(super) use ssr::surroundings;

#[cfg(feature = "ssr")]
pub(super) mod ssr {
    use humpback::{
        account::Role,
        config::{RegistryAddress, Scheme},
        explorer::RemoteFailure,
        oci::{Reference, RepositoryName},
        remote::RemoteReader,
        source::Source,
    };

    use super::{Surroundings, View};
    use crate::api::{Error, context, preferences, registry_address::registry_address};

    /// The cookie that remembers how repositories are listed.
    const VIEW_COOKIE: &str = "humpback_repositories";

    /// How repositories are listed: as is `chosen` now, which is remembered, or as was chosen before.
    pub(super) fn view(chosen: Option<View>) -> View {
        if let Some(view) = chosen {
            preferences::remember(VIEW_COOKIE, view.as_str());
            return view;
        }
        preferences::cookie(VIEW_COOKIE).and_then(|word| View::of_word(&word)).unwrap_or_default()
    }

    /// What the engine refuses for a reason that the administrator knows is told; the rest is our own fault.
    pub(in crate::api) fn refused(error: humpback::registry::Error) -> Error {
        match error {
            humpback::registry::Error::ReadOnly => Error::Unavailable { message: error.to_string() },
            error => context::internal(error),
        }
    }

    /// What another registry has told, or why it has not.
    pub(super) async fn remote<R>(
        remote: &RemoteReader,
        told: Result<R, RemoteFailure>,
    ) -> Result<super::Remote<R>, Error> {
        let address = remote.address();
        match told {
            Ok(told) => Ok(super::Remote { told, surroundings: surroundings(Some(address)).await? }),
            Err(failure) => {
                tracing::warn!(%address, %failure, "The registry at {address} could not be read: {failure}");
                Err(Error::Remote { address, failure })
            }
        }
    }

    /// What is shown from another registry can't be changed here, and is not what lies here under the same name.
    pub(in crate::api) async fn only_here(
        console: &context::Console,
        not_found: impl Fn() -> Error,
    ) -> Result<(), Error> {
        match context::source(console).await? {
            Source::This => Ok(()),
            Source::Remote(_) => Err(not_found()),
        }
    }

    pub(in crate::api) async fn surroundings(remote: Option<String>) -> Result<Surroundings, Error> {
        let console = context::console()?;
        let address = registry_address().await?;
        let scheme = RegistryAddress::parse(&address.text).ok().and_then(|address| address.scheme());
        Ok(Surroundings {
            registry: address.in_commands(),
            // Where nobody has said it, as this page was opened.
            plain_http: scheme.map_or_else(|| !context::came_over_https(), |scheme| scheme == Scheme::Http),
            enabled: console.config.current().value.private_registry_enabled,
            administrator: context::signed_in().await?.is_some_and(|account| account.role == Role::Administrator),
            remote,
            now: console.clock.now(),
        })
    }

    pub(super) fn parse(name: &str, reference: &str) -> Option<(RepositoryName, Reference)> {
        Some((RepositoryName::parse(name).ok()?, Reference::parse(reference).ok()?))
    }

    /// `team/app:1.0` or `team/app@sha256:…`, whatever stands in them.
    pub(super) fn full_name(name: &str, reference: &str) -> String {
        let sign = if reference.contains(':') { '@' } else { ':' };
        format!("{name}{sign}{reference}")
    }
}
