//! `/v2/<name>/blobs/uploads/`: open, mount, write, ask, end and cancel uploads.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use futures_util::{Stream, TryStreamExt as _};
use uuid::Uuid;

use super::{
    Api, empty,
    error::{Error, OutOfOrder, Result},
    headers::{self, DOCKER_CONTENT_DIGEST, DOCKER_UPLOAD_UUID, OCI_CHUNK_MIN_LENGTH},
};
use crate::{
    access::Caller,
    oci::{Algorithm, Digest, RepositoryName},
    registry::{self, BodyError, UploadSession},
};

/// How long a client should make its chunks at least, the last one excepted, in bytes. Shorter ones are taken, too; but
/// each is acknowledged only once it is on the disk, so that many small ones cost more time than what they carry.
const CHUNK_MIN_LENGTH: HeaderValue = HeaderValue::from_static("65536");

/// POST: a whole blob (`?digest=`, end-4b), a mount (`?mount=&from=`, end-11), or a new upload (end-4a).
pub(super) async fn start(
    api: &Api,
    name: &RepositoryName,
    caller: &Caller,
    request: &Parts,
    body: Body,
) -> Result<Response> {
    if let Some(digest) = headers::query(&request.uri, "digest") {
        let digest = Digest::parse(&digest).map_err(Error::DigestInvalid)?;
        let announced = headers::content_length(&request.headers);
        let size = api.registry.push_blob(name, &digest, announced, content(body)).await?;
        tracing::info!(repository = %name, digest = %digest, size_bytes = size, "Pushed blob {name}@{digest}");
        return created(api, request, name, &digest);
    }
    if let Some(response) = mount(api, name, caller, request).await? {
        return Ok(response);
    }
    let algorithm = match headers::query(&request.uri, "digest-algorithm") {
        Some(name) => name.parse().map_err(Error::DigestInvalid)?,
        None => Algorithm::Sha256,
    };
    let id = api.registry.start_upload(name, caller.owner(), algorithm).await?;
    let mut response = progress(api, request, name, id, 0, StatusCode::ACCEPTED)?;
    response.headers_mut().insert(OCI_CHUNK_MIN_LENGTH, CHUNK_MIN_LENGTH);
    Ok(response)
}

/// Answers a mount if the blob is where the client says, or, when it does not say, anywhere. Otherwise the client gets
/// an upload, which it then uses.
async fn mount(api: &Api, name: &RepositoryName, caller: &Caller, request: &Parts) -> Result<Option<Response>> {
    let Some(digest) = headers::query(&request.uri, "mount") else { return Ok(None) };
    let digest = Digest::parse(&digest).map_err(Error::DigestInvalid)?;
    let from = headers::query(&request.uri, "from");
    let from = from.map(|from| RepositoryName::parse(&from)).transpose().map_err(Error::NameInvalid)?;
    let may_read = |from: &RepositoryName| caller.may_pull(from);
    let Some(from) = api.registry.mount_blob(name, &digest, from.as_ref(), may_read).await? else { return Ok(None) };
    tracing::info!(repository = %name, digest = %digest, from = %from, "Mounted blob {name}@{digest} from {from}");
    created(api, request, name, &digest).map(Some)
}

/// PATCH: a chunk, or the whole content in a stream (end-5).
pub(super) async fn append(
    api: &Api,
    name: &RepositoryName,
    id: Uuid,
    caller: &Caller,
    request: &Parts,
    body: Body,
) -> Result<Response> {
    let (start, announced) = announced(request)?;
    let mut session = open(api, name, id, caller).await?;
    let offset = session.append(start, announced, content(body)).await;
    let offset = offset.map_err(|error| refusal(api, request, name, id, error))?;
    progress(api, request, name, id, offset, StatusCode::ACCEPTED)
}

/// PUT: the end, with or without a last chunk (end-6).
pub(super) async fn commit(
    api: &Api,
    name: &RepositoryName,
    id: Uuid,
    caller: &Caller,
    request: &Parts,
    body: Body,
) -> Result<Response> {
    let digest = headers::query(&request.uri, "digest").ok_or(Error::DigestMissing)?;
    let digest = Digest::parse(&digest).map_err(Error::DigestInvalid)?;
    let (start, announced) = announced(request)?;
    let session = open(api, name, id, caller).await?;
    let size = session.commit(&digest, start, announced, content(body)).await;
    let size = size.map_err(|error| refusal(api, request, name, id, error))?;
    tracing::info!(repository = %name, digest = %digest, size_bytes = size, "Pushed blob {name}@{digest}");
    created(api, request, name, &digest)
}

/// GET: how far the upload has come (end-13).
pub(super) async fn status(
    api: &Api,
    name: &RepositoryName,
    id: Uuid,
    caller: &Caller,
    request: &Parts,
) -> Result<Response> {
    let offset = api.registry.upload_offset(name, caller.owner(), id).await?.ok_or(Error::UploadUnknown)?;
    progress(api, request, name, id, offset, StatusCode::NO_CONTENT)
}

/// DELETE: the client has changed its mind (end-14).
pub(super) async fn cancel(api: &Api, name: &RepositoryName, id: Uuid, caller: &Caller) -> Result<Response> {
    open(api, name, id, caller).await?.cancel().await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

async fn open(api: &Api, name: &RepositoryName, id: Uuid, caller: &Caller) -> Result<UploadSession> {
    api.registry.upload(name, caller.owner(), id).await?.ok_or(Error::UploadUnknown)
}

/// The request's body as the engine takes it.
fn content(body: Body) -> impl Stream<Item = std::result::Result<bytes::Bytes, BodyError>> + Send {
    body.into_data_stream().map_err(BodyError::from)
}

/// Where the request's chunk begins and how long it is, as far as it says.
fn announced(request: &Parts) -> Result<(Option<u64>, Option<u64>)> {
    let length = headers::content_length(&request.headers);
    match (headers::content_range(&request.headers)?, length) {
        (Some((_, range)), Some(length)) if range != length => Err(Error::LengthMismatch { range, length }),
        (Some((start, range)), _) => Ok((Some(start), Some(range))),
        (None, length) => Ok((None, length)),
    }
}

/// Tells the client of a chunk that does not fit where the upload stands.
fn refusal(api: &Api, request: &Parts, name: &RepositoryName, id: Uuid, error: registry::Error) -> Error {
    let registry::Error::RangeInvalid { offset, .. } = error else { return error.into() };
    match (upload_location(api, request, name, id), range(offset)) {
        (Ok(location), Ok(range)) => Error::OutOfOrder(Box::new(OutOfOrder { error, location, range })),
        (Err(error), _) | (_, Err(error)) => error,
    }
}

fn upload_location(api: &Api, request: &Parts, name: &RepositoryName, id: Uuid) -> Result<HeaderValue> {
    api.settings.urls.location(request, &format!("/v2/{name}/blobs/uploads/{id}"))
}

/// `0-<last byte>`, without a unit: Docker up to 1.9 reads it with `%d-%d`. An empty upload is `0-0` too, as in
/// Distribution.
fn range(offset: u64) -> Result<HeaderValue> {
    headers::value(&format!("0-{}", offset.saturating_sub(1)))
}

fn progress(
    api: &Api,
    request: &Parts,
    name: &RepositoryName,
    id: Uuid,
    offset: u64,
    status: StatusCode,
) -> Result<Response> {
    let mut response = empty(status);
    let out = response.headers_mut();
    out.insert(header::LOCATION, upload_location(api, request, name, id)?);
    out.insert(header::RANGE, range(offset)?);
    out.insert(DOCKER_UPLOAD_UUID, headers::value(&id.to_string())?);
    Ok(response)
}

fn created(api: &Api, request: &Parts, name: &RepositoryName, digest: &Digest) -> Result<Response> {
    let mut response = empty(StatusCode::CREATED);
    let out = response.headers_mut();
    out.insert(header::LOCATION, api.settings.urls.location(request, &format!("/v2/{name}/blobs/{digest}"))?);
    out.insert(DOCKER_CONTENT_DIGEST, headers::value(digest.as_str())?);
    Ok(response)
}
