//! What goes on in the background while the registry serves. Each job does its work in a `run_once` that a test can
//! call, and repeats it until it is told to stop.

mod adoption;
mod audit_purge;
mod credential_uses;
mod deletion_purge;
mod mirror;
mod pulls;
mod search_index;
mod storage_sample;
mod upload_purge;

pub use adoption::AdoptionJob;
pub use audit_purge::AuditPurge;
pub use credential_uses::CredentialUses;
pub use deletion_purge::DeletionPurge;
pub use mirror::MirrorJob;
pub use pulls::PullCounts;
pub use search_index::SearchIndexing;
pub use storage_sample::StorageSampling;
pub use upload_purge::UploadPurge;
