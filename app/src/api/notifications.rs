//! Manage → Notifications: whether what happens here reaches those who are to be told. For administrators.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notifications {
    /// In the order of the configuration, the disabled ones last.
    pub endpoints: Vec<Endpoint>,
    /// The server's time, for "5 minutes ago".
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// How an endpoint does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its name in the configuration.
    pub name: String,
    /// Where it is, without what may be secret.
    pub url: String,
    /// Whether it gets anything.
    pub state: State,
    /// How many events wait.
    pub pending: u64,
    /// How many events it has taken, ever.
    pub delivered: u64,
    /// How many events were given up, ever.
    pub dropped: u64,
    /// When it took the last one.
    #[serde(with = "time::serde::timestamp::microseconds::option")]
    pub delivered_at: Option<OffsetDateTime>,
    /// The last failure.
    pub last_error: Option<Failure>,
}

/// Why an event was not taken, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// In English: for whoever runs both ends.
    pub text: String,
    /// When.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub at: OffsetDateTime,
}

/// Whether an endpoint gets anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It took the last event, or nothing has happened yet.
    Working,
    /// It did not take the last event, for so many attempts.
    Failing(u32),
    /// It is switched off.
    Disabled,
}

/// Every endpoint.
///
/// # Errors
/// [`Error::Unauthorised`], or something is broken.
#[server(endpoint = "load_notifications", output = crate::api::encoding::Answer)]
pub async fn load_notifications() -> Result<Notifications, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let endpoints = console.registry.notified().into_iter().map(ssr::endpoint).collect();
    Ok(Notifications { endpoints, now: console.clock.now() })
}

#[cfg(feature = "ssr")]
mod ssr {
    use humpback::notifications::EndpointStatus;

    use super::{Endpoint, Failure, State};

    pub(super) fn endpoint(status: EndpointStatus) -> Endpoint {
        let EndpointStatus { name, url, disabled, record, failures } = status;
        let state = match failures {
            _ if disabled => State::Disabled,
            0 => State::Working,
            failures => State::Failing(failures),
        };
        Endpoint {
            name,
            url,
            state,
            pending: record.pending,
            delivered: record.delivered,
            dropped: record.dropped,
            delivered_at: record.delivered_at,
            last_error: record.last_error.map(|(text, at)| Failure { text, at }),
        }
    }
}
