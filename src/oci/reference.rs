//! Names: a repository's, a tag's, and the reference that is either a tag or a digest (OCI distribution-spec,
//! "Pulling manifests").

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::digest::{Digest, InvalidDigest};

/// The longest repository name. Clients prefix it with `host:port/`, and Distribution refuses more than 255
/// characters for the whole (reference.go, `RepositoryNameTotalLengthMax`).
pub const REPOSITORY_NAME_MAX: usize = 255;

/// The longest tag.
pub const TAG_MAX: usize = 128;

/// A repository name: lower-case path components, for example `team/app`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepositoryName(Box<str>);

/// A text that is not a repository name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a repository name is lower-case letters and digits, parted by . _ __ or - and by / between components, \
     255 characters at most"
)]
pub struct InvalidName;

impl RepositoryName {
    /// Checks `text` against `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/…)*`.
    ///
    /// # Errors
    /// [`InvalidName`] with the rule in words.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let fits = text.len() <= REPOSITORY_NAME_MAX && text.split('/').all(is_component);
        if fits { Ok(Self(text.into())) } else { Err(InvalidName) }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_component(component: &str) -> bool {
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = component.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    alphanumeric(first)
        && alphanumeric(last)
        && bytes.split(alphanumeric).all(|separator| {
            matches!(separator, b"" | b"." | b"_" | b"__") || separator.iter().all(|&byte| byte == b'-')
        })
}

impl AsRef<str> for RepositoryName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Tag {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A tag: a name for a manifest that may move.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(Box<str>);

/// A text that is not a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tag is 1 to 128 letters, digits, dots, underscores and hyphens, and does not begin with a dot or hyphen")]
pub struct InvalidTag;

impl Tag {
    /// Checks `text` against `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
    ///
    /// # Errors
    /// [`InvalidTag`] with the rule in words.
    pub fn parse(text: &str) -> Result<Self, InvalidTag> {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let mut bytes = text.bytes();
        let fits = text.len() <= TAG_MAX
            && bytes.next().is_some_and(word)
            && bytes.all(|byte| word(byte) || byte == b'.' || byte == b'-');
        if fits { Ok(Self(text.into())) } else { Err(InvalidTag) }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Tag {
    /// The tag under which clients keep a list of what speaks about `subject` where a registry does not
    /// (distribution-spec, "Referrers Tag Schema"): the algorithm and the first 64 digits of the hash.
    pub fn of_referrers(subject: &Digest) -> Self {
        const HEX_MAX: usize = 64;
        let hex = subject.hex();
        let hex = hex.get(..HEX_MAX).unwrap_or(hex);
        Self(format!("{}-{hex}", subject.algorithm().as_str()).into())
    }
}

/// What stands after `manifests/`: a tag or a digest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reference {
    /// A name that may move.
    Tag(Tag),
    /// The content itself.
    Digest(Digest),
}

/// A text that is neither a tag nor a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReference {
    /// Without a colon it was meant to be a tag.
    #[error(transparent)]
    Tag(#[from] InvalidTag),
    /// With a colon it was meant to be a digest.
    #[error(transparent)]
    Digest(#[from] InvalidDigest),
}

impl Reference {
    /// Reads a digest where there is a colon (no tag has one), else a tag.
    ///
    /// # Errors
    /// [`InvalidReference`] for the kind that was meant.
    pub fn parse(text: &str) -> Result<Self, InvalidReference> {
        if text.contains(':') { Ok(Self::Digest(Digest::parse(text)?)) } else { Ok(Self::Tag(Tag::parse(text)?)) }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Tag(tag) => tag.as_str(),
            Self::Digest(digest) => digest.as_str(),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The same conversions for both names: they differ only in their rule.
macro_rules! name_conversions {
    ($($name:ident, $error:ident;)*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.into()
            }
        }
    )*};
}

name_conversions! {
    RepositoryName, InvalidName;
    Tag, InvalidTag;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repository_names_of_the_specification() {
        for good in ["a", "library/alpine", "a.b", "a_b", "a__b", "a-b", "a---b", "0/1/2", "x/y.z_1--2"] {
            assert!(RepositoryName::parse(good).is_ok(), "{good}");
        }
        let long = "a".repeat(REPOSITORY_NAME_MAX + 1);
        let bad = [
            "", "/", "a/", "/a", "a//b", "A", "a..b", "a___b", "a._b", "-a", "a-", "_a", "a b", "ä", "a/../b", "..",
            ".", "a/.", "a\0b", "a%2fb", &long,
        ];
        for bad in bad {
            assert!(RepositoryName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn tags_of_the_specification() {
        for good in ["latest", "v1.0", "_x", "1", "A-b_c.d", &"t".repeat(TAG_MAX)] {
            assert!(Tag::parse(good).is_ok(), "{good}");
        }
        for bad in ["", ".x", "-x", "a/b", "a:b", "a b", "ü", "..", &"t".repeat(TAG_MAX + 1)] {
            assert!(Tag::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_list_of_referrers_has_the_tag_that_the_specification_says() {
        let of = |digest: &str| Tag::of_referrers(&Digest::parse(digest).expect("valid")).to_string();
        assert_eq!(of(&format!("sha256:{}", "a".repeat(64))), format!("sha256-{}", "a".repeat(64)));
        assert_eq!(of(&format!("sha512:{}{}", "a".repeat(64), "b".repeat(64))), format!("sha512-{}", "a".repeat(64)));
        assert!(Tag::parse(&of(&format!("sha512:{}", "0".repeat(128)))).is_ok());
    }

    #[test]
    fn a_reference_with_a_colon_is_a_digest() {
        assert!(matches!(Reference::parse("latest"), Ok(Reference::Tag(_))));
        let digest = format!("sha256:{}", "ab".repeat(32));
        assert!(matches!(Reference::parse(&digest), Ok(Reference::Digest(_))));
        assert_eq!(Reference::parse("sha256:ab"), Err(InvalidReference::Digest(InvalidDigest::Encoded)));
        assert_eq!(Reference::parse(".."), Err(InvalidReference::Tag(InvalidTag)));
    }

    proptest::proptest! {
        #[test]
        fn parsers_never_panic(text in ".{0,300}") {
            let _ = RepositoryName::parse(&text);
            let _ = Reference::parse(&text);
        }

        #[test]
        fn no_name_escapes_a_directory(text in "[a-z0-9./_-]{1,40}") {
            if let Ok(name) = RepositoryName::parse(&text) {
                proptest::prop_assert!(name.as_str().split('/').all(|part| !part.is_empty() && part != ".." && part != "."));
            }
        }
    }
}
