//! The address that pages show to clients. Open to anyone: whoever may pull has to know where from.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Error;

/// An address to begin with, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownAddress {
    /// As it may be typed into a field. From the configuration it is always valid; from a request it may not be.
    pub text: String,
    /// Whether an administrator has set it. Else it is the one that this page was opened at.
    pub configured: bool,
}

impl ShownAddress {
    /// What stands before a repository's name in a client's command: without `http://` or `https://`.
    pub fn in_commands(&self) -> String {
        humpback::config::RegistryAddress::parse(&self.text)
            .map_or_else(|_| self.text.clone(), |address| address.authority())
    }
}

/// The address in System Config, else the one that the page was opened at.
///
/// # Errors
/// None of its own.
#[server(endpoint = "registry_address", output = crate::api::encoding::Answer)]
pub async fn registry_address() -> Result<ShownAddress, Error> {
    use super::context;

    if let Some(address) = &context::anyone()?.config.current().value.address {
        return Ok(ShownAddress { text: address.to_string(), configured: true });
    }
    let host = context::arrived(|arrival| arrival.authority()).map(|authority| authority.to_string());
    let host = host.unwrap_or_default();
    Ok(ShownAddress {
        text: if context::came_over_https() { format!("https://{host}") } else { host },
        configured: false,
    })
}
