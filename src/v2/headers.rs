//! The headers that the API reads and writes.

use std::ops::Range;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header, request::Parts};

use super::error::{Error, Result};
use crate::oci::Digest;

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");
pub(super) const DOCKER_CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
pub(super) const DOCKER_UPLOAD_UUID: HeaderName = HeaderName::from_static("docker-upload-uuid");
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
///
/// The specification writes `0-99` without a unit; `bytes 0-99/200` is taken too.
pub(super) fn content_range(headers: &HeaderMap) -> Result<Option<(u64, u64)>> {
    let Some(header) = headers.get(header::CONTENT_RANGE) else { return Ok(None) };
    let range = header.to_str().map_err(|_| Error::ContentRangeInvalid)?;
    let range = range.strip_prefix("bytes ").unwrap_or(range);
    let range = range.split('/').next().unwrap_or_default();
    let (first, last) = range.split_once('-').ok_or(Error::ContentRangeInvalid)?;
    let number = |text: &str| text.parse::<u64>().map_err(|_| Error::ContentRangeInvalid);
    let (first, last) = (number(first)?, number(last)?);
    let length = last.checked_sub(first).and_then(|length| length.checked_add(1));
    Ok(Some((first, length.ok_or(Error::ContentRangeInvalid)?)))
}

/// Which part of `size` bytes a `Range` header asks for (RFC 9110, section 14). `None`: the whole, which is also the
/// answer to several ranges, to units other than bytes, and to what can't be read.
///
/// # Errors
/// The range lies outside.
pub(super) fn byte_range(header: &str, size: u64) -> Result<Option<Range<u64>>> {
    let Some((first, last)) = header.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-')) else {
        return Ok(None);
    };
    let outside = Error::RangeNotSatisfiable { size };
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), _) if first >= size => Err(outside),
        // It may be ignored or refused (section 14.2); a refusal tells the client of its mistake.
        (Ok(first), Ok(last)) if last < first => Err(outside),
        (Ok(first), Ok(last)) => Ok(Some(first..last.saturating_add(1).min(size))),
        (Ok(first), Err(_)) if last.is_empty() => Ok(Some(first..size)),
        (Err(_), Ok(0)) if first.is_empty() => Err(outside),
        (Err(_), Ok(length)) if first.is_empty() => Ok(Some(size.saturating_sub(length)..size)),
        _ => Ok(None),
    }
}

/// Content's name as an entity tag.
pub(super) fn etag(digest: &Digest) -> Result<HeaderValue> {
    value(&format!("\"{digest}\""))
}

/// Whether the client has this content already. Docker's own clients send the digest without quotes too.
pub(super) fn is_cached(headers: &HeaderMap, digest: &Digest) -> bool {
    text(headers, &header::IF_NONE_MATCH).is_some_and(|header| {
        header
            .split(',')
            .map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"'))
            .any(|tag| tag == "*" || tag == digest.as_str())
    })
}

/// `path` as the client can reach it: absolute, because Docker up to 1.7 follows nothing else; with the scheme and
/// host that a reverse proxy says the client used. Read in Distribution's order (registry/api/v2/urls.go): `Forwarded`
/// (RFC 7239), then `X-Forwarded-Proto` and `X-Forwarded-Host`, then what the client itself has sent.
pub(super) fn location(request: &Parts, path: &str) -> Result<HeaderValue> {
    let first = |name: &str| {
        let header = request.headers.get(name)?.to_str().ok()?;
        header.split(',').next().map(str::trim).filter(|value| !value.is_empty())
    };
    let forwarded = first("forwarded").unwrap_or_default();
    let host = forwarded_value(forwarded, "host")
        .or_else(|| first("x-forwarded-host"))
        .or_else(|| text(&request.headers, &header::HOST))
        .or_else(|| request.uri.authority().map(|authority| authority.as_str()))
        .filter(|host| is_host(host));
    let scheme = match forwarded_value(forwarded, "proto").or_else(|| first("x-forwarded-proto")) {
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => "https",
        _ => "http",
    };
    match host {
        Some(host) => value(&format!("{scheme}://{host}{path}")),
        // A client of HTTP/1.0: where it is, it knows best.
        None => value(path),
    }
}

/// The value of `name` in one element of a `Forwarded` header, for example of `host` in `for=10.0.0.9;host="a:5000"`.
fn forwarded_value<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// Whether `host` can stand in a URL as it is: a name, an address or a bracketed IPv6 address, and a port.
fn is_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
}

/// A parameter of the query; the first, if it is there more than once.
pub(super) fn query(uri: &Uri, name: &str) -> Option<String> {
    queries(uri, name).into_iter().next()
}

/// Every parameter of that name.
pub(super) fn queries(uri: &Uri, name: &str) -> Vec<String> {
    type Pairs = Vec<(String, String)>;
    let Ok(axum::extract::Query(pairs)) = axum::extract::Query::<Pairs>::try_from_uri(uri) else { return Vec::new() };
    pairs.into_iter().filter(|(key, _)| key == name).map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_ranges_of_rfc_9110() {
        let range = |header| byte_range(header, 10).map_err(|error| error.code());
        assert_eq!(range("bytes=0-4"), Ok(Some(0..5)));
        assert_eq!(range("bytes=5-"), Ok(Some(5..10)));
        assert_eq!(range("bytes=-3"), Ok(Some(7..10)));
        assert_eq!(range("bytes=-30"), Ok(Some(0..10)));
        assert_eq!(range("bytes=2-99"), Ok(Some(2..10)));
        assert_eq!(range("bytes=10-"), Err("RANGE_INVALID"));
        assert_eq!(range("bytes=-0"), Err("RANGE_INVALID"));
        assert_eq!(range("bytes=5-2"), Err("RANGE_INVALID"));
        for whole in ["bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes=-", "", "0-4"] {
            assert_eq!(range(whole), Ok(None), "{whole}");
        }
    }

    #[test]
    fn content_ranges_with_and_without_a_unit() {
        let range = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_RANGE, HeaderValue::from_str(text).expect("ASCII"));
            content_range(&headers).map_err(|error| error.code())
        };
        assert_eq!(range("0-99"), Ok(Some((0, 100))));
        assert_eq!(range("bytes 100-199/200"), Ok(Some((100, 100))));
        for bad in ["", "5", "9-1", "a-b", "0-18446744073709551615", "-5", "1-"] {
            assert_eq!(range(bad), Err("RANGE_INVALID"), "{bad}");
        }
        assert_eq!(content_range(&HeaderMap::new()).map_err(|error| error.code()), Ok(None));
    }

    #[test]
    fn only_a_host_stands_in_a_location() {
        for good in ["localhost:5000", "[::1]:5000", "registry.example", "10.0.0.1"] {
            assert!(is_host(good), "{good}");
        }
        for bad in ["", "a/b", "a b", "user@host", "a?b", "a\"b"] {
            assert!(!is_host(bad), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_range_lies_inside(header in "bytes=[0-9]{0,20}-[0-9]{0,20}", size in 0u64..1000) {
            if let Ok(Some(range)) = byte_range(&header, size) {
                proptest::prop_assert!(range.start < range.end || size == 0);
                proptest::prop_assert!(range.end <= size);
            }
        }
    }
}
