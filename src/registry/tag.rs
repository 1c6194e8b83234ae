//! Lists: a repository's tags, and the repositories.

use super::{Error, Registry, Result, adoption::Touch};
use crate::{
    metadata::Visible,
    oci::{RepositoryName, Tag},
};

impl Registry {
    /// Up to `limit` tags of `repository` in byte order, after `last` (any text; empty for the beginning).
    ///
    /// # Errors
    /// [`Error::NameUnknown`] if nothing was ever pushed there.
    pub async fn tags(&self, repository: &RepositoryName, last: &str, limit: u32) -> Result<Vec<Tag>> {
        self.adopted(repository, Touch::Read).await?;
        let tags = self.metadata().tags(repository, last, limit).await?;
        if tags.is_empty() && !self.metadata().has_repository(repository).await? {
            return Err(Error::NameUnknown(repository.clone()));
        }
        Ok(tags)
    }

    /// Whether anything was ever pushed to `repository`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn has_repository(&self, repository: &RepositoryName) -> Result<bool> {
        self.adopted(repository, Touch::Read).await?;
        Ok(self.metadata().has_repository(repository).await?)
    }

    /// Up to `limit` names of repositories that hold a manifest, in byte order, after `last` (any text).
    ///
    /// # Errors
    /// The database is broken.
    pub async fn catalog(
        &self,
        last: &str,
        limit: u32,
        visible: &Visible,
        may_read: impl Fn(&RepositoryName) -> bool + Send,
    ) -> Result<Vec<RepositoryName>> {
        // While the tree is being read, the names that were not yet read stand beside those in the database.
        // They are looked at first: one that is read meanwhile then stands in both, not in neither.
        let unread = self.unread_after(last, limit, may_read).await;
        let mut page = self.metadata().catalog(last, limit, visible).await?;
        if !unread.is_empty() {
            page.extend(unread);
            page.sort_unstable();
            page.dedup();
            page.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        Ok(page)
    }
}
