//! How often may be asked what costs work, whoever asks and whether or not it was right: tokens and searches.
//!
//! Failed attempts are `throttle`'s part. Here each address and each account has a number of requests a minute, which
//! no honest client reaches, a build farm behind one address included.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

use super::{Auth, Error, throttle::Network};

/// So long the requests are counted together.
const WINDOW: Duration = Duration::minutes(1);
/// The most keys that are remembered; some 80 bytes each.
const KEYS_MAX: usize = 20_000;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Costly {
    /// A token.
    Token,
    /// A search of the repositories.
    Search,
}

impl Costly {
    /// How many there may be in each window.
    pub(super) const fn limit(self) -> u32 {
        match self {
            Self::Token => 1_200,
            Self::Search => 120,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who {
    Address(Network),
    Account(Box<str>),
}

/// What was asked for in the present windows.
#[derive(Debug, Default)]
pub(super) struct Rate {
    /// Each window's beginning, and how many requests there were. A std mutex: held to count, never across an await.
    counts: Mutex<HashMap<(Costly, Who), (OffsetDateTime, u32)>>,
}

impl Rate {
    /// Counts one request, or says how long to wait, in whole seconds.
    pub(super) fn take(
        &self,
        what: Costly,
        account: Option<&str>,
        address: Option<IpAddr>,
        now: OffsetDateTime,
    ) -> Result<(), Duration> {
        let address = address.map(|address| Who::Address(address.into()));
        let keys = address.into_iter().chain(account.map(|account| Who::Account(account.into())));
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() + 2 > KEYS_MAX {
            counts.retain(|_, (since, _)| now - *since < WINDOW);
        }
        if counts.len() + 2 > KEYS_MAX {
            counts.clear();
        }
        for who in keys {
            let (since, count) = counts.entry((what, who)).or_insert((now, 0));
            if now - *since >= WINDOW || now < *since {
                (*since, *count) = (now, 0);
            }
            if *count >= what.limit() {
                let wait = *since + WINDOW - now;
                return Err(Duration::seconds(wait.whole_seconds() + i64::from(wait.subsec_nanoseconds() > 0)));
            }
            *count += 1;
        }
        Ok(())
    }
}

impl Auth {
    /// Counts a request that costs work. `account` is whoever has proved who he is.
    ///
    /// # Errors
    /// [`Error::TooManyRequests`].
    pub fn count(&self, what: Costly, account: Option<&str>, address: Option<IpAddr>) -> Result<(), Error> {
        let counted = self.rate.take(what, account, address, self.clock.now());
        counted.map_err(|retry_after| Error::TooManyRequests { retry_after })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn each_address_and_each_account_has_its_number_a_minute() {
        let rate = Rate::default();
        let now = datetime!(2026-11-24 08:00 UTC);
        let [one, other] = [Some([192, 0, 2, 1].into()), Some([192, 0, 2, 2].into())];
        for _ in 0..Costly::Search.limit() {
            assert_eq!(rate.take(Costly::Search, Some("ann"), one, now), Ok(()));
        }
        let later = now + Duration::milliseconds(30_500);
        assert_eq!(rate.take(Costly::Search, None, one, later), Err(Duration::seconds(30)), "the address");
        assert_eq!(rate.take(Costly::Search, Some("ann"), other, later), Err(Duration::seconds(30)), "the account");
        assert_eq!(rate.take(Costly::Search, Some("bob"), other, later), Ok(()));
        assert_eq!(rate.take(Costly::Token, Some("ann"), one, later), Ok(()), "something else");
        assert_eq!(rate.take(Costly::Search, Some("ann"), one, now + WINDOW), Ok(()));
    }

    #[test]
    fn the_memory_is_bounded() {
        let rate = Rate::default();
        let now = datetime!(2026-11-24 08:00 UTC);
        for n in 0..2 * u32::try_from(KEYS_MAX).unwrap_or_default() {
            let _ = rate.take(Costly::Token, None, Some(std::net::Ipv4Addr::from(n).into()), now);
        }
        assert!(rate.counts.lock().is_ok_and(|counts| counts.len() <= KEYS_MAX));
    }
}
