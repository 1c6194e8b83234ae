//! What differs between two configurations, field by field, to be shown before and after a save.

use serde::{Deserialize, Serialize};

use super::{Field, RegistryAddress, SystemConfig};

/// One field's old and new value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// The registry was switched on or off.
    PrivateRegistryEnabled {
        /// Before.
        from: bool,
        /// After.
        to: bool,
    },
    /// Clients reach the registry by another address.
    Address {
        /// Before.
        from: Option<RegistryAddress>,
        /// After.
        to: Option<RegistryAddress>,
    },
}

impl Change {
    /// The field that differs.
    pub const fn field(&self) -> Field {
        match self {
            Self::PrivateRegistryEnabled { .. } => Field::PrivateRegistryEnabled,
            Self::Address { .. } => Field::Address,
        }
    }
}

/// What has to change in `from` to make it `to`, in the order of the form's fields. Empty when they are equal.
pub fn changes(from: &SystemConfig, to: &SystemConfig) -> Vec<Change> {
    let mut changes = Vec::new();
    if from.private_registry_enabled != to.private_registry_enabled {
        changes.push(Change::PrivateRegistryEnabled {
            from: from.private_registry_enabled,
            to: to.private_registry_enabled,
        });
    }
    if from.address != to.address {
        changes.push(Change::Address { from: from.address.clone(), to: to.address.clone() });
    }
    changes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn equal_configurations_have_no_changes() {
        assert_eq!(changes(&SystemConfig::default(), &SystemConfig::default()), []);
    }

    #[test]
    fn each_field_that_differs_is_named_once() {
        let address = Some(RegistryAddress::parse("10.0.0.1:5000").unwrap());
        let to = SystemConfig { private_registry_enabled: false, address: address.clone() };
        assert_eq!(
            changes(&SystemConfig::default(), &to),
            [Change::PrivateRegistryEnabled { from: true, to: false }, Change::Address { from: None, to: address },]
        );
    }
}
