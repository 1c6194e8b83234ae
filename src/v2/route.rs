//! What a path below `/v2` means, and what it needs.
//!
//! A repository name holds slashes and may hold the words `blobs` or `tags` too, so the path is matched from its end.

use std::borrow::Cow;

use axum::http::Method;
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::error::{Error, Result};
use crate::oci::{Digest, Reference, RepositoryName, reference::InvalidReference};

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `/v2/` (end-1)
    Version,
    /// `/v2/_catalog`
    Catalog,
    /// `/v2/<name>/tags/list` (end-8)
    Tags(RepositoryName),
    /// `/v2/<name>/referrers/<digest>` (end-12)
    Referrers(RepositoryName, Digest),
    /// `/v2/<name>/manifests/<reference>` (end-3, 7, 9)
    Manifest(RepositoryName, Reference),
    /// `/v2/<name>/blobs/<digest>` (end-2, 10)
    Blob(RepositoryName, Digest),
    /// `/v2/<name>/blobs/uploads/` (end-4, 11)
    Uploads(RepositoryName),
    /// `/v2/<name>/blobs/uploads/<id>` (end-5, 6, 13, 14)
    Upload(RepositoryName, Uuid),
}

/// What a caller must be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing: to learn that this is a registry.
    Version,
    /// Read.
    Pull,
    /// Write.
    Push,
    /// Take away.
    Delete,
}

impl Endpoint {
    /// Reads a path, which begins with `/v2`.
    pub(super) fn parse(method: &Method, path: &str) -> Result<Self> {
        let path = percent_decode_str(path).decode_utf8().map_err(|_| Error::NotFound)?;
        let path: Cow<'_, str> = path;
        let rest = path.strip_prefix("/v2").ok_or(Error::NotFound)?;
        match rest {
            "" | "/" => return Ok(Self::Version),
            "/_catalog" => return Ok(Self::Catalog),
            _ => {}
        }
        let rest = rest.strip_prefix('/').ok_or(Error::NotFound)?;
        // Distribution's clients end this one with a slash; the specification's examples too.
        if let Some(name) = rest.strip_suffix("/blobs/uploads/").or_else(|| rest.strip_suffix("/blobs/uploads")) {
            return Ok(Self::Uploads(repository(name)?));
        }
        if let Some(name) = rest.strip_suffix("/tags/list") {
            return Ok(Self::Tags(repository(name)?));
        }
        let (before, last) = rest.rsplit_once('/').ok_or(Error::NotFound)?;
        if let Some(name) = before.strip_suffix("/blobs/uploads") {
            let name = repository(name)?;
            // An id that no registry of this kind gives out is simply not open here.
            return Ok(Self::Upload(name, last.parse().map_err(|_| Error::UploadUnknown)?));
        }
        if let Some(name) = before.strip_suffix("/blobs") {
            return Ok(Self::Blob(repository(name)?, Digest::parse(last).map_err(Error::DigestInvalid)?));
        }
        if let Some(name) = before.strip_suffix("/referrers") {
            return Ok(Self::Referrers(repository(name)?, Digest::parse(last).map_err(Error::DigestInvalid)?));
        }
        if let Some(name) = before.strip_suffix("/manifests") {
            let name = repository(name)?;
            return match Reference::parse(last) {
                Ok(reference) => Ok(Self::Manifest(name, reference)),
                Err(InvalidReference::Digest(error)) => Err(Error::DigestInvalid(error)),
                // Nothing can have been pushed under such a tag.
                Err(InvalidReference::Tag(_)) if method != Method::PUT => {
                    Err(Error::ManifestUnknown { repository: name, reference: last.to_owned() })
                }
                Err(InvalidReference::Tag(error)) => Err(Error::TagInvalid(error)),
            };
        }
        Err(Error::NotFound)
    }

    /// What `method` needs here; `None` if the endpoint does not know it.
    pub(super) fn access(&self, method: &Method) -> Option<Access> {
        let wanted = self.table().iter().find(|(known, _)| known == method);
        wanted.map(|&(_, access)| access)
    }

    /// The methods that the endpoint knows, as the header `Allow` lists them.
    pub(super) fn methods(&self) -> String {
        self.table().iter().map(|(method, _)| method.as_str()).collect::<Vec<_>>().join(", ")
    }

    const fn table(&self) -> &'static [(Method, Access)] {
        match self {
            Self::Version => &[(Method::GET, Access::Version), (Method::HEAD, Access::Version)],
            Self::Catalog | Self::Tags(_) | Self::Referrers(..) => {
                &[(Method::GET, Access::Pull), (Method::HEAD, Access::Pull)]
            }
            Self::Manifest(..) => &[
                (Method::GET, Access::Pull),
                (Method::HEAD, Access::Pull),
                (Method::PUT, Access::Push),
                (Method::DELETE, Access::Delete),
            ],
            Self::Blob(..) => {
                &[(Method::GET, Access::Pull), (Method::HEAD, Access::Pull), (Method::DELETE, Access::Delete)]
            }
            Self::Uploads(_) => &[(Method::POST, Access::Push)],
            Self::Upload(..) => &[
                (Method::GET, Access::Push),
                (Method::HEAD, Access::Push),
                (Method::PATCH, Access::Push),
                (Method::PUT, Access::Push),
                (Method::DELETE, Access::Push),
            ],
        }
    }
}

fn repository(name: &str) -> Result<RepositoryName> {
    RepositoryName::parse(name).map_err(Error::NameInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(path: &str) -> Result<Endpoint> {
        Endpoint::parse(&Method::GET, path)
    }

    fn name(text: &str) -> RepositoryName {
        RepositoryName::parse(text).expect("valid")
    }

    #[test]
    fn names_may_hold_slashes_and_the_api_s_own_words() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        let encoded = digest.replace(':', "%3A");
        let parsed = Digest::parse(&digest).expect("valid");
        let id = Uuid::from_u128(7);
        let tag = |text: &str| Reference::parse(text).expect("valid");
        let cases = [
            ("/v2".to_owned(), Endpoint::Version),
            ("/v2/".to_owned(), Endpoint::Version),
            ("/v2/_catalog".to_owned(), Endpoint::Catalog),
            ("/v2/a/b/c/tags/list".to_owned(), Endpoint::Tags(name("a/b/c"))),
            ("/v2/tags/list/tags/list".to_owned(), Endpoint::Tags(name("tags/list"))),
            ("/v2/a/manifests/latest".to_owned(), Endpoint::Manifest(name("a"), tag("latest"))),
            ("/v2/a/manifests/manifests/x".to_owned(), Endpoint::Manifest(name("a/manifests"), tag("x"))),
            (format!("/v2/a/manifests/{encoded}"), Endpoint::Manifest(name("a"), Reference::Digest(parsed.clone()))),
            (format!("/v2/a/referrers/{digest}"), Endpoint::Referrers(name("a"), parsed.clone())),
            (format!("/v2/blobs/blobs/{digest}"), Endpoint::Blob(name("blobs"), parsed)),
            ("/v2/a/blobs/uploads/".to_owned(), Endpoint::Uploads(name("a"))),
            ("/v2/a/blobs/uploads".to_owned(), Endpoint::Uploads(name("a"))),
            (format!("/v2/a/blobs/uploads/{id}"), Endpoint::Upload(name("a"), id)),
        ];
        for (path, expected) in cases {
            assert_eq!(parse(&path).expect(&path), expected, "{path}");
        }
    }

    #[test]
    fn what_is_wrong_has_a_name() {
        let cases = [
            ("/v2/UPPER/tags/list", "NAME_INVALID"),
            ("/v2/a/../b/tags/list", "NAME_INVALID"),
            ("/v2/a%2f..%2fb/tags/list", "NAME_INVALID"),
            ("/v2//tags/list", "NAME_INVALID"),
            ("/v2/a/blobs/sha256:abc", "DIGEST_INVALID"),
            ("/v2/a/manifests/sha256:abc", "DIGEST_INVALID"),
            ("/v2/a/manifests/.hidden", "MANIFEST_UNKNOWN"),
            ("/v2/a/blobs/uploads/not-ours", "BLOB_UPLOAD_UNKNOWN"),
            ("/v2/a", "NOT_FOUND"),
            ("/v2/a/unknown/b", "NOT_FOUND"),
            ("/v2x", "NOT_FOUND"),
        ];
        for (path, code) in cases {
            assert_eq!(parse(path).expect_err(path).code(), code, "{path}");
        }
        let error = Endpoint::parse(&Method::PUT, "/v2/a/manifests/.hidden").expect_err("refused");
        assert_eq!(error.code(), "TAG_INVALID");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(path in "(/v2)?[a-z0-9/_.:%A-Z-]{0,80}") {
            let _ = parse(&path);
        }
    }
}
