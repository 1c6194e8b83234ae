//! One connection, from its first byte to its last.

use std::{convert::Infallible, future::Future, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, Request, Response, header::HOST},
};
use humpback::proxy::OverTls;
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tower::ServiceExt as _;

use super::{
    Shared,
    activity::{Activity, Tracked},
    misunderstanding,
    patience::Patient,
    sniff::{Spoken, sniff},
};
use crate::tls::{Stream as TlsStream, Tls};

/// How long a client may take for a handshake and for a request's head, and how long it may keep an idle connection.
/// Layers may take as long as they take, as long as they come at all.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// How many requests one connection of HTTP/2 may have in progress: more than clients open connections of HTTP/1.1.
const STREAMS: u32 = 128;

/// What a connection is made of.
pub(super) trait Transport: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Transport for T {}

/// Who is at the other end, and how he came.
#[derive(Clone, Copy)]
struct Origin {
    peer: SocketAddr,
    over_tls: bool,
}

/// Serves what comes in on `stream` from `peer`, until one of the two sides ends it.
pub(super) async fn serve<S: Transport>(stream: S, peer: SocketAddr, shared: Arc<Shared>) {
    match &shared.protocols.tls {
        Some(tls) => serve_tls(stream, peer, tls, &shared).await,
        None if shared.protocols.h2c => {
            let origin = Origin { peer, over_tls: false };
            match in_time(&shared, sniff(stream)).await {
                Some(Ok((Spoken::Http2, stream))) => speak_http2(stream, origin, &shared).await,
                Some(Ok((_, stream))) => speak_http1(stream, origin, &shared).await,
                Some(Err(_)) | None => {}
            }
        }
        None => speak_http1(stream, Origin { peer, over_tls: false }, &shared).await,
    }
}

async fn serve_tls<S: Transport>(stream: S, peer: SocketAddr, tls: &Arc<Tls>, shared: &Shared) {
    let handshake = async {
        let (spoken, mut stream) = sniff(stream).await?;
        match spoken {
            Spoken::Tls => tls.accept(stream).await.map(Some),
            Spoken::Http | Spoken::Http2 => {
                let head = refuse_plain(&mut stream).await;
                misunderstanding::tell_of_plain(&shared.visits, peer, &head);
                Ok(None)
            }
            Spoken::Other => Ok(None),
        }
    };
    let stream: TlsStream<_> = match in_time(shared, handshake).await {
        Some(Ok(Some(stream))) => stream,
        Some(Err(error)) => {
            // A client that does not believe the certificate, or speaks nothing that is spoken here.
            tracing::debug!(%peer, %error, "A TLS handshake failed");
            misunderstanding::tell_of_handshake(&shared.visits, peer, &error);
            return;
        }
        Some(Ok(None)) | None => return,
    };
    let origin = Origin { peer, over_tls: true };
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        speak_http2(stream, origin, shared).await;
    } else {
        speak_http1(stream, origin, shared).await;
    }
}

/// What comes before the first request has its time, too, and ends when the server does.
async fn in_time<T>(shared: &Shared, what: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        done = tokio::time::timeout(HEAD_TIMEOUT, what) => done.ok(),
        () = shared.stop.cancelled() => None,
    }
}

/// Tells a client that has forgotten the `s` of `https`, in the words of Go's server. Returns what it began with.
async fn refuse_plain<S: Transport>(stream: &mut S) -> Vec<u8> {
    const ANSWER: &[u8] = b"HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Connection: close\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
    let (mut head, mut more) = (Vec::new(), [0; 4 * 1024]);
    // Its name stands in there, for who watches. A usual head is here already.
    let _ = tokio::time::timeout(Duration::from_secs(1), async {
        while head.len() < misunderstanding::HEAD_MAX && !head.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read(&mut more).await {
                Ok(count @ 1..) => head.extend_from_slice(&more[..count]),
                Ok(_) | Err(_) => return,
            }
        }
    })
    .await;
    // Whether it arrives is the client's affair.
    if stream.write_all(ANSWER).await.is_ok() {
        let _ = stream.shutdown().await;
    }
    head
}

async fn speak_http1<S: Transport>(stream: S, origin: Origin, shared: &Shared) {
    let router = shared.router.clone().map_request(move |request| received(request, origin));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shared.stop.cancelled() => {
            // Ends an idle connection at once and a busy one after its answer.
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                ended = connection => ended,
                () = shared.cut.cancelled() => return,
            }
        }
    };
    tell(ended, origin);
}

async fn speak_http2<S: Transport>(stream: S, origin: Origin, shared: &Shared) {
    let activity = Activity::default();
    let service = tracked(shared.router.clone(), origin, activity.clone());
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        // Finds out who has gone without a word.
        .keep_alive_interval(HEAD_TIMEOUT)
        .max_concurrent_streams(STREAMS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = pin!(connection);
    let mut seen = 0;
    let mut leaving = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => return tell(ended, origin),
            () = shared.cut.cancelled() => return,
            () = shared.stop.cancelled(), if !leaving => {
                leaving = true;
                connection.as_mut().graceful_shutdown();
            }
            () = tokio::time::sleep(HEAD_TIMEOUT) => {
                if activity.is_idle_since(&mut seen) {
                    if leaving {
                        return;
                    }
                    leaving = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// The router, with each request counted until the end of its answer.
fn tracked(
    router: Router,
    origin: Origin,
    activity: Activity,
) -> impl tower::Service<
    Request<Incoming>,
    Response = Response<Body>,
    Error = Infallible,
    Future = impl Future<Output = Result<Response<Body>, Infallible>> + Send,
> + Clone
+ Send {
    tower::service_fn(move |request: Request<Incoming>| {
        let in_progress = activity.begin();
        let router = router.clone();
        async move {
            let response = router.oneshot(received(request, origin)).await?;
            Ok(response.map(|body| Body::new(Tracked { body, _in_progress: in_progress })))
        }
    })
}

/// The request as the router takes it.
fn received(request: Request<Incoming>, origin: Origin) -> Request<Body> {
    let mut request = request.map(|body| Body::new(Patient::new(body)));
    request.extensions_mut().insert(ConnectInfo(origin.peer));
    if origin.over_tls {
        request.extensions_mut().insert(OverTls);
    }
    // HTTP/2 names the host in the request's own line (RFC 9113, section 8.3.1).
    if !request.headers().contains_key(HOST)
        && let Some(authority) = request.uri().authority()
        && let Ok(host) = HeaderValue::try_from(authority.as_str())
    {
        request.headers_mut().insert(HOST, host);
    }
    request
}

fn tell(ended: hyper::Result<()>, origin: Origin) {
    if let Err(error) = ended {
        // The other side left, or spoke something else than HTTP: its affair.
        tracing::debug!(peer = %origin.peer, %error, "A connection ended early");
    }
}
