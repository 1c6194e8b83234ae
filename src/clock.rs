//! Where the time comes from. Nothing else in the crate asks the system for it, so a test can move it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use time::{Duration, OffsetDateTime};

/// A handle on a source of time; cheap to clone.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    /// A std mutex: held for one read or write, never across an await.
    Test(Arc<Mutex<OffsetDateTime>>),
}

impl Clock {
    /// The machine's clock, in UTC.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `start` until [`advance`](Self::advance) moves it; its clones move with it.
    pub fn test(start: OffsetDateTime) -> Self {
        Self(Source::Test(Arc::new(Mutex::new(start))))
    }

    /// Now, in UTC.
    pub fn now(&self) -> OffsetDateTime {
        match &self.0 {
            Source::System => OffsetDateTime::now_utc(),
            Source::Test(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a test clock; the machine's clock stays as it is.
    pub fn advance(&self, by: Duration) {
        if let Source::Test(now) = &self.0 {
            *now.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

/// Measures how long something takes. Of no use for telling when it was.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The seconds since it began.
    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
