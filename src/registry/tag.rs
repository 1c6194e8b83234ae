//! Lists: a repository's tags, and the repositories.

use super::{Error, Registry, Result};
use crate::oci::{RepositoryName, Tag};

impl Registry {
    /// Up to `limit` tags of `repository` in byte order, after `last` (any text; empty for the beginning).
    ///
    /// # Errors
    /// [`Error::NameUnknown`] if nothing was ever pushed there.
    pub async fn tags(&self, repository: &RepositoryName, last: &str, limit: u32) -> Result<Vec<Tag>> {
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
        Ok(self.metadata().has_repository(repository).await?)
    }

    /// Up to `limit` names of repositories that hold a manifest, in byte order, after `last` (any text).
    ///
    /// # Errors
    /// The database is broken.
    pub async fn catalog(&self, last: &str, limit: u32) -> Result<Vec<RepositoryName>> {
        Ok(self.metadata().catalog(last, limit).await?)
    }
}
