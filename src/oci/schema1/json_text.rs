//! JSON as Go's `encoding/json` writes it. A converted manifest has the digest that Distribution gives it only if every
//! byte is the same, down to the escapes.

use std::fmt::Write as _;

/// A text as a JSON string, with what HTML would take for its own escaped.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for sign in text.chars() {
        match sign {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            sign if sign < ' ' => escape(&mut quoted, sign),
            sign => push(&mut quoted, sign),
        }
    }
    quoted.push('"');
    quoted
}

/// The keys of an object with their values' texts, without the spaces between tokens. `None` if the text is not an
/// object in JSON.
pub(super) fn members(text: &str) -> Option<Vec<(String, String)>> {
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let inside = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut members = Vec::new();
    // It is valid: what is outside of strings and brackets separates.
    let mut rest = inside.trim_start();
    while !rest.is_empty() {
        let (key, after) = split(rest, ':');
        let (value, after) = split(after, ',');
        members.push((serde_json::from_str(key.trim()).ok()?, compact(value)));
        rest = after.trim_start();
    }
    Some(members)
}

/// Parts valid JSON at the first `separator` that stands outside of strings and brackets.
fn split(text: &str, separator: char) -> (&str, &str) {
    let mut scan = Scan::default();
    for (at, sign) in text.char_indices() {
        if scan.depth == 0 && !scan.in_string && sign == separator {
            return (&text[..at], &text[at + separator.len_utf8()..]);
        }
        scan.step(sign);
    }
    (text, "")
}

/// Valid JSON without the spaces between its tokens, its strings escaped as [`quote`] does.
fn compact(text: &str) -> String {
    let mut compacted = String::with_capacity(text.len());
    let mut scan = Scan::default();
    for sign in text.chars() {
        if scan.in_string || !sign.is_ascii_whitespace() {
            push(&mut compacted, sign);
        }
        scan.step(sign);
    }
    compacted
}

fn push(text: &mut String, sign: char) {
    match sign {
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => escape(text, sign),
        sign => text.push(sign),
    }
}

fn escape(text: &mut String, sign: char) {
    // Writing to a String can't fail.
    let _ = write!(text, "\\u{:04x}", u32::from(sign));
}

/// Where one is in valid JSON.
#[derive(Default)]
struct Scan {
    in_string: bool,
    escaped: bool,
    depth: usize,
}

impl Scan {
    fn step(&mut self, sign: char) {
        if self.in_string {
            match sign {
                _ if self.escaped => self.escaped = false,
                '\\' => self.escaped = true,
                '"' => self.in_string = false,
                _ => {}
            }
        } else {
            match sign {
                '"' => self.in_string = true,
                '{' | '[' => self.depth += 1,
                '}' | ']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_go_does() {
        assert_eq!(
            quote("a\"\\\n\r\t\u{8}é<&>\u{2028}\u{7f}"),
            "\"a\\\"\\\\\\n\\r\\t\\u0008é\\u003c\\u0026\\u003e\\u2028\u{7f}\""
        );
    }

    #[test]
    fn members_keep_their_values_texts() {
        let text = " { \"b\" : { \"x\": [1, 2.50 , \"a, b: {\\\"\"] }, \"a\":\"<\" ,\"c\" : null,\"\\u0064\":1e400 } ";
        let members = members(text).expect("an object");
        let expected = [("b", r#"{"x":[1,2.50,"a, b: {\""]}"#), ("a", r#""\u003c""#), ("c", "null"), ("d", "1e400")];
        assert_eq!(members, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(super::members("{}"), Some(Vec::new()));
        for bad in ["", "[]", "null", "{", "{\"a\":1}}", "{\"a\":1,}"] {
            assert_eq!(super::members(bad), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in ".{0,100}") {
            let _ = members(&text);
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&quote(&text)).expect("a string"), text);
        }

        #[test]
        fn objects_come_apart(keys in proptest::collection::vec("\\PC{0,5}", 0..5), value in "\\PC{0,9}") {
            let object: serde_json::Map<_, _> =
                keys.iter().map(|key| (key.clone(), serde_json::json!([value, { "k": value }]))).collect();
            let text = serde_json::to_string_pretty(&object).expect("JSON");
            let members = members(&text).expect("an object");
            proptest::prop_assert_eq!(members.len(), object.len());
            for (key, value) in members {
                proptest::prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&value).expect("JSON"), &object[&key]);
            }
        }
    }
}
