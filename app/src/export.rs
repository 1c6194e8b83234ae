//! The audit log as a file: one line of JSON a deed, the newest first, for administrators. Exists in the server only.
//!
//! Written while it is read, so that neither side holds all of it.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use futures_util::stream;
use humpback::{
    account::Role,
    audit::{AuditEntry, AuditQuery},
    config::Scheme,
    metadata::{self, AuditCursor},
    proxy::Arrival,
    wire,
};

use crate::api::context::{Console, token_of};

/// Where the file is.
pub const ACTIVITY: &str = "/manage/activity.jsonl";
/// How many deeds are read from the database at a time.
const AT_ONCE: u32 = 500;

/// The route. It is to be guarded as a page is.
pub fn router(console: Console) -> Router {
    Router::new().route(ACTIVITY, get(activity)).with_state(console)
}

async fn activity(State(console): State<Console>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let https = Arrival::of_parts(&parts).scheme() == Scheme::Https;
    let account = match token_of(&parts.headers, https) {
        Some(token) => console.auth.session(&token).await,
        None => Ok(None),
    };
    match account {
        Ok(Some(account)) if account.role == Role::Administrator => {}
        Ok(Some(_)) => return (StatusCode::FORBIDDEN, "This needs an administrator.").into_response(),
        Ok(None) => return Redirect::to("/sign-in?return_to=/manage/activity").into_response(),
        Err(error) => {
            tracing::error!(%error, "The activity could not be exported");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    let first = (query(&parts.uri), Some(AuditCursor::default()));
    let pieces = stream::try_unfold(first, move |(query, cursor)| {
        let log = console.audit.clone();
        async move {
            let Some(cursor) = cursor else { return Ok(None) };
            let (entries, next) = log.after(&query, cursor, AT_ONCE).await.inspect_err(report)?;
            Ok::<_, metadata::Error>(Some((lines(&entries), (query, next))))
        }
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"humpback-activity.jsonl\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

/// The head of the answer is sent already: all that is left is to break off, and to say why in the log.
fn report(error: &metadata::Error) {
    tracing::error!(%error, "The export of the activity broke off");
}

fn lines(entries: &[AuditEntry]) -> Bytes {
    let mut text = Vec::new();
    for entry in entries {
        // Fails only for what has no form in JSON, and an entry is made of texts.
        if serde_json::to_writer(&mut text, entry).is_ok() {
            text.push(b'\n');
        }
    }
    text.into()
}

/// The page's own filter.
fn query(uri: &Uri) -> AuditQuery {
    let words: Vec<_> = wire::query::pairs(uri.query().unwrap_or_default()).collect();
    AuditQuery::from_words(|key| words.iter().find(|(name, _)| name.as_ref() == key).map(|(_, value)| value.as_ref()))
}
