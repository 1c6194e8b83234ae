//! The listener for those who watch the registry (`http.debug`): `/debug/health`, as Distribution answers there, and
//! the metrics.

use axum::{
    Router,
    extract::State,
    http::{Method, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::any,
};
use humpback::health::Health;

use crate::metrics::Metrics;

/// What is served there; the metrics at `path`, if they are wanted.
pub fn router(health: Health, metrics: Option<(Metrics, &str)>) -> Router {
    let router = Router::new().route("/debug/health", any(answer)).with_state(health);
    match metrics {
        Some((metrics, path)) => router.route(path, any(move || metrics.respond())),
        None => router,
    }
}

/// `{}` while all is well, else 503 with what is not and why.
async fn answer(method: Method, State(health): State<Health>) -> Response {
    if method != Method::GET {
        return StatusCode::NOT_FOUND.into_response();
    }
    let failures = health.failures();
    let status = if failures.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::to_string(&failures).unwrap_or_default();
    (status, [(CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}
