//! What the console's explorer shows: this registry, or another one, to which System Config's address leads.
//!
//! The seam between the console and both. Which of the two it is, [`Remote`] decides: see there.

use crate::remote::{Remote, RemoteReader};

/// What the console reads from.
#[derive(Clone, Debug)]
pub enum Source {
    /// This registry.
    This,
    /// Another one, which tells less of itself.
    Remote(RemoteReader),
}

/// Decides for each request what is read.
#[derive(Clone, Debug)]
pub struct Sources {
    remote: Remote,
}

impl Sources {
    /// The sources of a console.
    pub const fn new(remote: Remote) -> Self {
        Self { remote }
    }

    /// What to read for a request that came by `authority`, the host and port in the browser's address bar. Whoever came
    /// by the configured address is here already: then nobody needs to be asked whose it is.
    pub async fn of(&self, authority: Option<&str>) -> Source {
        match self.remote.reader(authority).await {
            Some(reader) => Source::Remote(reader),
            None => Source::This,
        }
    }

    /// How the other registry is asked, for whoever administers that.
    pub const fn remote(&self) -> &Remote {
        &self.remote
    }
}
