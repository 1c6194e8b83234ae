//! `health`: what is looked at again and again, and makes the registry unhealthy when it fails.

use std::{path::PathBuf, time::Duration};

use axum::http::HeaderMap;

use super::{Origin, Sourced, Url, http::Listen};

/// `health`.
#[derive(Clone, Debug)]
pub struct Health {
    /// `health.storagedriver`.
    pub storage: StorageCheck,
    /// `health.file`: unhealthy while the file is there.
    pub files: Vec<Check<PathBuf>>,
    /// `health.http`: unhealthy while the URL answers with another status.
    pub http: Vec<Check<HttpCheck>>,
    /// `health.tcp`: unhealthy while nobody listens there.
    pub tcp: Vec<Check<TcpCheck>>,
}

/// `health.storagedriver`.
#[derive(Clone, Debug)]
pub struct StorageCheck {
    /// Whether the storage is looked at.
    pub enabled: Sourced<bool>,
    /// How often.
    pub interval: Sourced<Duration>,
    /// After how many failures in a row the registry is unhealthy; 0 is as 1.
    pub threshold: Sourced<u32>,
}

/// What is looked at, and how often.
#[derive(Clone, Debug)]
pub struct Check<T> {
    /// What is looked at.
    pub target: T,
    /// How often; 10 s by default.
    pub interval: Duration,
    /// After how many failures in a row the registry is unhealthy; 0 is as 1.
    pub threshold: u32,
    /// Where it was given.
    pub origin: Origin,
}

/// An element of `health.http`.
#[derive(Clone, Debug)]
pub struct HttpCheck {
    /// An `http` or `https` URL, asked with HEAD.
    pub uri: Url,
    /// Stand in the request. Marked as sensitive: they may hold a credential.
    pub headers: HeaderMap,
    /// The status that is healthy; 200 by default.
    pub status: u16,
    /// How long the answer may take; `None` for as long as it takes.
    pub timeout: Option<Duration>,
}

/// An element of `health.tcp`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcpCheck {
    /// Where to connect.
    pub addr: Listen,
    /// How long that may take; `None` for as long as it takes.
    pub timeout: Option<Duration>,
}
