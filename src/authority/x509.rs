//! The few parts of a certificate that people tell it by (RFC 5280, section 4.1). Nothing is verified: who trusts the
//! certificate does that.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// `[0]`, in which the version stands.
const VERSION: u8 = 0xa0;
/// id-at-commonName
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// id-at-organizationName
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
    /// When it ends.
    pub(super) until: Option<OffsetDateTime>,
}

/// Reads a certificate; `None` if it is none.
pub(super) fn read(certificate: &[u8]) -> Option<Read<'_>> {
    let (outer, _) = expect(SEQUENCE, certificate)?;
    let (mut rest, _) = expect(SEQUENCE, outer)?;
    if let Some((_, after)) = expect(VERSION, rest) {
        rest = after;
    }
    // Serial number, algorithm.
    for _ in 0..2 {
        (.., rest) = element(rest)?;
    }
    let (issuer, rest) = expect(SEQUENCE, rest)?;
    let (validity, rest) = expect(SEQUENCE, rest)?;
    let (subject, _) = expect(SEQUENCE, rest)?;
    let (.., until) = element(validity)?;
    Some(Read { issuer, subject, until: element(until).and_then(|(tag, text, _)| moment(tag, text)) })
}

impl Read<'_> {
    /// Whether it names itself as its authority.
    pub(super) fn is_self_signed(&self) -> bool {
        self.issuer == self.subject
    }

    /// The common name, else the organization; else nothing.
    pub(super) fn name(&self) -> String {
        let attribute = |wanted| {
            let mut rest = self.subject;
            while let Some((set, after)) = expect(SET, rest) {
                rest = after;
                let (pair, _) = expect(SEQUENCE, set)?;
                let (kind, value) = expect(OBJECT, pair)?;
                if kind == wanted {
                    let (_, text, _) = element(value)?;
                    return Some(String::from_utf8_lossy(text).into_owned());
                }
            }
            None
        };
        attribute(COMMON_NAME).or_else(|| attribute(ORGANIZATION)).unwrap_or_default()
    }
}

/// An element with this tag: its contents and what follows.
fn expect(tag: u8, input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, contents, rest) = element(input)?;
    (found == tag).then_some((contents, rest))
}

/// The first element: its tag, its contents and what follows (X.690, section 8.1, with lengths of DER).
fn element(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let count = usize::from(first & 0x7f);
        if !(1..=4).contains(&count) {
            return None;
        }
        let (digits, after) = rest.split_at_checked(count)?;
        length = digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit));
        rest = after;
    }
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((tag, contents, rest))
}

/// `YYMMDDHHMMSSZ` up to 2049, `YYYYMMDDHHMMSSZ` after (RFC 5280, section 4.1.2.5).
fn moment(tag: u8, text: &[u8]) -> Option<OffsetDateTime> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let year: i32 = text.get(..2)?.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, text.get(2..)?)
        }
        GENERALIZED_TIME => (text.get(..4)?.parse().ok()?, text.get(4..)?),
        _ => return None,
    };
    let pair = |at: usize| rest.get(at..at + 2)?.parse::<u8>().ok();
    let date = Date::from_calendar_date(year, Month::try_from(pair(0)?).ok()?, pair(2)?).ok()?;
    Some(PrimitiveDateTime::new(date, Time::from_hms(pair(4)?, pair(6)?, pair(8)?).ok()?).assume_utc())
}
