//! What stands before every page and server function of the console. Exists in the server only.
//!
//! - A write must come from the console's own pages: the browser says where it comes from.
//! - While there is no account, every page leads to the first start, and from then on none.
//!
//! What a browser may do with any answer at all is said in [`security`](crate::security).

use axum::{
    Router,
    extract::{Request, State},
    http::{
        Extensions, HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CONTENT_TYPE, HOST, ORIGIN, REFERER},
    },
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
};

use humpback::proxy::Arrival;

use crate::api::{
    Error,
    context::{Console, SECURE_SESSION_COOKIE, SESSION_COOKIE},
    preferences::cookie_in,
};

/// Where the first administrator is made.
const FIRST_START: &str = "/first-start";
/// Where server functions are.
const API: &str = "/api/";

/// Puts the gate before all routes that `router` has so far; what is added later is not guarded.
pub fn guard<S: Clone + Send + Sync + 'static>(router: Router<S>, console: Console) -> Router<S> {
    router.route_layer(middleware::from_fn_with_state(console, pass))
}

async fn pass(State(console): State<Console>, mut request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let path = request.uri().path();
    if !reads && let Err(reason) = check_origin(request.headers(), request.extensions()) {
        tracing::warn!(path, reason, "A write from elsewhere was refused");
        return refuse(request.headers(), reason);
    }
    if reads && !path.starts_with(API) {
        match (path == FIRST_START, console.auth.is_set_up()) {
            (false, false) => return Redirect::to(FIRST_START).into_response(),
            (true, true) => return Redirect::to("/sign-in").into_response(),
            _ => {}
        }
    }
    forget_earlier_error(request.headers_mut());
    next.run(request).await
}

/// Whether a write was made by a page of this console. Browsers set these headers themselves, and no page can
/// change them (Fetch, "forbidden request-header").
fn check_origin(headers: &HeaderMap, extensions: &Extensions) -> Result<(), &'static str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Sent over HTTPS and on this machine itself; holds behind every proxy.
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return Err("the page that sent this request is not part of this console"),
        None => {}
    }
    let Some(origin) = headers.get(ORIGIN) else {
        // Not a browser's write. Without the cookie there is nothing that it could misuse.
        let signed_in = [SESSION_COOKIE, SECURE_SESSION_COOKIE].iter().any(|name| cookie_in(headers, name).is_some());
        return if signed_in { Err("the request carries a session but no Origin header") } else { Ok(()) };
    };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let Some((scheme, authority)) = origin else { return Err("the Origin header names no site") };
    let forwarded = Arrival::of(headers, extensions).authority().map(|authority| authority.to_string());
    let known = [text(HOST.as_str()), forwarded.as_deref()];
    let same = known.into_iter().flatten().any(|host| without_port(scheme, host) == without_port(scheme, authority));
    if same { Ok(()) } else { Err("the Origin header does not name the address that this console was opened at") }
}

/// An authority in lower case, without the port that its scheme has anyway.
fn without_port(scheme: &str, authority: &str) -> String {
    let port = if scheme == "https" { ":443" } else { ":80" };
    authority.strip_suffix(port).unwrap_or(authority).to_ascii_lowercase()
}

fn refuse(headers: &HeaderMap, reason: &str) -> Response {
    let message = format!("Refused: {reason}. Open the console at its own address and try again.");
    let html = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|it| it.contains("text/html"));
    if html {
        return (StatusCode::FORBIDDEN, message).into_response();
    }
    let body = serde_json::to_vec(&Error::Unavailable { message }).unwrap_or_default();
    (StatusCode::FORBIDDEN, [(CONTENT_TYPE, "application/json")], body).into_response()
}

/// A plain form's page may show the error of an earlier try, which stands in its URL. The answer to this try is
/// put into the same URL, and must not stand behind the old one.
fn forget_earlier_error(headers: &mut HeaderMap) {
    let Some(referrer) = headers.get(REFERER).and_then(|value| value.to_str().ok()) else { return };
    let Some((page, query)) = referrer.split_once('?') else { return };
    let kept: Vec<_> = query
        .split('&')
        .filter(|pair| !["__path=", "__err=", "saved=", "done="].iter().any(|name| pair.starts_with(name)))
        .collect();
    let referrer = if kept.is_empty() { page.to_owned() } else { format!("{page}?{}", kept.join("&")) };
    if let Ok(referrer) = HeaderValue::from_str(&referrer) {
        headers.insert(REFERER, referrer);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::SocketAddr;

    use axum::{extract::ConnectInfo, http::HeaderName};
    use humpback::proxy::TrustedProxies;

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    /// The extensions of a request that a proxy on this machine sends.
    fn from_proxy() -> Extensions {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40000))));
        extensions.insert(TrustedProxies::default());
        extensions
    }

    #[test]
    fn writes_of_the_consoles_own_pages_pass() {
        let table: [&[(&str, &str)]; 8] = [
            &[("host", "registry:5000"), ("origin", "http://registry:5000")],
            &[("host", "Registry.example.com"), ("origin", "https://registry.example.com")],
            &[("host", "registry.example.com:443"), ("origin", "https://registry.example.com")],
            &[("host", "registry.example.com"), ("origin", "http://registry.example.com:80")],
            // A proxy in front that changes Host.
            &[("host", "backend:5000"), ("origin", "https://r.example"), ("x-forwarded-host", "r.example")],
            &[("host", "backend:5000"), ("origin", "https://r.example"), ("sec-fetch-site", "same-origin")],
            &[("host", "registry:5000"), ("sec-fetch-site", "none"), ("cookie", "humpback_session=x")],
            // curl, without a session.
            &[("host", "registry:5000"), ("cookie", "humpback_theme=dark")],
        ];
        for pairs in table {
            assert_eq!(check_origin(&headers(pairs), &from_proxy()), Ok(()), "{pairs:?}");
        }
    }

    #[test]
    fn writes_from_elsewhere_are_refused() {
        let table: [&[(&str, &str)]; 8] = [
            &[("host", "registry:5000"), ("cookie", "__Host-humpback_session=x")],
            &[("host", "registry:5000"), ("origin", "http://evil.example")],
            &[("host", "registry:5000"), ("origin", "http://registry:5001")],
            &[("host", "registry:5000"), ("origin", "null")],
            &[("host", "registry.example.com:80"), ("origin", "https://registry.example.com")],
            &[("host", "registry:5000"), ("origin", "http://registry:5000"), ("sec-fetch-site", "same-site")],
            &[("host", "registry:5000"), ("sec-fetch-site", "cross-site")],
            &[("host", "registry:5000"), ("cookie", "a=b; humpback_session=x")],
        ];
        for pairs in table {
            assert!(check_origin(&headers(pairs), &from_proxy()).is_err(), "{pairs:?}");
        }
    }

    #[test]
    fn an_earlier_error_is_dropped_from_the_referrer() {
        for (before, after) in [
            ("http://r/sign-in?return_to=%2F&__path=%2Fapi%2Fsign_in&__err=eyJ9", "http://r/sign-in?return_to=%2F"),
            ("http://r/sign-in?__path=a&__err=b&__path=c&__err=d", "http://r/sign-in"),
            ("http://r/sign-in", "http://r/sign-in"),
        ] {
            let mut headers = headers(&[("referer", before)]);
            forget_earlier_error(&mut headers);
            assert_eq!(headers[REFERER], after);
        }
    }
}
