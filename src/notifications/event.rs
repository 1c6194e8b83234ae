//! An event, in the JSON of Distribution (notifications/event.go): the same fields, and absent where they are there.

use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use crate::oci::{Descriptor, Digest, Manifest, RepositoryName, Tag};

/// A blob's type in events, whatever it holds.
const BLOB_TYPE: &str = "application/octet-stream";

/// Why something happens: the request, and who sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// The request.
    pub request: RequestRecord,
    /// Who sent it, as far as it is known.
    pub actor: Option<String>,
    /// What stands before `/v2/` in a URL by which the client reaches the registry.
    pub base_url: String,
}

/// A request, as events tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RequestRecord {
    /// Its id, which stands in the log too.
    pub id: String,
    /// The client's address, with its port where that is known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub addr: String,
    /// The host that it was sent to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub host: String,
    /// The HTTP method.
    pub method: String,
    /// The client's program.
    pub useragent: String,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A blob was pushed.
    BlobPushed(BlobFacts),
    /// A blob was read.
    BlobPulled(BlobFacts),
    /// A blob of another repository was mounted.
    BlobMounted(BlobFacts, RepositoryName),
    /// A repository lost a blob.
    BlobDeleted(RepositoryName, Digest),
    /// A manifest was pushed.
    ManifestPushed(ManifestFacts),
    /// A manifest was read.
    ManifestPulled(ManifestFacts),
    /// A repository lost a manifest.
    ManifestDeleted(RepositoryName, Digest),
    /// A repository lost a tag.
    TagDeleted(RepositoryName, Tag),
}

/// A blob of a repository: its size in bytes stands last.
pub type BlobFacts = (RepositoryName, Digest, u64);

/// A manifest of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestFacts {
    /// The repository.
    pub repository: RepositoryName,
    /// The manifest's name.
    pub digest: Digest,
    /// The media type under which it was pushed.
    pub media_type: String,
    /// Byte for byte.
    pub content: bytes::Bytes,
    /// The tag by which it was pushed or asked for.
    pub tag: Option<Tag>,
}

impl Happening {
    /// `push`, `pull`, `mount` or `delete`.
    pub(super) const fn action(&self) -> &'static str {
        match self {
            Self::BlobPushed(_) | Self::ManifestPushed(_) => "push",
            Self::BlobPulled(_) | Self::ManifestPulled(_) => "pull",
            Self::BlobMounted(..) => "mount",
            Self::BlobDeleted(..) | Self::ManifestDeleted(..) | Self::TagDeleted(..) => "delete",
        }
    }

    /// What kind of content it is about; deletions don't say.
    pub(super) fn media_type(&self) -> &str {
        match self {
            Self::BlobPushed(_) | Self::BlobPulled(_) | Self::BlobMounted(..) => BLOB_TYPE,
            Self::ManifestPushed(facts) | Self::ManifestPulled(facts) => &facts.media_type,
            Self::BlobDeleted(..) | Self::ManifestDeleted(..) | Self::TagDeleted(..) => "",
        }
    }

    /// Whether nothing was changed.
    pub(super) const fn is_pull(&self) -> bool {
        matches!(self, Self::BlobPulled(_) | Self::ManifestPulled(_))
    }

    fn target(&self, base_url: &str, include_references: bool) -> Target {
        match self {
            Self::BlobPushed(blob) | Self::BlobPulled(blob) => Target::blob(blob, base_url),
            Self::BlobMounted(blob, from) => {
                Target { from_repository: Some(from.to_string()), ..Target::blob(blob, base_url) }
            }
            Self::BlobDeleted(repository, digest) | Self::ManifestDeleted(repository, digest) => {
                Target { digest: Some(digest.clone()), repository: repository.to_string(), ..Target::default() }
            }
            Self::ManifestPushed(facts) | Self::ManifestPulled(facts) => {
                Target::manifest(facts, base_url, include_references)
            }
            Self::TagDeleted(repository, tag) => {
                Target { repository: repository.to_string(), tag: Some(tag.to_string()), ..Target::default() }
            }
        }
    }
}

/// Which registry tells it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Source {
    /// The machine's name and the port.
    pub addr: String,
    /// Another one for each process.
    #[serde(rename = "instanceID")]
    pub instance_id: String,
}

/// What the event is about.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    #[serde(skip_serializing_if = "String::is_empty")]
    media_type: String,
    #[serde(skip_serializing_if = "is_zero")]
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
    /// The same as the size, for receivers of long ago.
    #[serde(skip_serializing_if = "is_zero")]
    length: u64,
    repository: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from_repository: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<Reference>,
}

/// What a manifest names.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    media_type: String,
    #[serde(skip_serializing_if = "is_zero")]
    size: u64,
    digest: Digest,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    urls: Vec<String>,
}

impl From<&Descriptor> for Reference {
    fn from(descriptor: &Descriptor) -> Self {
        Self {
            media_type: descriptor.media_type.clone(),
            size: descriptor.size,
            digest: descriptor.digest.clone(),
            urls: descriptor.urls.clone(),
        }
    }
}

/// Serde asks by reference.
#[expect(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Target {
    fn blob((repository, digest, size): &BlobFacts, base_url: &str) -> Self {
        Self {
            media_type: BLOB_TYPE.to_owned(),
            size: *size,
            length: *size,
            url: format!("{base_url}/v2/{repository}/blobs/{digest}"),
            digest: Some(digest.clone()),
            repository: repository.to_string(),
            ..Self::default()
        }
    }

    fn manifest(facts: &ManifestFacts, base_url: &str, include_references: bool) -> Self {
        let ManifestFacts { repository, digest, media_type, content, tag } = facts;
        let size = content.len() as u64;
        let parsed = include_references.then(|| Manifest::parse(Some(media_type), content).ok()).flatten();
        let references = parsed.map(|manifest| manifest.blobs().chain(manifest.manifests()).map(Into::into).collect());
        Self {
            media_type: media_type.clone(),
            size,
            length: size,
            url: format!("{base_url}/v2/{repository}/manifests/{digest}"),
            digest: Some(digest.clone()),
            repository: repository.to_string(),
            tag: tag.as_ref().map(ToString::to_string),
            references: references.unwrap_or_default(),
            from_repository: None,
        }
    }
}

/// An event, as it is sent.
#[derive(Debug, Serialize)]
pub(super) struct Event<'a> {
    id: String,
    timestamp: String,
    action: &'static str,
    target: Target,
    request: &'a RequestRecord,
    actor: Actor<'a>,
    source: &'a Source,
}

#[derive(Debug, Serialize)]
struct Actor<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

impl<'a> Event<'a> {
    pub(super) fn new(
        at: OffsetDateTime,
        cause: &'a Cause,
        happening: &Happening,
        source: &'a Source,
        include_references: bool,
    ) -> Self {
        Self {
            id: Uuid::new_v4().to_string(),
            timestamp: at.format(&Rfc3339).unwrap_or_default(),
            action: happening.action(),
            target: happening.target(&cause.base_url, include_references),
            request: &cause.request,
            actor: Actor { name: cause.actor.as_deref() },
            source,
        }
    }

    /// What is stored and sent.
    pub(super) fn to_json(&self) -> String {
        // Nothing in it can fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}
