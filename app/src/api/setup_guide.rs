//! The setup guide in the reader's language. Open to anyone: whoever may pull has to know how.
//!
//! Written here and not in the browser, which would have to load every text of every target for the few that one
//! reader needs.

use humpback::setup_guide::{Role, Severity, merge::Line};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;

#[cfg(feature = "ssr")]
mod words;
#[cfg(feature = "ssr")]
mod written;

/// What there is to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// The targets, by group, in the order in which they are offered. Never empty.
    pub groups: Vec<Group>,
    /// The ways to trust a registry, the best first.
    pub trusts: Vec<TrustChoice>,
}

/// Targets that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What they have in common.
    pub name: String,
    /// In the order in which they are offered.
    pub targets: Vec<TargetChoice>,
}

/// A target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetChoice {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What people may type to find it, in lower case; its name is among it.
    pub search: String,
    /// Why its version is asked for.
    pub question: String,
    /// Its versions, the first to be taken without a wish.
    pub versions: Vec<Choice>,
    /// Whether HTTPS is set up alike in all of them, so that there is nothing to ask.
    pub tls_is_alike: bool,
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// A way to trust a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustChoice {
    /// The way.
    pub choice: Choice,
    /// What it means for those who use it.
    pub means: String,
}

/// What a guide is asked for with: what stands in the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The target's slug; anything else means the first target.
    #[serde(default)]
    pub target: String,
    /// The version's slug; anything else means the first version.
    #[serde(default)]
    pub version: String,
    /// The slug of the way to trust; anything else means what the address suggests.
    #[serde(default)]
    pub trust: String,
    /// The registry's address as it is typed.
    #[serde(default)]
    pub address: String,
    /// The language to write in, as in `<html lang>`.
    #[serde(default)]
    pub language: String,
}

/// A guide, written out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// What is set up.
    pub title: String,
    /// The registry's URL.
    pub url: String,
    /// What image names begin with.
    pub prefix: String,
    /// The authority that the registry hands out, where clients need it.
    pub authority: Option<WrittenAuthority>,
    /// Who runs the commands.
    pub shell: String,
    /// What to know before beginning.
    pub notes: Vec<WrittenNote>,
    /// What to do, in order.
    pub steps: Vec<WrittenStep>,
    /// The files that can be merged, in order.
    pub files: Vec<WrittenFile>,
    /// The script that does the steps, if there is one.
    pub script: Option<WrittenScript>,
    /// The guide as Markdown.
    pub markdown: String,
}

/// The authority that signed the registry's certificate, to download and to compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenAuthority {
    /// Where it is on this server.
    pub path: String,
    /// What it consists of.
    pub certificates: Vec<WrittenCertificate>,
}

/// What people tell a certificate by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenCertificate {
    /// Whom it names; empty where it names nobody.
    pub subject: String,
    /// Its SHA-256, as openssl prints it.
    pub fingerprint: String,
    /// When it ends, if that is known.
    #[serde(with = "time::serde::rfc3339::option")]
    pub until: Option<OffsetDateTime>,
}

/// A script, and how it comes to the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenScript {
    /// Its file's name.
    pub name: String,
    /// Where it is on this server.
    pub path: String,
    /// The commands that fetch it, show what it would do, and run it.
    pub commands: String,
    /// Its text, whole.
    pub text: String,
}

/// A file that can be merged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenFile {
    /// Its path, or what it is.
    pub name: String,
    /// What to paste.
    pub caption: String,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MergedFile {
    /// It was merged.
    Merged {
        /// Its path, or what it is.
        name: String,
        /// Its whole text.
        text: String,
        /// What changed; empty where nothing had to.
        lines: Vec<Line>,
        /// What else is to be known.
        remarks: Vec<String>,
    },
    /// It was not.
    Refused {
        /// Its path, or what it is.
        name: String,
        /// Why, and what to do.
        reason: String,
        /// The line and the column, both from 1.
        place: Option<(usize, Option<usize>)>,
        /// What the parser said, in its own words.
        detail: String,
    },
}

/// Something to know. Code stands between backticks, as in all texts here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenNote {
    /// How loudly it speaks.
    pub severity: Severity,
    /// What it says.
    pub text: String,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenStep {
    /// What is done.
    pub title: String,
    /// Why, and what the outcome means.
    pub why: String,
    /// When it is to be done; `None` for always.
    pub only: Option<String>,
    /// What to copy and to compare with.
    pub snippets: Vec<WrittenSnippet>,
    /// What to know while doing it.
    pub notes: Vec<WrittenNote>,
}

/// A text to copy or to compare with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenSnippet {
    /// What it is.
    pub role: Role,
    /// The file it belongs to.
    pub file: Option<String>,
    /// The text.
    pub text: String,
}

/// The files as they are to be, in the order of [`Written::files`]; `None` while the address is not one. What is
/// pasted is neither stored nor logged.
///
/// # Errors
/// None of its own.
#[server(endpoint = "setup_merge", output = crate::api::encoding::Answer)]
pub async fn setup_merge(
    asked: Asked,
    #[server(default)] pasted: Vec<String>,
) -> Result<Option<Vec<MergedFile>>, Error> {
    super::context::anyone()?;
    Ok(written::merged(&asked, &pasted))
}

/// What there is to choose from, in `language`.
///
/// # Errors
/// None of its own.
#[server(endpoint = "setup_catalogue", output = crate::api::encoding::Answer)]
pub async fn setup_catalogue(language: String) -> Result<Catalogue, Error> {
    super::context::anyone()?;
    Ok(written::catalogue(words::Words::of(&language)))
}

/// The guide for what is asked; `None` while the address is not one.
///
/// # Errors
/// None of its own.
#[server(endpoint = "setup_steps", output = crate::api::encoding::Answer)]
pub async fn setup_steps(asked: Asked) -> Result<Option<Written>, Error> {
    super::context::anyone()?;
    let authority = authority().await;
    Ok(written::guide(&asked, authority.as_ref()))
}

/// What the registry knows of its authority.
#[cfg(feature = "ssr")]
async fn authority() -> Option<humpback::setup_guide::Authority> {
    let parts = use_context::<axum::http::request::Parts>()?;
    parts.extensions.get::<humpback::authority::AuthorityFiles>()?.current().await
}
