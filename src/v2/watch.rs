//! What others are told of a request, where they want to know what happens here.

use std::net::SocketAddr;

use axum::{
    extract::ConnectInfo,
    http::{HeaderName, header, request::Parts},
};

use super::{Api, error::Result, headers};
use crate::{
    access::Caller,
    notifications::{Cause, RequestRecord},
    proxy::Arrival,
};

/// Given to each request by whoever accepts connections; stands in the log, too.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The same API, whose engine acts for `request`.
pub(super) fn on_behalf_of(api: &Api, caller: &Caller, request: &Parts) -> Result<Api> {
    let location = api.settings.urls.location(request, "/v2/")?;
    let base_url = location.to_str().unwrap_or_default().trim_end_matches("/v2/").to_owned();
    let text = |name: &HeaderName| headers::text(&request.headers, name).unwrap_or_default().to_owned();
    let record = RequestRecord {
        id: text(&REQUEST_ID),
        addr: address(request),
        host: text(&header::HOST),
        method: request.method.to_string(),
        useragent: text(&header::USER_AGENT),
    };
    let cause = Cause { request: record, actor: caller.name.clone(), base_url };
    Ok(Api { registry: api.registry.on_behalf_of(cause), ..api.clone() })
}

/// The client's address: with its port if it has connected to us, without if a proxy names it.
fn address(request: &Parts) -> String {
    let peer = request.extensions.get().map(|ConnectInfo(peer): &ConnectInfo<SocketAddr>| *peer);
    match (Arrival::of_parts(request).client(), peer) {
        (Some(client), Some(peer)) if client == peer.ip().to_canonical() => peer.to_string(),
        (Some(client), _) => client.to_string(),
        (None, _) => String::new(),
    }
}
