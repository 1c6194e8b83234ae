//! What the console reads of another registry.

use std::{collections::HashMap, sync::Arc};

use futures_util::{StreamExt as _, stream};

use super::{
    Failure,
    client::{Answer, Client},
    connection::Connection,
};
use crate::{
    blob_store::Hasher,
    explorer::{
        Attachment, Body, ConfigBlob, ImageConfig, ListQuery, ManifestView, Relations, RemoteRepositories, RemoteTags,
        RepositorySort, TagSort, remote::page,
    },
    oci::{
        self, Algorithm, Descriptor, Digest, Reference, RepositoryName,
        manifest::Content,
        media_type::{
            DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, DOCKER_SCHEMA1, DOCKER_SCHEMA1_SIGNED, OCI_INDEX, OCI_MANIFEST,
            essence,
        },
        schema1::Signed,
    },
};

/// No image's configuration comes near this.
const CONFIG_BYTES_MAX: usize = 4 * 1024 * 1024;
/// So many referrers are listed, from an answer of so many bytes.
const REFERRERS_MAX: usize = 100;
const REFERRERS_BYTES_MAX: usize = 4 * 1024 * 1024;
/// So many layers are asked for their sizes, where the manifest does not tell them.
const LAYERS_MAX: usize = 256;
/// So many of them at once.
const AT_ONCE: usize = 8;

/// The way to read another registry, for one request.
#[derive(Clone, Debug)]
pub struct RemoteReader {
    connection: Arc<Connection>,
    manifest_bytes: usize,
}

impl RemoteReader {
    pub(super) const fn new(connection: Arc<Connection>, manifest_bytes: usize) -> Self {
        Self { connection, manifest_bytes }
    }

    /// The address, as it was entered.
    pub fn address(&self) -> String {
        self.connection.address().to_string()
    }

    /// Whether it is read with a name and password: then not everyone may see what they open.
    pub fn signs_in(&self) -> bool {
        self.connection.signs_in()
    }

    /// One page of its repositories, of those that pass `keep`. A long list is read in the background and shown as far as
    /// it has come.
    ///
    /// # Errors
    /// It can't be read.
    pub async fn repositories(
        &self,
        query: &ListQuery<RepositorySort>,
        keep: impl Fn(&RepositoryName) -> bool + Send + 'static,
    ) -> Result<RemoteRepositories, Failure> {
        let names = self.connection.catalogue.read(&self.connection).await?;
        let query = query.clone();
        // Away from the threads that serve requests: there may be many names.
        let listed = tokio::task::spawn_blocking(move || RemoteRepositories {
            list: page(&names.names, &query, RepositorySort::Name, keep),
            extent: names.extent,
        });
        listed.await.map_err(|_| Failure::Timeout)
    }

    /// One page of a repository's tags; `None` if there is no such repository.
    ///
    /// # Errors
    /// It can't be read.
    pub async fn tags(&self, name: &RepositoryName, query: &ListQuery<TagSort>) -> Result<Option<RemoteTags>, Failure> {
        let client = self.client().await?;
        let tags = self.noting(self.connection.tags.read(&client, name).await)?;
        Ok(tags.map(|tags| RemoteTags {
            name: name.clone(),
            example: tags.names.iter().find(|tag| tag.as_str() == "latest").or(tags.names.last()).cloned(),
            list: page(&tags.names, query, TagSort::Name, |_| true),
            extent: tags.extent,
        }))
    }

    /// The manifest that `reference` names, laid out, with its config read; `None` if there is none.
    ///
    /// # Errors
    /// It can't be read, or what it sends is not what its digest names.
    pub async fn manifest(
        &self,
        name: &RepositoryName,
        reference: &Reference,
    ) -> Result<Option<(ManifestView, Relations)>, Failure> {
        let client = self.client().await?;
        let accept =
            [OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_MANIFEST_LIST, DOCKER_SCHEMA1_SIGNED, DOCKER_SCHEMA1];
        let path = format!("/v2/{name}/manifests/{}", reference.as_str());
        let answer = self.noting(client.get(&path, &accept.join(", "), self.manifest_bytes).await)?;
        match answer.status.as_u16() {
            200 => {}
            404 => return Ok(None),
            status => return Err(Failure::Status { status }),
        }
        let (media_type, content) = content_of(&answer);
        let digest = Hasher::digest(Algorithm::Sha256, &content);
        if let Reference::Digest(wanted) = reference
            && Hasher::digest(wanted.algorithm(), &content) != *wanted
        {
            return Err(Failure::Digest);
        }
        let digest = if let Reference::Digest(wanted) = reference { wanted.clone() } else { digest };
        let parsed = oci::Manifest::parse(media_type.as_deref(), &content).ok();
        let (body, size_bytes) = match &parsed {
            Some(parsed) => lay_out(&client, name, parsed, content.len() as u64).await,
            None => (Body::Unknown, None),
        };
        let relations = Relations { attachments: referrers(&client, name, &digest).await, ..Relations::default() };
        let parsed = parsed.as_ref();
        let view = ManifestView {
            artifact_type: parsed
                .and_then(|parsed| parsed.artifact_type.clone())
                .filter(|kind| !ConfigBlob::is_image(kind)),
            subject: parsed.and_then(|parsed| parsed.subject_digest().cloned()),
            annotations: parsed.map(|parsed| parsed.annotations.clone()).unwrap_or_default().into_iter().collect(),
            body,
            manifest_bytes: content.len() as u64,
            size_bytes,
            pushed_at: None,
            tags: Vec::new(),
            raw: String::from_utf8_lossy(&answer.body).into_owned(),
            pretty: ManifestView::pretty(&answer.body),
            digest,
            media_type: media_type.unwrap_or_else(|| parsed.map(|m| m.media_type.clone()).unwrap_or_default()),
        };
        Ok(Some((view, relations)))
    }

    async fn client(&self) -> Result<Arc<Client>, Failure> {
        self.connection.connect(false).await
    }

    /// After a failure the way is looked for anew: it may be another one now.
    fn noting<T>(&self, answered: Result<T, Failure>) -> Result<T, Failure> {
        answered.inspect_err(|failure| self.connection.lost(failure))
    }
}

/// What was said about a manifest, where its API has that (distribution-spec 1.1, "Listing Referrers"); what goes wrong is
/// no reason not to show the rest.
async fn referrers(client: &Client, name: &RepositoryName, digest: &Digest) -> Vec<Attachment> {
    let path = format!("/v2/{name}/referrers/{digest}");
    let Ok(answer) = client.get(&path, OCI_INDEX, REFERRERS_BYTES_MAX).await else { return Vec::new() };
    if answer.status.as_u16() != 200 {
        return Vec::new();
    }
    let Ok(index) = oci::Manifest::parse(Some(OCI_INDEX), &answer.body) else { return Vec::new() };
    let attachment =
        |child: &Descriptor| Attachment::read(child.digest.clone(), child.artifact_type.as_deref(), None, None);
    index.manifests().iter().take(REFERRERS_MAX).map(attachment).collect()
}

/// What was pushed, and as what: of Docker's format before 1.10, what is inside of the signatures.
fn content_of(answer: &Answer) -> (Option<String>, Vec<u8>) {
    let media_type = Some(essence(answer.content_type()).to_owned()).filter(|kind| !kind.is_empty());
    let signed = oci::Manifest::is_schema1(media_type.as_deref(), &answer.body).unwrap_or_default();
    let content = match Signed::parse(&answer.body) {
        Ok(signed_content) if signed => signed_content.payload,
        _ => answer.body.to_vec(),
    };
    (media_type, content)
}

/// What a manifest points at, and the size of it all, as far as that can be known.
async fn lay_out(client: &Client, name: &RepositoryName, parsed: &oci::Manifest, own: u64) -> (Body, Option<u64>) {
    match &parsed.content {
        Content::Image { config, layers } => {
            let size = layers.iter().map(|layer| layer.size).fold(own.saturating_add(config.size), u64::saturating_add);
            (Body::of(parsed, config_blob(client, name, config).await, |_| None), Some(size))
        }
        Content::Schema1(image) => {
            let digests: Vec<_> = image.layers.iter().take(LAYERS_MAX).map(|layer| layer.blob.digest.clone()).collect();
            let sizes: HashMap<Digest, u64> = stream::iter(digests)
                .map(|digest| async move {
                    let length = client.length(&format!("/v2/{name}/blobs/{digest}")).await.ok().flatten();
                    length.map(|length| (digest, length))
                })
                .buffer_unordered(AT_ONCE)
                .filter_map(std::future::ready)
                .collect()
                .await;
            let whole = image.layers.iter().map(|layer| sizes.get(&layer.blob.digest)).sum::<Option<u64>>();
            let body = Body::of(parsed, ConfigBlob::Missing, |digest| sizes.get(digest).copied());
            (body, whole.map(|layers| layers.saturating_add(own)))
        }
        Content::Index(_) => (Body::of(parsed, ConfigBlob::Missing, |_| None), None),
    }
}

async fn config_blob(client: &Client, name: &RepositoryName, config: &Descriptor) -> ConfigBlob {
    if !ConfigBlob::is_image(essence(&config.media_type)) {
        return ConfigBlob::Artifact;
    }
    let path = format!("/v2/{name}/blobs/{}", config.digest);
    match client.get(&path, "*/*", CONFIG_BYTES_MAX).await {
        Ok(answer) if answer.status.as_u16() == 404 => ConfigBlob::Missing,
        Ok(answer)
            if answer.status.is_success()
                && Hasher::digest(config.digest.algorithm(), &answer.body) == config.digest =>
        {
            ImageConfig::parse(&answer.body).map_or(ConfigBlob::Unreadable, |config| ConfigBlob::Image(config.into()))
        }
        // The rest of the page is worth seeing.
        _ => ConfigBlob::Unreadable,
    }
}
