//! What is said of a repository by those who administer it.

use serde_json::json;

use super::{Registry, Result, adoption::Touch};
use crate::{
    audit::{Action, Actor, AuditEntry},
    explorer::Description,
    metadata::Durability,
    oci::RepositoryName,
};

impl Registry {
    /// What is said of a repository, if anything is.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn description(&self, repository: &RepositoryName) -> Result<Option<Description>> {
        Ok(self.metadata().description(repository).await?)
    }

    /// Says something of a repository, or nothing any more, and notes who did it. `false` if nothing was ever pushed
    /// there. Durable when this returns.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn describe(&self, repository: &RepositoryName, content: &str, by: &Actor) -> Result<bool> {
        self.adopted(repository, Touch::Read).await?;
        let now = self.now();
        let mut tx = self.metadata().begin().await?;
        let Some(id) = tx.find_repository(repository).await? else { return Ok(false) };
        tx.set_description(id, content, &by.name, now).await?;
        let entry = AuditEntry::new(now, by, Action::RepositoryDescribed).about(repository);
        tx.audit(&entry.with(json!({ "bytes": content.len() }))).await?;
        tx.commit(Durability::Synced).await?;
        Ok(true)
    }
}
