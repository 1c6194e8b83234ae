//! What a path below `/v2` means to a method, and what it needs.

use axum::http::Method;
use uuid::Uuid;

use super::error::{Error, Result};
use crate::{
    oci::{Digest, Reference, RepositoryName, reference::InvalidTag},
    wire::{Path, path::InvalidPath},
};

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
        Ok(match Path::parse(path) {
            Ok(Path::Version) => Self::Version,
            Ok(Path::Catalog) => Self::Catalog,
            Ok(Path::Tags(name)) => Self::Tags(name),
            Ok(Path::Referrers(name, digest)) => Self::Referrers(name, digest),
            Ok(Path::Manifest(name, reference)) => Self::Manifest(name, reference),
            Ok(Path::Blob(name, digest)) => Self::Blob(name, digest),
            Ok(Path::Uploads(name)) => Self::Uploads(name),
            // An id that no registry of this kind gives out is simply not open here.
            Ok(Path::Upload(name, id)) => Self::Upload(name, id.parse().map_err(|_| Error::UploadUnknown)?),
            Err(InvalidPath::Endpoint) => return Err(Error::NotFound),
            Err(InvalidPath::Name(error)) => return Err(Error::NameInvalid(error)),
            Err(InvalidPath::Digest(error)) => return Err(Error::DigestInvalid(error)),
            // Nothing can have been pushed under such a tag.
            Err(InvalidPath::Tag { repository, tag }) if method != Method::PUT => {
                return Err(Error::ManifestUnknown { repository, reference: tag });
            }
            Err(InvalidPath::Tag { .. }) => return Err(Error::TagInvalid(InvalidTag)),
        })
    }

    /// The repository that it belongs to.
    pub(super) const fn repository(&self) -> Option<&RepositoryName> {
        match self {
            Self::Version | Self::Catalog => None,
            Self::Tags(name)
            | Self::Referrers(name, _)
            | Self::Manifest(name, _)
            | Self::Blob(name, _)
            | Self::Uploads(name)
            | Self::Upload(name, _) => Some(name),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_has_a_code() {
        let cases = [
            ("/v2/UPPER/tags/list", "NAME_INVALID"),
            ("/v2/a/blobs/sha256:abc", "DIGEST_INVALID"),
            ("/v2/a/manifests/.hidden", "MANIFEST_UNKNOWN"),
            ("/v2/a/blobs/uploads/not-ours", "BLOB_UPLOAD_UNKNOWN"),
            ("/v2/a/unknown/b", "NOT_FOUND"),
        ];
        for (path, code) in cases {
            assert_eq!(Endpoint::parse(&Method::GET, path).expect_err(path).code(), code, "{path}");
        }
        let error = Endpoint::parse(&Method::PUT, "/v2/a/manifests/.hidden").expect_err("refused");
        assert_eq!(error.code(), "TAG_INVALID");
    }

    #[test]
    fn an_upload_is_named_by_a_uuid() {
        let id = Uuid::from_u128(7);
        let parsed = Endpoint::parse(&Method::GET, &format!("/v2/a/blobs/uploads/{id}")).expect("valid");
        assert!(matches!(parsed, Endpoint::Upload(_, read) if read == id));
    }
}
