//! Which machines images are for, and what their labels say: read once, when they come in or are first shown, and kept
//! in the database.

use std::collections::HashMap;

use super::labels::labels;
use crate::{
    explorer::{ConfigBlob, ImageConfig, TagSummary, attachment::is_attestation},
    metadata::Durability,
    oci::{self, Descriptor, Digest, Reference, RepositoryName, descriptor::Platform, manifest::Content},
    registry::{Registry, Result},
};

/// So many platforms of an index are kept.
const PLATFORMS_MAX: usize = 50;
/// No platform's name comes near this.
const PLATFORM_LENGTH_MAX: usize = 60;

/// What is found out about a manifest by reading it and its config.
pub(in crate::registry) struct ImageFacts {
    /// The platforms with blanks between them, nothing for what runs nowhere; `None` if its config is not in the
    /// repository.
    pub platforms: Option<String>,
    /// The labels and annotations, each as `key=value`.
    pub labels: Vec<String>,
}

impl Registry {
    /// Reads what is to be known of a manifest.
    ///
    /// # Errors
    /// The database or the blob store is broken.
    pub(in crate::registry) async fn image_facts(
        &self,
        repository: &RepositoryName,
        manifest: &oci::Manifest,
    ) -> Result<ImageFacts> {
        let config = match &manifest.content {
            Content::Image { config, .. } => match self.config_blob(repository, config).await? {
                ConfigBlob::Image(config) => Some(config),
                ConfigBlob::Artifact | ConfigBlob::Unreadable => None,
                ConfigBlob::Missing => return Ok(ImageFacts { platforms: None, labels: labels(manifest, None) }),
            },
            Content::Schema1(image) => Some(Box::new(ImageConfig::of_schema1(image))),
            Content::Index(children) => {
                let platforms = Some(self.platforms_of_index(repository, children).await?);
                return Ok(ImageFacts { platforms, labels: labels(manifest, None) });
            }
        };
        let platform = config.as_ref().and_then(|config| config.platform.as_ref()).and_then(word);
        Ok(ImageFacts { platforms: Some(platform.unwrap_or_default()), labels: labels(manifest, config.as_deref()) })
    }

    async fn platforms_of_index(&self, repository: &RepositoryName, children: &[Descriptor]) -> Result<String> {
        let mut platforms = Vec::new();
        for child in children.iter().filter(|child| !is_attestation(child)).take(PLATFORMS_MAX) {
            let platform = match &child.platform {
                Some(platform) => word(platform),
                None => self.metadata().platforms(repository, &child.digest).await?,
            };
            platforms.extend(platform.filter(|platform| !platform.is_empty() && !platforms.contains(platform)));
        }
        Ok(platforms.join(" "))
    }

    /// Fills in the platforms that nobody has read yet, as of what was taken over from another registry, and keeps them.
    pub(super) async fn learn_platforms(&self, repository: &RepositoryName, tags: &mut [TagSummary]) -> Result<()> {
        let mut learnt: HashMap<Digest, String> = HashMap::new();
        for tag in tags.iter().filter(|tag| tag.platforms.is_none()) {
            if learnt.contains_key(&tag.digest) {
                continue;
            }
            let reference = Reference::Digest(tag.digest.clone());
            let Some(record) = self.metadata().manifest(repository, &reference).await? else { continue };
            let platforms = match oci::Manifest::parse(Some(&record.media_type), &record.content) {
                Ok(manifest) => self.image_facts(repository, &manifest).await?.platforms,
                Err(_) => Some(String::new()),
            };
            learnt.extend(platforms.map(|platforms| (record.digest, platforms)));
        }
        if learnt.is_empty() {
            return Ok(());
        }
        for tag in tags.iter_mut() {
            if let Some(platforms) = learnt.get(&tag.digest) {
                tag.platforms = Some(platforms.split_whitespace().map(str::to_owned).collect());
            }
        }
        let mut tx = self.metadata().begin().await?;
        let Some(id) = tx.find_repository(repository).await? else { return Ok(()) };
        for (digest, platforms) in &learnt {
            tx.set_platforms(id, digest, platforms).await?;
        }
        Ok(tx.commit(Durability::Relaxed).await?)
    }
}

/// A platform as one word; `None` for `unknown/unknown`, under which stands what no client is to run.
fn word(platform: &Platform) -> Option<String> {
    let word = platform.to_string();
    let fits = word.len() <= PLATFORM_LENGTH_MAX && !word.contains(char::is_whitespace);
    (fits && platform.os != "unknown").then_some(word)
}
