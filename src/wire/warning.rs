//! `Warning`: what a client shows to its user beside the answer (distribution-spec, "Warnings"; RFC 7234, 5.5).

/// How many bytes all warnings of an answer may have together; the specification's limit.
pub const WARNINGS_MAX: usize = 4096;

/// What stands before the quoted text: the only code and agent that the specification allows.
const BEGIN: &str = "299 - \"";

/// The header's value that says `text`, cut to `room` bytes; `None` if not even a word would fit.
///
/// The text is ours and English: what is not printable ASCII becomes a question mark, so that no part of it, such as
/// a name that a client has sent, can end the header.
pub fn value(text: &str, room: usize) -> Option<String> {
    let room = room.min(WARNINGS_MAX).checked_sub(BEGIN.len() + 1)?;
    let mut quoted = String::from(BEGIN);
    for character in text.chars() {
        let escaped = match character {
            '"' => "\\\"",
            '\\' => "\\\\",
            ' '..='~' => "",
            _ => "?",
        };
        let mut buffer = [0; 4];
        let written = if escaped.is_empty() { character.encode_utf8(&mut buffer) } else { escaped };
        if quoted.len() + written.len() > BEGIN.len() + room {
            break;
        }
        quoted.push_str(written);
    }
    let fits = quoted.len() > BEGIN.len();
    quoted.push('"');
    fits.then_some(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_and_stays_one_line() {
        assert_eq!(value("Old.", WARNINGS_MAX).as_deref(), Some(r#"299 - "Old.""#));
        assert_eq!(value("a \"b\" \\ c\r\nd ü", WARNINGS_MAX).as_deref(), Some(r#"299 - "a \"b\" \\ c??d ?""#));
        assert_eq!(value("", WARNINGS_MAX), None);
        assert_eq!(value("text", 8), None);
        assert_eq!(value("text", 9).as_deref(), Some(r#"299 - "t""#));
        assert_eq!(value("\"\"", 9), None, "half of an escape is never written");
    }

    proptest::proptest! {
        #[test]
        fn it_fits_and_can_be_a_header(text in ".{0,200}", room in 0usize..200) {
            if let Some(value) = value(&text, room) {
                proptest::prop_assert!(value.len() <= room);
                proptest::prop_assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            }
        }
    }
}
