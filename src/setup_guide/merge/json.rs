//! daemon.json: registries join or leave the list `insecure-registries`; all else stays, blanks and all.
//!
//! The text is changed by hand and not written anew, so that nobody's layout is lost. What came out is parsed again and
//! has to be what was meant.

use std::ops::Range;

use serde_json::Value;

use super::{Merged, Refusal, Refused, Remark};

/// The key. Its singular is a flag's name, which Docker ignores here without a word.
const KEY: &str = "insecure-registries";
const SINGULAR: &str = "insecure-registry";

/// Adds `add`, in order and once each, and takes out `remove`.
pub(super) fn merge(text: &str, add: &[String], remove: &[String]) -> Result<Merged, Refused> {
    let mut remarks = Vec::new();
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    if bare.len() < text.len() {
        remarks.push(Remark::ByteOrderMark);
    }
    let start = if bare.trim().is_empty() { "{}\n" } else { bare };
    let value: Value = serde_json::from_str(start).map_err(|error| syntax(&error))?;
    let Value::Object(object) = &value else { return Err(Refused::new(Refusal::NotAnObject)) };
    if object.contains_key(SINGULAR) {
        remarks.push(Remark::SingularKey);
    }
    let listed = match object.get(KEY) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => {
            let list: Option<Vec<_>> = list.iter().map(|entry| entry.as_str().map(str::to_owned)).collect();
            list.ok_or_else(|| not_a_list(start))?
        }
        Some(_) => return Err(not_a_list(start)),
    };
    let mut merged = start.to_owned();
    for entry in remove.iter().filter(|entry| listed.contains(entry)) {
        merged = without(&merged, entry)?;
    }
    for entry in add.iter().filter(|entry| !listed.contains(entry)) {
        merged = with(&merged, entry)?;
    }
    let mut expected: Vec<Value> =
        listed.into_iter().filter(|entry| !remove.contains(entry)).map(Value::from).collect();
    expected.extend(
        add.iter()
            .filter(|entry| !object.get(KEY).is_some_and(|list| holds(list, entry)))
            .map(|entry| Value::from(entry.as_str())),
    );
    check(&merged, &value, expected)?;
    // Nothing to do is nothing done.
    let merged = if merged == start { bare.to_owned() } else { merged };
    Ok(Merged::new(text, merged, remarks))
}

fn holds(list: &Value, entry: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|other| other == entry))
}

/// What came out has to be what went in, but for the list.
fn check(merged: &str, before: &Value, list: Vec<Value>) -> Result<(), Refused> {
    let mut expected = before.clone();
    let untouched = list.is_empty() && before.get(KEY).is_none_or(Value::is_null);
    if let (Value::Object(object), false) = (&mut expected, untouched) {
        object.insert(KEY.to_owned(), Value::Array(list));
    }
    match serde_json::from_str::<Value>(merged) {
        Ok(found) if found == expected => Ok(()),
        _ => Err(Refused::new(Refusal::TwiceTheKey)),
    }
}

fn syntax(error: &serde_json::Error) -> Refused {
    let detail = error.to_string();
    let detail = detail.split(" at line ").next().unwrap_or_default().to_owned();
    Refused {
        line: Some(error.line()),
        column: Some(error.column().max(1)),
        ..Refused::new(Refusal::Syntax).saying(detail)
    }
}

fn not_a_list(text: &str) -> Refused {
    match members(text).iter().find(|member| member.key == KEY) {
        Some(member) => Refused::at(Refusal::NotAList, text, member.value.start),
        None => Refused::new(Refusal::NotAList),
    }
}

/// `text` with `entry` behind the others.
fn with(text: &str, entry: &str) -> Result<String, Refused> {
    let members = members(text);
    let mut found = members.iter().filter(|member| member.key == KEY);
    let entry = format!("\"{entry}\"");
    let (at, insert) = match (found.next(), found.next()) {
        (Some(second), Some(_)) => return Err(Refused::at(Refusal::TwiceTheKey, text, second.key_at)),
        (Some(member), None) if text[member.value.clone()] == *"null" => {
            let value = member.value.clone();
            return Ok(format!("{}[{entry}]{}", &text[..value.start], &text[value.end..]));
        }
        (Some(member), None) => {
            let elements = elements(text, member.value.start);
            match elements.last() {
                Some(last) => (last.end, format!(",{}{entry}", separator(text, last.start))),
                None => (member.value.start + 1, entry),
            }
        }
        (None, _) => match members.last() {
            Some(last) => (last.value.end, format!(",{}\"{KEY}\": [{entry}]", separator(text, last.key_at))),
            None => {
                // An object without a member: whatever blanks it holds make room.
                let (open, close) = (text.find('{').unwrap_or(0), text.rfind('}').unwrap_or(text.len()));
                return Ok(format!("{}\n  \"{KEY}\": [{entry}]\n{}", &text[..=open], &text[close..]));
            }
        },
    };
    Ok(format!("{}{insert}{}", &text[..at], &text[at..]))
}

/// `text` without `entry`, however often it stands in the list.
fn without(text: &str, entry: &str) -> Result<String, Refused> {
    let members = members(text);
    let Some(member) = members.iter().find(|member| member.key == KEY) else { return Ok(text.to_owned()) };
    let elements = elements(text, member.value.start);
    let is_entry =
        |range: &Range<usize>| serde_json::from_str::<String>(&text[range.clone()]).is_ok_and(|it| it == entry);
    let Some(at) = elements.iter().position(is_entry) else { return Ok(text.to_owned()) };
    let cut = match (elements.get(at + 1), at.checked_sub(1)) {
        (Some(next), _) => elements[at].start..next.start,
        (None, Some(previous)) => elements[previous].end..elements[at].end,
        (None, None) => elements[at].clone(),
    };
    without(&format!("{}{}", &text[..cut.start], &text[cut.end..]), entry)
}

/// The blanks between a comma and what follows it, as before the thing at `at`: a new line with the same indentation
/// where that begins a line, else one blank.
fn separator(text: &str, at: usize) -> String {
    let before = &text[..at];
    let blanks = &before[before.trim_end_matches([' ', '\t']).len()..];
    if before.ends_with(&format!("\n{blanks}")) { format!("\n{blanks}") } else { " ".to_owned() }
}

/// A member of the outermost object.
struct Member {
    key: String,
    key_at: usize,
    value: Range<usize>,
}

/// The members of the outermost object. `text` is JSON.
fn members(text: &str) -> Vec<Member> {
    let mut members = Vec::new();
    let Some(open) = text.find('{') else { return members };
    let mut at = skip_blanks(text, open + 1);
    while text[at..].starts_with('"') {
        let end = value_end(text, at);
        let key = serde_json::from_str(&text[at..end]).unwrap_or_default();
        // Behind the colon.
        let start = skip_blanks(text, skip_blanks(text, end) + 1);
        let value = start..value_end(text, start);
        let after = skip_blanks(text, value.end);
        members.push(Member { key, key_at: at, value });
        if !text[after..].starts_with(',') {
            break;
        }
        at = skip_blanks(text, after + 1);
    }
    members
}

/// The elements of the list that begins at `open`. `text` is JSON.
fn elements(text: &str, open: usize) -> Vec<Range<usize>> {
    let mut elements = Vec::new();
    let mut at = skip_blanks(text, open + 1);
    while at < text.len() && !text[at..].starts_with(']') {
        let element = at..value_end(text, at);
        let after = skip_blanks(text, element.end);
        elements.push(element);
        if !text[after..].starts_with(',') {
            break;
        }
        at = skip_blanks(text, after + 1);
    }
    elements
}

fn skip_blanks(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches([' ', '\t', '\n', '\r']).len()
}

/// Where the value that begins at `at` ends. `text` is JSON.
fn value_end(text: &str, at: usize) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (offset, c) in text[at..].char_indices() {
        let here = at + offset;
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    in_string = false;
                    if depth == 0 {
                        return here + 1;
                    }
                }
                _ => {}
            }
            continue;
        }
        match c {
            '"' => in_string = true,
            '{' | '[' => depth += 1,
            // The end of what the value stands in.
            '}' | ']' | ',' if depth == 0 => return at + text[at..here].trim_end().len(),
            '}' | ']' => {
                depth -= 1;
                if depth == 0 {
                    return here + 1;
                }
            }
            _ => {}
        }
    }
    at + text[at..].trim_end().len()
}
