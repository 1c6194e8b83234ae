//! Ends a connection so that its last answer arrives.
//!
//! A socket that is closed while bytes lie unread tells the other side to forget what it has received: a client that
//! still sends a layer would find its connection reset, and not the answer that says why it was refused. So the writing
//! side is closed first, and what comes is thrown away until the client has closed its own (RFC 9112, section 9.6).

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// How long the other side is awaited.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// While it sends nothing more.
    quiet: Duration,
    /// Even if it goes on sending.
    in_all: Duration,
}

const PATIENCE: Patience = Patience { quiet: Duration::from_secs(2), in_all: Duration::from_secs(10) };

/// A stream that closes in two steps.
#[derive(Debug)]
pub struct Linger<S> {
    inner: S,
    patience: Patience,
    /// Since when only the other side is awaited.
    closing: Option<Closing>,
}

#[derive(Debug)]
struct Closing {
    latest: Instant,
    end: Pin<Box<Sleep>>,
}

impl<S> Linger<S> {
    /// `inner`, closed in two steps.
    pub const fn new(inner: S) -> Self {
        Self { inner, patience: PATIENCE, closing: None }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Linger<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, out)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Linger<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { inner, patience: Patience { quiet, in_all }, closing } = self.get_mut();
        let closing = match closing {
            Some(closing) => closing,
            None => {
                ready!(Pin::new(&mut *inner).poll_shutdown(context))?;
                let now = Instant::now();
                closing.insert(Closing { latest: now + *in_all, end: Box::pin(sleep_until(now + *quiet)) })
            }
        };
        let mut unwanted = [0; 8 * 1024];
        loop {
            let mut unwanted = ReadBuf::new(&mut unwanted);
            match Pin::new(&mut *inner).poll_read(context, &mut unwanted) {
                Poll::Ready(Ok(())) if !unwanted.filled().is_empty() => {
                    let now = Instant::now();
                    if now >= closing.latest {
                        return Poll::Ready(Ok(()));
                    }
                    closing.end.as_mut().reset((now + *quiet).min(closing.latest));
                }
                // It has closed, or is gone.
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => return closing.end.as_mut().poll(context).map(Ok),
            }
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn linger(inner: DuplexStream, quiet: Duration, in_all: Duration) -> Linger<DuplexStream> {
        Linger { inner, patience: Patience { quiet, in_all }, closing: None }
    }

    #[tokio::test]
    async fn the_answer_arrives_at_a_client_that_is_still_sending() {
        let (mut client, server) = duplex(64);
        let mut server = linger(server, LONG, LONG);
        let closing = tokio::spawn(async move {
            server.write_all(b"refused").await.unwrap();
            server.shutdown().await.unwrap();
        });
        client.write_all(&[0; 100_000]).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "refused");
        assert!(!closing.is_finished(), "the client may still send");
        drop(client);
        closing.await.unwrap();
    }

    #[tokio::test]
    async fn a_client_that_does_not_close_is_not_awaited_for_long() {
        let (client, server) = duplex(64);
        // Would not end in an hour otherwise.
        linger(server, Duration::from_millis(1), LONG).shutdown().await.unwrap();
        drop(client);
    }

    #[tokio::test]
    async fn nor_is_one_that_never_stops_sending() {
        let (mut client, server) = duplex(64);
        let sending = tokio::spawn(async move { while client.write_all(b"more").await.is_ok() {} });
        let mut server = linger(server, LONG, Duration::from_millis(20));
        server.shutdown().await.unwrap();
        drop(server);
        sending.await.unwrap();
    }
}
