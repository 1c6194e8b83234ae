//! The headers that the API reads and writes.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};

use super::error::{Error, Result};
use crate::{oci::Digest, wire};

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");
pub(super) const DOCKER_CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
pub(super) const DOCKER_UPLOAD_UUID: HeaderName = HeaderName::from_static("docker-upload-uuid");
pub(super) const OCI_CHUNK_MIN_LENGTH: HeaderName = HeaderName::from_static("oci-chunk-min-length");
pub(super) const OCI_FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");
pub(super) const OCI_TAG: HeaderName = HeaderName::from_static("oci-tag");
pub(super) const OCI_SUBJECT: HeaderName = HeaderName::from_static("oci-subject");

/// A header's value as text, if it is there and is text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Our own ASCII as a header's value.
pub(super) fn value(text: &str) -> Result<HeaderValue> {
    // Names, digests and numbers are visible ASCII; what is not would be an error of ours.
    HeaderValue::try_from(text).map_err(|_| Error::NotFound)
}

/// The announced length of the body in bytes; `None` when it comes in chunks.
pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    text(headers, &header::CONTENT_LENGTH)?.parse().ok()
}

/// `Content-Range` of a chunk, as first byte and length; `None` for a streamed PATCH, which has none.
pub(super) fn content_range(headers: &HeaderMap) -> Result<Option<(u64, u64)>> {
    let Some(header) = headers.get(header::CONTENT_RANGE) else { return Ok(None) };
    let range = header.to_str().ok().and_then(wire::range::content_range);
    range.map(Some).ok_or(Error::ContentRangeInvalid)
}

/// Content's name as an entity tag.
pub(super) fn etag(digest: &Digest) -> Result<HeaderValue> {
    value(&format!("\"{digest}\""))
}

/// Whether the client has this content already.
pub(super) fn is_cached(headers: &HeaderMap, digest: &Digest) -> bool {
    text(headers, &header::IF_NONE_MATCH).is_some_and(|header| wire::etag::matches(header, digest.as_str()))
}

/// Adds a warning, which clients show to their users. What no longer fits beside the others is cut or left out.
pub(super) fn warn(headers: &mut HeaderMap, text: &str) {
    let spent: usize = headers.get_all(header::WARNING).iter().map(HeaderValue::len).sum();
    let room = wire::warning::WARNINGS_MAX.saturating_sub(spent);
    if let Some(Ok(value)) = wire::warning::value(text, room).map(HeaderValue::try_from) {
        headers.append(header::WARNING, value);
    }
}

/// A parameter of the query; the first, if it is there more than once.
pub(super) fn query(uri: &Uri, name: &str) -> Option<String> {
    wire::query::first(uri.query()?, name).map(Into::into)
}

/// Every parameter of that name.
pub(super) fn queries(uri: &Uri, name: &str) -> Vec<String> {
    wire::query::all(uri.query().unwrap_or_default(), name).map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_warnings_of_an_answer_have_one_limit() {
        let mut headers = HeaderMap::new();
        warn(&mut headers, "This \"format\" is old.");
        assert_eq!(headers[header::WARNING], r#"299 - "This \"format\" is old.""#);
        for _ in 0..3 {
            warn(&mut headers, &"long ".repeat(500));
        }
        let lengths: Vec<usize> = headers.get_all(header::WARNING).iter().map(HeaderValue::len).collect();
        assert_eq!(lengths.iter().sum::<usize>(), wire::warning::WARNINGS_MAX);
        assert_eq!(lengths.len(), 3, "{lengths:?}");
    }
}
