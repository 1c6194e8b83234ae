//! How many failed sign-ins are written into the audit log: enough to see an attack, not so many that one fills the disk.

use std::sync::{Mutex, PoisonError};

use time::OffsetDateTime;

use crate::audit::Action;

/// So many are listed each hour, whoever they are from.
pub(super) const LISTED_AN_HOUR: u32 = 200;

/// Counts the failures of the present hour.
#[derive(Debug, Default)]
pub(super) struct Failures {
    /// The hour since 1970, and how many there were. A std mutex: held to count, never across an await.
    hour: Mutex<(i64, u32)>,
}

impl Failures {
    /// Counts one; what is to be written down, if anything: the failure, or once an hour that the others are not listed.
    pub(super) fn note(&self, now: OffsetDateTime) -> Option<Action> {
        let hour = now.unix_timestamp().div_euclid(3600);
        let mut counted = self.hour.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.0 != hour {
            *counted = (hour, 0);
        }
        counted.1 = counted.1.saturating_add(1);
        match counted.1 {
            ..=LISTED_AN_HOUR => Some(Action::SignInFailed),
            count if count == LISTED_AN_HOUR + 1 => Some(Action::SignInFailuresOmitted),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    #[test]
    fn an_attack_is_listed_until_it_is_seen_and_each_hour_anew() {
        let failures = Failures::default();
        let start = datetime!(2026-11-24 08:00 UTC);
        let noted = |at: OffsetDateTime| {
            let noted: Vec<_> = (0..1000).filter_map(|_| failures.note(at)).collect();
            let failed = noted.iter().filter(|action| **action == Action::SignInFailed).count();
            (failed, noted.len())
        };
        assert_eq!(noted(start), (200, 201));
        assert_eq!(noted(start + Duration::minutes(59)), (0, 0));
        assert_eq!(noted(start + Duration::minutes(60)), (200, 201));
    }
}
