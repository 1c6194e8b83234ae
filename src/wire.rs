//! What stands in the lines of an HTTP request, read without an HTTP library: headers, queries and paths.
//!
//! All of it is text that a stranger has sent. Nothing here believes it, waits, or allocates more than a small multiple
//! of what came in; whether a proxy's word counts is for [`crate::proxy`] to say.

pub mod accept;
pub mod authority;
pub mod etag;
pub mod external_url;
pub mod forwarded;
pub mod link;
pub mod path;
pub mod prefix;
pub mod query;
pub mod range;
pub mod warning;

pub use authority::Authority;
pub use external_url::ExternalUrl;
pub use path::Path;
pub use prefix::PathPrefix;

/// A number of ASCII digits alone. Rust's own parser would take `+5` too, which no header's grammar has.
pub fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_number_is_digits_alone() {
        assert_eq!(number::<u64>("18446744073709551615"), Some(u64::MAX));
        for bad in ["", "+5", "-5", " 5", "5 ", "0x5", "18446744073709551616"] {
            assert_eq!(number::<u64>(bad), None, "{bad}");
        }
    }
}
