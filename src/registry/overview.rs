//! What the console's first page reads of the engine.

use time::{Date, Duration};

use super::{Registry, Result};
use crate::{
    metadata::Visible,
    overview::{DiskSpace, LatestPush, StorageSample},
};

impl Registry {
    /// The last `limit` tags that were pushed into repositories that are `visible`, the last one first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn latest_pushes(&self, visible: &Visible, limit: u32) -> Result<Vec<LatestPush>> {
        Ok(self.metadata().latest_pushes(visible, limit).await?)
    }

    /// Notes how much there is today. Reads through every blob's row: not for each request.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn sample_storage(&self) -> Result<()> {
        let totals = self.totals().await?;
        Ok(self.metadata().save_storage_sample(self.today(), &totals).await?)
    }

    /// How much there was on each of the last `days` days, as far as it was noted; in their order.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn storage_samples(&self, days: i64) -> Result<Vec<StorageSample>> {
        let since = self.today().saturating_sub(Duration::days(days));
        Ok(self.metadata().storage_samples(since).await?)
    }

    /// The file system that holds the blobs; `None` where the system does not tell.
    pub fn disk_space(&self) -> Option<DiskSpace> {
        self.store().disk_space()
    }

    fn today(&self) -> Date {
        self.now().date()
    }
}
