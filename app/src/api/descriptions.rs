//! What is said of a repository, in Markdown. Everyone who may pull reads it with the repository; whoever may administer
//! the repository writes it.

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::Error;

/// A description to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditedDescription {
    /// The repository.
    pub name: String,
    /// Markdown, as it was typed; empty if nothing was ever said.
    pub content: String,
    /// The same as HTML, made harmless.
    pub html: String,
}

/// Where a repository's description is changed.
pub fn description_path(name: &str) -> String {
    format!("/describe/{}", crate::format::escape(name))
}

/// What is said of a repository, for whoever may change it.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], [`Error::NotFound`], or something is broken.
#[server(endpoint = "read_description", input = Json, output = crate::api::encoding::Answer)]
pub async fn read_description(name: String) -> Result<EditedDescription, Error> {
    let (console, _, repository) = ssr::writer(&name).await?;
    let internal = super::context::internal;
    if console.registry.repository_summary(&repository).await.map_err(internal)?.is_none() {
        return Err(Error::NotFound { what: name });
    }
    let description = console.registry.description(&repository).await.map_err(internal)?;
    let content = description.map(|description| description.content).unwrap_or_default();
    let html = crate::markdown::render(&content);
    Ok(EditedDescription { name: repository.into(), content, html })
}

/// Says something of a repository; nothing any more, if it is empty. Returns where to go.
///
/// # Errors
/// As for [`read_description`], or [`Error::Invalid`].
#[server(endpoint = "save_description", output = crate::api::encoding::Answer)]
pub async fn save_description(name: String, #[server(default)] text: String) -> Result<String, Error> {
    let (console, who, repository) = ssr::writer(&name).await?;
    let content = ssr::check(&text)?;
    let by = super::context::actor(&who);
    if !console.registry.describe(&repository, &content, &by).await.map_err(super::context::internal)? {
        return Err(Error::NotFound { what: name });
    }
    tracing::info!(%repository, by = %who.name, bytes = content.len(), "Described the repository {repository}");
    let path = format!("/repositories/{repository}");
    if super::context::wants_html() {
        leptos_axum::redirect(&path);
    }
    Ok(path)
}

/// What Markdown will look like. For whoever is signed in: it takes the server's time.
///
/// # Errors
/// [`Error::Unauthorised`], or [`Error::Invalid`] if it is too long.
#[server(endpoint = "preview_description", input = Json, output = crate::api::encoding::Answer)]
pub async fn preview_description(content: String) -> Result<String, Error> {
    super::context::account().await?;
    Ok(crate::markdown::render(&ssr::check(&content)?))
}

#[cfg(feature = "ssr")]
mod ssr {
    use humpback::{account::Role, explorer::DESCRIPTION_BYTES_MAX, metadata::Account, oci::RepositoryName};

    use crate::api::{
        Error, FieldError, Problem,
        context::{self, Console},
    };

    /// Lets in whoever may administer the repository.
    pub(super) async fn writer(name: &str) -> Result<(Console, Account, RepositoryName), Error> {
        let account = context::account().await?;
        let (console, caller) = context::reader().await?;
        let repository = RepositoryName::parse(name).ok().filter(|name| caller.may_pull(name));
        let repository = repository.ok_or_else(|| Error::NotFound { what: name.to_owned() })?;
        let elsewhere = || Error::NotFound { what: name.to_owned() };
        crate::api::repositories::ssr::only_here(&console, elsewhere).await?;
        if account.role != Role::Administrator && !caller.may_administer(&repository) {
            return Err(Error::Forbidden);
        }
        Ok((console, account, repository))
    }

    /// What was typed, with plain line ends.
    pub(super) fn check(content: &str) -> Result<String, Error> {
        let content = content.replace("\r\n", "\n");
        let content = content.trim_end();
        if content.len() > DESCRIPTION_BYTES_MAX {
            return Err(Error::invalid(vec![FieldError::new("text", Problem::TextTooLong)]));
        }
        Ok(content.to_owned())
    }
}
