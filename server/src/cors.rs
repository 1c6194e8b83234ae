//! Lets pages of other origins call the registry: an existing Humpback console does it from the browser.
//!
//! Off unless origins are named at start. Speaks of `/v1/` and `/v2/` only, and never lets cookies through: the
//! registry has none, and the console's own must not travel.

use std::time::Duration;

use axum::http::{
    HeaderName, HeaderValue, Method,
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LINK, LOCATION, RANGE,
        RETRY_AFTER, WARNING, WWW_AUTHENTICATE,
    },
};
use tower_http::cors::{Any, CorsLayer};

/// What answers preflights and marks answers for `origins`; `None` if there are none.
pub fn layer(origins: &[HeaderValue]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let exposed = [
        "docker-content-digest",
        "docker-distribution-api-version",
        "docker-upload-uuid",
        "oci-chunk-min-length",
        "oci-filters-applied",
        "oci-subject",
        "oci-tag",
    ];
    let exposed = exposed.map(HeaderName::from_static);
    let standard = [CONTENT_LENGTH, CONTENT_RANGE, ETAG, LINK, LOCATION, RANGE, RETRY_AFTER, WARNING, WWW_AUTHENTICATE];
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([ACCEPT, AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, IF_NONE_MATCH, RANGE])
        .expose_headers(exposed.into_iter().chain(standard).collect::<Vec<_>>())
        .max_age(Duration::from_secs(60 * 60));
    Some(if origins.iter().any(|origin| origin == "*") {
        layer.allow_origin(Any)
    } else {
        layer.allow_origin(origins.to_vec())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::{
        Router,
        body::Body,
        http::{Request, StatusCode},
        response::Response,
        routing::any,
    };
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(origins: &[&str], method: Method, origin: &str) -> Response {
        let origins: Vec<_> = origins.iter().map(|origin| HeaderValue::from_str(origin).unwrap()).collect();
        // Stands for what asks for credentials: a preflight must not come so far.
        let router = Router::new().route("/v2/", any(async || StatusCode::UNAUTHORIZED));
        let router = router.layer(tower::util::option_layer(layer(&origins)));
        let request = Request::builder().method(method).uri("/v2/").header("origin", origin);
        let request = request.header("access-control-request-method", "GET");
        router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    fn allowed(response: &Response) -> Option<&str> {
        response.headers().get("access-control-allow-origin").map(|origin| origin.to_str().unwrap())
    }

    #[tokio::test]
    async fn a_preflight_of_a_named_origin_is_answered_without_credentials() {
        let console = "http://humpback.example:8000";
        let preflight = ask(&[console], Method::OPTIONS, console).await;
        assert_eq!((preflight.status(), allowed(&preflight)), (StatusCode::OK, Some(console)));
        assert!(preflight.headers().get("access-control-allow-credentials").is_none());
        let call = ask(&[console], Method::GET, console).await;
        assert_eq!((call.status(), allowed(&call)), (StatusCode::UNAUTHORIZED, Some(console)));
    }

    #[tokio::test]
    async fn other_origins_are_told_nothing() {
        for origins in [&["http://humpback.example:8000"][..], &[]] {
            assert_eq!(allowed(&ask(origins, Method::GET, "http://evil.example").await), None);
            assert_eq!(allowed(&ask(origins, Method::OPTIONS, "http://evil.example").await), None);
        }
        assert_eq!(allowed(&ask(&["*"], Method::GET, "http://any.example").await), Some("*"));
    }
}
