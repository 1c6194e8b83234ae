//! Which machines images are for: read once, when they come in or are first shown, and kept in the database.

use std::collections::HashMap;

use crate::{
    explorer::{ConfigBlob, ImageConfig, TagSummary, attachment::is_attestation},
    metadata::Durability,
    oci::{self, Digest, Reference, RepositoryName, descriptor::Platform, manifest::Content},
    registry::{Registry, Result},
};

/// So many platforms of an index are kept.
const PLATFORMS_MAX: usize = 50;
/// No platform's name comes near this.
const PLATFORM_LENGTH_MAX: usize = 60;

impl Registry {
    /// The platforms of a manifest with blanks between them, nothing for what runs nowhere; `None` if its config is not
    /// in the repository.
    ///
    /// # Errors
    /// The database or the blob store is broken.
    pub(in crate::registry) async fn platforms_of(
        &self,
        repository: &RepositoryName,
        manifest: &oci::Manifest,
    ) -> Result<Option<String>> {
        let platforms = match &manifest.content {
            Content::Image { config, .. } => match self.config_blob(repository, config).await? {
                ConfigBlob::Image(config) => config.platform.as_ref().and_then(word).into_iter().collect(),
                ConfigBlob::Artifact | ConfigBlob::Unreadable => Vec::new(),
                ConfigBlob::Missing => return Ok(None),
            },
            Content::Schema1(image) => {
                ImageConfig::of_schema1(image).platform.as_ref().and_then(word).into_iter().collect()
            }
            Content::Index(children) => {
                let mut platforms = Vec::new();
                for child in children.iter().filter(|child| !is_attestation(child)).take(PLATFORMS_MAX) {
                    let platform = match &child.platform {
                        Some(platform) => word(platform),
                        None => self.metadata().platforms(repository, &child.digest).await?,
                    };
                    platforms.extend(platform.filter(|platform| !platform.is_empty() && !platforms.contains(platform)));
                }
                platforms
            }
        };
        Ok(Some(platforms.join(" ")))
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
                Ok(manifest) => self.platforms_of(repository, &manifest).await?,
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
