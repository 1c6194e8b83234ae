//! A URL that may carry a user and a password, which are never shown.

use std::{fmt, ops::Deref};

/// An `http` or `https` URL. `Debug` hides its user and password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Url(String);

impl Url {
    pub(super) const fn new(url: String) -> Self {
        Self(url)
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Url {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", without_credentials(&self.0))
    }
}

/// The text with what stands between `://` and `@` hidden, if it is a URL with that.
pub(super) fn without_credentials(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let host_ends = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..host_ends].rfind('@') {
        Some(at) => format!("{scheme}://(hidden){}", &rest[at..]),
        None => text.to_owned(),
    }
}
