//! Puts a signature into a payload, in the form that libtrust gives it: what an old client verifies byte for byte.

use serde::Serialize as _;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{key::encode, signed::message};

/// The longest indent that is taken up. Each level of the signature repeats it, and it is the pusher's choice.
const INDENT_MAX: usize = 8;

/// A payload that is about to be signed.
#[derive(Clone, Copy, Debug)]
pub struct Unsigned<'a> {
    payload: &'a [u8],
    /// Where the signatures go: behind the last value.
    length: usize,
    /// How the payload is indented; empty if it stands on one line.
    indent: &'a str,
}

impl<'a> Unsigned<'a> {
    /// Looks where a signature goes; `None` if the payload is not a JSON object with something in it.
    pub fn new(payload: &'a [u8]) -> Option<Self> {
        let inside = payload.trim_ascii_end().strip_suffix(b"}")?.trim_ascii_end();
        let empty = matches!(inside.last()?, b'{' | b',');
        (!empty).then(|| Self { payload, length: inside.len(), indent: indent(payload) })
    }

    /// Where the signatures go, in bytes from the beginning.
    pub const fn length(&self) -> usize {
        self.length
    }

    /// What the signatures push aside: the end of the object.
    pub fn tail(&self) -> &'a [u8] {
        self.payload.get(self.length..).unwrap_or_default()
    }

    /// The protected header of a signature that is made `at` this time.
    pub fn protected(&self, at: OffsetDateTime) -> String {
        let at = at.to_offset(time::UtcOffset::UTC).replace_nanosecond(0).unwrap_or(at);
        let header = json!({
            "formatLength": self.length,
            "formatTail": encode(self.tail()),
            "time": at.format(&Rfc3339).unwrap_or_default(),
        });
        encode(header.to_string())
    }

    /// What is to be signed under this protected header.
    pub fn message(&self, protected: &str) -> Vec<u8> {
        message(protected, &encode(self.payload)).into_bytes()
    }

    /// The signed document. `jwk` is the key as JSON, `algorithm` its name.
    pub fn finish(&self, protected: &str, jwk: &Value, algorithm: &str, signature: &[u8]) -> Vec<u8> {
        let signatures = json!([{
            "header": { "jwk": jwk, "alg": algorithm },
            "signature": encode(signature),
            "protected": protected,
        }]);
        let mut document = self.payload.get(..self.length).unwrap_or_default().to_vec();
        document.push(b',');
        if self.indent.is_empty() {
            document.extend(b"\"signatures\":");
            document.extend(signatures.to_string().as_bytes());
        } else {
            let shifted = format!("\n{}", self.indent);
            document.extend(shifted.as_bytes());
            document.extend(b"\"signatures\": ");
            document.extend(pretty(&signatures, self.indent).replace('\n', &shifted).as_bytes());
            document.push(b'\n');
        }
        document.push(b'}');
        document
    }
}

/// The spaces before the first key, if it stands on a line of its own (libtrust, `detectJSONIndent`).
fn indent(payload: &[u8]) -> &str {
    let Some(rest) = payload.strip_prefix(b"{\n") else { return "" };
    let spaces = rest.iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    if spaces > INDENT_MAX || rest.get(spaces) != Some(&b'"') {
        return "";
    }
    rest.get(..spaces).and_then(|indent| std::str::from_utf8(indent).ok()).unwrap_or_default()
}

fn pretty(value: &Value, indent: &str) -> String {
    let mut text = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
    // Writing JSON into memory can't fail.
    let _ = value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, formatter));
    String::from_utf8(text).unwrap_or_default()
}
