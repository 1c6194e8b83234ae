//! A request's body for which we don't wait for ever: when no byte of it has come for a while, it ends with an error, and so
//! does its connection. How long all of it takes doesn't matter, so that slow but honest uploads go on.
//!
//! Time counts only while we wait for the client, not while we are busy with what it has sent.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Sleep;

/// How long we wait for the next bytes of a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// A body with a limit to each wait.
pub(super) struct Patient<B, T = fn() -> Sleep, L = Sleep> {
    body: B,
    /// Begins a wait, and ends with it.
    timer: T,
    /// Runs while we wait.
    limit: Option<Pin<Box<L>>>,
}

impl<B> Patient<B> {
    pub(super) fn new(body: B) -> Self {
        Self { body, timer: || tokio::time::sleep(BODY_TIMEOUT), limit: None }
    }
}

impl<B, T, L> HttpBody for Patient<B, T, L>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<axum::BoxError>,
    T: Fn() -> L + Unpin,
    L: Future<Output = ()>,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let Self { body, timer, limit } = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(body).poll_frame(context) {
            *limit = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        ready!(limit.get_or_insert_with(|| Box::pin(timer())).as_mut().poll(context));
        let text = "the client has sent nothing of the body for a minute";
        Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::TimedOut, text).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{
        sync::{Arc, Mutex},
        task::Waker,
    };

    use tokio::sync::{mpsc, oneshot};

    use super::*;

    /// What is sent to it.
    struct Sent(mpsc::UnboundedReceiver<Bytes>);

    impl HttpBody for Sent {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
            self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
        }
    }

    /// A clock that the test moves: the waits that have begun.
    #[derive(Clone, Default)]
    struct Waits(Arc<Mutex<Vec<oneshot::Sender<()>>>>);

    impl Waits {
        fn begin(&self) -> impl Future<Output = ()> + use<> {
            let (over, wait) = oneshot::channel();
            self.0.lock().unwrap().push(over);
            async move { drop(wait.await) }
        }

        fn count(&self) -> usize {
            self.0.lock().unwrap().len()
        }

        /// A minute passes since the last wait began; whether anyone still waits.
        fn pass(&self) -> bool {
            self.0.lock().unwrap().pop().unwrap().send(()).is_ok()
        }
    }

    fn poll<B: HttpBody<Data = Bytes, Error = axum::BoxError> + Unpin>(
        body: &mut B,
    ) -> Poll<Result<Bytes, io::ErrorKind>> {
        let frame = ready!(Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop()))).unwrap();
        Poll::Ready(match frame {
            Ok(frame) => Ok(frame.into_data().unwrap()),
            Err(error) => Err(error.downcast_ref::<io::Error>().unwrap().kind()),
        })
    }

    #[test]
    fn each_byte_gives_another_minute_and_silence_ends_the_body() {
        let (client, sent) = mpsc::unbounded_channel();
        let waits = Waits::default();
        let clock = waits.clone();
        let mut body = Patient { body: Sent(sent), timer: move || clock.begin(), limit: None };
        for round in 1..=3000 {
            assert_eq!(poll(&mut body), Poll::Pending);
            assert_eq!(poll(&mut body), Poll::Pending, "the same wait");
            assert_eq!(waits.count(), round);
            client.send(Bytes::from_static(b".")).unwrap();
            assert_eq!(poll(&mut body), Poll::Ready(Ok(Bytes::from_static(b"."))));
        }
        assert!(!waits.pass(), "nobody waits while we are busy");
        assert_eq!(poll(&mut body), Poll::Pending);
        assert!(waits.pass());
        assert_eq!(poll(&mut body), Poll::Ready(Err(io::ErrorKind::TimedOut)));
    }

    #[test]
    fn what_has_come_in_time_counts_even_if_we_look_late() {
        let (client, sent) = mpsc::unbounded_channel();
        let waits = Waits::default();
        let clock = waits.clone();
        let mut body = Patient { body: Sent(sent), timer: move || clock.begin(), limit: None };
        assert_eq!(poll(&mut body), Poll::Pending);
        client.send(Bytes::from_static(b"late")).unwrap();
        assert!(waits.pass());
        assert_eq!(poll(&mut body), Poll::Ready(Ok(Bytes::from_static(b"late"))));
    }
}
