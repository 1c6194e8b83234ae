//! Clients that take their time, on a clock that moves on whenever everybody waits. In memory, for a socket's bytes
//! come by the clock on the wall.

use axum::{extract::Request, http::StatusCode, routing::any};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    time::Instant,
};

use super::*;

/// Counts what comes in, and says why if not all of it came.
async fn count(request: Request) -> Result<String, (StatusCode, String)> {
    match axum::body::to_bytes(request.into_body(), usize::MAX).await {
        Ok(bytes) => Ok(bytes.len().to_string()),
        Err(error) => Err((StatusCode::REQUEST_TIMEOUT, error.to_string())),
    }
}

/// A connection to a server, and when it was made.
fn connect() -> (DuplexStream, Instant) {
    let (client, server) = tokio::io::duplex(64 * 1024);
    let stop = CancellationToken::new();
    let router = Router::new().fallback(any(count)).layer(axum::Extension(TrustedProxies::default()));
    let shared = Shared {
        router,
        protocols: Protocols::default(),
        visits: Visits::new(Clock::system(), stop.clone()),
        stop,
        cut: CancellationToken::new(),
    };
    tokio::spawn(connection::serve(server, SocketAddr::from(([127, 0, 0, 1], 40_000)), Arc::new(shared)));
    (client, Instant::now())
}

/// What the server says until it ends the connection, and when it does, in whole seconds.
async fn rest(mut client: DuplexStream, since: Instant) -> (String, u64) {
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    (answer, since.elapsed().as_secs())
}

const HEAD: &[u8] = b"PATCH /v2/ HTTP/1.1\r\nHost: hub.example\r\nContent-Length: 120\r\nConnection: close\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn who_says_nothing_is_cut_off_after_a_minute() {
    let (client, since) = connect();
    assert_eq!(rest(client, since).await, (String::new(), 60));
}

#[tokio::test(start_paused = true)]
async fn a_head_has_a_minute_however_it_drips_in() {
    let (mut client, since) = connect();
    let dripping = async {
        for byte in HEAD.chunks(1) {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if client.write_all(byte).await.is_err() {
                return since.elapsed().as_secs();
            }
        }
        panic!("a head of {} s was taken", HEAD.len())
    };
    // The next byte after the end finds the connection closed.
    assert_eq!(dripping.await, 61);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stops_is_given_up_after_a_minute() {
    let (mut client, since) = connect();
    client.write_all(HEAD).await.unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    client.write_all(b"half").await.unwrap();
    let (answer, seconds) = rest(client, since).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.ends_with("the client has sent nothing of the body for a minute"), "{answer}");
    assert_eq!(seconds, 90, "a minute after the last byte");
}

#[tokio::test(start_paused = true)]
async fn a_body_of_two_hours_is_taken() {
    let (mut client, since) = connect();
    client.write_all(HEAD).await.unwrap();
    for _ in 0..120 {
        tokio::time::sleep(Duration::from_secs(59)).await;
        client.write_all(b".").await.unwrap();
    }
    let (answer, seconds) = rest(client, since).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\n120"), "{answer}");
    assert_eq!(seconds, 120 * 59);
}
