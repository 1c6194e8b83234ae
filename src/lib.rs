//! A Docker and OCI registry: the engine and everything it knows.
//!
//! Two halves in one crate. The *pure* half has no input, output or clock and compiles for the browser too:
//!
//! - [`oci`]: the specifications' words as types — digest, repository name, tag, media type, manifest.
//! - [`proxy_check`]: what a reverse proxy does to requests, and configurations that do it right.
//! - [`setup_guide`]: how a client machine is made to accept this registry.
//! - [`account`]: accounts as they are shown, and the rules for user names and passwords.
//! - [`audit`]: who did what, and which part of that is asked for.
//! - [`client`]: who comes to the registry, and what came of it.
//! - [`config`]: what an administrator changes while the registry runs.
//! - [`explorer`]: what a reader of the console sees of the registry.
//! - [`rules`]: who may do what in which repository.
//! - [`troubleshooting`]: what goes wrong on the way, told from the error message.
//! - [`wire`]: what stands in the lines of an HTTP request.
//!
//! The *server* half (feature `server`) does the work, each layer calling only those above it in this list:
//!
//! - [`clock`]: where the time comes from.
//! - [`settings`]: what the process is told at start, by `config.yml`, variables and options.
//! - [`blob_store`]: where blobs lie.
//! - [`metadata`]: the database; all SQL stands there.
//! - [`config_store`]: the configuration in force.
//! - [`rule_store`]: the rules in force, and what someone may see by them.
//! - [`audit_log`]: reading who did what, and forgetting what is old.
//! - [`auth`]: who is there.
//! - [`proxy`]: what a proxy in front says of a request's way here, and whether it is believed.
//! - [`access`]: whether a client may do what it asks for.
//! - [`notifications`]: tells others what happens here.
//! - [`registry`]: the engine, built on the three above.
//! - [`remote`]: reads another registry, the one that the configured address leads to.
//! - [`source`]: what the console shows: this registry, or that other one.
//! - [`visits`]: who reaches the registry, as it happens.
//! - [`health`]: whether all that was configured to be looked at is well.
//! - [`jobs`]: what goes on in the background.
//! - [`token_endpoint`]: gives clients the tokens that the distribution API asks for.
//! - [`v1`]: `docker search`.
//! - [`v2`]: the distribution API on HTTP.

pub mod account;
pub mod audit;
pub mod client;
pub mod config;
pub mod explorer;
pub mod oci;
pub mod overview;
pub mod proxy_check;
pub mod rules;
pub mod setup_guide;
pub mod troubleshooting;
pub mod wire;

#[cfg(feature = "server")]
pub mod access;
#[cfg(feature = "server")]
pub mod audit_log;
#[cfg(feature = "server")]
pub mod auth;
#[cfg(feature = "server")]
pub mod authority;
#[cfg(feature = "server")]
pub mod blob_store;
#[cfg(feature = "server")]
pub mod clock;
#[cfg(feature = "server")]
pub mod config_store;
#[cfg(feature = "server")]
pub mod health;
#[cfg(feature = "server")]
pub mod jobs;
#[cfg(feature = "server")]
pub mod metadata;
#[cfg(feature = "server")]
pub mod notifications;
#[cfg(feature = "server")]
pub mod proxy;
#[cfg(feature = "server")]
pub mod registry;
#[cfg(feature = "server")]
pub mod remote;
#[cfg(feature = "server")]
pub mod rule_store;
#[cfg(feature = "server")]
pub mod settings;
#[cfg(feature = "server")]
pub mod source;
#[cfg(feature = "server")]
pub mod token_endpoint;
#[cfg(feature = "server")]
pub mod v1;
#[cfg(feature = "server")]
pub mod v2;
#[cfg(feature = "server")]
pub mod visits;
