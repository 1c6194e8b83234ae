//! The distribution API, asked as a client asks it and judged by the whole answer and by what lies on the disk.

#![allow(clippy::unwrap_used, missing_docs)]

mod accept;
mod access;
mod adoption;
mod audit;
mod blobs;
mod credentials;
mod disabled;
mod lists;
mod manifests;
mod mirror;
mod proxies;
mod referrers;
mod refusals;
mod rules;
mod schema1;
mod support;
mod traversal;
mod tree;
mod undo;
mod uploads;
mod visits;
