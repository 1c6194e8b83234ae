//! Slows guessing down. Failed attempts are counted in memory under three keys, each with its own patience, and
//! whoever has used it up waits twice as long after every further failure.
//!
//! - *Account from an address*: a person who mistypes, or a guesser.
//! - *Address*: one guesser who tries many names.
//! - *Account*: many guessers. Patient and with a short wait, else they could lock the account's owner out.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

/// Failures are forgotten this long after the last one.
const MEMORY: Duration = Duration::hours(1);
/// The most keys that are remembered; some 100 bytes each.
const KEYS_MAX: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    AccountFrom(Box<str>, Network),
    Address(Network),
    Account(Box<str>),
}

/// An address; of IPv6 the first 64 bits, which one customer has at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::from((u128::from(v6) & (!0 << 64)).to_be_bytes()),
            v4 => v4,
        })
    }
}

/// The keys under which an attempt counts. Where the address is not known, all the world is one, and only the
/// short wait of the account itself is fair.
fn keys(account: &str, address: Option<IpAddr>) -> Vec<Key> {
    let mut keys = vec![Key::Account(account.into())];
    if let Some(network) = address.map(Network::from) {
        keys.extend([Key::Address(network), Key::AccountFrom(account.into(), network)]);
    }
    keys
}

impl Key {
    /// How many failures cost nothing, and the longest wait.
    const fn patience(&self) -> (u32, Duration) {
        match self {
            Self::AccountFrom(..) => (5, Duration::minutes(15)),
            Self::Address(_) => (20, Duration::minutes(15)),
            Self::Account(_) => (50, Duration::seconds(30)),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: OffsetDateTime,
}

/// What is remembered of failed attempts.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    /// A std mutex: held for a few look-ups, never across an await.
    failures: Mutex<HashMap<Key, Failures>>,
}

/// An attempt that may be made. It counts as failed until [`Throttle::forgive`] is told otherwise, so that many
/// attempts at once can't all slip through before the first has failed.
#[derive(Debug)]
pub(super) struct Attempt(Vec<Key>);

impl Throttle {
    /// Whether an attempt for `account` from `address` may be made now, else how long to wait, in whole seconds.
    pub(super) fn attempt(
        &self,
        account: &str,
        address: Option<IpAddr>,
        now: OffsetDateTime,
    ) -> Result<Attempt, Duration> {
        let keys = keys(account, address);
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = keys.iter().filter_map(|key| Some(failures.get(key)?.wait(key.patience(), now))).max();
        if let Some(wait) = wait.filter(|wait| wait.is_positive()) {
            // Up, for a client that comes back a moment early would be refused once more.
            return Err(Duration::seconds(wait.whole_seconds() + i64::from(wait.subsec_nanoseconds() > 0)));
        }
        make_room(&mut failures, now);
        for key in &keys {
            let entry = failures.entry(key.clone()).or_insert(Failures { count: 0, last: now });
            entry.count = if now - entry.last >= MEMORY { 1 } else { entry.count.saturating_add(1) };
            entry.last = now;
        }
        Ok(Attempt(keys))
    }

    /// The attempt has succeeded: takes its failure back, and forgets the person's earlier ones.
    pub(super) fn forgive(&self, attempt: &Attempt) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &attempt.0 {
            let Some(entry) = failures.get_mut(key) else { continue };
            entry.count -= 1;
            if entry.count == 0 || matches!(key, Key::AccountFrom(..)) {
                failures.remove(key);
            }
        }
    }
}

impl Failures {
    /// How long from `now`: 1 s after the first failure beyond the patience, then twice as long each time.
    fn wait(self, (free, longest): (u32, Duration), now: OffsetDateTime) -> Duration {
        if self.count < free || now - self.last >= MEMORY {
            return Duration::ZERO;
        }
        let doublings = (self.count - free).min(20);
        (self.last + Duration::seconds(1 << doublings).min(longest)) - now
    }
}

/// Keeps the memory bounded: forgets what has faded and, if that is not enough, the half that is older.
fn make_room(failures: &mut HashMap<Key, Failures>, now: OffsetDateTime) {
    if failures.len() + 3 <= KEYS_MAX {
        return;
    }
    failures.retain(|_, entry| now - entry.last < MEMORY);
    if failures.len() + 3 > KEYS_MAX {
        let mut times: Vec<_> = failures.values().map(|entry| entry.last).collect();
        let middle = times.len() / 2;
        let median = *times.select_nth_unstable(middle).1;
        let mut excess = failures.len() / 2;
        failures.retain(|_, entry| {
            let forget = excess > 0 && entry.last <= median;
            excess -= usize::from(forget);
            !forget
        });
    }
}

#[cfg(test)]
mod tests;
