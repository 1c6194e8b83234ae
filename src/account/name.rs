//! Names of groups and robots: of the same form as user names, and types of their own, so that none is taken for another.

/// A name in lower case, like [`UserName`](super::UserName), and what is wrong with a text that is none.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $invalid:ident, $noun:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(super::UserName);

        #[doc = concat!("Why a text is not the name of a ", $noun, ".")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
        pub enum $invalid {
            /// Nothing was typed.
            #[error("enter the name of a {}", $noun)]
            Missing,
            /// More than 64 characters.
            #[error("the name of a {} has 64 characters at most", $noun)]
            TooLong,
            /// A character or a beginning that is not allowed.
            #[error(
                "the name of a {} is letters, digits, dots, hyphens and underscores, and begins with a letter or digit",
                $noun
            )]
            Form,
        }

        impl $name {
            /// Reads a name; blanks around it are forgiven, letters are made lower case.
            ///
            /// # Errors
            /// What is wrong, which says how to mend it.
            pub fn parse(text: &str) -> Result<Self, $invalid> {
                use super::InvalidUserName;
                super::UserName::parse(text).map(Self).map_err(|error| match error {
                    InvalidUserName::Missing => $invalid::Missing,
                    InvalidUserName::TooLong => $invalid::TooLong,
                    InvalidUserName::Form => $invalid::Form,
                })
            }

            /// The whole text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $invalid;

            fn from_str(text: &str) -> Result<Self, $invalid> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $invalid;

            fn try_from(text: String) -> Result<Self, $invalid> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.into()
            }
        }
    };
}

pub(super) use name;
