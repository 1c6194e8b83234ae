//! Who reaches the registry: the latest visits for a page, and the feed that goes on from there.
//!
//! Open to anyone, as the setup guide is. An administrator is told everything; anyone else that a client of some kind
//! came and whether it came from the reader's own address, never from where else, by whom, or for which image.

use humpback::client::Visit;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;

/// Where the feed is: server-sent events, each a [`Visit`] as JSON under its number. `?after=` begins with what came after
/// the visit of that number.
pub const FEED: &str = "/api/visits";

/// What was seen lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenLately {
    /// The latest first.
    pub visits: Vec<Visit>,
    /// Whether the reader is told everything.
    pub administrator: bool,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// The latest visits, as the reader may know them.
///
/// # Errors
/// Something is broken.
#[server(endpoint = "recent_visits", output = crate::api::encoding::Answer)]
pub async fn recent_visits() -> Result<SeenLately, Error> {
    use super::context;
    use humpback::{client::Reader, visits::Visits};

    let console = context::anyone()?;
    let account = context::signed_in().await?;
    let administrator = account.is_some_and(|account| account.role == humpback::account::Role::Administrator);
    let reader = if administrator { Reader::Administrator } else { Reader::Anyone { address: context::client() } };
    let visits =
        use_context::<axum::http::request::Parts>().and_then(|parts| parts.extensions.get::<Visits>().cloned());
    let visits = visits.map(|visits| visits.recent()).unwrap_or_default();
    let visits = visits.into_iter().map(|visit| visit.for_reader(reader)).collect();
    Ok(SeenLately { visits, administrator, now: console.clock.now() })
}

#[cfg(feature = "ssr")]
pub use feed::routes;

#[cfg(feature = "ssr")]
mod feed {
    use axum::{
        Router,
        extract::{Query, Request, State},
        http::{StatusCode, header},
        response::{IntoResponse as _, Response, sse::Event},
        routing::get,
    };
    use futures_util::stream;
    use humpback::{
        client::{Reader, Visit},
        proxy::Arrival,
        visits::Visits,
    };

    use super::FEED;
    use crate::api::{
        context::{Console, is_administrator},
        feed::{self, Since},
    };

    /// The feed's route.
    pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
        Router::new().route(FEED, get(listen)).with_state(console)
    }

    async fn listen(State(console): State<Console>, Query(since): Query<Since>, request: Request) -> Response {
        let (request, _) = request.into_parts();
        let Some(visits) = request.extensions.get::<Visits>() else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let reader = match is_administrator(&console, &request.headers, &request.extensions).await {
            Ok(true) => Reader::Administrator,
            Ok(false) => Reader::Anyone { address: Arrival::of_parts(&request).client() },
            Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        };
        let Some(listener) = visits.listen(since.last_heard(&request.headers)) else {
            return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")]).into_response();
        };
        let events = stream::unfold(listener, move |mut listener| async move {
            let visit = listener.next().await?;
            Some((event(visit.for_reader(reader)), listener))
        });
        feed::answer(events)
    }

    fn event(visit: Visit) -> Event {
        let id = visit.number.to_string();
        // A visit is numbers and clean words: it is always JSON.
        Event::default().json_data(visit).unwrap_or_default().id(id)
    }
}
