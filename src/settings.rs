//! What the process needs to know before it opens anything: Distribution's `config.yml`, the variables that override
//! it, and our own keys. Reads no file and no environment: both come in as text.

//!
//! The way of a value: [`yaml`] reads the file into a tree whose nodes know their place; [`environment`] and our own
//! options change the tree; [`inspect`] holds each key against the [`schema`]; [`read`] makes the typed [`Settings`].

pub mod auth;
mod effective;
mod environment;
pub mod health;
pub mod http;
mod inspect;
mod load;
pub mod log;
pub mod notifications;
mod origin;
mod problem;
mod read;
pub mod rules;
mod schema;
pub mod storage;
mod url;
mod value;
mod yaml;

pub use auth::Auth;
pub use effective::Effective;
pub use inspect::{Finding, Verdict};
pub use load::{Given, Loaded, Override, Sources, explain, load};
pub use origin::{Origin, Sourced};
pub use problem::{Problem, Problems};
pub use url::Url;

/// Every value that is honoured, with where it was given. `Debug` shows no secrets.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `log`
    pub log: log::Log,
    /// `storage`
    pub storage: storage::Storage,
    /// `auth`
    pub auth: Sourced<Auth>,
    /// `http`
    pub http: http::Http,
    /// `notifications`
    pub notifications: notifications::Notifications,
    /// `health`
    pub health: health::Health,
    /// `catalog` and `tags`
    pub lists: rules::Lists,
    /// `validation`
    pub validation: rules::Validation,
    /// `compatibility.schema1`
    pub schema1: rules::Schema1,
    /// `humpback`
    pub humpback: rules::Humpback,
}

impl Default for Settings {
    /// What counts where nothing is given.
    fn default() -> Self {
        load::built_in()
    }
}

#[cfg(test)]
mod tests;
