//! What the API accepts and how much it lists: `catalog`, `tags`, `validation`, `compatibility` and our own
//! `humpback`.

use std::{path::PathBuf, time::Duration};

use axum::http::HeaderValue;

use super::Sourced;
use crate::proxy::TrustedProxies;

/// `catalog` and `tags`.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// `catalog.maxentries`: how many repositories one answer lists at most.
    pub catalog_max: Sourced<Option<u32>>,
    /// `tags.maxtags`: how many tags one answer lists at most.
    pub tags_max: Sourced<Option<u32>>,
}

/// `validation`: what manifests may hold.
#[derive(Clone, Debug, Default)]
pub struct Validation {
    /// `validation.disabled` and the older `validation.enabled`: whether the rules below are off.
    pub disabled: Sourced<bool>,
    /// `validation.manifests.urls.allow`: patterns, one of which each URL in a manifest must match, if there are any.
    pub urls_allow: Sourced<Vec<String>>,
    /// `validation.manifests.urls.deny`: patterns, none of which a URL in a manifest may match.
    pub urls_deny: Sourced<Vec<String>>,
    /// `validation.manifests.indexes`: what an index names must be there.
    pub indexes: Sourced<Indexes>,
}

/// Which of the manifests that an index names must be there when it is pushed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Indexes {
    /// Every one.
    #[default]
    All,
    /// None.
    None,
}

/// `compatibility.schema1`.
#[derive(Clone, Debug, Default)]
pub struct Schema1 {
    /// Whether manifests of schema 1 may be pushed.
    pub push: Sourced<bool>,
    /// `signingkeyfile`: the private key (PEM) that signs manifests of schema 1; made and kept by itself if it is not
    /// given.
    pub signing_key_file: Sourced<Option<PathBuf>>,
}

/// `humpback`: what Distribution has no key for.
#[derive(Clone, Debug)]
pub struct Humpback {
    /// `humpback.ca`: a file with the authority (PEM) that signed the certificate which clients see: the registry's own,
    /// or that of the proxy in front of it.
    pub ca: Sourced<Option<PathBuf>>,
    /// `humpback.sparse`: take in manifests that name what was never pushed.
    pub sparse: Sourced<bool>,
    /// `humpback.corsorigins`: pages of these origins may call `/v2/`.
    pub cors_origins: Sourced<Vec<HeaderValue>>,
    /// `humpback.trustedproxies`: whose `Forwarded` and `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Sourced<TrustedProxies>,
    /// `humpback.manifestlimit`: the longest manifest that is taken in, in bytes.
    pub manifest_limit: Sourced<usize>,
    /// `humpback.undo`: for so long what is deleted can be restored; zero for not at all.
    pub undo: Sourced<Duration>,
}
