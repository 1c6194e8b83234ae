//! Images in Docker's format before 1.10: taken out of their signatures, signed again, and made from newer ones.
//!
//! Reading writes nothing: not the empty layer, which is served without being stored, and no manifest.

use std::sync::PoisonError;

use bytes::Bytes;

use super::{Error, Manifest, Registry, Result, SigningKey, signing_key};
use crate::{
    blob_store::Hasher,
    metadata::Durability,
    oci::{
        self, Algorithm, Descriptor, Digest, Reference, RepositoryName, Tag,
        manifest::{Content, InvalidManifest},
        media_type::{DOCKER_CONFIG, DOCKER_SCHEMA1_SIGNED, OCI_CONFIG, essence},
        schema1::{Signed, Source, Unconvertible, Unsigned, convert},
    },
};

mod cache;

pub(super) use cache::Cache;

/// What the key in the database is for.
const PURPOSE: &str = "schema1";

/// No image's configuration comes near this; a larger one is not read into memory to be converted.
const CONFIG_BYTES_MAX: u64 = 1024 * 1024;

impl Registry {
    /// Makes the key that signs schema 1 manifests, if there is none. To be called at start, so that no reading request
    /// has to write. Durable when this returns.
    ///
    /// # Errors
    /// The database is broken, or the key in it.
    pub async fn ensure_signing_key(&self) -> Result<()> {
        self.signing_key().await?;
        Ok(())
    }

    /// Signs with this key from now on. `false` if another one is in use already.
    pub fn use_signing_key(&self, key: SigningKey) -> bool {
        self.inner.signing_key.set(key).is_ok()
    }

    async fn signing_key(&self) -> Result<&SigningKey> {
        self.inner.signing_key.get_or_try_init(|| self.kept_signing_key()).await
    }

    async fn kept_signing_key(&self) -> Result<SigningKey> {
        if let Some(key) = self.metadata().signing_key(PURPOSE).await? {
            return Ok(SigningKey::from_der(&key)?);
        }
        let (_, key) = SigningKey::generate()?;
        let mut tx = self.metadata().begin().await?;
        // Another replica may have made one at the same time: then both use that.
        let key = tx.keep_signing_key(PURPOSE, &key, self.now()).await?;
        tx.commit(Durability::Synced).await?;
        Ok(SigningKey::from_der(&key)?)
    }

    /// What is stored of a manifest that was pushed as `media_type`: all of it, or of schema 1 the part that was
    /// signed.
    ///
    /// # Errors
    /// It is schema 1 and not signed rightly, or not welcome.
    pub(super) fn content_of(&self, media_type: Option<&str>, pushed: Bytes) -> Result<Bytes> {
        if !oci::Manifest::is_schema1(media_type, &pushed)? {
            return Ok(pushed);
        }
        if !self.inner.policy.schema1_push {
            return Err(Error::Schema1Refused);
        }
        let signed = Signed::parse(&pushed).map_err(InvalidManifest::from)?;
        if !signed.is_verified(signing_key::is_valid) {
            return Err(Error::ManifestUnverified);
        }
        Ok(signed.payload.into())
    }

    /// A schema 1 manifest as clients want it, with a signature around its content; any other one as it is. The digest
    /// stays the content's.
    ///
    /// # Errors
    /// The key can't be had.
    pub async fn with_signature(&self, manifest: Manifest) -> Result<Manifest> {
        if manifest.media_type != DOCKER_SCHEMA1_SIGNED {
            return Ok(manifest);
        }
        let cached = self.cache(|cache| cache.get(&manifest.digest, None));
        match cached {
            Some(cached) => Ok(cached),
            None => {
                let key = manifest.digest.clone();
                let signed = self.sign(manifest).await?;
                self.cache(|cache| cache.put(key, None, &signed));
                Ok(signed)
            }
        }
    }

    async fn sign(&self, manifest: Manifest) -> Result<Manifest> {
        let payload = Unsigned::new(&manifest.content).ok_or(Error::Inconsistent("a schema 1 manifest is not one"))?;
        let content = self.signing_key().await?.sign(&payload, self.now())?;
        Ok(Manifest { content: content.into(), ..manifest })
    }

    /// The schema 1 form of `manifest`, which the tag `tag` names; of an index, that of its image for linux/amd64.
    /// Always the same for the same image under the same name, so it has a digest, under which it can't be had.
    ///
    /// # Errors
    /// [`Error::Unconvertible`] if it has none.
    pub async fn as_schema1(&self, repository: &RepositoryName, tag: &Tag, manifest: Manifest) -> Result<Manifest> {
        if manifest.media_type == DOCKER_SCHEMA1_SIGNED {
            return self.with_signature(manifest).await;
        }
        let mut manifest = manifest;
        let mut parsed = oci::Manifest::parse(Some(&manifest.media_type), &manifest.content)?;
        if let Content::Index(children) = &parsed.content {
            let child = self.default_child(repository, children).await?.ok_or(Unconvertible::Platform)?;
            if child.media_type == DOCKER_SCHEMA1_SIGNED {
                return self.with_signature(child).await;
            }
            parsed = oci::Manifest::parse(Some(&child.media_type), &child.content)?;
            manifest = child;
        }
        let name = Some((repository, tag));
        if let Some(cached) = self.cache(|cache| cache.get(&manifest.digest, name)) {
            return Ok(cached);
        }
        let Content::Image { config, layers } = &parsed.content else { return Err(Unconvertible::Platform.into()) };
        let payload = self.convert(repository, tag, &parsed, config, layers).await?;
        let converted = Manifest {
            digest: sha256(payload.as_bytes()),
            media_type: DOCKER_SCHEMA1_SIGNED.to_owned(),
            content: payload.into(),
        };
        let signed = self.sign(converted).await?;
        self.cache(|cache| cache.put(manifest.digest, name, &signed));
        Ok(signed)
    }

    async fn convert(
        &self,
        repository: &RepositoryName,
        tag: &Tag,
        manifest: &oci::Manifest,
        config: &Descriptor,
        layers: &[Descriptor],
    ) -> Result<String> {
        if !matches!(essence(&config.media_type), OCI_CONFIG | DOCKER_CONFIG) {
            let kind = manifest.artifact_type.as_deref().unwrap_or(&config.media_type);
            return Err(Unconvertible::NotAnImage(kind.to_owned()).into());
        }
        let config = self.read_blob_whole(repository, &config.digest, CONFIG_BYTES_MAX).await?;
        let config = config.ok_or(Unconvertible::Config)?;
        Ok(convert(&Source { repository, tag, config: &config, layers }, sha256)?)
    }

    /// The manifest of an index for whoever can't choose: that for linux/amd64, as in Distribution; failing that, one
    /// for which no platform is given. `None` if the index has none, or it was not pushed here.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn default_manifest(&self, repository: &RepositoryName, index: &Manifest) -> Result<Option<Manifest>> {
        let parsed = oci::Manifest::parse(Some(&index.media_type), &index.content)?;
        self.default_child(repository, parsed.manifests()).await
    }

    async fn default_child(&self, repository: &RepositoryName, children: &[Descriptor]) -> Result<Option<Manifest>> {
        let runs_anywhere = |child: &&Descriptor| child.platform.is_none();
        let is_default = |child: &&Descriptor| {
            child.platform.as_ref().is_some_and(|platform| platform.os == "linux" && platform.architecture == "amd64")
        };
        let child = children.iter().find(is_default).or_else(|| children.iter().find(runs_anywhere));
        let Some(child) = child else { return Ok(None) };
        self.manifest(repository, &Reference::Digest(child.digest.clone())).await
    }

    fn cache<T>(&self, work: impl FnOnce(&mut Cache) -> T) -> T {
        work(&mut self.inner.schema1_cache.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn sha256(content: &[u8]) -> Digest {
    Hasher::digest(Algorithm::Sha256, content)
}
