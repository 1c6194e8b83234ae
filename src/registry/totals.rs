//! How much there is in all.

use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

use super::{Registry, Result};
use crate::metadata::Totals;

/// So long a count is told again for each row that it has read: a hundred times as long as reading one takes, so that
/// counting never takes more than a hundredth of the time, and a small registry is told as it is.
const FRESH_PER_ROW: Duration = Duration::microseconds(100);
/// And so long at most.
const FRESH: Duration = Duration::seconds(30);

/// How long a count is told again.
fn fresh(totals: &Totals) -> Duration {
    let rows = i32::try_from(totals.blobs + totals.repositories).unwrap_or(i32::MAX);
    (FRESH_PER_ROW * rows).min(FRESH)
}

/// What was counted last, and when. A std mutex: held to look and to note, never across an await.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<Option<(OffsetDateTime, Totals)>>);

impl Registry {
    /// How much there is. Reads through every blob's row: not for each request.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn totals(&self) -> Result<Totals> {
        let totals = self.metadata().totals().await?;
        *self.inner.totals.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((self.now(), totals));
        Ok(totals)
    }

    /// How much there was a moment ago, half a minute at most, for who asks often.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn recent_totals(&self) -> Result<Totals> {
        let known = *self.inner.totals.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, totals)) = known
            // A clock that was set back does not keep it fresh.
            && (Duration::ZERO..fresh(&totals)).contains(&(self.now() - at))
        {
            return Ok(totals);
        }
        self.totals().await
    }
}

#[cfg(test)]
mod tests;
