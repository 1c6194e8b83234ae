//! Accepts connections and serves a router on them, until told to stop.
//!
//! Not `axum::serve`, for two things which that leaves out: a limit on how slowly a request's head may come, so
//! that idle sockets don't pile up, and a limit on how long the end may take.

use std::{io, net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use humpback::{
    client::{Client, Deed, Failure},
    visits::Visits,
};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

use crate::first_byte::{FirstByte, TLS_HANDSHAKE};

/// How long a client may take for a request's head, and how long it may keep an idle connection. Layers may take
/// as long as they take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// Serves `router` on `listener` until `stop`, then lets the requests in progress finish within `limit` and cuts
/// those that don't.
///
/// Tells `visits` of clients that speak TLS: what they are answered is plain HTTP, which docker and the others understand
/// well enough to say so ("server gave HTTP response to HTTPS client").
///
/// Returns how many connections were cut.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    visits: Visits,
    stop: CancellationToken,
    limit: Duration,
) -> usize {
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Answers are small and whole; waiting to fill a packet would only delay them.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "TCP_NODELAY could not be set");
                }
                let visits = visits.clone();
                let stream = FirstByte::new(stream, move |byte| tell_of_tls(&visits, peer, byte));
                connections.spawn(serve_connection(stream, peer, router.clone(), stop.clone(), cut.clone()));
            }
            Err(error) => pause_after(&error).await,
        }
    }
    // From here on the system refuses new clients, so that they can turn elsewhere.
    drop(listener);
    connections.close();
    tokio::select! {
        () = connections.wait() => 0,
        () = tokio::time::sleep(limit) => {
            let busy = connections.len();
            cut.cancel();
            connections.wait().await;
            busy
        }
    }
}

fn tell_of_tls(visits: &Visits, peer: SocketAddr, byte: u8) {
    if byte == TLS_HANDSHAKE && visits.is_news((peer.ip(), "tls")) {
        let deed = Deed::Failed { failure: Failure::TlsOnPlainPort, image: None };
        visits.tell(Some(peer.ip()), Client::default(), deed);
    }
}

async fn serve_connection(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
    cut: CancellationToken,
) {
    let router = router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            // Ends an idle connection at once and a busy one after its answer.
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                ended = connection => ended,
                () = cut.cancelled() => return,
            }
        }
    };
    if let Err(error) = ended {
        // The other side left, or spoke something else than HTTP: its affair.
        tracing::debug!(%peer, error = %error, "A connection ended early");
    }
}

/// A connection that died while it waited is nothing; a process without file handles must let some go first.
async fn pause_after(error: &io::Error) {
    if matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    ) {
        return;
    }
    tracing::error!(%error, "Accepting a connection failed");
    tokio::time::sleep(Duration::from_millis(200)).await;
}
