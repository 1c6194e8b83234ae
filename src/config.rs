//! What an administrator changes while the registry runs: the page Manage → System Config.
//!
//! Pure: the browser and the server check a form with this same code, so they never disagree. Keeping and
//! publishing a configuration is `config_store`'s part; what the process needs before the database opens stands
//! elsewhere and is read once at start.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub mod access;
pub mod address;
pub mod change;
pub mod remote;

pub use access::AccessKind;
pub use address::{InvalidAddress, RegistryAddress, Scheme};
pub use change::{Change, changes};
pub use remote::{InvalidRemote, Owner};

/// The configuration in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SystemConfig {
    /// Whether `/v2/` serves. While it is off, every pull and push is refused with 503.
    pub private_registry_enabled: bool,
    /// The address by which clients reach the registry. `None`: pages show the address that they were opened at.
    /// Kept while the registry is disabled.
    pub address: Option<RegistryAddress>,
}

impl Default for SystemConfig {
    /// A fresh installation serves at once.
    fn default() -> Self {
        Self { private_registry_enabled: true, address: None }
    }
}

/// A value as it was saved for the `version`-th time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned<T> {
    /// 0 before the first save, then counting up by one.
    pub version: u64,
    /// What was saved.
    pub value: T,
    /// Who saved it and when; `None` before the first save.
    pub saved: Option<Saved>,
}

impl<T: Default> Default for Versioned<T> {
    fn default() -> Self {
        Self { version: 0, value: T::default(), saved: None }
    }
}

/// Who saved something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// In UTC, to the microsecond.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub at: OffsetDateTime,
    /// The user name of the administrator.
    pub by: String,
}

/// The form as it was typed, before anyone has judged it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The checkbox "Enable Private Registry".
    pub private_registry_enabled: bool,
    /// The text under "Registry address"; blank stands for none.
    pub address: String,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field {
    /// The checkbox "Enable Private Registry".
    PrivateRegistryEnabled,
    /// The text "Registry address".
    Address,
}

impl Field {
    /// The name of the form's input.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PrivateRegistryEnabled => "private_registry_enabled",
            Self::Address => "address",
        }
    }
}

/// Why a form can't be saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Problem {
    /// The registry address is not one.
    #[error("registry address: {0}")]
    Address(#[from] InvalidAddress),
}

impl Problem {
    /// The field that must be mended.
    pub const fn field(&self) -> Field {
        match self {
            Self::Address(_) => Field::Address,
        }
    }
}

impl Draft {
    /// The configuration that was meant.
    ///
    /// The address is checked also while the registry is disabled: it is kept, and the setup guide shows it.
    ///
    /// # Errors
    /// Every problem, in the order of the form's fields.
    pub fn validate(&self) -> Result<SystemConfig, Vec<Problem>> {
        let address = match self.address.trim() {
            "" => None,
            text => Some(RegistryAddress::parse(text).map_err(|problem| vec![problem.into()])?),
        };
        Ok(SystemConfig { private_registry_enabled: self.private_registry_enabled, address })
    }
}

impl From<&SystemConfig> for Draft {
    fn from(config: &SystemConfig) -> Self {
        Self {
            private_registry_enabled: config.private_registry_enabled,
            address: config.address.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_blank_address_means_none() {
        let draft = Draft { private_registry_enabled: true, address: "  ".into() };
        assert_eq!(draft.validate(), Ok(SystemConfig::default()));
    }

    #[test]
    fn a_disabled_registry_keeps_its_address() {
        let draft = Draft { private_registry_enabled: false, address: "registry.example.com:5000".into() };
        let config = draft.validate().unwrap();
        assert!(!config.private_registry_enabled);
        assert_eq!(Draft::from(&config), draft);
    }

    #[test]
    fn a_problem_names_its_field() {
        let draft = Draft { private_registry_enabled: false, address: "http://".into() };
        let problems = draft.validate().unwrap_err();
        assert_eq!(problems, [Problem::Address(InvalidAddress::HostMissing)]);
        assert_eq!(problems[0].field().name(), "address");
    }

    #[test]
    fn a_configuration_written_by_an_older_version_is_read_with_defaults() {
        assert_eq!(serde_json::from_str::<SystemConfig>("{}").unwrap(), SystemConfig::default());
    }
}
