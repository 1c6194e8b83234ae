//! Where a value comes from: whoever reads a message about it finds the place to mend.

use std::{fmt, ops::Deref, sync::Arc};

/// Where a value was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Nowhere: it is built in.
    #[default]
    Default,
    /// In the configuration file.
    File {
        /// The file, as it was named.
        name: Arc<str>,
        /// Counted from 1.
        line: usize,
        /// Counted in characters, from 1.
        column: usize,
    },
    /// In an environment variable of this name.
    Variable(Arc<str>),
    /// On the command line, by an option of this name.
    Flag(Arc<str>),
}

impl Origin {
    /// Whether nobody gave the value.
    pub const fn is_default(&self) -> bool {
        matches!(self, Self::Default)
    }
}

/// `default`, `config.yml:12:5`, `REGISTRY_HTTP_ADDR` or `--addr`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { name, line, column } => write!(f, "{name}:{line}:{column}"),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value that knows where it was given. Used like the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it was given.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A value that was given at `origin`.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// A value that is built in.
    pub const fn built_in(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }

    /// The same origin, another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: change(self.value), origin: self.origin }
    }
}

impl<T> Deref for Sourced<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
