//! Whether single keys are shortcuts. The choice lies in a cookie, as that of the theme does, and the server writes it into
//! the page, where the keys are listened to.

/// The cookie that remembers the choice.
pub const COOKIE: &str = "humpback_shortcuts";

/// What the cookie holds where they are off; otherwise they are on.
pub const OFF: &str = "off";

/// Stands on `<html>` where they are off.
const ATTRIBUTE: &str = "data-shortcuts";

/// The value of `data-shortcuts` on `<html>`, by the request's cookie.
#[cfg(feature = "ssr")]
pub fn of_request() -> Option<&'static str> {
    crate::api::preferences::cookie(COOKIE).filter(|value| value == OFF).map(|_| OFF)
}

/// The server alone writes the document.
#[cfg(not(feature = "ssr"))]
pub const fn of_request() -> Option<&'static str> {
    None
}

/// The value of `data-keyboard` on `<html>`: `apple` where the browser says that it runs on Apple's systems, whose key
/// for shortcuts is `⌘`.
#[cfg(feature = "ssr")]
pub fn keyboard_of_request() -> Option<&'static str> {
    // Whatever runs on macOS, iOS and iPadOS says `Mac OS X`.
    crate::api::preferences::header("user-agent").filter(|agent| agent.contains("Mac OS X")).map(|_| "apple")
}

/// The server alone writes the document.
#[cfg(not(feature = "ssr"))]
pub const fn keyboard_of_request() -> Option<&'static str> {
    None
}

/// Whether they are on in the page that is open.
pub(super) fn are_on() -> bool {
    leptos::prelude::document().document_element().is_none_or(|html| !html.has_attribute(ATTRIBUTE))
}

/// Turns them on or off in the page that is open.
pub(super) fn apply(on: bool) {
    let Some(html) = leptos::prelude::document().document_element() else { return };
    // Neither can fail for a valid attribute name.
    let _ = if on { html.remove_attribute(ATTRIBUTE) } else { html.set_attribute(ATTRIBUTE, OFF) };
}
