//! What is answered about a repository that the caller may not see: the same as if it were not there, to the letter.

use axum::{http::request::Parts, response::Response};

use super::{
    Api,
    error::{Error, Result},
    list, manifest,
    route::Endpoint,
};
use crate::registry;

pub(super) fn answer(api: &Api, endpoint: &Endpoint, request: &Parts) -> Result<Response> {
    match endpoint {
        Endpoint::Manifest(name, reference) => Err(manifest::unknown(name, reference)),
        Endpoint::Blob(name, digest) => Err(Error::BlobUnknown { repository: name.clone(), digest: digest.clone() }),
        Endpoint::Tags(name) => {
            list::check_tags(api, request)?;
            Err(registry::Error::NameUnknown(name.clone()).into())
        }
        Endpoint::Referrers(name, subject) => list::no_referrers(api, name, subject, request),
        // These are not read, or belong to no repository.
        Endpoint::Version | Endpoint::Catalog | Endpoint::Uploads(_) | Endpoint::Upload(..) => Err(Error::NotFound),
    }
}
