//! `notifications`: who is told what happens here.

use std::time::Duration;

use axum::http::HeaderMap;

use super::{Origin, Sourced, Url};

/// `notifications`.
#[derive(Clone, Debug, Default)]
pub struct Notifications {
    /// `notifications.events.includereferences`: events of manifests name what the manifest names.
    pub include_references: Sourced<bool>,
    /// `notifications.endpoints`, the disabled ones too.
    pub endpoints: Vec<Endpoint>,
}

/// An element of `notifications.endpoints`.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Tells it from the others.
    pub name: String,
    /// Whether nothing is sent to it.
    pub disabled: bool,
    /// Where events are posted: an `http` or `https` URL.
    pub url: Url,
    /// Stand in every request. Marked as sensitive: they may hold a credential.
    pub headers: HeaderMap,
    /// How long one request may take; 1 s by default.
    pub timeout: Duration,
    /// After how many failures in a row to wait; 10 by default.
    pub threshold: u32,
    /// How long to wait then; 1 s by default.
    pub backoff: Duration,
    /// Events about content of these media types are not sent (`ignoredmediatypes` and `ignore.mediatypes`).
    pub ignored_media_types: Vec<String>,
    /// Events of these actions (`pull`, `push`, `mount`, `delete`) are not sent (`ignore.actions`).
    pub ignored_actions: Vec<String>,
    /// Where it was given.
    pub origin: Origin,
}
