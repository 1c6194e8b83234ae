//! Manifests that speak about another one: signatures, bills of materials, attestations.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Registry, Result, adoption::Touch};
use crate::oci::{self, Digest, RepositoryName, Tag};

/// A manifest that names another as its subject, as the descriptor that a list of referrers holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Referrer {
    /// The media type under which it was pushed.
    pub media_type: String,
    /// The name of its content.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// What kind of artifact it says that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The annotations that stand in it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Registry {
    /// Up to `limit` manifests of `repository` whose subject is `subject`, in byte order of their digests after `last`
    /// (any text); only those of `artifact_type`, if it is given. The subject itself need not be there.
    ///
    /// What clients have listed under the subject's own tag, as they do with registries that keep no such list
    /// (distribution-spec, "Enabling the Referrers API"), counts too, if it is here and does not name another subject.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&str>,
        last: &str,
        limit: u32,
    ) -> Result<Vec<Referrer>> {
        self.adopted(repository, Touch::Read).await?;
        let list = Tag::of_referrers(subject);
        let records = self.metadata().referrers(repository, subject, &list, artifact_type, last, limit).await?;
        let referrer = |record: crate::metadata::ReferrerRecord| {
            let manifest = record.manifest;
            // It was read when it came in; should it not be read now, it is still worth listing.
            let read = oci::Manifest::parse(Some(&manifest.media_type), &manifest.content);
            Referrer {
                size: manifest.content.len() as u64,
                media_type: manifest.media_type,
                digest: manifest.digest,
                artifact_type: record.artifact_type,
                annotations: read.map(|manifest| manifest.annotations).unwrap_or_default(),
            }
        };
        Ok(records.into_iter().map(referrer).collect())
    }
}
