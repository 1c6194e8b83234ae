//! What the console's first page tells: the last pushes, how the stored bytes grow, and what needs somebody.
//!
//! Pure data that crosses from the server to the browser.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::oci::{Digest, RepositoryName, Tag};

/// A tag that was pushed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatestPush {
    /// Where.
    pub repository: RepositoryName,
    /// The tag.
    pub tag: Tag,
    /// The manifest that it names.
    pub digest: Digest,
    /// When.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub at: OffsetDateTime,
}

/// How much there was on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageSample {
    /// The day, in UTC.
    pub day: Date,
    /// The bytes of all blobs, each once.
    pub blob_bytes: u64,
    /// Blobs, each once.
    pub blobs: u64,
    /// Repositories that hold a manifest.
    pub repositories: u64,
    /// Tags.
    pub tags: u64,
}

/// The file system that holds the blobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskSpace {
    /// Its size in bytes.
    pub total: u64,
    /// What this process may still write, in bytes.
    pub available: u64,
}

/// How far an upload has come that a request writes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadProgress {
    /// The session's name.
    pub id: String,
    /// Where the blob is to go.
    pub repository: RepositoryName,
    /// How many bytes came in, those of earlier requests included.
    pub received_bytes: u64,
    /// How many there will be when the request ends; `None` if the client does not say, as Docker does not.
    pub expected_bytes: Option<u64>,
    /// When the session was opened.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub started_at: OffsetDateTime,
}

/// Below this share of the disk it is time to do something, in percent.
const LOW_PERCENT: u64 = 10;

impl DiskSpace {
    /// Whether there is so little room left that somebody should know.
    pub const fn is_low(self) -> bool {
        // Not `* 100`: sizes are of any height.
        self.available < self.total / 100 * LOW_PERCENT
    }
}

/// By how many bytes the blobs have grown over `days` days until the last of `samples`, which are in the order of their
/// days; `None` while there is nothing to compare with.
pub fn growth(samples: &[StorageSample], days: i64) -> Option<i128> {
    let last = samples.last()?;
    let since = last.day - time::Duration::days(days);
    // The latest of those that are old enough; else the oldest there is.
    let before = samples.iter().rev().find(|sample| sample.day <= since).or_else(|| samples.first())?;
    (before.day < last.day).then(|| i128::from(last.blob_bytes) - i128::from(before.blob_bytes))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn sample(day: Date, blob_bytes: u64) -> StorageSample {
        StorageSample { day, blob_bytes, blobs: 0, repositories: 0, tags: 0 }
    }

    #[test]
    fn growth_is_told_from_the_day_that_is_old_enough() {
        let samples = [
            sample(date!(2026 - 01 - 01), 100),
            sample(date!(2026 - 01 - 05), 400),
            sample(date!(2026 - 01 - 12), 300),
            sample(date!(2026 - 01 - 13), 1000),
        ];
        assert_eq!(growth(&samples, 7), Some(600));
        assert_eq!(growth(&samples, 1), Some(700));
        assert_eq!(growth(&samples, 300), Some(900), "as far as is known");
        assert_eq!(growth(&samples[1..3], 7), Some(-100));
        assert_eq!(growth(&samples[..1], 7), None);
        assert_eq!(growth(&[], 7), None);
    }

    #[test]
    fn a_disk_is_low_below_a_tenth() {
        assert!(DiskSpace { total: u64::MAX, available: u64::MAX / 11 }.is_low());
        assert!(!DiskSpace { total: 1 << 40, available: 1 << 39 }.is_low());
    }
}
