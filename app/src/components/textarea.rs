//! What stands in elements whose text the framework writes as it is on the server: `<textarea>` and `<title>`.

/// A text as the child of a `<textarea>`. The framework writes such a child as it is, so that what was typed could end the
/// element and begin another; in the browser it becomes a text node, which needs nothing.
pub fn in_textarea(text: String) -> String {
    if cfg!(feature = "ssr") { text.replace('&', "&amp;").replace('<', "&lt;") } else { text }
}

/// The same for the document's title: a page may be named by what stands in its address.
pub fn in_title(text: String) -> String {
    in_textarea(text)
}
