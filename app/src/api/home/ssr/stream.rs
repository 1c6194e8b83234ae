//! What the first page is told while it is open.

use std::time::Duration;

use axum::{http::request::Parts, response::Response, response::sse::Event};
use futures_util::stream;
use humpback::{proxy::Arrival, visits::Listener};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{
    super::{UPLOADS, Upload, VISIT},
    Reader,
};
use crate::api::{
    context::{self, Console},
    feed,
};

/// How often the uploads are looked at. They lie in memory; nothing is sent while nothing moves.
const LOOK: Duration = Duration::from_secs(1);

struct Told {
    console: Console,
    reader: Reader,
    /// Who asked: what he may see is looked up again before he is told anything.
    request: Parts,
    listener: Listener,
    looks: Interval,
    uploads: Vec<Upload>,
}

/// An answer that goes on for as long as `listener` does and the reader may read.
pub(super) fn answer(console: Console, reader: Reader, request: Parts, listener: Listener) -> Response {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let told = Told { console, reader, request, listener, looks, uploads: Vec::new() };
    feed::answer(stream::unfold(told, |mut told| async move {
        let event = told.next().await?;
        Some((event, told))
    }))
}

impl Told {
    /// The next event; `None` once it is over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                visit = self.listener.next() => {
                    let visit = visit?;
                    if visit.image().is_none() {
                        continue;
                    }
                    self.look_again().await?;
                    let number = visit.number.to_string();
                    if let Some(happening) = self.reader.sees(&visit) {
                        return Some(event(VISIT, &happening).id(number));
                    }
                }
                _ = self.looks.tick() => {
                    let uploads = self.reader.uploads(&self.console);
                    if uploads == self.uploads {
                        continue;
                    }
                    self.look_again().await?;
                    self.uploads = self.reader.uploads(&self.console);
                    return Some(event(UPLOADS, &self.uploads));
                }
            }
        }
    }

    /// Finds out anew what the reader may see: since then rules may have changed, or his session may have ended.
    async fn look_again(&mut self) -> Option<()> {
        let found = context::reader_of(&self.console, &self.request.headers, &self.request.extensions).await;
        let (account, caller) = found.ok().flatten()?;
        self.reader = Reader::new(account.as_ref(), caller, Arrival::of_parts(&self.request).client());
        Some(())
    }
}

fn event(name: &str, content: &impl serde::Serialize) -> Event {
    // Numbers and clean words: always JSON.
    Event::default().event(name).json_data(content).unwrap_or_default()
}
