//! Manifests: taken in only when all that they name is there, and given back byte for byte.

use std::collections::HashSet;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;

use super::{Error, Policy, Registry, Result, adoption::Touch, explorer::ImageFacts};
use crate::{
    audit::Actor,
    blob_store::Hasher,
    metadata::{Durability, NewManifest, ReferenceKind, RepositoryId, Stroke, Transaction},
    notifications::{Happening, ManifestFacts},
    oci::{
        self, Algorithm, Digest, Reference, RepositoryName, Tag,
        manifest::{Content, InvalidManifest},
        schema1::{EMPTY_LAYER, is_empty_layer},
    },
};

/// A manifest as it was pushed.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The name of the content.
    pub digest: Digest,
    /// The media type under which it was pushed.
    pub media_type: String,
    /// The content, byte for byte.
    pub content: Bytes,
}

/// What became of a manifest that was pushed.
#[derive(Clone, Debug)]
pub struct PutManifest {
    /// The name of the content.
    pub digest: Digest,
    /// The manifest that it speaks about (distribution-spec, `OCI-Subject`).
    pub subject: Option<Digest>,
    /// How much of what it names is not in the repository. Only a sparse registry takes such a manifest in.
    pub missing: usize,
}

impl Registry {
    /// The manifest that `reference` names.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn manifest(&self, repository: &RepositoryName, reference: &Reference) -> Result<Option<Manifest>> {
        self.adopted(repository, Touch::Read).await?;
        let record = self.metadata().manifest(repository, reference).await?;
        Ok(record.map(|record| Manifest {
            digest: record.digest,
            media_type: record.media_type,
            content: record.content.into(),
        }))
    }

    /// Takes in a manifest under `reference` and, with it, every one of `tags`: all of them or none. `media_type` is
    /// the request's, without parameters. Of a schema 1 manifest, the signed part is taken in, once its signatures are
    /// found right. The tags' history names `by`. Durable when this returns.
    ///
    /// # Errors
    /// Nothing was stored: the content is not a manifest, not the digest's, or names what is not there.
    pub async fn put_manifest(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        tags: &[Tag],
        media_type: Option<&str>,
        content: Bytes,
        by: &Actor,
    ) -> Result<PutManifest> {
        self.may_change()?;
        let content = self.content_of(media_type, content)?;
        let digest = match reference {
            Reference::Tag(_) => Hasher::digest(Algorithm::Sha256, &content),
            Reference::Digest(expected) => {
                let actual = Hasher::digest(expected.algorithm(), &content);
                if actual != *expected {
                    return Err(Error::DigestMismatch { expected: expected.clone(), actual });
                }
                actual
            }
        };
        let manifest = oci::Manifest::parse(media_type, &content)?;
        check_embedded(&manifest)?;
        self.adopted(repository, Touch::Change).await?;
        let now = self.now();
        let empty_layer = self.store_empty_layer(repository, &manifest).await?;
        // Should it not be read now, it is in the background and when it is first shown.
        let facts = self.image_facts(repository, &manifest).await.ok();
        let mut tx = self.metadata().begin().await?;
        let id = tx.repository(repository, now).await?;
        if let Some(digest) = empty_layer {
            tx.link_blob(id, &digest, EMPTY_LAYER.len() as u64, now).await?;
        }
        let referenced = referenced(&mut tx, id, &manifest, self.inner.policy).await?;
        let new = NewManifest {
            digest: &digest,
            media_type: &manifest.media_type,
            artifact_type: manifest.artifact_type.as_deref(),
            subject: manifest.subject_digest(),
            content: &content,
            image_size: referenced.size.saturating_add(content.len() as u64),
        };
        tx.put_manifest(id, new, &references(&manifest), now).await?;
        if let Some(ImageFacts { platforms: Some(platforms), labels }) = &facts {
            tx.set_platforms(id, &digest, platforms).await?;
            tx.set_labels(id, &digest, labels).await?;
        }
        let own = match reference {
            Reference::Tag(tag) => Some(tag),
            Reference::Digest(_) => None,
        };
        for tag in own.into_iter().chain(tags) {
            tx.put_tag(id, tag, &digest, &Stroke::new(now, &by.name)).await?;
        }
        let told = self
            .tell(&mut tx, || {
                let facts = |tag: Option<&Tag>| ManifestFacts {
                    repository: repository.clone(),
                    digest: digest.clone(),
                    media_type: manifest.media_type.clone(),
                    content: content.clone(),
                    tag: tag.cloned(),
                };
                let mut tagged: Vec<_> = own.into_iter().chain(tags).map(|tag| facts(Some(tag))).collect();
                if tagged.is_empty() {
                    tagged.push(facts(None));
                }
                tagged.into_iter().map(Happening::ManifestPushed).collect()
            })
            .await?;
        tx.commit(Durability::Synced).await?;
        told.committed();
        self.wake_mirror();
        Ok(PutManifest { digest, subject: manifest.subject_digest().cloned(), missing: referenced.missing })
    }

    /// Stores the layer of steps that changed nothing, if `manifest` has it and `repository` does not: clients were told
    /// that it is there and have not sent it. Its digest, if it is to be linked now.
    async fn store_empty_layer(&self, repository: &RepositoryName, manifest: &oci::Manifest) -> Result<Option<Digest>> {
        let Some(layer) = manifest.required_blobs().find(|blob| is_empty_layer(&blob.digest)) else { return Ok(None) };
        if self.metadata().blob_size(repository, &layer.digest).await?.is_some() {
            return Ok(None);
        }
        self.store_blob(&layer.digest, Bytes::from_static(&EMPTY_LAYER)).await?;
        Ok(Some(layer.digest.clone()))
    }
}

/// Whether content that is embedded in descriptors is what they say: a client may take it for the content itself.
fn check_embedded(manifest: &oci::Manifest) -> Result<()> {
    for descriptor in manifest.descriptors() {
        let Some(data) = &descriptor.data else { continue };
        let digest = &descriptor.digest;
        let fits = BASE64_STANDARD.decode(data).is_ok_and(|content| {
            content.len() as u64 == descriptor.size && Hasher::digest(digest.algorithm(), &content) == *digest
        });
        if !fits {
            return Err(InvalidManifest::EmbeddedData { digest: digest.clone() }.into());
        }
    }
    Ok(())
}

/// What a manifest names, together.
struct Referenced {
    /// The bytes of all of it, each once.
    size: u64,
    /// How much of it is not in the repository.
    missing: usize,
}

/// Looks for all that `manifest` names.
///
/// # Errors
/// [`Error::ManifestBlobUnknown`] with everything that is missing, so that one answer tells it all.
async fn referenced(
    tx: &mut Transaction,
    id: RepositoryId,
    manifest: &oci::Manifest,
    policy: Policy,
) -> Result<Referenced> {
    let mut missing = Vec::new();
    let mut sizes = 0_u64;
    let mut seen = HashSet::new();
    for blob in manifest.required_blobs().filter(|blob| seen.insert(&blob.digest)) {
        match tx.blob_size(id, &blob.digest).await? {
            Some(size) => sizes = sizes.saturating_add(size),
            None => missing.push(blob.digest.clone()),
        }
    }
    let mut children = 0_u64;
    for child in manifest.manifests() {
        match tx.image_size(id, &child.digest).await? {
            Some(size) => children = children.saturating_add(size),
            None => missing.push(child.digest.clone()),
        }
    }
    let may_lack = policy.sparse || policy.sparse_indexes && matches!(manifest.content, Content::Index(_));
    if !missing.is_empty() && !may_lack {
        return Err(Error::ManifestBlobUnknown(missing));
    }
    if matches!(manifest.content, Content::Schema1(_)) {
        // It does not say how large its layers are.
        return Ok(Referenced { size: sizes, missing: missing.len() });
    }
    let mut seen = HashSet::new();
    let blobs = manifest.blobs().filter(|blob| seen.insert(&blob.digest)).map(|blob| blob.size);
    Ok(Referenced { size: blobs.fold(children, u64::saturating_add), missing: missing.len() })
}

/// What the database keeps of what a manifest points at.
pub(super) fn references(manifest: &oci::Manifest) -> Vec<(ReferenceKind, Digest)> {
    match &manifest.content {
        Content::Image { config, layers } => {
            let layers = layers.iter().map(|layer| (ReferenceKind::Layer, layer.digest.clone()));
            std::iter::once((ReferenceKind::Config, config.digest.clone())).chain(layers).collect()
        }
        Content::Schema1(image) => {
            image.layers.iter().map(|layer| (ReferenceKind::Layer, layer.blob.digest.clone())).collect()
        }
        Content::Index(manifests) => {
            manifests.iter().map(|child| (ReferenceKind::Manifest, child.digest.clone())).collect()
        }
    }
}
