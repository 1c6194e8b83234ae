//! Deleting several tags or a whole repository, setting tags, and taking all of that back: an administrator's. The
//! history of tags is for everyone who may pull.

use humpback::{
    explorer::{KeptDeletion, List, RepositorySummary, TagChange},
    oci::{Digest, RepositoryName, Tag},
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;

/// One page of the changes of a repository's tags, or of one tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagHistory {
    /// The repository.
    pub repository: RepositoryName,
    /// The tag, if only its changes are asked for.
    pub tag: Option<Tag>,
    /// The page.
    pub list: List<TagChange>,
    /// Which page it is, from 1.
    pub page: u32,
    /// Whether the reader is an administrator.
    pub administrator: bool,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// One page of what was deleted and can be restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletions {
    /// The page.
    pub list: List<KeptDeletion>,
    /// Which page it is, from 1.
    pub page: u32,
    /// For how many hours what is deleted is kept; 0 if nothing is.
    pub kept_hours: u64,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// What goes with a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryDeletion {
    /// The repository.
    pub summary: RepositorySummary,
    /// How clients name the registry.
    pub registry: String,
    /// For how many hours what is deleted is kept; 0 if nothing is.
    pub kept_hours: u64,
}

/// Tags that are to be deleted together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsDeletion {
    /// The repository.
    pub repository: RepositoryName,
    /// Those that are there, and what they name.
    pub tags: Vec<(Tag, Digest)>,
    /// For how many hours what is deleted is kept; 0 if nothing is.
    pub kept_hours: u64,
}

/// A manifest that is to get a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagPlace {
    /// The repository.
    pub repository: RepositoryName,
    /// The manifest.
    pub digest: Digest,
    /// The tags that it has.
    pub tags: Vec<Tag>,
}

/// One page of the changes of a repository's tags, or of `tag` alone if it is not empty; the newest come first. Who made
/// them is told to those alone who are signed in.
///
/// # Errors
/// [`Error::NotFound`] if nothing was ever pushed there.
#[server(endpoint = "tag_history", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_tag_history(name: String, tag: String, page: u32) -> Result<TagHistory, Error> {
    use super::context::{internal, reader, signed_in};

    let (console, caller) = reader().await?;
    let not_found = || Error::NotFound { what: name.clone() };
    let repository = RepositoryName::parse(&name).ok().filter(|name| caller.may_pull(name)).ok_or_else(not_found)?;
    let tag = if tag.is_empty() { None } else { Some(Tag::parse(&tag).map_err(|_| not_found())?) };
    let page = page.clamp(1, 1_000_000);
    let mut list = console.registry.tag_changes(&repository, tag.as_ref(), page).await.map_err(internal)?;
    if list.total == 0 && !console.registry.has_repository(&repository).await.map_err(internal)? {
        return Err(not_found());
    }
    let account = signed_in().await?;
    if account.is_none() {
        list.rows.iter_mut().for_each(|change| change.by.clear());
    }
    let administrator = account.is_some_and(|account| account.role == humpback::account::Role::Administrator);
    Ok(TagHistory { repository, tag, list, page, administrator, now: console.clock.now() })
}

/// One page of what was deleted and can be restored, the newest first.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or something is broken.
#[server(endpoint = "list_deletions", input = Json, output = crate::api::encoding::Answer)]
pub async fn list_deletions(page: u32) -> Result<Deletions, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let page = page.clamp(1, 1_000_000);
    let list = console.registry.kept_deletions(page).await.map_err(super::context::internal)?;
    Ok(Deletions { list, page, kept_hours: ssr::kept_hours(&console), now: console.clock.now() })
}

/// What would go with a repository.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or [`Error::NotFound`] if there is no such repository.
#[server(endpoint = "repository_deletion", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_repository_deletion(repository: String) -> Result<RepositoryDeletion, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let not_found = || Error::NotFound { what: repository.clone() };
    super::repositories::ssr::only_here(&super::context::console()?, not_found).await?;
    let name = RepositoryName::parse(&repository).map_err(|_| not_found())?;
    let summary = console.registry.repository_summary(&name).await.map_err(super::context::internal)?;
    let registry = super::registry_address::registry_address().await?.in_commands();
    Ok(RepositoryDeletion { summary: summary.ok_or_else(not_found)?, registry, kept_hours: ssr::kept_hours(&console) })
}

/// The tags among `tags` that are there: they would go.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or [`Error::NotFound`] if none of them is there.
#[server(endpoint = "tags_deletion", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_tags_deletion(repository: String, tags: Vec<String>) -> Result<TagsDeletion, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let not_found = || Error::NotFound { what: repository.clone() };
    super::repositories::ssr::only_here(&super::context::console()?, not_found).await?;
    let name = RepositoryName::parse(&repository).map_err(|_| not_found())?;
    let mut found = Vec::new();
    for tag in ssr::tags(&tags) {
        let reference = humpback::oci::Reference::Tag(tag.clone());
        let manifest = console.registry.manifest(&name, &reference).await.map_err(super::context::internal)?;
        found.extend(manifest.map(|manifest| (tag, manifest.digest)));
    }
    if found.is_empty() {
        return Err(not_found());
    }
    Ok(TagsDeletion { repository: name, tags: found, kept_hours: ssr::kept_hours(&console) })
}

/// The manifest that a tag or a digest names, to be tagged.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or [`Error::NotFound`] if there is none.
#[server(endpoint = "tag_place", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_tag_place(repository: String, reference: String) -> Result<TagPlace, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let not_found = || Error::NotFound { what: format!("{repository} {reference}") };
    super::repositories::ssr::only_here(&super::context::console()?, not_found).await?;
    let name = RepositoryName::parse(&repository).map_err(|_| not_found())?;
    let reference = humpback::oci::Reference::parse(&reference).map_err(|_| not_found())?;
    let view = console.registry.manifest_view(&name, &reference).await.map_err(super::context::internal)?;
    let view = view.ok_or_else(not_found)?;
    Ok(TagPlace { repository: name, digest: view.digest, tags: view.tags })
}

/// Takes several tags away in one step; what they named stays. The page that says so, and offers to undo it.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or [`Error::NotFound`] if someone was faster.
#[server(endpoint = "delete_tags", output = crate::api::encoding::Answer)]
pub async fn delete_tags(repository: String, tags: Vec<String>) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let registry = ssr::registry(&who)?;
    let not_found = || Error::NotFound { what: repository.clone() };
    super::repositories::ssr::only_here(&super::context::console()?, not_found).await?;
    let name = RepositoryName::parse(&repository).map_err(|_| not_found())?;
    let deleted = registry.delete_tags(&name, &ssr::tags(&tags), &super::context::actor(&who)).await;
    let deleted = deleted.map_err(super::repositories::ssr::refused)?.ok_or_else(not_found)?;
    tracing::info!(repository = %name, tags = deleted.tags, by = %who.name, "Deleted {} tags of {name}", deleted.tags);
    Ok(ssr::lead(repository_note(&name, "tags-deleted", &deleted.tags.to_string(), deleted.undo)))
}

/// Takes a repository away with all in it, if its name was typed. The page that says so, and offers to undo it.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], [`Error::NotFound`] if there is none, or [`Error::Invalid`] if something
/// else was typed.
#[server(endpoint = "delete_repository", output = crate::api::encoding::Answer)]
pub async fn delete_repository(repository: String, #[server(default)] confirmation: String) -> Result<String, Error> {
    use super::{FieldError, Problem};

    let who = super::context::administrator().await?;
    let registry = ssr::registry(&who)?;
    let not_found = || Error::NotFound { what: repository.clone() };
    super::repositories::ssr::only_here(&super::context::console()?, not_found).await?;
    let name = RepositoryName::parse(&repository).map_err(|_| not_found())?;
    if !registry.has_repository(&name).await.map_err(super::context::internal)? {
        return Err(not_found());
    }
    if confirmation.trim() != name.as_str() {
        let fields = vec![FieldError::new("confirmation", Problem::Confirmation)];
        return Err(Error::Invalid { fields, typed: [("confirmation".to_owned(), confirmation)].into() });
    }
    let deleted = registry.delete_repository(&name, &super::context::actor(&who)).await;
    let deleted = deleted.map_err(super::repositories::ssr::refused)?.ok_or_else(not_found)?;
    tracing::info!(repository = %name, manifests = deleted.manifests, by = %who.name, "Deleted the repository {name}");
    Ok(ssr::lead(note("/manage/deleted?", "repository-deleted", name.as_str(), deleted.undo)))
}

/// Undoes a deletion. The page on which what was deleted is seen again.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or [`Error::NotFound`] if it is not kept any more, or was undone already.
#[server(endpoint = "restore_deletion", output = crate::api::encoding::Answer)]
pub async fn restore_deletion(id: i64) -> Result<String, Error> {
    use humpback::explorer::DeletionKind;

    let who = super::context::administrator().await?;
    let restored = ssr::registry(&who)?.restore(id, &super::context::actor(&who)).await;
    let restored = restored.map_err(super::repositories::ssr::refused)?;
    let restored = restored.ok_or_else(|| Error::NotFound { what: format!("#{id}") })?;
    let name = &restored.repository;
    tracing::info!(repository = %name, deletion = id, by = %who.name, "Restored what was deleted of {name}");
    let moved = restored.tags.iter().filter(|tag| tag.moved_from.is_some()).count();
    let (word, what) = match restored.kind {
        DeletionKind::Tags => ("tags-restored", restored.tags.len() as u64),
        DeletionKind::Manifest => ("manifest-restored", restored.manifests),
        DeletionKind::Repository => ("repository-restored", restored.manifests),
    };
    let mut path = repository_note(name, word, &what.to_string(), None);
    if moved > 0 {
        path.push_str(&format!("&moved={moved}"));
    }
    if !restored.lost.is_empty() {
        path.push_str(&format!("&lost={}", restored.lost.len()));
    }
    Ok(ssr::lead(path))
}

/// Puts a tag back on what it named before a change. The tag's page, which says so.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or [`Error::NotFound`] if what it named is gone.
#[server(endpoint = "restore_tag", output = crate::api::encoding::Answer)]
pub async fn restore_tag(id: i64) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let undone = ssr::registry(&who)?.undo_tag_change(id, &super::context::actor(&who)).await;
    let undone = undone.map_err(super::repositories::ssr::refused)?;
    let undone = undone.ok_or_else(|| Error::NotFound { what: format!("#{id}") })?;
    let (name, tag) = (&undone.repository, &undone.tag.tag);
    tracing::info!(repository = %name, %tag, by = %who.name, "Put {name}:{tag} back");
    let word = if undone.tag.moved_from.is_some() { "tag-moved-back" } else { "tag-restored" };
    Ok(ssr::lead(repository_note(name, word, tag.as_str(), None)))
}

/// Puts a tag on a manifest; one that names another manifest moves only if `moves` says so. The tag's page, which says
/// what was done.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], [`Error::NotFound`] if there is no such manifest, or [`Error::Invalid`]
/// if the tag is not one, or would have to be moved.
#[server(endpoint = "put_tag", output = crate::api::encoding::Answer)]
pub async fn put_tag(
    repository: String,
    digest: String,
    tag: String,
    #[server(default)] moves: bool,
) -> Result<String, Error> {
    use humpback::{metadata::TagPut, oci::Reference};

    use super::{FieldError, Problem};

    let who = super::context::administrator().await?;
    let registry = ssr::registry(&who)?;
    let not_found = || Error::NotFound { what: format!("{repository}@{digest}") };
    super::repositories::ssr::only_here(&super::context::console()?, not_found).await?;
    let name = RepositoryName::parse(&repository).map_err(|_| not_found())?;
    let target = Digest::parse(&digest).map_err(|_| not_found())?;
    let there = registry.manifest(&name, &Reference::Digest(target.clone())).await;
    there.map_err(super::context::internal)?.ok_or_else(not_found)?;
    let invalid = |problem| Error::Invalid {
        fields: vec![FieldError::new("tag", problem)],
        typed: [("tag".to_owned(), tag.clone())].into(),
    };
    let parsed = Tag::parse(tag.trim()).map_err(|_| invalid(Problem::TagName))?;
    let present = registry.manifest(&name, &Reference::Tag(parsed.clone())).await.map_err(super::context::internal)?;
    if let Some(present) = present.filter(|present| present.digest != target && !moves) {
        return Err(invalid(Problem::TagElsewhere { digest: present.digest }));
    }
    let put = registry.put_tag(&name, &parsed, &target, &super::context::actor(&who)).await;
    let put = put.map_err(super::repositories::ssr::refused)?.ok_or_else(not_found)?;
    tracing::info!(repository = %name, tag = %parsed, by = %who.name, "Put {name}:{parsed} on {target}");
    let word = match put {
        TagPut::New => "tag-added",
        TagPut::Moved(_) => "tag-moved",
        TagPut::Unchanged => "tag-unchanged",
    };
    Ok(ssr::lead(repository_note(&name, word, parsed.as_str(), None)))
}

/// A repository's page, with a note of what was done there.
#[cfg(feature = "ssr")]
pub(super) fn repository_note(name: &RepositoryName, word: &str, what: &str, undo: Option<i64>) -> String {
    note(&format!("/repositories/{name}?"), word, what, undo)
}

#[cfg(feature = "ssr")]
fn note(page: &str, word: &str, what: &str, undo: Option<i64>) -> String {
    let undo = undo.map(|id| format!("&undo={id}")).unwrap_or_default();
    format!("{page}done={word}&what={}{undo}", crate::format::escape(what))
}

#[cfg(feature = "ssr")]
mod ssr {
    use humpback::{metadata::Account, oci::Tag, registry::Registry};

    use crate::api::{
        Error,
        context::{self, Console},
        session::ssr::lead_to,
    };

    /// So many tags are deleted in one step at most: more than stand on a page.
    const TAGS_MAX: usize = 200;

    pub(super) fn lead(path: String) -> String {
        lead_to(&path);
        path
    }

    /// The engine, acting for `who`.
    pub(super) fn registry(who: &Account) -> Result<Registry, Error> {
        Ok(context::console()?.registry.on_behalf_of(context::cause(who)))
    }

    pub(super) fn kept_hours(console: &Console) -> u64 {
        console.registry.undo_time().whole_hours().unsigned_abs()
    }

    /// The tags among the texts, each once.
    pub(super) fn tags(texts: &[String]) -> Vec<Tag> {
        let mut tags: Vec<Tag> = texts.iter().take(TAGS_MAX).filter_map(|text| Tag::parse(text).ok()).collect();
        tags.sort_unstable();
        tags.dedup();
        tags
    }
}
