//! What a server function works with: the server's handles, and who asks. Exists in the server only.

use humpback::{auth::Auth, clock::Clock, config_store::ConfigStore, registry::Registry};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use axum::http::{HeaderValue, StatusCode, header, request::Parts};

use super::Error;

/// The server's handles; provided in the context of every request.
#[derive(Clone, Debug)]
pub struct Console {
    /// The engine.
    pub registry: Registry,
    /// The configuration in force.
    pub config: ConfigStore,
    /// Accounts and sessions.
    pub auth: Auth,
    /// Where the time comes from.
    pub clock: Clock,
}

/// The server's handles.
///
/// # Errors
/// [`Error::Internal`] where there is no request, as when the routes are listed at start.
pub fn console() -> Result<Console, Error> {
    use_context().ok_or(Error::Internal { request_id: None })
}

/// Gives the response to a scripted call the error's own status. A plain form is answered with a redirect to the
/// page that shows the error, which stays as it is.
pub(super) fn answer_with_status(error: &Error) {
    let (Some(response), Some(request)) = (use_context::<ResponseOptions>(), use_context::<Parts>()) else { return };
    if let Error::TooManyAttempts { retry_after_seconds, .. } = error {
        response.insert_header(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
    }
    let accept = request.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !accept.contains("text/html")
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
}
