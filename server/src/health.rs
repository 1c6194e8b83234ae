//! For whatever watches the process: alive, and ready for work.

use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use humpback::registry::Registry;
use tokio_util::sync::CancellationToken;

/// What readiness depends on.
#[derive(Clone)]
pub struct Health {
    /// The engine, with its database and blob store.
    pub registry: Registry,
    /// Cancelled once the process is told to stop.
    pub stop: CancellationToken,
}

/// `/healthz` answers 200 for as long as the process runs: whoever restarts it on failure asks here. `/readyz`
/// answers 503 while it can't do its work, and from when it is told to stop: whoever sends it requests asks here.
pub fn router(health: Health) -> Router {
    Router::new()
        .route("/healthz", get(async || Json(serde_json::json!({ "status": "alive" }))))
        .route("/readyz", get(ready))
        .with_state(health)
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let (status, text) = if health.stop.is_cancelled() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping")
    } else if let Err(error) = health.registry.check().await {
        tracing::error!(%error, "Not ready");
        (StatusCode::SERVICE_UNAVAILABLE, "the database or the blob store does not answer")
    } else {
        (StatusCode::OK, "ready")
    };
    (status, Json(serde_json::json!({ "status": text })))
}
