//! `/v2/<name>/manifests/<reference>`: HEAD, GET, PUT, DELETE.

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use futures_util::StreamExt as _;

use super::{
    Api, empty,
    error::{Error, Result},
    headers::{self, DOCKER_CONTENT_DIGEST, OCI_SUBJECT, OCI_TAG},
};
use crate::{
    audit::Actor,
    notifications::{Happening, ManifestFacts},
    oci::{Reference, RepositoryName, Tag, media_type},
    registry::{DeletedManifest, Manifest},
    wire::accept::{self, Form},
};

/// How many tags one push may set; the specification asks for ten at least.
const TAGS_MAX: usize = 100;

/// The manifest is not there.
pub(super) fn unknown(name: &RepositoryName, reference: &Reference) -> Error {
    Error::ManifestUnknown { repository: name.clone(), reference: reference.to_string() }
}

pub(super) async fn get(api: &Api, name: &RepositoryName, reference: &Reference, request: &Parts) -> Result<Response> {
    let manifest = api.registry.manifest(name, reference).await?;
    let manifest = manifest.ok_or_else(|| unknown(name, reference))?;
    // What others hear of is the manifest that was asked for, in whichever form the client gets it.
    let pulled = api.registry.is_watched().then(|| manifest.clone());
    let manifest = match reference {
        Reference::Tag(tag) => wanted(api, name, tag, manifest, request).await?,
        Reference::Digest(_) => api.registry.with_signature(manifest).await?,
    };
    let length = manifest.content.len();
    let mut response = if headers::is_cached(&request.headers, &manifest.digest) {
        empty(StatusCode::NOT_MODIFIED)
    } else if request.method == Method::HEAD {
        empty(StatusCode::OK)
    } else {
        Response::new(Body::from(manifest.content))
    };
    let with_length = response.status() != StatusCode::NOT_MODIFIED;
    if let Some(Manifest { digest, media_type, content }) = pulled.filter(|_| with_length) {
        let tag = if let Reference::Tag(tag) = reference { Some(tag.clone()) } else { None };
        let facts = ManifestFacts { repository: name.clone(), digest, media_type, content, tag };
        api.registry.pulled(|| Happening::ManifestPulled(facts));
    }
    // Asking by HEAD is looking, and a client that has it already fetches nothing.
    if with_length && request.method == Method::GET {
        api.registry.note_pull(name, reference);
    }
    let out = response.headers_mut();
    if with_length {
        out.insert(header::CONTENT_LENGTH, length.into());
    }
    out.insert(header::CONTENT_TYPE, headers::value(&manifest.media_type)?);
    if matches!(reference, Reference::Tag(_)) {
        // A cache between must not give one client what another can read.
        out.insert(header::VARY, HeaderValue::from_name(header::ACCEPT));
    }
    out.insert(header::ETAG, headers::etag(&manifest.digest)?);
    out.insert(DOCKER_CONTENT_DIGEST, headers::value(manifest.digest.as_str())?);
    Ok(response)
}

/// The manifest that a tag names, in the form that the client reads.
async fn wanted(api: &Api, name: &RepositoryName, tag: &Tag, manifest: Manifest, request: &Parts) -> Result<Manifest> {
    let registry = &api.registry;
    let accept = request.headers.get_all(header::ACCEPT).into_iter();
    // What is no text names nothing, but is there.
    match accept::form(accept.map(|value| value.to_str().unwrap_or_default()), &manifest.media_type) {
        Form::Stored => Ok(manifest),
        Form::Schema1 => Ok(registry.as_schema1(name, tag, manifest).await?),
        Form::Default { types, or_schema1 } => match registry.default_manifest(name, &manifest).await? {
            Some(child) if types.contains(&child.media_type.as_str()) => Ok(child),
            Some(_) if or_schema1 => Ok(registry.as_schema1(name, tag, manifest).await?),
            _ => Ok(manifest),
        },
    }
}

pub(super) async fn put(
    api: &Api,
    name: &RepositoryName,
    reference: &Reference,
    request: &Parts,
    body: Body,
    by: &Actor,
) -> Result<Response> {
    let content_type = headers::text(&request.headers, &header::CONTENT_TYPE).map(media_type::essence);
    // What says only "JSON", or nothing as Docker before 1.10, leaves it to what stands inside.
    let content_type = content_type.filter(|kind| !kind.is_empty() && *kind != "application/json").map(str::to_owned);
    let tags = extra_tags(reference, request)?;
    let limit = api.settings.manifest_bytes;
    let content = read(request, body, limit).await?;
    if let Some(rule) = &api.settings.url_rule {
        rule.check(content_type.as_deref(), &content)?;
    }
    let put = api.registry.put_manifest(name, reference, &tags, content_type.as_deref(), content, by).await?;
    tracing::info!(repository = %name, reference = %reference, digest = %put.digest, "Pushed {name}@{}", put.digest);
    let mut response = empty(StatusCode::CREATED);
    let out = response.headers_mut();
    out.insert(header::LOCATION, api.settings.urls.location(request, &format!("/v2/{name}/manifests/{}", put.digest))?);
    out.insert(DOCKER_CONTENT_DIGEST, headers::value(put.digest.as_str())?);
    if let Some(subject) = &put.subject {
        out.insert(OCI_SUBJECT, headers::value(subject.as_str())?);
    }
    if put.missing > 0 {
        let parts = if put.missing == 1 { "1 part".to_owned() } else { format!("{} parts", put.missing) };
        headers::warn(out, &format!("{name} lacks {parts} of this manifest: it can't be pulled whole from here"));
    }
    for tag in &tags {
        out.append(OCI_TAG, headers::value(tag.as_str())?);
    }
    Ok(response)
}

/// The tags that a push by digest sets along with it: `?tag=a&tag=b` (distribution-spec, end-7b).
fn extra_tags(reference: &Reference, request: &Parts) -> Result<Vec<Tag>> {
    if matches!(reference, Reference::Tag(_)) {
        return Ok(Vec::new());
    }
    let mut tags = headers::queries(&request.uri, "tag");
    tags.sort_unstable();
    tags.dedup();
    if tags.len() > TAGS_MAX {
        return Err(Error::TooManyTags { limit: TAGS_MAX });
    }
    tags.iter().map(|tag| Tag::parse(tag).map_err(Error::TagInvalid)).collect()
}

/// The whole body, if it is not longer than `limit` bytes.
async fn read(request: &Parts, body: Body, limit: usize) -> Result<Bytes> {
    if headers::content_length(&request.headers).is_some_and(|announced| announced > limit as u64) {
        return Err(Error::ManifestTooLarge { limit });
    }
    let mut content = Vec::new();
    let mut stream = body.into_data_stream();
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| Error::BodyTruncated)?;
        if content.len().saturating_add(part.len()) > limit {
            return Err(Error::ManifestTooLarge { limit });
        }
        content.extend_from_slice(&part);
    }
    Ok(content.into())
}

pub(super) async fn delete(api: &Api, name: &RepositoryName, reference: &Reference, by: &Actor) -> Result<Response> {
    match api.registry.delete_manifest(name, reference, by).await? {
        DeletedManifest::Nothing => Err(unknown(name, reference)),
        DeletedManifest::Tag | DeletedManifest::Manifest => {
            tracing::info!(repository = %name, reference = %reference, "Deleted {name} {reference}");
            Ok(empty(StatusCode::ACCEPTED))
        }
    }
}
