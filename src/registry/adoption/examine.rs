//! What a stored manifest is, and whether it can be trusted.

use super::super::manifest::references;
use crate::{
    blob_store::{Hasher, tree::ProblemKind},
    metadata::AdoptedManifest,
    oci::{self, Digest, manifest::Content, stored},
};
use time::OffsetDateTime;

/// A manifest that can be served.
#[derive(Debug)]
pub(super) struct Examined {
    /// As it is kept; its size without what it references.
    pub record: AdoptedManifest,
    /// What stands in it; `None` for a form that is served as it is, without being understood.
    pub manifest: Option<oci::Manifest>,
}

impl Examined {
    /// Whether its size depends on other manifests.
    pub fn is_index(&self) -> bool {
        self.manifest.as_ref().is_some_and(|manifest| matches!(manifest.content, Content::Index(_)))
    }
}

/// Reads the stored bytes of `digest`.
///
/// # Errors
/// Why they can't be served.
pub(super) fn examine(
    digest: &Digest,
    content: Option<Vec<u8>>,
    pushed_at: OffsetDateTime,
) -> Result<Examined, (ProblemKind, String)> {
    let Some(content) = content else {
        return Err((ProblemKind::MissingContent, "it is not there, or too large for a manifest".to_owned()));
    };
    let actual = Hasher::digest(digest.algorithm(), &content);
    if actual != *digest {
        return Err((ProblemKind::CorruptContent, format!("the bytes have the digest {actual}")));
    }
    let Some(media_type) = stored::media_type(&content) else {
        return Err((ProblemKind::UnknownManifest, String::new()));
    };
    // Distribution took in some that we would refuse; they are served as ever, byte for byte.
    let manifest = oci::Manifest::parse(Some(media_type), &content).ok();
    let record = AdoptedManifest {
        digest: digest.clone(),
        media_type: media_type.to_owned(),
        artifact_type: manifest.as_ref().and_then(|manifest| manifest.artifact_type.clone()),
        subject: manifest.as_ref().and_then(|manifest| manifest.subject_digest().cloned()),
        image_size: content.len() as u64,
        references: manifest.as_ref().map(references).unwrap_or_default(),
        pushed_at,
        content,
    };
    Ok(Examined { record, manifest })
}
