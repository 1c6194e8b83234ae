//! The URLs that the API hands out: `Location`, where the client goes on, and the paths in `Link`.

use axum::{
    extract::NestedPath,
    http::{HeaderValue, request::Parts},
};

use super::{error::Result, headers};
use crate::{
    proxy::Arrival,
    wire::{ExternalUrl, PathPrefix},
};

/// How the registry is reached, as far as a request can't tell. By default its own `Host` tells all, or a trusted
/// proxy's `X-Forwarded-*` and `Forwarded`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrlOptions {
    /// Where clients find the registry, whatever a request says (Distribution's `http.host`). Its path is the whole of
    /// what stands before `/v2/`.
    pub external: Option<ExternalUrl>,
    /// Where the API is mounted besides the root (Distribution's `http.prefix`): `/a/` makes it answer at `/a/v2/` too.
    /// A request that comes in there is answered with URLs that lead back there.
    pub prefix: PathPrefix,
    /// Whether `Location` is a path without scheme and host (Distribution's `http.relativeurls`). Docker up to 1.7
    /// follows none such. [`external`](Self::external) counts more.
    pub relative: bool,
}

impl UrlOptions {
    /// Where a push that begins with this request would be sent on to, to show to whoever asks.
    pub fn example(&self, request: &Parts) -> String {
        let location = self.location(request, "/v2/team/app/blobs/uploads/");
        location.ok().and_then(|location| location.to_str().ok().map(str::to_owned)).unwrap_or_default()
    }

    /// `path`, which begins with `/v2/`, as the client can reach it: absolute, because Docker up to 1.7 follows nothing
    /// else, unless it is configured otherwise.
    pub(super) fn location(&self, request: &Parts, path: &str) -> Result<HeaderValue> {
        if let Some(external) = &self.external {
            return headers::value(&format!("{external}{path}"));
        }
        let path = self.path(request, path);
        let arrival = Arrival::of_parts(request);
        match arrival.authority().filter(|_| !self.relative) {
            Some(authority) => headers::value(&format!("{}://{authority}{path}", arrival.scheme().as_str())),
            // Also for a client of HTTP/1.0: where it is, it knows best.
            None => headers::value(&path),
        }
    }

    /// `path` with all that stands before it on the client's side.
    pub(super) fn path(&self, request: &Parts, path: &str) -> String {
        if let Some(external) = &self.external {
            return format!("{}{path}", external.path());
        }
        let mounted_at = request.extensions.get().map(NestedPath::as_str).unwrap_or_default();
        format!("{}{mounted_at}{path}", Arrival::of_parts(request).prefix())
    }
}
