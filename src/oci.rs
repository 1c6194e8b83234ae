//! The OCI specifications' words as types. Nothing here reads a clock, a file or the network.

pub mod descriptor;
pub mod digest;
pub mod manifest;
pub mod media_type;
pub mod reference;
pub mod schema1;
pub mod stored;

pub use descriptor::{Descriptor, Platform};
pub use digest::{Algorithm, Digest};
pub use manifest::Manifest;
pub use reference::{Reference, RepositoryName, Tag};
