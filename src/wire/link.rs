//! `Link: <…>; rel="next"`: where a list goes on (RFC 8288; distribution-spec, "Listing Tags").

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The header for a list at `path`, which may have a query already, of which `last` was the last entry shown and each
/// page has `n` entries.
pub fn next(path: &str, last: &str, n: u32) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    let last = utf8_percent_encode(last, NON_ALPHANUMERIC);
    format!("<{path}{joint}last={last}&n={n}>; rel=\"next\"")
}

/// The target of a header that [`next`] wrote, as a client follows it; `None` if the header leads nowhere.
pub fn target(header: &str) -> Option<&str> {
    let (target, rest) = header.strip_prefix('<')?.split_once('>')?;
    rest.split(';').any(|parameter| matches!(parameter.trim(), "rel=\"next\"" | "rel=next")).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::query;

    #[test]
    fn a_query_goes_on() {
        assert_eq!(next("/v2/_catalog", "a/b", 2), r#"</v2/_catalog?last=a%2Fb&n=2>; rel="next""#);
        assert_eq!(
            next("/v2/a/referrers/x?artifactType=y", "z", 1),
            r#"</v2/a/referrers/x?artifactType=y&last=z&n=1>; rel="next""#
        );
        for nowhere in ["", "<a>", "<a; rel=\"next\"", "a; rel=\"next\"", "<a>; rel=\"prev\""] {
            assert_eq!(target(nowhere), None, "{nowhere}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_client_that_follows_asks_for_what_comes_next(last in ".{0,40}", n in 0u32..) {
            let header = next("/v2/_catalog", &last, n);
            let asked = target(&header).and_then(|target| target.split_once('?')).map(|(_, query)| query);
            let asked = asked.expect("a query");
            let read = (query::first(asked, "last"), query::first(asked, "n"));
            proptest::prop_assert_eq!(read, (Some(last.into()), Some(n.to_string().into())));
        }
    }
}
