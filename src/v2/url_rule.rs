//! Where manifests may send their clients for content (Distribution's `validation.manifests.urls`).

use std::sync::Arc;

use regex::RegexSet;

use super::error::{Error, Result};
use crate::oci::{Descriptor, Manifest};

/// Which URLs manifests may name; cheap to clone.
#[derive(Clone, Debug)]
pub struct UrlRule(Arc<Patterns>);

#[derive(Debug)]
struct Patterns {
    allow: RegexSet,
    deny: RegexSet,
}

impl UrlRule {
    /// URLs must match one of `allow`, if there is any, and none of `deny`. `None` if both are empty.
    ///
    /// # Errors
    /// A pattern is no regular expression.
    pub fn new(allow: &[String], deny: &[String]) -> Result<Option<Self>, regex::Error> {
        if allow.is_empty() && deny.is_empty() {
            return Ok(None);
        }
        let patterns = Patterns { allow: RegexSet::new(allow)?, deny: RegexSet::new(deny)? };
        Ok(Some(Self(Arc::new(patterns))))
    }

    /// Refuses a manifest that names a URL which is not allowed. What is no manifest at all is for others to refuse.
    pub(super) fn check(&self, media_type: Option<&str>, content: &[u8]) -> Result<()> {
        let Ok(manifest) = Manifest::parse(media_type, content) else { return Ok(()) };
        let mut urls = manifest.blobs().chain(manifest.manifests()).flat_map(|Descriptor { urls, .. }| urls);
        urls.find(|url| !self.allows(url)).map_or(Ok(()), |url| Err(Error::UrlRefused(url.clone())))
    }

    fn allows(&self, url: &str) -> bool {
        let is_web = url.starts_with("http://") || url.starts_with("https://");
        is_web
            && !url.contains('#')
            && (self.0.allow.is_empty() || self.0.allow.is_match(url))
            && !self.0.deny.is_match(url)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn urls_match_what_is_allowed_and_nothing_that_is_denied() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let both =
            UrlRule::new(&texts(&[r"^https?://([^/]+\.)*example\.com/"]), &texts(&[r"^https?://www\.example\.com/"]));
        let both = both.unwrap().unwrap();
        for (url, allowed) in [
            ("https://cdn.example.com/layer", true),
            ("https://example.com/layer", true),
            ("https://www.example.com/layer", false),
            ("https://example.org/layer", false),
            ("https://example.com/layer#part", false),
            ("file:///https://example.com/", false),
        ] {
            assert_eq!(both.allows(url), allowed, "{url}");
        }
        let denying = UrlRule::new(&[], &texts(&["evil"])).unwrap().unwrap();
        assert!(denying.allows("https://example.org/") && !denying.allows("https://evil.example/"));
        assert!(UrlRule::new(&[], &[]).unwrap().is_none());
    }

    #[test]
    fn layers_and_indexes_are_looked_through() {
        let rule = UrlRule::new(&["^https://good/".to_owned()], &[]).unwrap().unwrap();
        let layer = |url: &str| {
            format!(
                r#"{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:{}","size":1,"urls":["{url}"]}}"#,
                "0".repeat(64)
            )
        };
        let image = |url: &str| {
            format!(
                r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":[{}]}}"#,
                layer("https://good/a").replace("image.layer.v1.tar", "image.config.v1+json"),
                layer(url)
            )
        };
        let check = |content: String| rule.check(None, content.as_bytes()).map_err(|error| error.code());
        assert_eq!(check(image("https://good/b")), Ok(()));
        assert_eq!(check(image("https://bad/b")), Err("MANIFEST_INVALID"));
        let index = |url: &str| {
            let child = layer(url).replace("image.layer.v1.tar", "image.manifest.v1+json");
            format!(
                r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{child}]}}"#
            )
        };
        assert_eq!(check(index("https://good/c")), Ok(()));
        assert_eq!(check(index("https://bad/c")), Err("MANIFEST_INVALID"));
    }
}
