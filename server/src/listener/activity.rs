//! Knows whether a connection of HTTP/2 is in use. HTTP/1.1 has a limit for idle connections built in; here, many
//! requests share a connection, and an answer's body counts until its last byte.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

/// What goes on on one connection.
#[derive(Clone, Debug, Default)]
pub struct Activity(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    in_progress: AtomicUsize,
    begun: AtomicU64,
}

/// Counts as one request in progress until it is dropped.
#[derive(Debug)]
pub struct InProgress(Arc<Counts>);

impl Activity {
    /// A request begins.
    pub fn begin(&self) -> InProgress {
        self.0.in_progress.fetch_add(1, Ordering::Relaxed);
        self.0.begun.fetch_add(1, Ordering::Relaxed);
        InProgress(Arc::clone(&self.0))
    }

    /// Whether nothing is in progress and nothing has begun since `seen`, which is then brought up to date.
    pub fn is_idle_since(&self, seen: &mut u64) -> bool {
        let begun = self.0.begun.load(Ordering::Relaxed);
        let idle = begun == *seen && self.0.in_progress.load(Ordering::Relaxed) == 0;
        *seen = begun;
        idle
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.in_progress.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A body that keeps its request in progress.
pub struct Tracked {
    pub body: Body,
    pub _in_progress: InProgress,
}

impl HttpBody for Tracked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
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
    use super::*;

    #[test]
    fn idle_is_when_nothing_goes_on_and_nothing_has_begun() {
        let activity = Activity::default();
        let mut seen = 0;
        assert!(activity.is_idle_since(&mut seen));
        let request = activity.begin();
        assert!(!activity.is_idle_since(&mut seen), "it has begun");
        assert!(!activity.is_idle_since(&mut seen), "it is in progress");
        drop(request);
        assert!(activity.is_idle_since(&mut seen));
        drop(activity.begin());
        assert!(!activity.is_idle_since(&mut seen), "one has begun and ended meanwhile");
        assert!(activity.is_idle_since(&mut seen));
    }
}
