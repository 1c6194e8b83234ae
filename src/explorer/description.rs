//! What is said of a repository by those who administer it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// No description is longer, in bytes.
pub const DESCRIPTION_BYTES_MAX: usize = 32 * 1024;

/// What is said of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Markdown, as it was typed.
    pub content: String,
    /// When it was saved.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub saved_at: OffsetDateTime,
    /// By whom.
    pub saved_by: String,
}
