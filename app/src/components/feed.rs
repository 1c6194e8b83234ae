//! A feed of the server's, as a page hears it.

use leptos::prelude::{StoredValue, WithValue as _, on_cleanup};
use wasm_bindgen::{JsCast as _, prelude::Closure};
use web_sys::{Event, EventSource, MessageEvent};

/// How the feed does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It is being opened.
    Opening,
    /// It is open.
    Open,
    /// It broke off, and the browser tries again by itself.
    Lost,
    /// The server wants no more listeners, or the browser has given up.
    Closed,
}

/// What to do with the data of one kind of event.
type Hear = Box<dyn Fn(String)>;

/// The feed and what it calls, which have to live as long as each other.
struct Feed {
    source: EventSource,
    _messages: Vec<Closure<dyn Fn(MessageEvent)>>,
    _change: Closure<dyn Fn(Event)>,
}

/// Listens to the feed at `path` until the reactive owner is gone, beginning with what came after the visit of the number
/// `after`, the last that the page was made with: others may have come until its scripts ran. `hear` names the kinds of
/// events; `message` is those without a name.
pub fn listen(path: &str, after: u64, hear: Vec<(&'static str, Hear)>, change: impl Fn(Link) + 'static) {
    let Ok(source) = EventSource::new(&format!("{path}?after={after}")) else { return change(Link::Closed) };
    let on = |(kind, hear): (&str, Hear)| {
        let message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            event.data().as_string().map(&hear);
        });
        // Refused by no browser.
        let _ = source.add_event_listener_with_callback(kind, message.as_ref().unchecked_ref());
        message
    };
    let messages = hear.into_iter().map(on).collect();
    let watched = source.clone();
    let changed = Closure::<dyn Fn(Event)>::new(move |_: Event| {
        change(match watched.ready_state() {
            EventSource::OPEN => Link::Open,
            EventSource::CONNECTING => Link::Lost,
            _ => Link::Closed,
        });
    });
    source.set_onopen(Some(changed.as_ref().unchecked_ref()));
    source.set_onerror(Some(changed.as_ref().unchecked_ref()));
    let feed = StoredValue::new_local(Feed { source, _messages: messages, _change: changed });
    on_cleanup(move || {
        let _ = feed.try_with_value(|feed| feed.source.close());
    });
}
