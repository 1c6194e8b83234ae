//! The certificate authority as a file: `/setup/ca.crt`. Exists in the server only.
//!
//! Open to anyone, as the guide is: a machine that is being set up has no credentials yet, and certificates are public.
//! No key can get in here: only certificates are read.

use axum::{
    Extension, Router,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use humpback::{authority::AuthorityFiles, setup_guide::AUTHORITY_PATH};

/// The route of the file.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route(AUTHORITY_PATH, get(answer))
}

async fn answer(files: Option<Extension<AuthorityFiles>>) -> Response {
    let authority = match files {
        Some(Extension(files)) => files.current().await,
        None => None,
    };
    let headers = [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::CACHE_CONTROL, "no-cache")];
    match authority {
        Some(authority) => {
            let kind = [
                (header::CONTENT_TYPE, "application/x-pem-file"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"ca.crt\""),
            ];
            (headers, kind, authority.pem()).into_response()
        }
        None => {
            let text = "The registry does not know which authority signed its certificate: ask whoever runs it.\n";
            (StatusCode::NOT_FOUND, headers, text).into_response()
        }
    }
}
