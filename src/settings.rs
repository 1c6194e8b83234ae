//! What the process needs to know before it opens anything: Distribution's `config.yml`, the variables that override
//! it, and our own keys. Reads no file and no environment: both come in as text.

pub mod auth;
pub mod health;
pub mod http;
pub mod log;
pub mod notifications;
mod origin;
pub mod rules;
pub mod storage;

pub use auth::Auth;
pub use origin::{Origin, Sourced};

/// Every value that is honoured, with where it was given. `Debug` shows no secrets.
#[derive(Clone, Debug, Default)]
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
