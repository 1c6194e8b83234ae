//! The one voice of the page for those who do not see it: results of actions and of filters are said here.

use leptos::prelude::*;

/// A handle on the page's one `role="status"`.
#[derive(Clone, Copy, Debug)]
pub struct Announcer(RwSignal<String>);

impl Announcer {
    /// Puts the voice into the context of all that is rendered below.
    pub fn provide() -> Self {
        let announcer = Self(RwSignal::new(String::new()));
        provide_context(announcer);
        announcer
    }

    /// Says `text` once the screen reader is free.
    pub fn say(self, text: impl Into<String>) {
        self.0.set(text.into());
    }

    /// What is being said.
    pub fn text(self) -> Signal<String> {
        self.0.into()
    }
}

/// The handle that [`Layout`](super::layout::Layout) has put into the context.
///
/// Outside of the layout (a component in a test) a voice that nobody hears.
pub fn use_announcer() -> Announcer {
    use_context().unwrap_or_else(|| Announcer(RwSignal::new(String::new())))
}
