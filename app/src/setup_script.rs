//! The setup guide's scripts, as files: `/setup/debian.sh`. Exists in the server only.
//!
//! Open to anyone, as the guide is: a machine that is being set up has no credentials yet. A script holds nothing but
//! the address that it was asked for with, which is parsed first: no text of a request gets into it.

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
    routing::get,
};
use humpback::{
    authority::AuthorityFiles,
    config::{InvalidAddress, RegistryAddress, Scheme},
    proxy::Arrival,
    setup_guide::{Input, Target, Trust, script},
};

use crate::api::{context::Console, setup_guide::Asked};

/// The route of every script.
pub fn router<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new().route("/setup/{file}", get(answer)).with_state(console)
}

async fn answer(
    State(console): State<Console>,
    Path(file): Path<String>,
    Query(asked): Query<Asked>,
    parts: Parts,
) -> Response {
    let found = file.rsplit_once('.').and_then(|(slug, extension)| Some((Target::from_slug(slug)?, extension)));
    let Some((target, extension)) = found else {
        return refuse(StatusCode::NOT_FOUND, "There is no such script. The setup guide at /setup lists them.");
    };
    let address = match address(&console, &asked, &parts) {
        Ok(address) => address,
        Err(problem) => return refuse(StatusCode::BAD_REQUEST, &format!("address: {problem}")),
    };
    let trust = Trust::from_slug(&asked.trust);
    let authority = match parts.extensions.get::<AuthorityFiles>() {
        Some(files) => files.current().await,
        None => None,
    };
    let version = Some(asked.version.as_str());
    match script(Input { target, version, trust, address: &address, authority: authority.as_ref() }) {
        Some(script) if script.kind.extension() == extension => text(StatusCode::OK, script.text),
        Some(script) => {
            let right = format!("{}.{}", target.slug(), script.kind.extension());
            refuse(StatusCode::NOT_FOUND, &format!("This one is called {right}."))
        }
        None => refuse(StatusCode::NOT_FOUND, "For this there is no script: the setup guide at /setup has the steps."),
    }
}

/// What was asked for, else what System Config says, else where the request came to.
fn address(console: &Console, asked: &Asked, parts: &Parts) -> Result<RegistryAddress, InvalidAddress> {
    if !asked.address.is_empty() {
        return RegistryAddress::parse(&asked.address);
    }
    if let Some(address) = &console.config.current().value.address {
        return Ok(address.clone());
    }
    let arrival = Arrival::of_parts(parts);
    let authority = arrival.authority().map(|authority| authority.to_string()).unwrap_or_default();
    let scheme = if arrival.scheme() == Scheme::Https { "https://" } else { "" };
    RegistryAddress::parse(&format!("{scheme}{authority}"))
}

fn refuse(status: StatusCode, reason: &str) -> Response {
    // A shell that is fed with this by mistake does nothing but say so.
    text(status, format!("# {reason}\n"))
}

fn text(status: StatusCode, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (status, headers, text).into_response()
}
