//! Tells `visits` what a request came to, once its answer is known.
//!
//! The layers of an image tell nothing that its manifest does not, so most requests end at the first line; the others
//! cost one look into a table unless they are news.

use std::net::IpAddr;

use axum::{
    extract::Request,
    http::{HeaderValue, Method, Uri, header},
    response::Response,
};

use super::{
    error::{Error, Result},
    headers,
    route::Endpoint,
};
use crate::{
    access::Caller,
    client::{Deed, Failure, user_agent},
    oci::{Reference, RepositoryName},
    proxy::Arrival,
    visits::{Meaning, Visits},
};

/// What is kept of a request until its answer is known: handles, no copies.
pub(super) struct Sight {
    visits: Visits,
    address: Option<IpAddr>,
    agent: Option<HeaderValue>,
    method: Method,
    uri: Uri,
    /// Whether it came with a name and password, or a token.
    signed: bool,
}

impl Sight {
    /// The request as it came in. `None` where no [`Visits`] stand in its extensions.
    pub(super) fn of(request: &Request) -> Option<Self> {
        Some(Self {
            visits: request.extensions().get::<Visits>()?.clone(),
            address: Arrival::of(request.headers(), request.extensions()).client(),
            agent: request.headers().get(header::USER_AGENT).cloned(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            signed: request.headers().contains_key(header::AUTHORIZATION),
        })
    }

    /// Tells of the request if it says anything of its sender that was not told in the last seconds.
    pub(super) fn report(&self, answered: &Result<Response>) {
        let path = self.uri.path();
        if answered.is_ok() && path != "/v2/" && path != "/v2" && !path.contains("/manifests/") {
            return;
        }
        let code = answered.as_ref().err().map(Error::code);
        if !self.visits.is_news((self.sender(), &self.method, path, code, self.signed)) {
            return;
        }
        let deed = match answered {
            Ok(response) => self.success(response),
            Err(error) => self.failure(error),
        };
        if let Some(deed) = deed {
            let agent = self.agent.as_ref().and_then(|agent| agent.to_str().ok()).unwrap_or_default();
            self.visits.tell(self.address, user_agent::parse(agent), deed);
        }
    }

    /// What tells one client from another.
    fn sender(&self) -> (Option<IpAddr>, &[u8]) {
        (self.address, self.agent.as_ref().map(HeaderValue::as_bytes).unwrap_or_default())
    }

    /// What a request that was answered was for.
    fn success(&self, response: &Response) -> Option<Deed> {
        let endpoint = Endpoint::parse(&self.method, self.uri.path()).ok()?;
        match endpoint {
            Endpoint::Version => {
                Some(match response.extensions().get().and_then(|caller: &Caller| caller.name.clone()) {
                    Some(user) => Deed::SignedIn { user: Some(user) },
                    None => Deed::Reached,
                })
            }
            Endpoint::Manifest(repository, reference) => {
                let image = image(&repository, &reference);
                let digest = headers::text(response.headers(), &headers::DOCKER_CONTENT_DIGEST);
                match (&self.method, &reference) {
                    (&Method::PUT, Reference::Tag(_)) => Some(Deed::Pushed { image: Some(image) }),
                    // The tag, or the list of platforms, comes after it.
                    (&Method::PUT, Reference::Digest(_)) | (&Method::DELETE, _) => None,
                    (method, Reference::Tag(_)) => {
                        self.visits.resolved(self.sender(), repository.as_str(), digest?, &image);
                        let image = Some(image);
                        Some(if method == Method::HEAD { Deed::LookedUp { image } } else { Deed::Pulled { image } })
                    }
                    (&Method::HEAD, Reference::Digest(_)) => None,
                    (_, Reference::Digest(digest)) => {
                        match self.visits.meaning(self.sender(), repository.as_str(), &digest.to_string()) {
                            Meaning::Tagged(tagged) => Some(Deed::Pulled { image: Some(tagged) }),
                            Meaning::Alone => Some(Deed::Pulled { image: Some(image) }),
                            Meaning::Part => None,
                        }
                    }
                }
            }
            _ => None,
        }
    }

    /// Why a request was refused; `None` where that is a part of how clients work.
    fn failure(&self, error: &Error) -> Option<Deed> {
        // Whether something is there is asked with HEAD, and "no" is an answer.
        let asks = self.method == Method::HEAD;
        let failure = match error.code() {
            // Every client comes without a password first, and is told to bring one.
            "UNAUTHORIZED" if self.signed => Failure::Credentials,
            "UNAUTHORIZED" => return None,
            "MANIFEST_UNKNOWN" | "BLOB_UNKNOWN" | "NAME_UNKNOWN" if asks => return None,
            "TOOMANYREQUESTS" => Failure::TooManyAttempts,
            "DENIED" => Failure::Denied,
            "MANIFEST_UNKNOWN" => Failure::ManifestUnknown,
            "NAME_UNKNOWN" => Failure::NameUnknown,
            "BLOB_UNKNOWN" => Failure::BlobUnknown,
            "BLOB_UPLOAD_UNKNOWN" | "BLOB_UPLOAD_INVALID" => Failure::UploadUnknown,
            "SIZE_INVALID" => Failure::Truncated,
            "RANGE_INVALID" => Failure::Range,
            "DIGEST_INVALID" => Failure::Digest,
            "NAME_INVALID" | "TAG_INVALID" => Failure::NameInvalid,
            "MANIFEST_INVALID" | "MANIFEST_BLOB_UNKNOWN" => Failure::ManifestInvalid,
            "UNAVAILABLE" if matches!(error, Error::Disabled) => Failure::Disabled,
            "UNAVAILABLE" => Failure::OutOfSpace,
            "UNKNOWN" => Failure::Server,
            _ => Failure::Other,
        };
        let image = match Endpoint::parse(&self.method, self.uri.path()) {
            Ok(Endpoint::Manifest(repository, reference)) => Some(image(&repository, &reference)),
            Ok(
                Endpoint::Tags(repository)
                | Endpoint::Referrers(repository, _)
                | Endpoint::Blob(repository, _)
                | Endpoint::Uploads(repository)
                | Endpoint::Upload(repository, _),
            ) => Some(repository.to_string()),
            Ok(Endpoint::Version | Endpoint::Catalog) | Err(_) => None,
        };
        Some(Deed::Failed { failure, image })
    }
}

/// `repository:tag` or `repository@digest`, as in a client's command.
fn image(repository: &RepositoryName, reference: &Reference) -> String {
    match reference {
        Reference::Tag(tag) => format!("{repository}:{tag}"),
        Reference::Digest(digest) => format!("{repository}@{digest}"),
    }
}
