//! How much there is in all.

use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

use super::{Registry, Result};
use crate::metadata::Totals;

/// Counting reads through every blob's row: what was counted so lately is told again.
const FRESH: Duration = Duration::seconds(30);

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

    /// How much there was half a minute ago or later, for who asks often.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn recent_totals(&self) -> Result<Totals> {
        let known = *self.inner.totals.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, totals)) = known
            // A clock that was set back does not keep it fresh.
            && (Duration::ZERO..FRESH).contains(&(self.now() - at))
        {
            return Ok(totals);
        }
        self.totals().await
    }
}

#[cfg(test)]
mod tests;
