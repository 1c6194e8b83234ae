//! A connection that shows the first byte it brings: enough to tell a client that speaks TLS where HTTP is spoken, and
//! the other way round. Reads nothing that would not be read anyway.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The first byte of every TLS record that begins a handshake (RFC 8446, section 5.1).
pub const TLS_HANDSHAKE: u8 = 0x16;

/// A stream that calls `show` with its first byte, once.
pub struct FirstByte<S, F> {
    inner: S,
    show: Option<F>,
}

impl<S, F: FnOnce(u8)> FirstByte<S, F> {
    /// Watches `inner`.
    pub const fn new(inner: S, show: F) -> Self {
        Self { inner, show: Some(show) }
    }
}

impl<S: AsyncRead + Unpin, F: FnOnce(u8) + Unpin> AsyncRead for FirstByte<S, F> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        if let Some(byte) = buffer.filled().get(before)
            && let Some(show) = self.show.take()
        {
            show(*byte);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin, F: Unpin> AsyncWrite for FirstByte<S, F> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn the_first_byte_is_shown_once_and_nothing_is_lost() {
        let mut shown = Vec::new();
        {
            let mut stream = FirstByte::new(&b"\x16\x03\x01 and more"[..], |byte| shown.push(byte));
            let mut read = vec![0; 2];
            stream.read_exact(&mut read).await.unwrap();
            stream.read_to_end(&mut read).await.unwrap();
            assert_eq!(read, b"\x16\x03\x01 and more");
        }
        assert_eq!(shown, [TLS_HANDSHAKE]);
    }

    #[tokio::test]
    async fn a_connection_without_a_byte_shows_none() {
        let mut stream = FirstByte::new(&b""[..], |_| panic!("nothing came"));
        assert_eq!(stream.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    }
}
