//! Looks at a connection's first bytes to learn what is spoken on it, and gives them back to whoever reads it next.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};

/// With what a client of HTTP/2 begins (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// With what every handshake of TLS begins (RFC 8446, section 5.1: a record that holds one).
const HANDSHAKE: u8 = 22;

/// What a client seems to speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// TLS.
    Tls,
    /// HTTP/1.1 without TLS.
    Http,
    /// HTTP/2 without TLS, known beforehand.
    Http2,
    /// Something else, or nothing.
    Other,
}

/// A stream whose first bytes come once more.
#[derive(Debug)]
pub struct Replay<S> {
    first: Vec<u8>,
    given: usize,
    inner: S,
}

/// What the client on `stream` begins with. Waits until that is clear; without an end if the client sends nothing.
///
/// # Errors
/// Reading failed.
pub async fn sniff<S: AsyncRead + Unpin>(mut inner: S) -> io::Result<(Spoken, Replay<S>)> {
    let mut first = Vec::with_capacity(PREFACE.len());
    let spoken = loop {
        if let Some(spoken) = guess(&first) {
            break spoken;
        }
        let mut more = [0; PREFACE.len()];
        let room = PREFACE.len() - first.len();
        let read = inner.read(&mut more[..room]).await?;
        if read == 0 {
            break Spoken::Other;
        }
        first.extend_from_slice(&more[..read]);
    };
    Ok((spoken, Replay { first, given: 0, inner }))
}

/// `None` while more bytes are needed.
fn guess(first: &[u8]) -> Option<Spoken> {
    const METHODS: [&[u8]; 7] = [b"GET ", b"HEAD ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"OPTIONS "];
    match first {
        [] => None,
        [HANDSHAKE, ..] => Some(Spoken::Tls),
        _ if first == PREFACE => Some(Spoken::Http2),
        _ if PREFACE.starts_with(first) => None,
        _ if METHODS.iter().any(|method| first.starts_with(method)) => Some(Spoken::Http),
        _ if METHODS.iter().any(|method| method.starts_with(first)) => None,
        _ => Some(Spoken::Other),
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Replay<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let rest = &self.first[self.given..];
        if rest.is_empty() {
            return Pin::new(&mut self.inner).poll_read(context, out);
        }
        let count = rest.len().min(out.remaining());
        out.put_slice(&rest[..count]);
        self.given += count;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Replay<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
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

    use tokio::io::AsyncWriteExt as _;

    use super::*;

    #[tokio::test]
    async fn first_bytes_tell_and_come_again_however_they_are_cut() {
        for (text, expected) in [
            (&b"\x16\x03\x01\x02\x00"[..], Spoken::Tls),
            (b"GET / HTTP/1.1\r\n\r\n", Spoken::Http),
            (b"PUT /v2/ HTTP/1.1\r\n\r\n", Spoken::Http),
            (b"PATCH /v2/ HTTP/1.1\r\n\r\n", Spoken::Http),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0", Spoken::Http2),
            (b"PRI * HTTP/1.1\r\n", Spoken::Other),
            (b"SSH-2.0-OpenSSH", Spoken::Other),
            (b"GE", Spoken::Other),
            (b"", Spoken::Other),
        ] {
            for step in [1, 3, 100] {
                let (mut client, server) = tokio::io::duplex(step);
                let writing = tokio::spawn(async move { client.write_all(text).await });
                let (spoken, mut stream) = sniff(server).await.unwrap();
                assert_eq!(spoken, expected, "{:?}", String::from_utf8_lossy(text));
                let mut read = Vec::new();
                stream.read_to_end(&mut read).await.unwrap();
                assert_eq!(read, text);
                writing.await.unwrap().unwrap();
            }
        }
    }
}
