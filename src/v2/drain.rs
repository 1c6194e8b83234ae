//! What a request still holds when its answer is ready: a refused chunk, a manifest that is too large.
//!
//! HTTP/1.1 closes a connection on which bytes lie unread, and closing it so takes the answer back before many a client
//! has seen it: docker then tells of a broken pipe instead of the reason (RFC 9112, section 9.6). So the rest is read,
//! within bounds, before the answer goes out; the connection then serves the next request, too.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::header,
};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt as _;

/// How much is read of what nobody wants, in bytes: more than the chunks that clients send, and less than a layer.
const DRAIN_BYTES: u64 = 32 * 1024 * 1024;

/// How long that may take. Who sends more slowly has time to see the answer and stop.
const DRAIN_TIME: Duration = Duration::from_secs(2);

/// Where a body comes back to when its reader has had enough.
type Returned = Arc<Mutex<Option<Body>>>;

/// What is left of the body of a request that is being answered.
pub(super) struct Unread(Returned);

/// The request with a body that is not lost when its reader drops it early; nothing to watch if it has no content.
pub(super) fn watch(request: Request) -> (Request, Option<Unread>) {
    if request.body().is_end_stream() {
        return (request, None);
    }
    let returned = Returned::default();
    let waits_for_word = request.headers().contains_key(header::EXPECT);
    let unread = Unread(Arc::clone(&returned));
    (request.map(|body| Body::new(Watched { body: Some(body), begun: false, returned, waits_for_word })), Some(unread))
}

impl Unread {
    /// Reads what is left, if the client would come to its end soon.
    pub(super) async fn drain(self) {
        self.drain_within(DRAIN_TIME).await;
    }

    async fn drain_within(self, limit: Duration) {
        let Some(mut body) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        if body.size_hint().lower() > DRAIN_BYTES {
            return;
        }
        let reading = async {
            let mut drained = 0;
            while let Some(Ok(frame)) = body.frame().await {
                drained += frame.data_ref().map_or(0, Bytes::len) as u64;
                if drained > DRAIN_BYTES {
                    break;
                }
            }
        };
        if tokio::time::timeout(limit, reading).await.is_err() {
            tracing::debug!("A request was answered before its end had come");
        }
    }
}

/// A body that goes back when it is dropped before its end.
struct Watched {
    /// `None` once it has come to its end.
    body: Option<Body>,
    begun: bool,
    returned: Returned,
    /// The client waits for a word before it sends, and drops the rest when it gets a refusal instead.
    waits_for_word: bool,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.begun = true;
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // Reading what the client keeps back would ask for it.
        let kept_back = self.waits_for_word && !self.begun;
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream() && !kept_back) {
            *self.returned.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::http::HeaderName;
    use futures_util::stream::{self, Stream, StreamExt as _};

    use super::*;

    const PART: usize = 1024 * 1024;

    /// A request that sends `parts` of one mebibyte, and how many were taken from it.
    fn request(parts: usize, headers: &[(HeaderName, &str)]) -> (Request, Arc<Mutex<usize>>) {
        let taken = Arc::new(Mutex::new(0));
        let count = Arc::clone(&taken);
        let content = stream::repeat_with(move || {
            *count.lock().unwrap() += 1;
            Ok::<_, std::io::Error>(Bytes::from_static(&[0; PART]))
        });
        (sending(content.take(parts), headers), taken)
    }

    fn sending(
        content: impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static,
        headers: &[(HeaderName, &str)],
    ) -> Request {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        request.body(Body::from_stream(content)).unwrap()
    }

    /// Answers after `read` parts; how many parts were taken in all.
    async fn taken(parts: usize, read: usize, headers: &[(HeaderName, &str)]) -> usize {
        let (request, taken) = request(parts, headers);
        let (request, unread) = watch(request);
        let mut body = request.into_body();
        for _ in 0..read {
            body.frame().await.unwrap().unwrap();
        }
        drop(body);
        unread.unwrap().drain().await;
        let taken = taken.lock().unwrap();
        *taken
    }

    #[tokio::test]
    async fn what_is_left_is_read_within_bounds() {
        assert_eq!(taken(3, 0, &[]).await, 3);
        assert_eq!(taken(3, 2, &[]).await, 3);
        assert_eq!(taken(3, 3, &[]).await, 3);
        assert_eq!(taken(usize::MAX, 1, &[]).await, 34, "an endless one: 32 MiB and the part that shows there is more");
    }

    #[tokio::test]
    async fn what_a_client_keeps_back_is_not_asked_for() {
        let expect = [(header::EXPECT, "100-continue")];
        assert_eq!(taken(3, 0, &expect).await, 0);
        assert_eq!(taken(3, 1, &expect).await, 3, "it was told to send");
    }

    #[tokio::test]
    async fn no_content_needs_no_watching() {
        let (request, unread) = watch(Request::new(Body::empty()));
        assert!(unread.is_none());
        assert!(request.into_body().is_end_stream());
    }

    #[tokio::test]
    async fn who_sends_nothing_gets_the_answer_anyway() {
        let (request, unread) = watch(sending(stream::pending(), &[]));
        drop(request);
        // Would never end otherwise.
        unread.unwrap().drain_within(Duration::ZERO).await;
    }
}
