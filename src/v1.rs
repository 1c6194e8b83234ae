//! What is left of Docker's first registry protocol: `docker search`, which never got another one, and the ping by
//! which very old clients learn that the rest of it is not spoken here.

use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    access::{Caller, Guard, Refusal, Wanted},
    auth::{self, Costly},
    client::{Deed, Failure, user_agent},
    config_store::ConfigStore,
    explorer::{ListQuery, RepositorySort, SortKey as _, list::PAGE_SIZE},
    proxy::Arrival,
    registry::{self, Registry},
    visits::Visits,
};

/// Docker before 1.10 reads from this whether the registry can stand alone, without an index (docker v1.8,
/// registry/endpoint.go).
const STANDALONE: HeaderName = HeaderName::from_static("x-docker-registry-standalone");

/// What a search works with.
type Parts = (Registry, ConfigStore, Guard);

/// The routes below `/v1`.
pub fn router(registry: Registry, config: ConfigStore, guard: Guard) -> Router {
    Router::new().route("/v1/_ping", get(ping)).route("/v1/search", get(search)).with_state((registry, config, guard))
}

/// Says that images are not to be had by this protocol, so that a client that can speak `/v2/` does.
async fn ping(request: Request) -> Response {
    tell(&request);
    let message = json!({ "error": "images are pushed and pulled by /v2/ only: use Docker 1.6 or newer" });
    let mut response = (StatusCode::NOT_FOUND, Json(message)).into_response();
    response.headers_mut().insert(STANDALONE, HeaderValue::from_static("true"));
    response
}

/// Tells of a client for which only this protocol is left, or which found nothing at `/v2/`.
fn tell(request: &Request) {
    let Some(visits) = request.extensions().get::<Visits>() else { return };
    let address = Arrival::of(request.headers(), request.extensions()).client();
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    if visits.is_news((address, agent, "/v1/_ping")) {
        let deed = Deed::Failed { failure: Failure::OldProtocol, image: None };
        visits.tell(address, user_agent::parse(agent), deed);
    }
}

/// What Docker asks (docker v1.8, registry/session.go, `SearchRepositories`).
#[derive(Debug, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
    n: Option<u32>,
    #[serde(default)]
    page: u32,
}

/// Repositories whose name holds `q`. For whoever may read the catalog.
async fn search(
    State((engine, config, guard)): State<Parts>,
    Query(wanted): Query<Search>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Response {
    let arrival = Arrival::of(&headers, &extensions);
    let caller = match admit(&guard, &headers, arrival).await {
        Ok(caller) => caller,
        Err(refusal) => return refuse(&refusal),
    };
    if !config.current().value.private_registry_enabled {
        let message = json!({ "error": "the private registry is disabled" });
        return (StatusCode::SERVICE_UNAVAILABLE, Json(message)).into_response();
    }
    let query = ListQuery {
        search: wanted.q.trim().to_owned(),
        sort: RepositorySort::Name,
        order: RepositorySort::Name.first_order(),
        page: wanted.page.max(1),
    };
    let found = async {
        let visible = guard.visible(&caller).await.map_err(registry::Error::from)?;
        engine.list_repositories(&query, &visible).await
    };
    let found = match found.await {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(%error, "A search failed");
            let message = json!({ "error": "internal error" });
            return (StatusCode::INTERNAL_SERVER_ERROR, Json(message)).into_response();
        }
    };
    let limit = wanted.n.unwrap_or(PAGE_SIZE).min(PAGE_SIZE);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let result = |name: &str, tags: u64| -> Value {
        let description = if tags == 1 { "1 tag".to_owned() } else { format!("{tags} tags") };
        json!({ "name": name, "description": description, "star_count": 0, "is_official": false, "is_automated": false })
    };
    let results: Vec<Value> =
        found.rows.iter().take(limit).map(|row| result(row.name.as_str(), row.tag_count)).collect();
    Json(json!({ "query": wanted.q, "num_results": found.matching, "page": query.page, "page_size": limit, "results": results }))
        .into_response()
}

/// Lets in whoever may see a list, and not too often.
async fn admit(guard: &Guard, headers: &HeaderMap, arrival: Arrival<'_>) -> Result<Caller, Refusal> {
    guard.auth().count(Costly::Search, None, arrival.client())?;
    let caller = guard.admit(&[Wanted::catalog()], None, headers, arrival).await?;
    if caller.name.is_some() {
        guard.auth().count(Costly::Search, caller.name.as_deref(), None)?;
    }
    Ok(caller)
}

fn refuse(refusal: &Refusal) -> Response {
    let message = Json(json!({ "error": refusal.to_string() }));
    match refusal {
        Refusal::Unauthorised { challenge, .. } => {
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge.clone())], message).into_response()
        }
        Refusal::Denied { .. } => (StatusCode::FORBIDDEN, message).into_response(),
        Refusal::Auth(auth::Error::TooManyAttempts { retry_after } | auth::Error::TooManyRequests { retry_after }) => {
            let wait = HeaderValue::from(retry_after.whole_seconds().max(1));
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, wait)], message).into_response()
        }
        Refusal::Auth(error) => {
            tracing::error!(%error, "A search failed");
            (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "error": "internal error" }))).into_response()
        }
    }
}
