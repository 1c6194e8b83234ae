//! What is wrong with what was given, in one line each: where, which key, what was found, and how to mend it.

use std::fmt;

use super::Origin;

/// One thing that is wrong, or one that has no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it was given.
    pub origin: Origin,
    /// The key, with dots; empty for the file as a whole.
    pub key: String,
    /// What is wrong and what to do.
    pub text: String,
}

impl Problem {
    pub(super) fn new(origin: Origin, key: impl Into<String>, text: impl Into<String>) -> Self {
        Self { origin, key: key.into(), text: text.into() }
    }
}

/// `config.yml:12:5: storage.delete.enabled: expected true or false, found …`
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.origin.is_default() {
            write!(f, "{}: ", self.origin)?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.text)
    }
}

/// Everything that is wrong, in the order of the file.
#[derive(Debug, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

/// One line each.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}
