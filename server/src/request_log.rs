//! Every request gets an id, and one line in the log when its last byte is sent.
//!
//! The id is the client's own `X-Request-Id` if it has one that is fit to be logged; it stands in the request that
//! the handlers see, in every line they log, and in the response.

use std::{
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Instant,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header::CONTENT_LENGTH},
    middleware::Next,
    response::Response,
};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use humpback::proxy::Arrival;
use tracing::{Instrument as _, Span};

use crate::metrics::{self, Metrics};

/// The header that carries the id, both ways.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ids are replaced: they would only fill the log.
const LONGEST_ID: usize = 64;

/// Where requests end up.
#[derive(Clone, Debug)]
pub struct Ends {
    /// Whether each gets a line in the log.
    pub log: bool,
    /// Where they are counted, if they are.
    pub metrics: Option<Metrics>,
}

/// Gives the request its id and logs and counts its end. Health checks are not logged: they come every few
/// seconds.
pub async fn log(State(ends): State<Ends>, mut request: Request, next: Next) -> Response {
    let id = id_of(request.headers());
    request.headers_mut().insert(X_REQUEST_ID, id.clone());
    // An error span, so that no level of the log hides the id.
    let span = tracing::error_span!("request", request_id = id.to_str().unwrap_or_default());

    let path = request.uri().path().to_owned();
    let exchange = Arc::new(Exchange {
        span: span.clone(),
        started: Instant::now(),
        method: request.method().clone(),
        quiet: !ends.log || matches!(path.as_str(), "/healthz" | "/readyz"),
        path,
        metrics: ends.metrics,
        peer: request.extensions().get().map(|ConnectInfo(peer)| *peer),
        client: Arrival::of(request.headers(), request.extensions()).client(),
        received_bytes: AtomicU64::new(0),
        sent_bytes: AtomicU64::new(0),
    });

    let request = request.map(|body| Body::new(Metered::received(body, &exchange)));
    let mut response = next.run(request).instrument(span).await;
    response.headers_mut().insert(X_REQUEST_ID, id);
    let status = response.status();
    let announced = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    response.map(|body| Body::new(Metered::sent(body, exchange, status, announced)))
}

/// The client's id if it is short and printable, else one of our own.
fn id_of(headers: &HeaderMap) -> HeaderValue {
    let given = headers.get(X_REQUEST_ID).filter(|given| {
        (1..=LONGEST_ID).contains(&given.len())
            && given.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
    });
    given.cloned().unwrap_or_else(|| {
        let id = uuid::Uuid::new_v4().simple().to_string();
        HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
    })
}

/// A request and its response, as the log tells it.
struct Exchange {
    span: Span,
    started: Instant,
    method: Method,
    /// Without the query, which may hold what is not for the log.
    path: String,
    /// Who holds the other end of the connection: a proxy, where there is one.
    peer: Option<SocketAddr>,
    /// Who asked, as far as a proxy that is trusted says so.
    client: Option<IpAddr>,
    quiet: bool,
    metrics: Option<Metrics>,
    received_bytes: AtomicU64,
    sent_bytes: AtomicU64,
}

/// A body whose bytes are counted; the response's also ends the exchange.
struct Metered {
    inner: Body,
    exchange: Arc<Exchange>,
    /// `None` for the request's body.
    status: Option<StatusCode>,
    /// The response's length, if it says so. Nobody asks a body for its end once that many bytes have come.
    announced: Option<u64>,
    complete: bool,
}

impl Metered {
    fn received(inner: Body, exchange: &Arc<Exchange>) -> Self {
        Self { inner, exchange: Arc::clone(exchange), status: None, announced: None, complete: true }
    }

    fn sent(inner: Body, exchange: Arc<Exchange>, status: StatusCode, announced: Option<u64>) -> Self {
        // The answer to HEAD and a 204 have no body to wait for, and no body is ever asked for it.
        let complete = inner.is_end_stream() || exchange.method == Method::HEAD;
        Self { inner, exchange, status: Some(status), announced, complete }
    }
}

impl HttpBody for Metered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let this = &mut *self;
        let entered = this.exchange.span.enter();
        let polled = Pin::new(&mut this.inner).poll_frame(context);
        drop(entered);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                let counter =
                    if this.status.is_some() { &this.exchange.sent_bytes } else { &this.exchange.received_bytes };
                let bytes = frame.data_ref().map_or(0, Bytes::len) as u64;
                let so_far = counter.fetch_add(bytes, Ordering::Relaxed) + bytes;
                this.complete = this.complete || this.inner.is_end_stream() || this.announced == Some(so_far);
            }
            Poll::Ready(None) => this.complete = true,
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Metered {
    fn drop(&mut self) {
        let Some(status) = self.status else { return };
        let exchange = &self.exchange;
        if let Some(metrics) = &exchange.metrics {
            metrics.count(&metrics::Exchange {
                method: &exchange.method,
                path: &exchange.path,
                status: status.as_u16(),
                received: exchange.received_bytes.load(Ordering::Relaxed),
                sent: exchange.sent_bytes.load(Ordering::Relaxed),
                seconds: exchange.started.elapsed().as_secs_f64(),
            });
        }
        if exchange.quiet {
            return;
        }
        let _entered = exchange.span.enter();
        let duration_ms = u64::try_from(exchange.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            method = %exchange.method,
            path = %exchange.path,
            status = status.as_u16(),
            received_bytes = exchange.received_bytes.load(Ordering::Relaxed),
            sent_bytes = exchange.sent_bytes.load(Ordering::Relaxed),
            duration_ms,
            client = exchange.client.map(tracing::field::display),
            peer = exchange.peer.map(tracing::field::display),
            // The client left before the last byte, or the source of the bytes broke.
            complete = self.complete,
            "{} {} {}", exchange.method, exchange.path, status.as_u16()
        );
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::{Router, middleware, routing::get};
    use tower::ServiceExt as _;

    use super::*;

    fn echo() -> Router {
        let handler = |headers: HeaderMap| async move { headers[X_REQUEST_ID].to_str().unwrap().to_owned() };
        Router::new()
            .route("/", get(handler))
            .layer(middleware::from_fn_with_state(Ends { log: true, metrics: None }, log))
    }

    async fn ask(id: Option<&str>) -> (String, String) {
        let mut request = Request::builder().uri("/");
        if let Some(id) = id {
            request = request.header(X_REQUEST_ID, id);
        }
        let response = echo().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let answered = response.headers()[X_REQUEST_ID].to_str().unwrap().to_owned();
        let body = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
        (answered, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_sane_id_is_kept() {
        let (answered, seen) = ask(Some("build-42:push.1")).await;
        assert_eq!(answered, "build-42:push.1");
        assert_eq!(seen, answered);
    }

    #[tokio::test]
    async fn an_id_that_could_forge_a_log_line_is_replaced() {
        for bad in ["", "a b", "x\tstatus=200", &"x".repeat(65)] {
            let (answered, seen) = ask(Some(bad)).await;
            assert_ne!(answered, bad);
            assert_eq!(answered.len(), 32, "{answered}");
            assert_eq!(seen, answered);
        }
    }

    #[tokio::test]
    async fn two_requests_have_two_ids() {
        assert_ne!(ask(None).await.0, ask(None).await.0);
    }
}
