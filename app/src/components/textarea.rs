//! What stands in a field of several lines.

/// A text as the child of a `<textarea>`. The framework writes such a child as it is, so that what was typed could end the
/// element and begin another; in the browser it becomes a text node, which needs nothing.
pub fn in_textarea(text: String) -> String {
    if cfg!(feature = "ssr") { text.replace('&', "&amp;").replace('<', "&lt;") } else { text }
}
