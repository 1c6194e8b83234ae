//! What people write to tell their things apart: the name of an access token, what a robot is for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The longest name of an access token, in characters.
pub const TOKEN_NAME_MAX: usize = 64;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 200;

/// Why a text is no such label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InvalidLabel {
    /// Nothing was typed where something must be.
    #[error("enter a name")]
    Missing,
    /// Longer than allowed.
    #[error("this is too long")]
    TooLong,
    /// A line end, or another character that is not seen and changes how the others are.
    #[error("this holds a character that can't be seen")]
    Character,
}

/// The name that its owner gives to an access token: any language, one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TokenName(Box<str>);

/// What a robot is for, in one line; may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Description(Box<str>);

/// One line in which nothing hides: neither control characters, which a log or a terminal would obey, nor marks that turn
/// the direction of writing around (Unicode UAX 9), which make a text look like another.
fn line(text: &str, longest: usize) -> Result<&str, InvalidLabel> {
    let text = text.trim();
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if text.chars().any(hidden) {
        return Err(InvalidLabel::Character);
    }
    if text.chars().count() > longest { Err(InvalidLabel::TooLong) } else { Ok(text) }
}

impl TokenName {
    /// Reads a name; blanks around it are forgiven.
    ///
    /// # Errors
    /// [`InvalidLabel`], which says how to mend it.
    pub fn parse(text: &str) -> Result<Self, InvalidLabel> {
        let name = line(text, TOKEN_NAME_MAX)?;
        if name.is_empty() { Err(InvalidLabel::Missing) } else { Ok(Self(name.into())) }
    }
}

impl Description {
    /// Reads a description; blanks around it are forgiven.
    ///
    /// # Errors
    /// [`InvalidLabel`], which says how to mend it.
    pub fn parse(text: &str) -> Result<Self, InvalidLabel> {
        Ok(Self(line(text, DESCRIPTION_MAX)?.into()))
    }
}

macro_rules! label {
    ($name:ident) => {
        impl $name {
            /// The whole text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidLabel;

            fn from_str(text: &str) -> Result<Self, InvalidLabel> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidLabel;

            fn try_from(text: String) -> Result<Self, InvalidLabel> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(label: $name) -> Self {
                label.0.into()
            }
        }
    };
}

label!(TokenName);
label!(Description);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn any_language_and_no_hidden_character() {
        for (typed, kept) in [(" laptop ", "laptop"), ("持续集成", "持续集成"), ("a <b>\"'&", "a <b>\"'&")] {
            assert_eq!(TokenName::parse(typed).unwrap().as_str(), kept);
        }
        assert_eq!(TokenName::parse(" \t "), Err(InvalidLabel::Missing));
        assert_eq!(TokenName::parse(&"名".repeat(65)), Err(InvalidLabel::TooLong));
        for hidden in ["a\nb", "a\u{1b}[2Jb", "a\u{202e}b", "a\u{200b}b", "a\u{2028}b", "a\0b", "a\u{9b}b"] {
            assert_eq!(TokenName::parse(hidden), Err(InvalidLabel::Character), "{hidden:?}");
            assert_eq!(Description::parse(hidden), Err(InvalidLabel::Character), "{hidden:?}");
        }
        assert_eq!(Description::parse("").unwrap(), Description::default());
        assert_eq!(Description::parse(&"a".repeat(201)), Err(InvalidLabel::TooLong));
    }
}
