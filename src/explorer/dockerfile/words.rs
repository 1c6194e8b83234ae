//! Lists of words as Go and JSON write them, and long commands on several lines.

/// The words of a list: JSON (`["a", "b"]`), Go's quoted (`["a" "b c"]`) or Go's plain (`[a b]`).
pub(super) fn go_list(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    if !inner.contains('"') {
        return Some(inner.split_whitespace().map(str::to_owned).collect());
    }
    let (words, rest) = quoted_words(inner)?;
    rest.trim().is_empty().then_some(words)
}

/// Quoted words from the beginning of `text`, with blanks or commas between them, and what comes after them.
pub(super) fn quoted_words(text: &str) -> Option<(Vec<String>, &str)> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        let next = rest.trim_start_matches([' ', ',']);
        let Some(from) = next.strip_prefix('"') else { return Some((words, rest)) };
        let end = end_of_quote(from)?;
        // Go escapes as JSON does, but for what no command holds (`\x07`): that is left as it stands.
        let word = &from[..end];
        words.push(serde_json::from_str(&format!("\"{word}\"")).unwrap_or_else(|_| word.to_owned()));
        rest = &from[end + 1..];
    }
}

fn end_of_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, sign) in text.char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// `["a", "b"]`.
pub(super) fn json_list(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| serde_json::Value::from(word.as_str()).to_string()).collect();
    format!("[{}]", words.join(", "))
}

/// A command on the lines that it was once written on: builders join them and leave the indents. Between quotes, and
/// where lines were kept, nothing is changed.
pub(super) fn spread(command: &str) -> String {
    if command.contains('\n') {
        return command.to_owned();
    }
    let mut lines = String::with_capacity(command.len());
    let (mut quote, mut escaped) = (None, false);
    let mut rest = command;
    while let Some(sign) = rest.chars().next() {
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if quote.is_none() && !escaped && (blanks >= 4 || rest[..blanks].contains('\t')) {
            lines.push_str(if lines.ends_with([' ', '\\']) { "" } else { " " });
            lines.push_str("\\\n    ");
            rest = &rest[blanks..];
            continue;
        }
        match sign {
            _ if escaped => escaped = false,
            '\\' if quote != Some('\'') => escaped = true,
            '\'' | '"' if quote == Some(sign) => quote = None,
            '\'' | '"' if quote.is_none() => quote = Some(sign),
            _ => {}
        }
        lines.push(sign);
        rest = &rest[sign.len_utf8()..];
    }
    lines
}
