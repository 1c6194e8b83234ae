//! What stands in a token (RFC 7519; Distribution's `access` claim).

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, de::DeserializeOwned};
use time::OffsetDateTime;

use super::InvalidToken;

/// The three parts of a token, as they came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'a> {
    /// What is signed: header, dot, claims.
    pub signed: &'a str,
    /// The signature, in base 64.
    pub signature: &'a str,
    header: &'a str,
    claims: &'a str,
}

impl<'a> Parts<'a> {
    pub(super) fn split(token: &'a str) -> Result<Self, InvalidToken> {
        let (signed, signature) = token.rsplit_once('.').ok_or(InvalidToken::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(InvalidToken::Malformed)?;
        if claims.contains('.') || signature.is_empty() {
            return Err(InvalidToken::Malformed);
        }
        Ok(Self { signed, signature, header, claims })
    }

    pub(super) fn header(&self) -> Result<Header, InvalidToken> {
        decode(self.header)
    }

    /// What it says, as far as `T` wants to know.
    pub(super) fn claims<T: DeserializeOwned>(&self) -> Result<T, InvalidToken> {
        decode(self.claims)
    }
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, InvalidToken> {
    let json = BASE64_URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).map_err(|_| InvalidToken::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| InvalidToken::Malformed)
}

/// How the token is signed.
#[derive(Debug, Deserialize)]
pub(super) struct Header {
    /// For example `ES256`.
    #[serde(rename = "alg")]
    pub algorithm: String,
    /// The key's name.
    #[serde(rename = "kid")]
    pub key_id: Option<String>,
    /// The certificate of the key, and those that lead to a root, in base 64 of DER.
    #[serde(default, rename = "x5c")]
    pub certificates: Vec<String>,
    /// The key itself.
    #[serde(rename = "jwk")]
    pub key: Option<HeaderKey>,
}

/// A key that a token brings along. Its numbers are not read: only a key that is known here is used.
#[derive(Debug, Deserialize)]
pub(super) struct HeaderKey {
    #[serde(rename = "kid")]
    pub key_id: Option<String>,
    #[serde(default, rename = "x5c")]
    pub certificates: Vec<String>,
}

/// What the token says.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    #[serde(default, rename = "iss")]
    pub issuer: String,
    #[serde(default, rename = "sub")]
    pub subject: String,
    #[serde(default, rename = "aud")]
    pub audience: Audience,
    #[serde(default, rename = "exp")]
    expires: Moment,
    #[serde(default, rename = "nbf")]
    not_before: Moment,
    #[serde(default)]
    access: Option<Vec<Entry>>,
}

/// Seconds since 1970; some servers write them with a fraction. Missing is 0, as in Distribution: long ago.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct Moment(f64);

impl Moment {
    fn at(self) -> OffsetDateTime {
        // Truncating and saturating, both as meant: what lies outside is the first or last moment there is.
        #[expect(clippy::cast_possible_truncation)]
        let seconds = self.0.clamp(-62_135_596_800.0, 253_402_300_799.0) as i64;
        OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl Claims {
    /// The last moment.
    pub(super) fn expires(&self) -> OffsetDateTime {
        self.expires.at()
    }

    /// The first moment.
    pub(super) fn not_before(&self) -> OffsetDateTime {
        self.not_before.at()
    }
}

/// For whom the token is meant (RFC 7519, section 4.1.3).
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Default for Audience {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Audience {
    /// The one that is named, if it is one.
    pub(super) fn only(&self) -> Option<&str> {
        match self {
            Self::One(name) => Some(name),
            Self::Many(_) => None,
        }
    }

    pub(super) fn names(&self, service: &str) -> bool {
        match self {
            Self::One(name) => name == service,
            Self::Many(names) => names.iter().any(|name| name == service),
        }
    }
}

/// An element of the claim `access`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Entry {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(default)]
    actions: Vec<String>,
}

/// What the bearer of a token may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who it is, as the token server says; may be empty.
    pub subject: String,
    entries: Vec<Entry>,
}

impl From<Claims> for Grant {
    fn from(claims: Claims) -> Self {
        Self { subject: claims.subject, entries: claims.access.unwrap_or_default() }
    }
}

impl Grant {
    /// Whether `action` may be done to the thing of that kind and name. The action `*` stands for all.
    pub fn allows(&self, kind: &str, name: &str, action: &str) -> bool {
        self.entries
            .iter()
            .filter(|entry| entry.kind == kind && entry.name == name)
            .any(|entry| entry.actions.iter().any(|granted| granted == "*" || granted == action))
    }
}
