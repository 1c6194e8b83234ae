//! Server-sent events, as every feed of the console sends them.

use std::{convert::Infallible, time::Duration};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt as _, stream};
use serde::Deserialize;

/// nginx passes each event on at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
/// Shorter than what proxies wait for a silent server.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// When a browser that lost the feed comes back, and with it one that was refused for the crowd.
const RETRY: Duration = Duration::from_secs(3);

/// What a feed's address says of where to begin.
#[derive(Debug, Deserialize)]
pub(super) struct Since {
    /// The last visit that the page knew when it was made.
    after: Option<u64>,
}

impl Since {
    /// The last visit that the reader knows of: what the browser heard last, when it comes back by itself (HTML, section
    /// 9.2.3), or what its page began with.
    pub(super) fn last_heard(&self, headers: &HeaderMap) -> Option<u64> {
        let heard = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
        heard.or(self.after)
    }
}

/// An answer that goes on with `events`.
pub(super) fn answer(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let hello = stream::iter([Event::default().retry(RETRY).comment("listening")]);
    let events = hello.chain(events).map(Ok::<_, Infallible>);
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    response.headers_mut().insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}
