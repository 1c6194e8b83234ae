//! What a browser may do with an answer of ours. Exists in the server only.
//!
//! A page runs the scripts of this server alone, and of those written into it only the ones that carry the nonce of this
//! very answer. What is no page runs nothing. Nobody may frame us.

use axum::{
    Router,
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS},
    },
    middleware,
    response::Response,
};
use leptos::{nonce::Nonce, prelude::use_context};
use leptos_axum::ResponseOptions;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// For whatever is not a page: it loads and runs nothing, even if a browser takes it for one. A drawing may bring its
/// own style.
const NOT_A_PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
);

/// Every answer of the console, files included.
const CONSOLE: [(HeaderName, HeaderValue); 6] = [
    // Pages belong to whoever is signed in, so no cache in between may keep them. Files say it themselves.
    (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // For browsers that don't know `frame-ancestors`.
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    // Not stricter: a plain form's errors are shown by the page that the browser names as its referrer.
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    // The clipboard is written to by the copy buttons; nothing else is used.
    (
        PERMISSIONS_POLICY,
        HeaderValue::from_static(
            "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()",
        ),
    ),
    (CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
];

/// Adds the headers to every answer of `router`, also to what it does not know.
pub fn harden(router: Router) -> Router {
    router.layer(middleware::map_response(console))
}

/// Adds the headers to every answer of the distribution API. A blob is whatever someone has pushed: opened in a browser,
/// it must not become a page of this origin.
pub fn harden_api(router: Router) -> Router {
    router.layer(middleware::map_response(api))
}

async fn console(mut response: Response) -> Response {
    add(response.headers_mut(), &CONSOLE);
    // The shell has written a page's own, with its nonce.
    add(response.headers_mut(), &[(CONTENT_SECURITY_POLICY, NOT_A_PAGE)]);
    response
}

async fn api(mut response: Response) -> Response {
    let nosniff = HeaderValue::from_static("nosniff");
    add(response.headers_mut(), &[(X_CONTENT_TYPE_OPTIONS, nosniff), (CONTENT_SECURITY_POLICY, NOT_A_PAGE)]);
    response
}

fn add(headers: &mut HeaderMap, more: &[(HeaderName, HeaderValue)]) {
    for (name, value) in more {
        headers.entry(name).or_insert_with(|| value.clone());
    }
}

/// Gives the page that is being rendered its policy, with the nonce that its own scripts carry.
pub fn allow_page(nonce: Option<&Nonce>) {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Ok(policy) = HeaderValue::from_str(&page_policy(nonce.map(|nonce| &**nonce))) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// Styles are in files alone, and so are pictures. `wasm-unsafe-eval` lets WebAssembly be compiled and nothing else be
/// evaluated (CSP level 3, section 6.1.12).
fn page_policy(nonce: Option<&str>) -> String {
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_runs_no_script_that_does_not_carry_its_nonce() {
        let policy = page_policy(Some("abc123"));
        assert!(policy.contains("script-src 'self' 'nonce-abc123' 'wasm-unsafe-eval';"), "{policy}");
        for forbidden in ["unsafe-inline", "'unsafe-eval'", "*", "http:", "data:"] {
            assert!(!policy.contains(forbidden), "{forbidden} in {policy}");
        }
    }
}
