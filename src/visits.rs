//! Who reaches the registry, as it happens: what the console's setup guide waits for.
//!
//! In memory and bounded: the latest visits and a fixed table of what was seen in the last seconds. Telling the same
//! again costs one look into that table, so that a busy registry does not notice it. Nothing here names HTTP, nothing is
//! stored, and what is lost at the end is lost.

use std::{
    collections::VecDeque,
    fmt,
    hash::{BuildHasher as _, Hash, RandomState},
    net::IpAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, broadcast},
    time::{Sleep, sleep},
};
use tokio_util::sync::CancellationToken;

use crate::{
    client::{Client, Deed, Origin, Visit},
    clock::Clock,
};

/// How long the same is not told again, in seconds: shorter than it takes to type a command again.
const WINDOW_SECONDS: i64 = 5;
/// Slots of the table; two sights that share one are told more often than they need be, which is all.
const SLOTS: usize = 4096;
/// How many visits are kept for those who come later.
const RECENT_MAX: usize = 64;
/// How many clients' latest tag is remembered.
const RESOLVED_MAX: usize = 64;
/// How long one listens before he has to come again, and to show again who he is.
const LISTENING: Duration = Duration::from_secs(10 * 60);
/// How many may listen at a time. A page is one listener.
pub const LISTENERS_MAX: usize = 64;

/// The record of visits; cheap to clone.
#[derive(Clone)]
pub struct Visits(Arc<Shared>);

struct Shared {
    clock: Clock,
    stop: CancellationToken,
    hasher: RandomState,
    seen: Box<[AtomicU64]>,
    /// A std mutex: held for a push or a copy, never across an await.
    record: Mutex<Record>,
    feed: broadcast::Sender<Visit>,
    listeners: Arc<Semaphore>,
}

#[derive(Default)]
struct Record {
    /// The last visit's.
    number: u64,
    recent: VecDeque<Visit>,
    resolved: VecDeque<Resolved>,
}

/// Which manifest a client was told that a tag means.
struct Resolved {
    client: u64,
    repository: String,
    digest: String,
    image: String,
}

/// What a manifest that is asked for by its digest is to the client who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// What the tag meant that it asked for before: that image, `repository:tag`.
    Tagged(String),
    /// Another manifest of a repository where it has a tag in work: a platform's, most likely.
    Part,
    /// It has asked for no tag there.
    Alone,
}

impl Visits {
    /// An empty record. Whoever listens is told no more once `stop` is cancelled.
    ///
    /// Its numbers go on from those of the process before it, for pages stay open while a registry is started anew: they
    /// begin with the time, in microseconds, and no process tells of a million visits a second.
    pub fn new(clock: Clock, stop: CancellationToken) -> Self {
        let number = u64::try_from(clock.now().unix_timestamp_nanos() / 1000).unwrap_or_default();
        Self(Arc::new(Shared {
            clock,
            stop,
            hasher: RandomState::new(),
            seen: std::iter::repeat_with(AtomicU64::default).take(SLOTS).collect(),
            record: Mutex::new(Record { number, ..Record::default() }),
            feed: broadcast::Sender::new(RECENT_MAX),
            listeners: Arc::new(Semaphore::new(LISTENERS_MAX)),
        }))
    }

    /// Whether this sight was not told in the last seconds. Lock-free; remembers it.
    pub fn is_news(&self, sight: impl Hash) -> bool {
        let window = self.0.clock.now().unix_timestamp() / WINDOW_SECONDS;
        let hash = self.0.hasher.hash_one((sight, window));
        let Some(slot) = self.0.seen.get(usize::try_from(hash % SLOTS as u64).unwrap_or_default()) else { return true };
        if slot.load(Ordering::Relaxed) == hash {
            return false;
        }
        slot.store(hash, Ordering::Relaxed);
        true
    }

    /// Tells of a visit, whether it is news or not.
    pub fn tell(&self, address: Option<IpAddr>, client: Client, deed: Deed) {
        let at = self.0.clock.now();
        let mut record = self.record();
        record.number += 1;
        let origin = address.map_or(Origin::Hidden, |address| Origin::Address(address.to_canonical()));
        let visit = Visit { number: record.number, at, client, origin, deed };
        if record.recent.len() == RECENT_MAX {
            record.recent.pop_front();
        }
        record.recent.push_back(visit.clone());
        // Under the lock, so that listeners hear in order; sending never waits, and fails only if nobody listens.
        let _ = self.0.feed.send(visit);
    }

    /// The latest visits, the latest first.
    pub fn recent(&self) -> Vec<Visit> {
        self.record().recent.iter().rev().cloned().collect()
    }

    /// Remembers that this client was told that `image`, a `repository:tag`, is `digest`.
    pub fn resolved(&self, client: impl Hash, repository: &str, digest: &str, image: &str) {
        let client = self.0.hasher.hash_one(client);
        let mut record = self.record();
        record.resolved.retain(|one| one.client != client || one.repository != repository);
        if record.resolved.len() == RESOLVED_MAX {
            record.resolved.pop_front();
        }
        let (repository, digest, image) = (repository.to_owned(), digest.to_owned(), image.to_owned());
        record.resolved.push_back(Resolved { client, repository, digest, image });
    }

    /// What `digest` is to this client.
    pub fn meaning(&self, client: impl Hash, repository: &str, digest: &str) -> Meaning {
        let client = self.0.hasher.hash_one(client);
        let record = self.record();
        match record.resolved.iter().find(|one| one.client == client && one.repository == repository) {
            Some(one) if one.digest == digest => Meaning::Tagged(one.image.clone()),
            Some(_) => Meaning::Part,
            None => Meaning::Alone,
        }
    }

    /// Listens from now on, beginning with what came after the visit `after` and is still kept. `None` if too many
    /// listen already.
    pub fn listen(&self, after: Option<u64>) -> Option<Listener> {
        let permit = Arc::clone(&self.0.listeners).try_acquire_owned().ok()?;
        let record = self.record();
        let missed = match after {
            // One that was never told says nothing: the clock was set back.
            Some(after) if after <= record.number => {
                record.recent.iter().filter(|visit| visit.number > after).cloned().collect()
            }
            _ => VecDeque::new(),
        };
        let (feed, stop) = (self.0.feed.subscribe(), self.0.stop.clone());
        Some(Listener { missed, feed, stop, end: Box::pin(sleep(LISTENING)), _permit: permit })
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.0.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Visits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visits").finish_non_exhaustive()
    }
}

/// One who is told of visits.
#[derive(Debug)]
pub struct Listener {
    missed: VecDeque<Visit>,
    feed: broadcast::Receiver<Visit>,
    stop: CancellationToken,
    end: Pin<Box<Sleep>>,
    _permit: OwnedSemaphorePermit,
}

impl Listener {
    /// The next visit; `None` once the process is told to stop, or ten minutes have passed. Who listens too slowly misses the oldest.
    pub async fn next(&mut self) -> Option<Visit> {
        if let Some(visit) = self.missed.pop_front() {
            return Some(visit);
        }
        loop {
            let heard = tokio::select! {
                () = self.stop.cancelled() => return None,
                () = self.end.as_mut() => return None,
                heard = self.feed.recv() => heard,
            };
            match heard {
                Ok(visit) => return Some(visit),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use time::macros::datetime;

    use super::*;
    use crate::client::user_agent;

    fn visits() -> (Visits, Clock, CancellationToken) {
        let (clock, stop) = (Clock::test(datetime!(2026-01-02 03:04:05 UTC)), CancellationToken::new());
        (Visits::new(clock.clone(), stop.clone()), clock, stop)
    }

    /// What the numbers of a record begin after that was made now.
    fn start(clock: &Clock) -> u64 {
        u64::try_from(clock.now().unix_timestamp_nanos() / 1000).unwrap()
    }

    fn pull(visits: &Visits, image: &str) {
        let client = user_agent::parse("skopeo/1.9.3");
        visits.tell(Some([127, 0, 0, 1].into()), client, Deed::Pulled { image: Some(image.to_owned()) });
    }

    #[test]
    fn the_same_is_news_once_in_a_while() {
        let (visits, clock, _) = visits();
        assert!(visits.is_news(("10.0.0.1", "docker", "/v2/")));
        assert!(!visits.is_news(("10.0.0.1", "docker", "/v2/")));
        assert!(visits.is_news(("10.0.0.2", "docker", "/v2/")));
        clock.advance(time::Duration::seconds(WINDOW_SECONDS));
        assert!(visits.is_news(("10.0.0.1", "docker", "/v2/")));
    }

    #[test]
    fn only_the_latest_are_kept() {
        let (visits, clock, _) = visits();
        let before = start(&clock);
        for number in 0..1000 {
            pull(&visits, &format!("app:{number}"));
        }
        let recent = visits.recent();
        assert_eq!(recent.len(), RECENT_MAX);
        assert_eq!(recent[0].deed, Deed::Pulled { image: Some("app:999".into()) });
        assert_eq!(recent[0].number - before, 1000);
        assert_eq!(recent[RECENT_MAX - 1].number - before, 1001 - RECENT_MAX as u64);
    }

    #[test]
    fn a_digest_means_the_tag_that_led_to_it() {
        let (visits, ..) = visits();
        visits.resolved("a", "app", "sha256:1", "app:1.0");
        assert_eq!(visits.meaning("a", "app", "sha256:1"), Meaning::Tagged("app:1.0".into()));
        assert_eq!(visits.meaning("a", "app", "sha256:2"), Meaning::Part);
        assert_eq!(visits.meaning("a", "other", "sha256:1"), Meaning::Alone);
        assert_eq!(visits.meaning("b", "app", "sha256:1"), Meaning::Alone);
        for number in 0..RESOLVED_MAX {
            visits.resolved(number, "app", "sha256:1", "app:1.0");
        }
        assert_eq!(visits.meaning("a", "app", "sha256:1"), Meaning::Alone);
    }

    #[tokio::test]
    async fn listeners_hear_what_they_missed_and_what_comes() {
        let (visits, clock, stop) = visits();
        let before = start(&clock);
        for number in 1..=3 {
            pull(&visits, &format!("app:{number}"));
        }
        let mut listener = visits.listen(Some(before + 1)).unwrap();
        let mut late = visits.listen(None).unwrap();
        pull(&visits, "app:4");
        for number in 2..=4 {
            assert_eq!(listener.next().await.unwrap().number - before, number);
        }
        assert_eq!(late.next().await.unwrap().number - before, 4);
        assert!(visits.listen(Some(before + 999)).unwrap().missed.is_empty());
        stop.cancel();
        assert_eq!(listener.next().await, None);
    }

    #[tokio::test]
    async fn who_listened_before_a_restart_hears_everything_since() {
        let (before, clock, stop) = visits();
        (0..9).for_each(|_| pull(&before, "app:1"));
        let heard = before.recent()[0].number;
        clock.advance(time::Duration::seconds(1));
        let after = Visits::new(clock, stop);
        pull(&after, "app:2");
        let first = after.listen(Some(heard)).unwrap().next().await.unwrap();
        assert_eq!(first.deed, Deed::Pulled { image: Some("app:2".into()) });
        assert!(first.number > heard);
    }

    #[tokio::test]
    async fn one_who_is_slow_misses_some_and_one_too_many_is_refused() {
        let (visits, clock, _) = visits();
        let mut listeners: Vec<_> = (0..LISTENERS_MAX).map(|_| visits.listen(None).unwrap()).collect();
        assert!(visits.listen(None).is_none());
        for number in 0..2 * RECENT_MAX {
            pull(&visits, &format!("app:{number}"));
        }
        assert_eq!(listeners[0].next().await.unwrap().number - start(&clock), RECENT_MAX as u64 + 1);
        listeners.pop();
        assert!(visits.listen(None).is_some());
    }
}
