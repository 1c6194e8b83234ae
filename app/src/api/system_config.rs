//! Manage → System Config: for administrators; and what of it everyone may know.

use humpback::config::{AccessKind, RegistryAddress, SystemConfig, Versioned};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What is in force.
    pub current: Versioned<SystemConfig>,
    /// What was in force before, to go back to.
    pub previous: Option<SystemConfig>,
    /// The address that the console was opened at: what other pages show while none is configured.
    pub opened_at: Option<RegistryAddress>,
    /// Who may pull and push.
    pub access: AccessKind,
    /// The server's time, for "5 minutes ago".
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// What everyone may know of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryStatus {
    /// Whether pushing and pulling is possible now.
    pub enabled: bool,
    /// Who may pull and push.
    pub access: AccessKind,
    /// The configured address.
    pub address: Option<RegistryAddress>,
    /// The address that the console was opened at; `None` where it can't be one of a registry.
    pub opened_at: Option<RegistryAddress>,
}

impl RegistryStatus {
    /// The address to show to people: the configured one, else the one that this page was opened at.
    pub fn shown_address(&self) -> Option<&RegistryAddress> {
        self.address.as_ref().or(self.opened_at.as_ref())
    }
}

/// Whether the registry serves, and where. Open to anyone: every page shows it.
///
/// # Errors
/// Something is broken.
#[server(endpoint = "load_registry_status", output = crate::api::encoding::Answer)]
pub async fn load_registry_status() -> Result<RegistryStatus, Error> {
    let console = super::context::anyone()?;
    let config = &console.config.current().value;
    Ok(RegistryStatus {
        enabled: config.private_registry_enabled,
        access: console.guard.kind(),
        address: config.address.clone(),
        opened_at: ssr::opened_at(),
    })
}

/// The configuration, for its page.
///
/// # Errors
/// [`Error::Unauthorised`], or something is broken.
#[server(endpoint = "load_system_config", output = crate::api::encoding::Answer)]
pub async fn load_system_config() -> Result<Settings, Error> {
    super::context::administrator().await?;
    let super::context::Console { config, clock, guard, .. } = super::context::console()?;
    let current = Versioned::clone(&config.current());
    let previous = config.previous(current.version).await.map_err(super::context::internal)?;
    Ok(Settings { current, previous, opened_at: ssr::opened_at(), access: guard.kind(), now: clock.now() })
}

/// What became of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is in force as this version.
    Saved(u64),
    /// All of it was in force already.
    Unchanged,
}

/// Saves the form if `expected_version` is still in force.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Invalid`], [`Error::Conflict`], or something is broken.
#[server(endpoint = "save_system_config", output = crate::api::encoding::Answer)]
pub async fn save_system_config(
    expected_version: u64,
    // A checkbox that is not ticked is not sent at all.
    #[server(default)] private_registry_enabled: bool,
    #[server(default)] address: String,
) -> Result<Outcome, Error> {
    let who = super::context::administrator().await?;
    let draft = humpback::config::Draft { private_registry_enabled, address };
    let saved = super::context::console()?.config.save(expected_version, &draft, &super::context::actor(&who)).await;
    let outcome = match saved {
        Ok(saved) if saved.version == expected_version => Outcome::Unchanged,
        Ok(saved) => Outcome::Saved(saved.version),
        Err(error) => return Err(ssr::refuse(error, draft)),
    };
    if super::context::wants_html() {
        leptos_axum::redirect(&match outcome {
            Outcome::Saved(version) => format!("/manage/system-config?saved={version}"),
            Outcome::Unchanged => "/manage/system-config?saved=none".to_owned(),
        });
    }
    Ok(outcome)
}

#[cfg(feature = "ssr")]
mod ssr {
    use std::collections::BTreeMap;

    use humpback::{
        config::{Draft, RegistryAddress, Versioned},
        config_store,
    };

    use crate::api::{Conflict, Error, context, sealed::Sealed};

    /// The address in the browser's address bar, as a proxy in front has told it or as it stands in the request.
    pub(super) fn opened_at() -> Option<RegistryAddress> {
        let host = context::arrived(|arrival| arrival.authority())?;
        RegistryAddress::parse(&host.to_string()).ok()
    }

    pub(super) fn refuse(error: config_store::Error, draft: Draft) -> Error {
        match error {
            config_store::Error::Invalid(problems) => Error::Invalid {
                fields: problems.into_iter().map(Into::into).collect(),
                typed: BTreeMap::from([
                    ("private_registry_enabled".into(), draft.private_registry_enabled.to_string()),
                    ("address".into(), draft.address),
                ]),
            },
            config_store::Error::Conflict { current } => {
                Error::Conflict(Sealed::new(&Conflict { current: Versioned::clone(&current), mine: draft }))
            }
            error @ config_store::Error::Metadata(_) => context::internal(error),
        }
    }
}
