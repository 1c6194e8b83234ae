//! The distribution API: a request's method and path name an endpoint and the access that it needs; one call to the
//! engine answers it.
//!
//! Follows the OCI distribution-spec and, where clients rely on it, Distribution 2.8. No SQL, no paths, no hashing.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};

use crate::{
    access::{Caller, Guard},
    audit::Actor,
    config_store::ConfigStore,
    health::Health,
    proxy::Arrival,
    registry::{INSTANCE_HEADER, Registry},
};

mod absent;
mod access;
mod blob;
mod drain;
mod error;
mod headers;
mod list;
mod manifest;
mod route;
mod sighting;
mod upload;
mod url_rule;
mod urls;
mod watch;

use error::{Error, Result};
use route::Endpoint;
pub use url_rule::UrlRule;
pub use urls::UrlOptions;

/// What the API works with.
#[derive(Clone, Debug)]
pub struct Api {
    /// The engine.
    pub registry: Registry,
    /// Says whether the registry is enabled.
    pub config: ConfigStore,
    /// Says whether the registry is well enough to serve.
    pub health: Health,
    /// Says who may do what.
    pub guard: Guard,
    /// What the process was started with.
    pub settings: Settings,
}

/// What an administrator decides at start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether whoever may reach a repository may delete through the API, as Distribution has it with
    /// `storage.delete.enabled`. Otherwise only those may to whom the rules allow it, and nobody where the guard knows
    /// other users than the console's.
    pub anonymous_delete: bool,
    /// The longest manifest that is taken in, in bytes.
    pub manifest_bytes: usize,
    /// How clients reach the registry.
    pub urls: UrlOptions,
    /// How many repositories one answer lists at most (Distribution's `catalog.maxentries`); the rest follows by
    /// `Link`.
    pub catalog_max: Option<u32>,
    /// How many tags one answer lists at most (Distribution's `tags.maxtags`).
    pub tags_max: Option<u32>,
    /// Which URLs manifests may name as other places of their content; all, if nothing is said.
    pub url_rule: Option<UrlRule>,
}

impl Default for Settings {
    /// As `registry:2` comes: no deleting, and manifests of 4 MiB, which every registry must take
    /// (distribution-spec, "Pushing Manifests").
    fn default() -> Self {
        Self {
            anonymous_delete: false,
            manifest_bytes: 4 * 1024 * 1024,
            urls: UrlOptions::default(),
            catalog_max: None,
            tags_max: None,
            url_rule: None,
        }
    }
}

/// Docker before 1.10 looks for this on every answer, refusals included, before it believes that this is a registry.
const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");
const REGISTRY_2_0: HeaderValue = HeaderValue::from_static("registry/2.0");

/// The routes below `/v2`, and the same again below the prefix that the API is mounted at. Repository names hold
/// slashes, so one handler takes every path and [`route`] reads it.
pub fn router(api: Api) -> Router {
    let prefix = api.settings.urls.prefix.clone();
    // Both spellings without a repository; axum's wildcard needs at least one character.
    let router = Router::new()
        .route("/v2", axum::routing::any(handle))
        .route("/v2/", axum::routing::any(handle))
        .route("/v2/{*path}", axum::routing::any(handle))
        .with_state(api);
    if prefix.is_root() { router } else { router.clone().nest(prefix.as_str(), router) }
}

async fn handle(State(api): State<Api>, request: Request) -> Response {
    let sight = sighting::Sight::of(&request);
    let (request, unread) = drain::watch(request);
    let is_version = matches!(request.uri().path(), "/v2" | "/v2/");
    let answered = answer(&api, request).await;
    if let Some(unread) = unread {
        unread.drain().await;
    }
    if let Some(sight) = sight {
        sight.report(&answered);
    }
    let mut response = answered.unwrap_or_else(Error::into_response);
    response.headers_mut().insert(API_VERSION, REGISTRY_2_0);
    // On refusals, too: whoever asks may be ourselves, by the address that the console shows.
    if is_version && let Ok(instance) = HeaderValue::from_str(api.registry.instance()) {
        response.headers_mut().insert(INSTANCE_HEADER, instance);
    }
    response
}

async fn answer(api: &Api, request: Request) -> Result<Response> {
    if !api.health.is_healthy() {
        return Err(Error::Unhealthy);
    }
    // In two parts: a body can't be shared between threads, so nothing that borrows it may wait.
    let (request, body) = request.into_parts();
    let method = request.method.clone();
    let endpoint = Endpoint::parse(&method, request.uri.path())?;
    if !api.config.current().value.private_registry_enabled {
        return Err(Error::Disabled);
    }
    let access = endpoint.access(&method).ok_or_else(|| Error::MethodNotAllowed(endpoint.methods()))?;
    let Some(caller) = access::check(api, &endpoint, access, &request).await? else {
        return absent::answer(api, &endpoint, &request);
    };
    // Only where someone wants to know: it costs as much as answering does.
    let watched = if api.registry.is_watched() { Some(watch::on_behalf_of(api, &caller, &request)?) } else { None };
    let api = watched.as_ref().unwrap_or(api);
    match endpoint {
        Endpoint::Version => Ok(version(caller)),
        Endpoint::Catalog => list::catalog(api, &caller, &request).await,
        Endpoint::Tags(name) => list::tags(api, &name, &request).await,
        Endpoint::Referrers(name, digest) => list::referrers(api, &name, &digest, &request).await,
        Endpoint::Manifest(name, reference) => match method {
            Method::PUT => manifest::put(api, &name, &reference, &request, body, &actor(&caller, &request)).await,
            Method::DELETE => manifest::delete(api, &name, &reference, &actor(&caller, &request)).await,
            _ => manifest::get(api, &name, &reference, &request).await,
        },
        Endpoint::Blob(name, digest) => match method {
            Method::DELETE => blob::delete(api, &name, &digest, &actor(&caller, &request)).await,
            _ => blob::get(api, &name, &digest, &request).await,
        },
        Endpoint::Uploads(name) => upload::start(api, &name, &caller, &request, body).await,
        Endpoint::Upload(name, id) => match method {
            Method::PATCH => upload::append(api, &name, id, &caller, &request, body).await,
            Method::PUT => upload::commit(api, &name, id, &caller, &request, body).await,
            Method::DELETE => upload::cancel(api, &name, id, &caller).await,
            _ => upload::status(api, &name, id, &caller, &request).await,
        },
    }
}

/// Who changes something, for the audit log and the history of tags.
fn actor(caller: &Caller, request: &Parts) -> Actor {
    Actor::new(caller.name.as_deref().unwrap_or_default(), Arrival::of_parts(request).client())
}

/// `GET /v2/`: this is a registry, and the caller may use it (distribution-spec, end-1).
fn version(caller: Caller) -> Response {
    let mut response = Response::new(Body::from("{}"));
    // For those who are told who comes; it is not sent.
    response.extensions_mut().insert(caller);
    response.headers_mut().insert(header::CONTENT_TYPE, headers::JSON);
    response
}

/// An answer with a status and no content.
fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
