//! What a path below `/v2` names.
//!
//! A repository name holds slashes and may hold the words `blobs` or `tags` too, so the path is matched from its end.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::oci::{
    Digest, Reference, RepositoryName,
    digest::InvalidDigest,
    reference::{InvalidName, InvalidReference, InvalidTag},
};

/// What a path is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// `/v2/` (distribution-spec, end-1)
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
    /// `/v2/<name>/blobs/uploads/<id>` (end-5, 6, 13, 14), with the id as it stands there: a text without a slash.
    Upload(RepositoryName, String),
}

/// Why a path names nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPath {
    /// No endpoint has this form.
    #[error("there is no such endpoint")]
    Endpoint,
    /// What stands where the repository's name belongs is not one.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// What stands where a digest belongs is not one.
    #[error(transparent)]
    Digest(#[from] InvalidDigest),
    /// What stands where a tag belongs is not one; with the repository and the text.
    #[error("{tag:?} is not a tag")]
    Tag {
        /// The repository.
        repository: RepositoryName,
        /// What stands there.
        tag: String,
    },
}

impl Path {
    /// Reads a path, which begins with `/v2`; percent-encoding is undone once.
    ///
    /// # Errors
    /// [`InvalidPath`] for the part that is wrong.
    pub fn parse(path: &str) -> Result<Self, InvalidPath> {
        let path: Cow<'_, str> = percent_decode_str(path).decode_utf8().map_err(|_| InvalidPath::Endpoint)?;
        let rest = path.strip_prefix("/v2").ok_or(InvalidPath::Endpoint)?;
        match rest {
            "" | "/" => return Ok(Self::Version),
            "/_catalog" => return Ok(Self::Catalog),
            _ => {}
        }
        let rest = rest.strip_prefix('/').ok_or(InvalidPath::Endpoint)?;
        // Distribution's clients end this one with a slash; the specification's examples too.
        if let Some(name) = rest.strip_suffix("/blobs/uploads/").or_else(|| rest.strip_suffix("/blobs/uploads")) {
            return Ok(Self::Uploads(RepositoryName::parse(name)?));
        }
        if let Some(name) = rest.strip_suffix("/tags/list") {
            return Ok(Self::Tags(RepositoryName::parse(name)?));
        }
        let (before, last) = rest.rsplit_once('/').ok_or(InvalidPath::Endpoint)?;
        if let Some(name) = before.strip_suffix("/blobs/uploads") {
            return Ok(Self::Upload(RepositoryName::parse(name)?, last.to_owned()));
        }
        if let Some(name) = before.strip_suffix("/blobs") {
            return Ok(Self::Blob(RepositoryName::parse(name)?, Digest::parse(last)?));
        }
        if let Some(name) = before.strip_suffix("/referrers") {
            return Ok(Self::Referrers(RepositoryName::parse(name)?, Digest::parse(last)?));
        }
        if let Some(name) = before.strip_suffix("/manifests") {
            let repository = RepositoryName::parse(name)?;
            return match Reference::parse(last) {
                Ok(reference) => Ok(Self::Manifest(repository, reference)),
                Err(InvalidReference::Digest(error)) => Err(error.into()),
                Err(InvalidReference::Tag(InvalidTag)) => Err(InvalidPath::Tag { repository, tag: last.to_owned() }),
            };
        }
        Err(InvalidPath::Endpoint)
    }

    /// The repository that it is about.
    pub const fn repository(&self) -> Option<&RepositoryName> {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> RepositoryName {
        RepositoryName::parse(text).expect("valid")
    }

    #[test]
    fn names_may_hold_slashes_and_the_api_s_own_words() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        let encoded = digest.replace(':', "%3A");
        let parsed = Digest::parse(&digest).expect("valid");
        let tag = |text: &str| Reference::parse(text).expect("valid");
        let cases = [
            ("/v2".to_owned(), Path::Version),
            ("/v2/".to_owned(), Path::Version),
            ("/v2/_catalog".to_owned(), Path::Catalog),
            ("/v2/a/b/c/tags/list".to_owned(), Path::Tags(name("a/b/c"))),
            ("/v2/tags/list/tags/list".to_owned(), Path::Tags(name("tags/list"))),
            ("/v2/a/manifests/latest".to_owned(), Path::Manifest(name("a"), tag("latest"))),
            ("/v2/a/manifests/manifests/x".to_owned(), Path::Manifest(name("a/manifests"), tag("x"))),
            (format!("/v2/a/manifests/{encoded}"), Path::Manifest(name("a"), Reference::Digest(parsed.clone()))),
            (format!("/v2/a/referrers/{digest}"), Path::Referrers(name("a"), parsed.clone())),
            (format!("/v2/blobs/blobs/{digest}"), Path::Blob(name("blobs"), parsed)),
            ("/v2/a/blobs/uploads/".to_owned(), Path::Uploads(name("a"))),
            ("/v2/a/blobs/uploads".to_owned(), Path::Uploads(name("a"))),
            ("/v2/a/blobs/uploads/x".to_owned(), Path::Upload(name("a"), "x".to_owned())),
        ];
        for (path, expected) in cases {
            assert_eq!(Path::parse(&path), Ok(expected), "{path}");
        }
    }

    #[test]
    fn what_is_wrong_has_a_name() {
        let tag = |tag: &str| InvalidPath::Tag { repository: name("a"), tag: tag.to_owned() };
        let cases = [
            ("/v2/UPPER/tags/list", InvalidPath::Name(InvalidName)),
            ("/v2/a/../b/tags/list", InvalidPath::Name(InvalidName)),
            ("/v2/a%2f..%2fb/tags/list", InvalidPath::Name(InvalidName)),
            ("/v2/a%252f..%252fb/tags/list", InvalidPath::Name(InvalidName)),
            ("/v2//tags/list", InvalidPath::Name(InvalidName)),
            ("/v2/a%00/tags/list", InvalidPath::Name(InvalidName)),
            ("/v2/a/blobs/sha256:abc", InvalidPath::Digest(InvalidDigest::Encoded)),
            ("/v2/a/manifests/sha256:abc", InvalidPath::Digest(InvalidDigest::Encoded)),
            ("/v2/a/manifests/.hidden", tag(".hidden")),
            ("/v2/a/manifests/", tag("")),
            ("/v2/a", InvalidPath::Endpoint),
            ("/v2/a/unknown/b", InvalidPath::Endpoint),
            ("/v2x", InvalidPath::Endpoint),
            ("/v2/%ff/tags/list", InvalidPath::Endpoint),
            ("", InvalidPath::Endpoint),
        ];
        for (path, expected) in cases {
            assert_eq!(Path::parse(path), Err(expected), "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(path in "(/v2)?[a-z0-9/_.:%A-Z-]{0,80}") {
            let _ = Path::parse(&path);
        }

        #[test]
        fn no_part_leads_out_of_its_folder(path in "/v2/[a./%2fE]{0,12}/(tags/list|manifests/[a.%2f]{0,6}|blobs/uploads/[a./%2f]{0,6})") {
            if let Ok(path) = Path::parse(&path) {
                let repository = path.repository().map(RepositoryName::as_str).unwrap_or("a");
                proptest::prop_assert!(repository.split('/').all(|part| !matches!(part, "" | "." | "..")));
                if let Path::Manifest(_, reference) = &path {
                    proptest::prop_assert!(!reference.as_str().contains('/') && !reference.as_str().starts_with('.'));
                }
                if let Path::Upload(_, id) = &path {
                    proptest::prop_assert!(!id.contains('/'));
                }
            }
        }
    }
}
