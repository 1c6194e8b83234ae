//! Finding repositories by what they hold, and keeping what they are found by.

use crate::{
    explorer::{Entries, ListQuery, Namespace, RepositorySort},
    metadata::{Durability, Visible},
    oci,
    registry::{Registry, Result},
};

/// So many manifests are read between two writings.
const MANIFESTS: u32 = 64;
/// So many terms are looked at in one writing, so that pushes wait for a moment only.
const TERMS: u32 = 1000;

impl Registry {
    /// One page of the `visible` repositories below `namespace` that have what `query` searches for in their names, or at
    /// the beginning of a word in their tags or labels, or of a digest; each with why it was found.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn search_repositories(
        &self,
        query: &ListQuery<RepositorySort>,
        namespace: &Namespace,
        visible: &Visible,
    ) -> Result<Entries> {
        Ok(self.metadata().search_repositories(query, namespace, visible).await?)
    }

    /// One page of what stands right below `namespace`: `visible` repositories, and namespaces with such.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_namespace(
        &self,
        query: &ListQuery<RepositorySort>,
        namespace: &Namespace,
        visible: &Visible,
    ) -> Result<Entries> {
        Ok(self.metadata().list_namespace(query, namespace, visible).await?)
    }

    /// Reads the labels of manifests that came otherwise than by a push, and parts the words of tags that are as old as
    /// the database. How many manifests were read.
    ///
    /// # Errors
    /// The database or the blob store is broken.
    pub async fn index_for_search(&self) -> Result<usize> {
        while self.metadata().has_terms_to_split().await? {
            let mut tx = self.metadata().begin().await?;
            tx.split_terms(TERMS).await?;
            tx.commit(Durability::Relaxed).await?;
        }
        let mut read = 0;
        loop {
            let manifests = self.metadata().manifests_to_label(MANIFESTS).await?;
            if manifests.is_empty() {
                return Ok(read);
            }
            let mut found = Vec::with_capacity(manifests.len());
            for (repository, record) in manifests {
                let labels = match oci::Manifest::parse(Some(&record.media_type), &record.content) {
                    Ok(manifest) => self.image_facts(&repository, &manifest).await?.labels,
                    Err(_) => Vec::new(),
                };
                found.push((repository, record.digest, labels));
            }
            read += found.len();
            let mut tx = self.metadata().begin().await?;
            for (repository, digest, labels) in found {
                if let Some(id) = tx.find_kept_repository(&repository).await? {
                    tx.set_labels(id, &digest, &labels).await?;
                }
            }
            tx.commit(Durability::Relaxed).await?;
        }
    }

    /// Forgets the tags' names and labels that nothing carries any more.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn purge_search(&self) -> Result<()> {
        let mut after = Some(0);
        while let Some(last) = after {
            let mut tx = self.metadata().begin().await?;
            after = tx.purge_terms(last, TERMS).await?;
            tx.commit(Durability::Relaxed).await?;
        }
        Ok(())
    }
}
