//! Who is signed in, asked once for all of a page's frame.

use leptos::prelude::*;

use crate::api::{
    Error,
    session::{Who, load_account},
};

/// The answer, while it comes and once it is there.
type Asked = Resource<Result<Option<Who>, Error>>;

/// A handle on the answer.
#[derive(Clone, Copy, Debug)]
pub struct CurrentAccount(Asked);

impl CurrentAccount {
    /// Asks, and puts the handle into the context of all that is rendered below.
    pub fn provide() {
        provide_context(Self(ask()));
    }
}

fn ask() -> Asked {
    Resource::new(|| (), |()| load_account())
}

/// The answer that [`Layout`](super::layout::Layout) has put into the context; outside of it one of its own.
pub fn use_current_account() -> Asked {
    use_context::<CurrentAccount>().map_or_else(ask, |CurrentAccount(asked)| asked)
}
