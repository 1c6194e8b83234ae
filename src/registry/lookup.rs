//! What a reader means who types the beginning of a name.

use super::{Registry, Result};
use crate::{
    metadata::Visible,
    oci::{RepositoryName, Tag},
};

impl Registry {
    /// Up to `limit` `visible` repositories for what was typed: those whose name begins so before those that hold it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_repositories(&self, typed: &str, limit: usize, visible: &Visible) -> Result<Vec<RepositoryName>> {
        Ok(self.metadata().find_repositories(typed, limit, visible).await?)
    }

    /// Up to `limit` tags of a repository that begin with `typed`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_tags(&self, repository: &RepositoryName, typed: &str, limit: usize) -> Result<Vec<Tag>> {
        Ok(self.metadata().find_tags(repository, typed, limit).await?)
    }

    /// Up to `limit` tags that begin with `typed`, one of each of the `visible` repositories that were pushed to last.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn find_tags_of_latest(
        &self,
        typed: &str,
        limit: usize,
        visible: &Visible,
    ) -> Result<Vec<(RepositoryName, Tag)>> {
        Ok(self.metadata().find_tags_of_latest(typed, limit, visible).await?)
    }
}
