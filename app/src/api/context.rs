//! What a server function works with: the server's handles, and who asks. Exists in the server only.

use std::{error::Error as StdError, net::IpAddr};

use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use humpback::{
    access::{Caller, Guard},
    account::{Role, UserAgent},
    audit::Actor,
    audit_log::AuditLog,
    auth::{Auth, Visitor},
    clock::Clock,
    config::Scheme,
    config_store::ConfigStore,
    metadata::Account,
    notifications::{Cause, RequestRecord},
    proxy::Arrival,
    registry::Registry,
    source::{Source, Sources},
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::{
    Error,
    preferences::{cookie_in, header},
};

/// The cookie that holds the session's token.
pub const SESSION_COOKIE: &str = "humpback_session";
/// The same over HTTPS. Browsers take a cookie of this name over HTTPS alone, and from no other host (RFC 6265bis,
/// section 4.1.3.2), so that nobody on the way or next door can plant one.
pub const SECURE_SESSION_COOKIE: &str = "__Host-humpback_session";

/// The server's handles; provided in the context of every request.
#[derive(Clone, Debug)]
pub struct Console {
    /// The engine.
    pub registry: Registry,
    /// The configuration in force.
    pub config: ConfigStore,
    /// Accounts and sessions.
    pub auth: Auth,
    /// This registry or another one: what the explorer shows.
    pub sources: Sources,
    /// Who did what.
    pub audit: AuditLog,
    /// Who may do what.
    pub guard: Guard,
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

/// Lets in whoever may read something of what lies in the registry. What, is for the guard to say.
///
/// # Errors
/// [`Error::Unauthorised`] if it is known too little who asks, or something is broken.
pub async fn reader() -> Result<(Console, Caller), Error> {
    let console = console()?;
    let account = signed_in().await?;
    let caller = console.guard.reader(account.as_ref()).await.map_err(internal)?;
    Ok((console, caller.ok_or(Error::Unauthorised)?))
}

/// What the explorer shows whom [`reader`] lets in. Another registry that is read with a name and password is for those
/// who have signed in here.
///
/// # Errors
/// [`Error::Unauthorised`], or something is broken.
pub async fn source(console: &Console) -> Result<Source, Error> {
    let authority = arrived(|arrival| arrival.authority()).map(|authority| authority.to_string());
    let source = console.sources.of(authority.as_deref()).await;
    if let Source::Remote(remote) = &source
        && remote.signs_in()
        && signed_in().await?.is_none()
    {
        return Err(Error::Unauthorised);
    }
    Ok(source)
}

/// Lets anyone in, signed in or not.
///
/// # Errors
/// As for [`console`].
pub fn anyone() -> Result<Console, Error> {
    console()
}

/// Lets whoever is signed in in.
///
/// # Errors
/// [`Error::Unauthorised`], or something is broken.
pub async fn account() -> Result<Account, Error> {
    signed_in().await?.ok_or(Error::Unauthorised)
}

/// Lets an administrator in.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`] for a member, or something is broken.
pub async fn administrator() -> Result<Account, Error> {
    let account = account().await?;
    match account.role {
        Role::Administrator => Ok(account),
        Role::Member => Err(Error::Forbidden),
    }
}

/// Who does something, for the audit log.
pub fn actor(account: &Account) -> Actor {
    Actor::new(&account.name, client())
}

/// From where, and with what, someone signs in.
pub(super) fn visitor() -> Visitor {
    Visitor { address: client(), user_agent: header("user-agent").map(|header| UserAgent::keep(&header)) }
}

/// No cache, not even the browser's own, keeps the answer.
pub(super) fn forbid_caching() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Who asks, if he is signed in.
///
/// # Errors
/// Something is broken.
pub async fn signed_in() -> Result<Option<Account>, Error> {
    let console = console()?;
    let Some(token) = session_token() else { return Ok(None) };
    console.auth.session(&token).await.map_err(internal)
}

/// Whether an administrator sends a request that no server function answers.
///
/// # Errors
/// Something is broken; it stands in the log.
pub(super) async fn is_administrator(
    console: &Console,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<bool, Error> {
    let account = account_of(console, headers, extensions).await?;
    Ok(account.is_some_and(|account| account.role == Role::Administrator))
}

/// Who sends a request that no server function answers, and what he may read; `None` if he must sign in for anything.
///
/// # Errors
/// Something is broken; it stands in the log.
pub(super) async fn reader_of(
    console: &Console,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<Option<(Option<Account>, Caller)>, Error> {
    let account = account_of(console, headers, extensions).await?;
    let caller = console.guard.reader(account.as_ref()).await.map_err(internal)?;
    Ok(caller.map(|caller| (account, caller)))
}

/// Who is signed in where such a request comes from.
async fn account_of(console: &Console, headers: &HeaderMap, extensions: &Extensions) -> Result<Option<Account>, Error> {
    let https = Arrival::of(headers, extensions).scheme() == Scheme::Https;
    let Some(token) = token_of(headers, https) else { return Ok(None) };
    console.auth.session(&token).await.map_err(internal)
}

/// The session's token, as the browser sent it.
pub(super) fn session_token() -> Option<String> {
    let parts = use_context::<Parts>()?;
    token_of(&parts.headers, came_over_https())
}

/// The session's token in a request's cookies. Over HTTPS only a cookie counts that was set over HTTPS; where a proxy
/// does not tell how the browser came, either does.
pub(crate) fn token_of(headers: &HeaderMap, https: bool) -> Option<String> {
    let secure = cookie_in(headers, SECURE_SESSION_COOKIE);
    let token = secure.or_else(|| if https { None } else { cookie_in(headers, SESSION_COOKIE) });
    token.filter(|token| !token.is_empty()).map(str::to_owned)
}

/// Gives the browser a session's token, or takes it away.
pub(super) fn set_session_cookie(token: Option<&str>) {
    let (name, secure) = if came_over_https() { (SECURE_SESSION_COOKIE, "; Secure") } else { (SESSION_COOKIE, "") };
    let seconds = token.map_or(0, |_| humpback::auth::session::ABSOLUTE.whole_seconds());
    let token = token.unwrap_or_default();
    let cookie = format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

/// Whether the browser spoke HTTPS, to us or to a proxy in front: its own `Origin` tells, and needs no setting.
pub(super) fn came_over_https() -> bool {
    let origin = header("origin").filter(|origin| origin != "null");
    match origin {
        Some(origin) => origin.starts_with("https://"),
        None => arrived(|arrival| Some(arrival.scheme())) == Some(Scheme::Https),
    }
}

/// The client's address, as far as it can be known.
pub(super) fn client() -> Option<IpAddr> {
    arrived(|arrival| arrival.client())
}

/// What is known of the way that the request came; `None` outside of one.
pub(super) fn arrived<T>(ask: impl FnOnce(Arrival<'_>) -> Option<T>) -> Option<T> {
    ask(Arrival::of_parts(&use_context::<Parts>()?))
}

/// Why `who` does what the request asks for, for those who are told of it.
pub fn cause(who: &Account) -> Cause {
    let header = |name| header(name).unwrap_or_default();
    let request = RequestRecord {
        id: header("x-request-id"),
        addr: client().map(|address| address.to_string()).unwrap_or_default(),
        host: header("host"),
        method: "POST".to_owned(),
        useragent: header("user-agent"),
    };
    Cause { request, actor: Some(who.name.to_string()), base_url: String::new() }
}

/// Whether the request is a plain form's, which wants a page for an answer.
pub(super) fn wants_html() -> bool {
    header("accept").is_some_and(|accept| accept.contains("text/html"))
}

/// Logs what is broken, once, and says no more than the id under which it stands in the log.
pub fn internal(error: impl StdError) -> Error {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    tracing::error!(error = text, "The console could not answer");
    Error::Internal { request_id: header("x-request-id") }
}

/// Gives the response to a scripted call the error's own status. A plain form is answered with a redirect to the
/// page that shows the error, which stays as it is.
pub(super) fn answer_with_status(error: &Error) {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Error::TooManyAttempts { retry_after_seconds, .. } = error {
        response.insert_header(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
    }
    if !wants_html()
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        response.set_status(status);
    }
}
