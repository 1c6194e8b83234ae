//! Every server function of the console: the one folder to review for who may do what.
//!
//! A server function is a public endpoint. Its first line authorises, its second calls the engine; what goes
//! wrong is an [`Error`].

pub mod access;
pub mod access_tokens;
pub mod account;
pub mod activity;
#[cfg(feature = "ssr")]
pub mod context;
pub mod descriptions;
pub mod encoding;
pub mod error;
#[cfg(feature = "ssr")]
mod feed;
pub mod groups;
pub mod home;
pub mod notifications;
pub mod palette;
pub mod preferences;
pub mod proxy_check;
pub mod registry_address;
pub mod remote_registry;
pub mod repositories;
pub mod robots;
pub mod scope_form;
pub mod sealed;
pub mod session;
pub mod setup_guide;
pub mod status;
pub mod system_config;
pub mod troubleshooting;
pub mod undo;
pub mod users;
pub mod visits;

pub use error::{Conflict, Error, FieldError, Problem};
