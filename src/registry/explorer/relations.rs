//! What the rest of the registry has to do with a manifest: what was said about it, and who else has its layers.

use crate::{
    explorer::{
        Relations,
        attachment::{Attachment, COSIGN_SUFFIXES, is_about, is_attestation},
    },
    metadata::{ManifestRecord, Visible},
    oci::{self, Descriptor, Digest, Reference, RepositoryName, Tag},
    registry::{Registry, Result, adoption::Touch},
};

/// So many of a kind are listed at most.
const ATTACHMENTS_MAX: u32 = 100;
/// So many indexes are looked into for what they say about one of their images.
const INDEXES_MAX: u32 = 5;

impl Registry {
    /// What the rest of the registry has to do with a manifest; of other repositories, the `visible` ones are named.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn relations(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        visible: &Visible,
    ) -> Result<Relations> {
        self.adopted(repository, Touch::Read).await?;
        let mut attachments = self.attached(repository, digest).await?;
        attachments.sort_by(|one, other| (one.kind, &one.digest).cmp(&(other.kind, &other.digest)));
        // A signature may have been attached in two ways at once.
        attachments.dedup_by(|one, other| one.digest == other.digest);
        Ok(Relations {
            attachments,
            exclusive_bytes: self.metadata().exclusive_bytes(repository, digest).await?,
            shared: self.metadata().shared_layers(repository, digest, visible).await?,
        })
    }

    async fn attached(&self, repository: &RepositoryName, digest: &Digest) -> Result<Vec<Attachment>> {
        let list = Tag::of_referrers(digest);
        let referrers = self.metadata().referrers(repository, digest, &list, None, "", ATTACHMENTS_MAX).await?;
        let mut attached: Vec<_> = referrers
            .into_iter()
            .map(|referrer| {
                let manifest = read(&referrer.manifest);
                let kind = referrer.artifact_type.as_deref();
                Attachment::read(referrer.manifest.digest, kind, None, manifest.as_ref())
            })
            .collect();
        for suffix in COSIGN_SUFFIXES {
            let Ok(tag) = Tag::parse(&format!("{list}.{suffix}")) else { continue };
            let found = self.metadata().manifest(repository, &Reference::Tag(tag.clone())).await?;
            attached.extend(found.map(|record| {
                let manifest = read(&record);
                Attachment::read(record.digest, None, Some(tag), manifest.as_ref())
            }));
        }
        if let Some(own) = self.metadata().manifest(repository, &Reference::Digest(digest.clone())).await?
            && let Some(index) = read(&own)
        {
            let about_any = |_: &Descriptor| true;
            attached.extend(self.in_index(repository, index.manifests(), about_any).await?);
        }
        for index in self.metadata().indexes_with(repository, digest, INDEXES_MAX).await? {
            let Some(index) = read(&index) else { continue };
            let found = self.in_index(repository, index.manifests(), |child| is_about(child, digest)).await?;
            attached.extend(found.into_iter().map(|found| Attachment { platform: None, ..found }));
        }
        Ok(attached)
    }

    /// The attestations in an index that are `wanted`.
    async fn in_index(
        &self,
        repository: &RepositoryName,
        index: &[Descriptor],
        wanted: impl Fn(&Descriptor) -> bool + Send,
    ) -> Result<Vec<Attachment>> {
        let mut attached = Vec::new();
        let children = index.iter().filter(|child| is_attestation(child) && wanted(child));
        for child in children.take(ATTACHMENTS_MAX as usize) {
            let record = self.metadata().manifest(repository, &Reference::Digest(child.digest.clone())).await?;
            let manifest = record.as_ref().and_then(read);
            attached.push(Attachment::in_index(child, index, manifest.as_ref()));
        }
        Ok(attached)
    }
}

/// It was read when it came in; should it not be read now, it is still worth listing.
fn read(record: &ManifestRecord) -> Option<oci::Manifest> {
    oci::Manifest::parse(Some(&record.media_type), &record.content).ok()
}
