//! `/v2/<name>/blobs/<digest>`: HEAD, GET with one range, DELETE.

use axum::{
    body::Body,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};

use super::{
    Api, empty,
    error::{Error, Result},
    headers::{self, DOCKER_CONTENT_DIGEST},
};
use crate::{
    audit::Actor,
    notifications::Happening,
    oci::{Digest, RepositoryName},
    wire::range::{self, Wanted},
};

const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");
/// Content under its digest never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("max-age=31536000, immutable");

pub(super) async fn get(api: &Api, name: &RepositoryName, digest: &Digest, request: &Parts) -> Result<Response> {
    let unknown = || Error::BlobUnknown { repository: name.clone(), digest: digest.clone() };
    let (size, mut response) = if headers::is_cached(&request.headers, digest) {
        let size = api.registry.blob_size(name, digest).await?.ok_or_else(unknown)?;
        (size, empty(StatusCode::NOT_MODIFIED))
    } else if request.method == Method::HEAD {
        let size = api.registry.blob_size(name, digest).await?.ok_or_else(unknown)?;
        (size, with_length(empty(StatusCode::OK), size))
    } else {
        let blob = api.registry.blob(name, digest).await?.ok_or_else(unknown)?;
        let size = blob.size();
        let response = match wanted_range(request, digest, size)? {
            Some(range) => {
                let content_range = format!("bytes {}-{}/{size}", range.start, range.end.saturating_sub(1));
                let length = range.end - range.start;
                let mut response = with_length(Response::new(Body::from_stream(blob.stream(range))), length);
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                response.headers_mut().insert(header::CONTENT_RANGE, headers::value(&content_range)?);
                response
            }
            None => with_length(Response::new(Body::from_stream(blob.stream(0..size))), size),
        };
        (size, response)
    };
    api.registry.pulled(|| Happening::BlobPulled((name.clone(), digest.clone(), size)));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, OCTETS);
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    out.insert(header::CACHE_CONTROL, FOREVER);
    out.insert(header::ETAG, headers::etag(digest)?);
    out.insert(DOCKER_CONTENT_DIGEST, headers::value(digest.as_str())?);
    Ok(response)
}

/// The range that the client asks for, unless it has another version of the content in mind (`If-Range`).
fn wanted_range(request: &Parts, digest: &Digest, size: u64) -> Result<Option<std::ops::Range<u64>>> {
    let Some(range) = headers::text(&request.headers, &header::RANGE) else { return Ok(None) };
    match headers::text(&request.headers, &header::IF_RANGE) {
        Some(version) if version.trim_matches('"') != digest.as_str() => Ok(None),
        _ => match range::wanted(range, size) {
            Wanted::Whole => Ok(None),
            Wanted::Part(range) => Ok(Some(range)),
            Wanted::Outside => Err(Error::RangeNotSatisfiable { size }),
        },
    }
}

fn with_length(mut response: Response, length: u64) -> Response {
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    response
}

pub(super) async fn delete(api: &Api, name: &RepositoryName, digest: &Digest, by: &Actor) -> Result<Response> {
    if api.registry.delete_blob(name, digest, by).await? {
        tracing::info!(repository = %name, digest = %digest, "Deleted blob {name}@{digest}");
        Ok(empty(StatusCode::ACCEPTED))
    } else {
        Err(Error::BlobUnknown { repository: name.clone(), digest: digest.clone() })
    }
}
