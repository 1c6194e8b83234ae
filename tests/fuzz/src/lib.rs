//! What the targets share: the specification's own words for what a name is, told by another implementation.

use std::sync::LazyLock;

use regex_lite::Regex;

/// A rule of the distribution-spec, for the whole of a text.
fn whole(rule: &str) -> Regex {
    Regex::new(&format!("^(?:{rule})$")).expect("the specification's rule")
}

/// Whether `text` is a repository name by the rule of distribution-spec, "Pulling manifests".
pub fn is_repository_name(text: &str) -> bool {
    static RULE: LazyLock<Regex> =
        LazyLock::new(|| whole(r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"));
    text.len() <= 255 && RULE.is_match(text)
}

/// Whether `text` is a tag by the rule of the same section.
pub fn is_tag(text: &str) -> bool {
    static RULE: LazyLock<Regex> = LazyLock::new(|| whole(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}"));
    RULE.is_match(text)
}

/// Whether `text` is a digest of an algorithm that image-spec, descriptor.md registers.
pub fn is_digest(text: &str) -> bool {
    static RULE: LazyLock<Regex> = LazyLock::new(|| whole(r"sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}"));
    RULE.is_match(text)
}

/// Fails unless `path`, put below a folder, stays below it.
pub fn assert_stays_below(path: &str) {
    use std::path::{Component, Path};
    assert!(Path::new(path).components().all(|part| matches!(part, Component::Normal(_))), "{path:?} leads away");
    assert!(!path.contains(['\0', '\\']) && !path.is_empty(), "{path:?} is no name of a file");
}
