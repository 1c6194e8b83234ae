//! From the engine's refusals to the specification's errors: one exhaustive table (distribution-spec, "Error Codes").

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Value, json};

use super::headers::JSON;
use crate::{
    access, auth,
    oci::{
        Digest, RepositoryName,
        digest::InvalidDigest,
        reference::{InvalidName, InvalidTag},
    },
    registry,
};

/// Asks for a name and password (RFC 7617).
const CHALLENGE: HeaderValue = HeaderValue::from_static(r#"Basic realm="Humpback Registry", charset="UTF-8""#);

/// Shorthand for this layer's results.
pub(super) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// The administrator has switched the registry off.
    #[error(
        "the private registry is disabled: an administrator can enable it in the console, under Manage > System Config"
    )]
    Disabled,
    /// A health check fails.
    #[error("the registry is not healthy: see /debug/health, or its log")]
    Unhealthy,
    /// No endpoint has this path.
    #[error("there is no such endpoint")]
    NotFound,
    /// The endpoint does not know the method; with those that it knows.
    #[error("this endpoint takes {0}")]
    MethodNotAllowed(String),
    /// A manifest sends its clients to a URL that is not allowed.
    #[error("the manifest names the URL {0}, which this registry does not take in: its administrator can allow it")]
    UrlRefused(String),
    /// Deleting is for administrators, and the request does not say who sends it.
    #[error("deleting needs an administrator's name and password: sign in with your client, or delete in the console")]
    DeleteNeedsAdministrator,
    /// Deleting was not switched on at start.
    #[error("deleting is disabled: whoever runs the registry can enable it with storage.delete.enabled")]
    DeleteDisabled,
    /// The client has to say who it is; with what it should send, and what it wanted.
    #[error("authentication required")]
    Unauthorised { challenge: HeaderValue, wanted: Value },
    /// It is known who the client is, and it is not allowed; with what it wanted.
    #[error("requested access to the resource is denied")]
    Denied { wanted: Value },
    /// The name and password are not an account's, or can't be looked at now.
    #[error(transparent)]
    Auth(#[from] auth::Error),
    #[error(transparent)]
    NameInvalid(InvalidName),
    #[error(transparent)]
    TagInvalid(InvalidTag),
    #[error(transparent)]
    DigestInvalid(InvalidDigest),
    /// A parameter that must be there is not.
    #[error("the query needs digest=<algorithm>:<hex>, the digest of the whole blob")]
    DigestMissing,
    /// `n` is not a number.
    #[error("n must be a number from 0 to {}", u32::MAX)]
    PaginationInvalid,
    #[error("{repository} has no manifest {reference}")]
    ManifestUnknown { repository: RepositoryName, reference: String },
    #[error("{repository} has no blob {digest}")]
    BlobUnknown { repository: RepositoryName, digest: Digest },
    #[error("this upload is not open (any more): begin with POST to blobs/uploads/")]
    UploadUnknown,
    /// A range that can't be served.
    #[error("the range does not lie inside the blob, which has {size} bytes")]
    RangeNotSatisfiable { size: u64 },
    /// `Content-Range` can't be read.
    #[error("Content-Range must be <first byte>-<last byte>")]
    ContentRangeInvalid,
    /// `Content-Range` and `Content-Length` disagree.
    #[error("Content-Range speaks of {range} bytes and Content-Length of {length}")]
    LengthMismatch { range: u64, length: u64 },
    /// A chunk does not begin where the upload stands. Carries the headers with which the client can go on.
    #[error("{}", .0.error)]
    OutOfOrder(Box<OutOfOrder>),
    #[error("one push may set {limit} tags at most: push the manifest again with the others")]
    TooManyTags { limit: usize },
    #[error("a manifest may have {limit} bytes at most")]
    ManifestTooLarge { limit: usize },
    /// The request's body broke off.
    #[error("the request ended before its content was whole")]
    BodyTruncated,
    #[error(transparent)]
    Registry(#[from] registry::Error),
}

/// A chunk that does not fit, and what the client needs to send the one that does.
#[derive(Debug)]
pub(super) struct OutOfOrder {
    pub error: registry::Error,
    /// Where the upload goes on.
    pub location: HeaderValue,
    /// How far it has come.
    pub range: HeaderValue,
}

impl From<access::Refusal> for Error {
    fn from(refusal: access::Refusal) -> Self {
        match refusal {
            access::Refusal::Unauthorised { challenge, detail } => Self::Unauthorised { challenge, wanted: detail },
            access::Refusal::Denied { detail } => Self::Denied { wanted: detail },
            access::Refusal::Auth(error) => Self::Auth(error),
        }
    }
}

impl Error {
    /// The specification's code; those that it lacks are Distribution's.
    pub(super) fn code(&self) -> &'static str {
        self.status_and_code().1
    }

    fn status_and_code(&self) -> (StatusCode, &'static str) {
        use registry::Error as Engine;
        match self {
            Self::Disabled | Self::Unhealthy => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
            Self::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Self::MethodNotAllowed(_) | Self::DeleteDisabled => (StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED"),
            Self::Unauthorised { .. } => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
            Self::Denied { .. } => (StatusCode::FORBIDDEN, "DENIED"),
            Self::NameInvalid(_) => (StatusCode::BAD_REQUEST, "NAME_INVALID"),
            Self::TagInvalid(_) => (StatusCode::BAD_REQUEST, "TAG_INVALID"),
            Self::DigestInvalid(_) | Self::DigestMissing => (StatusCode::BAD_REQUEST, "DIGEST_INVALID"),
            Self::PaginationInvalid => (StatusCode::BAD_REQUEST, "PAGINATION_NUMBER_INVALID"),
            Self::ManifestUnknown { .. } => (StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN"),
            Self::BlobUnknown { .. } => (StatusCode::NOT_FOUND, "BLOB_UNKNOWN"),
            Self::UploadUnknown => (StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN"),
            Self::RangeNotSatisfiable { .. } | Self::ContentRangeInvalid | Self::OutOfOrder(_) => {
                (StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID")
            }
            Self::LengthMismatch { .. } | Self::BodyTruncated => (StatusCode::BAD_REQUEST, "SIZE_INVALID"),
            Self::UrlRefused(_) => (StatusCode::BAD_REQUEST, "MANIFEST_INVALID"),
            Self::TooManyTags { .. } => (StatusCode::URI_TOO_LONG, "TAG_INVALID"),
            Self::ManifestTooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "MANIFEST_INVALID"),
            Self::DeleteNeedsAdministrator => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
            Self::Auth(error) => match error {
                auth::Error::Credentials => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
                auth::Error::TooManyAttempts { .. } | auth::Error::TooManyRequests { .. } => {
                    (StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS")
                }
                auth::Error::NotAdministrator => (StatusCode::FORBIDDEN, "DENIED"),
                auth::Error::SetupCode
                | auth::Error::NameTaken(_)
                | auth::Error::NoSuchUser(_)
                | auth::Error::GroupNameTaken(_)
                | auth::Error::NoSuchGroup(_)
                | auth::Error::TokenNameTaken(_)
                | auth::Error::RobotNameTaken(_)
                | auth::Error::NoSuchRobot(_)
                | auth::Error::TooMany { .. }
                | auth::Error::LastAdministrator
                | auth::Error::AlreadySetUp
                | auth::Error::UserName(_)
                | auth::Error::Password(_)
                | auth::Error::Metadata(_)
                | auth::Error::Random(_)
                | auth::Error::Hash(_)
                | auth::Error::Users(_)
                | auth::Error::TokenKey
                | auth::Error::Stopping => (StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN"),
            },
            Self::Registry(error) => match error {
                Engine::NameUnknown(_) => (StatusCode::NOT_FOUND, "NAME_UNKNOWN"),
                Engine::DigestMismatch { .. } => (StatusCode::BAD_REQUEST, "DIGEST_INVALID"),
                Engine::ReadOnly => (StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED"),
                Engine::UploadBusy => (StatusCode::CONFLICT, "BLOB_UPLOAD_INVALID"),
                Engine::UploadLost => (StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN"),
                Engine::RangeInvalid { .. } => (StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID"),
                Engine::SizeMismatch { .. } | Engine::BodyTruncated(_) => (StatusCode::BAD_REQUEST, "SIZE_INVALID"),
                Engine::ManifestInvalid(_) | Engine::Schema1Refused | Engine::Unconvertible(_) => {
                    (StatusCode::BAD_REQUEST, "MANIFEST_INVALID")
                }
                Engine::ManifestUnverified => (StatusCode::BAD_REQUEST, "MANIFEST_UNVERIFIED"),
                Engine::ManifestBlobUnknown(_) => (StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN"),
                Engine::OutOfSpace(_) => (StatusCode::INSUFFICIENT_STORAGE, "UNAVAILABLE"),
                Engine::Metadata(_) | Engine::Store(_) | Engine::SigningKey(_) | Engine::Inconsistent(_) => {
                    (StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN")
                }
            },
        }
    }

    /// What a program can use; `null` where there is nothing beyond the message.
    fn detail(&self) -> Value {
        match self {
            Self::Unauthorised { wanted, .. } | Self::Denied { wanted } => wanted.clone(),
            Self::ManifestUnknown { repository, reference } => json!({ "name": repository, "reference": reference }),
            Self::BlobUnknown { repository, digest } => json!({ "name": repository, "digest": digest }),
            Self::Registry(registry::Error::NameUnknown(name)) => json!({ "name": name }),
            Self::Registry(registry::Error::DigestMismatch { expected, actual }) => {
                json!({ "expected": expected, "actual": actual })
            }
            _ => Value::Null,
        }
    }

    /// The error body, one entry a problem: what is missing from a manifest is listed piece by piece.
    fn body(&self) -> Value {
        let code = self.code();
        if let Self::Registry(error @ registry::Error::ManifestBlobUnknown(missing)) = self {
            let message = error.to_string();
            let entry = |digest| json!({ "code": code, "message": message, "detail": { "digest": digest } });
            return json!({ "errors": missing.iter().map(entry).collect::<Vec<_>>() });
        }
        // What is our own fault is for the log.
        let message = match self {
            Self::Auth(_) if code == "UNKNOWN" => "internal error".to_owned(),
            error => error.to_string(),
        };
        let mut entry = json!({ "code": code, "message": message });
        match self.detail() {
            Value::Null => {}
            detail => entry["detail"] = detail,
        }
        json!({ "errors": [entry] })
    }

    /// The answer. What is our own fault is logged here, once, with its cause; the client is told only that it is.
    pub(super) fn into_response(self) -> Response {
        let (status, _) = self.status_and_code();
        if status == StatusCode::INTERNAL_SERVER_ERROR || status == StatusCode::INSUFFICIENT_STORAGE {
            tracing::error!(error = %causes(&self), "A registry request failed");
        }
        let mut response = Response::new(Body::from(self.body().to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, JSON);
        match self {
            Self::MethodNotAllowed(methods) => {
                if let Ok(allow) = HeaderValue::try_from(methods) {
                    headers.insert(header::ALLOW, allow);
                }
            }
            Self::Unauthorised { challenge, .. } => {
                headers.insert(header::WWW_AUTHENTICATE, challenge);
            }
            Self::DeleteNeedsAdministrator | Self::Auth(auth::Error::Credentials) => {
                headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
            }
            Self::Auth(auth::Error::TooManyAttempts { retry_after } | auth::Error::TooManyRequests { retry_after }) => {
                headers.insert(header::RETRY_AFTER, retry_after.whole_seconds().max(1).into());
            }
            Self::RangeNotSatisfiable { size } => {
                if let Ok(range) = HeaderValue::try_from(format!("bytes */{size}")) {
                    headers.insert(header::CONTENT_RANGE, range);
                }
            }
            Self::OutOfOrder(refused) => {
                headers.insert(header::LOCATION, refused.location);
                headers.insert(header::RANGE, refused.range);
            }
            _ => {}
        }
        response
    }
}

/// An error with all that led to it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
