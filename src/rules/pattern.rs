//! Which repositories a rule is for: a name with wildcards.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::oci::reference::REPOSITORY_NAME_MAX;

/// The names of repositories that have a form in common: `team/app`, `team/*`, `*/cache`, `team/**`.
///
/// `*` stands for one segment, or any part of one; `**` for any number of segments, none included: `team/**` is `team`
/// and all that lies below it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(Box<str>);

/// Why a text is not a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InvalidPattern {
    /// Nothing was typed.
    #[error("enter the name of a repository, or ** for all")]
    Missing,
    /// Longer than a repository's name can be.
    #[error("a pattern has 255 characters at most")]
    TooLong,
    /// A character that no repository's name has, or a slash too many.
    #[error("a pattern is a repository's name, in lower case, in which * stands for one part and ** for several")]
    Form,
    /// `**` beside something else.
    #[error("** stands alone between slashes, as in team/**")]
    DoubleStar,
}

/// How closely a pattern says which repositories it means; the greater, the closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Closeness {
    /// A name without wildcards.
    exact: bool,
    /// How many letters it names.
    letters: usize,
    /// Whether it says how deep the repository lies.
    depth: bool,
}

const ANY_DEPTH: &str = "**";

impl Pattern {
    /// Reads a pattern; blanks and a slash at the front are forgiven.
    ///
    /// # Errors
    /// [`InvalidPattern`], which says how to mend it.
    pub fn parse(text: &str) -> Result<Self, InvalidPattern> {
        let text = text.trim();
        let text = text.strip_prefix('/').unwrap_or(text);
        if text.is_empty() {
            return Err(InvalidPattern::Missing);
        }
        if text.len() > REPOSITORY_NAME_MAX {
            return Err(InvalidPattern::TooLong);
        }
        for segment in text.split('/') {
            let known = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'*');
            if segment.is_empty() || !segment.bytes().all(known) {
                return Err(InvalidPattern::Form);
            }
            if segment != ANY_DEPTH && segment.contains(ANY_DEPTH) {
                return Err(InvalidPattern::DoubleStar);
            }
        }
        Ok(Self(text.into()))
    }

    /// The pattern of every repository.
    pub fn everything() -> Self {
        Self(ANY_DEPTH.into())
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the name of one repository.
    pub fn is_exact(&self) -> bool {
        !self.0.contains('*')
    }

    /// Whether it stands for every repository that there can be.
    pub fn is_everything(&self) -> bool {
        self.0.split('/').all(|segment| segment == ANY_DEPTH)
    }

    /// Whether it stands for the repository of this name.
    pub fn matches(&self, repository: &str) -> bool {
        if *self.0 == *ANY_DEPTH || self.is_exact() {
            return *self.0 == *ANY_DEPTH || *self.0 == *repository;
        }
        let pattern: Vec<&str> = self.0.split('/').collect();
        let name: Vec<&str> = repository.split('/').collect();
        glob(
            &pattern,
            &name,
            |segment| *segment == ANY_DEPTH,
            |wanted, segment| {
                glob(wanted.as_bytes(), segment.as_bytes(), |byte| *byte == b'*', |wanted, byte| wanted == byte)
            },
        )
    }

    /// How closely it says what it means.
    pub(super) fn closeness(&self) -> Closeness {
        Closeness {
            exact: self.is_exact(),
            letters: self.0.bytes().filter(|byte| !matches!(byte, b'*' | b'/')).count(),
            depth: !self.0.split('/').any(|segment| segment == ANY_DEPTH),
        }
    }

    /// Orders patterns by how closely they say what they mean, the closest first.
    pub fn by_closeness(&self, other: &Self) -> Ordering {
        other.closeness().cmp(&self.closeness()).then_with(|| self.cmp(other))
    }
}

/// Whether `text` is what `pattern` describes, in which a wildcard stands for any number of parts. Takes no more steps
/// than the product of the two lengths: only the last wildcard is ever tried again.
fn glob<P, T>(pattern: &[P], text: &[T], is_wild: impl Fn(&P) -> bool, fits: impl Fn(&P, &T) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where the last wildcard stands, and what comes after the parts that it has taken so far.
    let mut last: Option<(usize, usize)> = None;
    while let Some(part) = text.get(t) {
        match pattern.get(p) {
            Some(wild) if is_wild(wild) => {
                last = Some((p, t));
                p += 1;
            }
            Some(wanted) if fits(wanted, part) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((wild, taken)) = last else { return false };
                last = Some((wild, taken + 1));
                p = wild + 1;
                t = taken + 1;
            }
        }
    }
    pattern.iter().skip(p).all(is_wild)
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({})", self.0)
    }
}

impl FromStr for Pattern {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Self, InvalidPattern> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Pattern {
    type Error = InvalidPattern;

    fn try_from(text: String) -> Result<Self, InvalidPattern> {
        Self::parse(&text)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0.into()
    }
}
