//! What the console reads of the registry. Nothing here changes anything.

mod labels;
mod platforms;
mod relations;
mod search;

pub(super) use platforms::ImageFacts;

use super::{Manifest, Registry, Result, adoption::Touch};
use crate::{
    explorer::{
        Body, ConfigBlob, ImageConfig, List, ListQuery, ManifestView, RepositorySort, RepositorySummary, TagSort,
        TagSummary,
    },
    metadata::Visible,
    oci::{self, Descriptor, Reference, RepositoryName, manifest::Content, media_type},
};

/// No image's configuration comes near this; what is larger is not read into memory for a page.
const CONFIG_BYTES_MAX: u64 = 4 * 1024 * 1024;

impl Registry {
    /// One page of the repositories that hold a manifest and are `visible`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_repositories(
        &self,
        query: &ListQuery<RepositorySort>,
        visible: &Visible,
    ) -> Result<List<RepositorySummary>> {
        Ok(self.metadata().list_repositories(query, visible).await?)
    }

    /// What is known of a repository; `None` if nothing was ever pushed to it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn repository_summary(&self, name: &RepositoryName) -> Result<Option<RepositorySummary>> {
        self.adopted(name, Touch::Read).await?;
        Ok(self.metadata().repository_summary(name).await?)
    }

    /// One page of a repository's tags. Empty if there is no such repository.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_tags(&self, repository: &RepositoryName, query: &ListQuery<TagSort>) -> Result<List<TagSummary>> {
        self.adopted(repository, Touch::Read).await?;
        let mut list = self.metadata().list_tags(repository, query).await?;
        self.learn_platforms(repository, &mut list.rows).await?;
        Ok(list)
    }

    /// The `visible` repository whose name is nearest to `wanted`, which may be any text; `None` if none is near.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn nearest_repository(&self, wanted: &str, visible: &Visible) -> Result<Option<RepositoryName>> {
        Ok(self.metadata().nearest_repository(wanted, visible).await?)
    }

    /// The manifest that `reference` names, laid out, with its config read. A manifest that can't be understood
    /// still has its text.
    ///
    /// # Errors
    /// The database or the blob store is broken.
    pub async fn manifest_view(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
    ) -> Result<Option<ManifestView>> {
        let Some(manifest) = self.manifest(repository, reference).await? else { return Ok(None) };
        // Between the two readings it may have been deleted: then it is not there.
        let Some(facts) = self.metadata().manifest_facts(repository, &manifest.digest).await? else { return Ok(None) };
        let parsed = oci::Manifest::parse(Some(&manifest.media_type), &manifest.content).ok();
        let body = match &parsed {
            Some(parsed) => self.body(repository, &manifest, parsed).await?,
            None => Body::Unknown,
        };
        let parsed = parsed.as_ref();
        Ok(Some(ManifestView {
            artifact_type: parsed
                .and_then(|parsed| parsed.artifact_type.clone())
                .filter(|kind| !ConfigBlob::is_image(kind)),
            subject: parsed.and_then(|parsed| parsed.subject_digest().cloned()),
            annotations: parsed.map(|parsed| parsed.annotations.clone()).unwrap_or_default().into_iter().collect(),
            body,
            manifest_bytes: manifest.content.len() as u64,
            size_bytes: Some(facts.image_size),
            pushed_at: Some(facts.pushed_at),
            tags: facts.tags,
            raw: String::from_utf8_lossy(&manifest.content).into_owned(),
            pretty: ManifestView::pretty(&manifest.content),
            digest: manifest.digest,
            media_type: manifest.media_type,
        }))
    }

    async fn body(&self, repository: &RepositoryName, manifest: &Manifest, parsed: &oci::Manifest) -> Result<Body> {
        Ok(match &parsed.content {
            Content::Image { config, .. } => {
                let config = self.config_blob(repository, config).await?;
                Body::of(parsed, config, |_| None)
            }
            Content::Schema1(_) => {
                let sizes = self.metadata().layer_sizes(repository, &manifest.digest).await?;
                Body::of(parsed, ConfigBlob::Missing, |digest| sizes.get(digest).copied())
            }
            Content::Index(_) => {
                let sizes = self.metadata().child_sizes(repository, &manifest.digest).await?;
                Body::of(parsed, ConfigBlob::Missing, |digest| sizes.get(digest).copied())
            }
        })
    }

    async fn config_blob(&self, repository: &RepositoryName, config: &Descriptor) -> Result<ConfigBlob> {
        if !ConfigBlob::is_image(media_type::essence(&config.media_type)) {
            return Ok(ConfigBlob::Artifact);
        }
        let Some(size) = self.blob_size(repository, &config.digest).await? else { return Ok(ConfigBlob::Missing) };
        if size > CONFIG_BYTES_MAX {
            return Ok(ConfigBlob::Unreadable);
        }
        let content = match self.read_blob_whole(repository, &config.digest, CONFIG_BYTES_MAX).await {
            Ok(content) => content,
            Err(error) => {
                // The rest of the page is worth seeing, now more than ever.
                tracing::error!(%repository, digest = %config.digest, %error, "A config blob could not be read");
                return Ok(ConfigBlob::Unreadable);
            }
        };
        Ok(match content.as_deref().map(ImageConfig::parse) {
            Some(Some(config)) => ConfigBlob::Image(Box::new(config)),
            Some(None) => ConfigBlob::Unreadable,
            None => ConfigBlob::Missing,
        })
    }
}

#[cfg(test)]
mod tests;
