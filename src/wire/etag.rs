//! `If-None-Match`: what a client has already (RFC 9110, section 13.1.2).

/// Whether `header` names the content `digest`. Docker's own clients send the digest without quotes too.
pub fn matches(header: &str, digest: &str) -> bool {
    header.split(',').map(str::trim).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        tag == "*" || tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag) == digest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_with_and_without_quotes() {
        for header in ["\"a:b\"", "a:b", "W/\"a:b\"", "\"x\" , \"a:b\"", "*", "\"x\",a:b"] {
            assert!(matches(header, "a:b"), "{header}");
        }
        for header in ["", "\"a:bc\"", "a:", "\"a:b", "W/", ",", "\"\""] {
            assert!(!matches(header, "a:b"), "{header}");
        }
    }

    proptest::proptest! {
        #[test]
        fn only_the_digest_itself_matches(header in "[a-c:\",W/ ]{0,20}") {
            proptest::prop_assert!(!matches(&header, "a:b") || header.contains("a:b"));
        }
    }
}
