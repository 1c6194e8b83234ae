//! Accepts connections and serves a router on them, until told to stop.
//!
//! Not `axum::serve`, for what that leaves out: TLS, limits on how slowly a handshake, a request's head or its body may come, so
//! that idle sockets don't pile up, and a limit on how long the end may take.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use humpback::visits::Visits;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{first_byte::FirstByte, tls::Tls};

mod activity;
mod connection;
mod linger;
mod misunderstanding;
mod patience;
mod sniff;
mod socket;

pub use socket::{Address, Socket};

use linger::Linger;

/// What is spoken on a connection.
#[derive(Clone, Debug, Default)]
pub struct Protocols {
    /// TLS; without it, HTTP is plain.
    pub tls: Option<Arc<Tls>>,
    /// HTTP/2 without TLS, too, for clients that know of it beforehand.
    pub h2c: bool,
}

/// What every connection shares.
struct Shared {
    router: Router,
    protocols: Protocols,
    visits: Visits,
    stop: CancellationToken,
    /// Cancelled when the end has taken long enough.
    cut: CancellationToken,
}

/// Serves `router` on `socket` until `stop`, then lets the requests in progress finish within `limit` and cuts
/// those that don't.
///
/// Tells `visits` of clients that speak TLS where it is not spoken: what they are answered is plain HTTP, which docker
/// and the others understand well enough to say so ("server gave HTTP response to HTTPS client"). Tells of those, too,
/// that speak HTTP where TLS is spoken, or do not accept the certificate.
///
/// Returns how many connections were cut.
pub async fn serve(
    socket: Socket,
    router: Router,
    protocols: Protocols,
    visits: Visits,
    stop: CancellationToken,
    limit: Duration,
) -> usize {
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    let shared = Arc::new(Shared { router, protocols, visits, stop: stop.clone(), cut: cut.clone() });
    loop {
        let accepted = tokio::select! {
            accepted = accept(&socket, &connections, &shared) => accepted,
            () = stop.cancelled() => break,
        };
        if let Err(error) = accepted {
            pause_after(&error).await;
        }
    }
    // From here on the system refuses new clients, so that they can turn elsewhere.
    drop(socket);
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

async fn accept(socket: &Socket, connections: &TaskTracker, shared: &Arc<Shared>) -> io::Result<()> {
    match socket {
        Socket::Tcp(listener) => {
            let (stream, peer) = listener.accept().await?;
            // Answers are small and whole; waiting to fill a packet would only delay them.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY could not be set");
            }
            // A socket for both families sees clients of the older one under mapped addresses.
            let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
            let stream = Linger::new(stream);
            if shared.protocols.tls.is_some() {
                connections.spawn(connection::serve(stream, peer, Arc::clone(shared)));
            } else {
                let visits = shared.visits.clone();
                let stream =
                    FirstByte::new(stream, move |byte| misunderstanding::tell_of_first_byte(&visits, peer, byte));
                connections.spawn(connection::serve(stream, peer, Arc::clone(shared)));
            }
        }
        Socket::Unix(listener) => {
            let stream = listener.accept().await?;
            connections.spawn(connection::serve(Linger::new(stream), socket::ON_THIS_MACHINE, Arc::clone(shared)));
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests;
