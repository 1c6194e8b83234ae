//! The OCI specifications' words as types. Nothing here reads a clock, a file or the network.

pub mod digest;
pub mod reference;

pub use digest::{Algorithm, Digest};
pub use reference::{Reference, RepositoryName, Tag};
