//! How long a credential holds.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{
    Date, Duration, OffsetDateTime, Time, UtcOffset, format_description::BorrowedFormatItem, macros::format_description,
};

/// What `<input type="date">` sends.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// How long a credential holds, as it is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// A month.
    Days30,
    /// A quarter.
    Days90,
    /// A year.
    Days365,
    /// Until the end of a day.
    Date,
    /// Until it is revoked.
    Never,
}

/// Why a credential can't hold so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InvalidLifetime {
    /// Nothing was chosen that there is.
    #[error("choose how long it is to hold")]
    Missing,
    /// A date was to be given.
    #[error("enter the day, as 2026-12-31")]
    Date,
    /// The day is over.
    #[error("choose a day that is still to come")]
    Past,
}

impl Lifetime {
    /// Every choice, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Days30, Self::Days90, Self::Days365, Self::Date, Self::Never];

    /// The word in a form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Days30 => "30",
            Self::Days90 => "90",
            Self::Days365 => "365",
            Self::Date => "date",
            Self::Never => "never",
        }
    }

    /// When a credential of `now` ends; `None` if it does not end by itself. `date` is what was typed as the day.
    ///
    /// # Errors
    /// [`InvalidLifetime`], which says how to mend it.
    pub fn ends(self, date: &str, now: OffsetDateTime) -> Result<Option<OffsetDateTime>, InvalidLifetime> {
        let today = now.to_offset(UtcOffset::UTC).date();
        let day = match self {
            Self::Days30 => today + Duration::days(30),
            Self::Days90 => today + Duration::days(90),
            Self::Days365 => today + Duration::days(365),
            Self::Never => return Ok(None),
            Self::Date => Date::parse(date.trim(), DAY).map_err(|_| InvalidLifetime::Date)?,
        };
        // The day is over when the next begins, in UTC.
        let end = day.next_day().ok_or(InvalidLifetime::Date)?.with_time(Time::MIDNIGHT).assume_utc();
        if end > now { Ok(Some(end)) } else { Err(InvalidLifetime::Past) }
    }

    /// The last day of what ends at `end`, as [`ends`](Self::ends) reads it.
    pub fn last_day(end: OffsetDateTime) -> String {
        let day = (end.to_offset(UtcOffset::UTC) - Duration::NANOSECOND).date();
        day.format(DAY).unwrap_or_default()
    }
}

impl FromStr for Lifetime {
    type Err = InvalidLifetime;

    fn from_str(word: &str) -> Result<Self, InvalidLifetime> {
        Self::ALL.into_iter().find(|lifetime| lifetime.as_str() == word).ok_or(InvalidLifetime::Missing)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_credential_holds_as_long_as_was_chosen() {
        let now = datetime!(2026-11-24 08:00 UTC);
        let ends = |word: &str, date: &str| word.parse::<Lifetime>().and_then(|lifetime| lifetime.ends(date, now));
        assert_eq!(ends("30", ""), Ok(Some(datetime!(2026-12-25 00:00 UTC))));
        assert_eq!(ends("90", "nonsense"), Ok(Some(datetime!(2027-02-23 00:00 UTC))));
        assert_eq!(ends("365", ""), Ok(Some(datetime!(2027-11-25 00:00 UTC))));
        assert_eq!(ends("never", ""), Ok(None));
        assert_eq!(ends("date", "2026-11-24"), Ok(Some(datetime!(2026-11-25 00:00 UTC))), "until the day's end");
        assert_eq!(Lifetime::last_day(datetime!(2026-11-25 00:00 UTC)), "2026-11-24");
        assert_eq!(ends("date", "2026-11-23"), Err(InvalidLifetime::Past));
        for nonsense in ["", "tomorrow", "24.11.2026", "2026-02-30", "9999-12-31"] {
            assert_eq!(ends("date", nonsense), Err(InvalidLifetime::Date), "{nonsense}");
        }
        assert_eq!(ends("31", ""), Err(InvalidLifetime::Missing));
    }
}
