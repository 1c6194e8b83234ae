//! Whether a client's request may do what it asks for: reads `Authorization`, and says what is missing in
//! `WWW-Authenticate`, as Distribution writes it (registry/auth; docs/content/spec/auth/token.md).
//!
//! Which request needs what is decided at the doors, `v2` and `v1`. Deleting where nobody has to sign in has rules of
//! its own there.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    auth::{
        self, Htpasswd, Tokens,
        token::{Grant, InvalidToken},
    },
    config::AccessKind,
    oci::RepositoryName,
    proxy::Arrival,
};

mod challenge;

/// Who may use the API: one kind, as configured at start.
#[derive(Clone, Debug, Default)]
pub enum Guard {
    /// Anyone.
    #[default]
    Open,
    /// The users of a file, and each of them everything.
    Htpasswd(Htpasswd),
    /// Whoever another server gives a token to, and what the token says.
    Token(Tokens),
}

/// One thing that must be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wanted {
    /// `repository` or `registry`.
    #[serde(rename = "Type")]
    pub kind: &'static str,
    /// The kind's class; Distribution's bodies have it, and it is empty.
    #[serde(rename = "Class")]
    class: &'static str,
    /// Which one.
    #[serde(rename = "Name")]
    pub name: String,
    /// `pull`, `push`, `delete` or `*`.
    #[serde(rename = "Action")]
    pub action: &'static str,
}

const REPOSITORY: &str = "repository";

impl Wanted {
    /// To read a repository.
    pub fn pull(name: &RepositoryName) -> Self {
        Self::repository(name, "pull")
    }

    /// To write into a repository, beside reading it.
    pub fn push(name: &RepositoryName) -> Self {
        Self::repository(name, "push")
    }

    /// To take away from a repository.
    pub fn delete(name: &RepositoryName) -> Self {
        Self::repository(name, "delete")
    }

    /// To list all repositories.
    pub fn catalog() -> Self {
        Self { kind: "registry", class: "", name: "catalog".to_owned(), action: "*" }
    }

    fn repository(name: &RepositoryName, action: &'static str) -> Self {
        Self { kind: REPOSITORY, class: "", name: name.to_string(), action }
    }
}

/// Who was let in.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The user's name; `None` where nobody has to tell it.
    pub name: Option<String>,
    /// `None` where whoever is let in may read everything.
    grant: Option<Arc<Grant>>,
}

impl Caller {
    /// Someone with a name who may read everything.
    pub const fn named(name: String) -> Self {
        Self { name: Some(name), grant: None }
    }

    /// Whether the caller may read `repository`, too: a blob may be mounted from there.
    pub fn may_pull(&self, repository: &RepositoryName) -> bool {
        self.grant.as_ref().is_none_or(|grant| grant.allows(REPOSITORY, repository.as_str(), "pull"))
    }
}

/// Why a request was not let in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The client has to say who it is, or something better than it did.
    #[error("authentication required")]
    Unauthorised {
        /// What it should send: the header `WWW-Authenticate`.
        challenge: HeaderValue,
        /// What it wanted, as Distribution tells it in the body's `detail`.
        detail: Value,
    },
    /// Too many failed attempts, or something is broken.
    #[error(transparent)]
    Auth(#[from] auth::Error),
}

impl Guard {
    /// Which kind it is, for the console.
    pub const fn kind(&self) -> AccessKind {
        match self {
            Self::Open => AccessKind::Open,
            Self::Htpasswd(_) => AccessKind::Htpasswd,
            Self::Token(_) => AccessKind::Token,
        }
    }

    /// Lets a request in that wants all of `wanted`.
    ///
    /// # Errors
    /// It is not let in.
    pub async fn admit(&self, wanted: &[Wanted], headers: &HeaderMap, arrival: Arrival<'_>) -> Result<Caller, Refusal> {
        match self {
            Self::Open => Ok(Caller::default()),
            Self::Htpasswd(users) => {
                let refusal =
                    || Refusal::Unauthorised { challenge: challenge::basic(users.realm()), detail: json!(wanted) };
                let (name, password) = basic(headers).ok_or_else(refusal)?;
                match users.verify(&name, password.into(), arrival.client()).await {
                    Ok(()) => Ok(Caller::named(name)),
                    Err(auth::Error::Credentials) => Err(refusal()),
                    Err(error) => Err(error.into()),
                }
            }
            Self::Token(tokens) => {
                let refuse = |problem| Refusal::Unauthorised {
                    challenge: challenge::bearer(tokens.options(), wanted, problem, headers, arrival),
                    detail: json!(wanted),
                };
                let token = credentials(headers, "bearer").ok_or_else(|| refuse(None))?;
                let grant = tokens.verify(token).map_err(|error: InvalidToken| {
                    tracing::info!(reason = %error, "A token was refused: {error}");
                    refuse(Some(challenge::Problem::InvalidToken))
                })?;
                if !wanted.iter().all(|wanted| grant.allows(wanted.kind, &wanted.name, wanted.action)) {
                    return Err(refuse(Some(challenge::Problem::InsufficientScope)));
                }
                let name = Some(grant.subject.clone()).filter(|name| !name.is_empty());
                Ok(Caller { name, grant: Some(grant) })
            }
        }
    }
}

/// What follows the scheme in `Authorization`, if it is this scheme.
fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (found, credentials) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let credentials = credentials.trim();
    (found.eq_ignore_ascii_case(scheme) && !credentials.is_empty()).then_some(credentials)
}

/// The name and password of an `Authorization: Basic` header (RFC 7617).
pub fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = String::from_utf8(BASE64_STANDARD.decode(credentials(headers, "basic")?).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
