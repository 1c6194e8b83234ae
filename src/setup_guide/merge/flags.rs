//! `--insecure-registry` in text: units, variable files, command lines.

use super::{Merged, Refusal, Refused, Wish};

/// The flag. Docker takes its value behind a blank or `=`.
const FLAG: &str = "--insecure-registry";

/// The registries that flags name outside of comments, in order, once each.
pub(super) fn registries(text: &str) -> Vec<String> {
    let mut registries: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !is_comment(line)) {
        for (_, _, name) in flags_in(line) {
            if !registries.iter().any(|other| other == name) {
                registries.push(name.to_owned());
            }
        }
    }
    registries
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with(['#', ';'])
}

/// Each flag in a line: where it begins, where its value ends, and the value.
fn flags_in(line: &str) -> Vec<(usize, usize, &str)> {
    let mut flags = Vec::new();
    for (at, _) in line.match_indices(FLAG) {
        let rest = &line[at + FLAG.len()..];
        let value = rest.trim_start_matches([' ', '\t', '=']);
        // `--insecure-registry-mirror` is another word, and a comment's bare `--insecure-registry` names nothing.
        if value.len() == rest.len() {
            continue;
        }
        let value = value.trim_start_matches(['\'', '"']);
        let end = value.find([' ', '\t', '\'', '"', '\\', '`', '$']).unwrap_or(value.len());
        if end > 0 {
            let start = line.len() - value.len();
            flags.push((at, start + end, &value[..end]));
        }
    }
    flags
}

/// `text` without the flags of `names`.
pub(super) fn without(text: &str, names: &[String]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        if is_comment(line) || !line.contains(FLAG) {
            lines.push(line.to_owned());
            continue;
        }
        let end = &line[line.trim_end_matches(['\r', '\n']).len()..];
        let mut rest = line.trim_end_matches(['\r', '\n']).to_owned();
        while let Some((from, to)) = {
            let found = flags_in(&rest).into_iter().find(|(_, _, name)| names.iter().any(|other| other == name));
            found.map(|(from, to, _)| (from, to))
        } {
            let before = rest[..from].trim_end_matches([' ', '\t']);
            // One blank between what stays, none at the beginning of a value.
            let blank = if before.is_empty() || before.ends_with(['\'', '"', '=']) { &rest[..0] } else { " " };
            let after = rest[to..].trim_start_matches([' ', '\t']);
            let opened = rest[from..to].ends_with(['\'', '"']);
            let blank = if after.is_empty() || after.starts_with(['\'', '"']) || opened { "" } else { blank };
            let indent = if before.is_empty() { &rest[..from] } else { "" };
            rest = format!("{indent}{before}{blank}{after}");
        }
        match rest.trim() {
            // A continued line of its own: the whole line goes.
            "\\" => {}
            "" => {
                // It was the last of a continued command, whose line before it is the last now.
                if let Some(previous) = lines.last_mut()
                    && let Some(command) = previous.trim_end().strip_suffix('\\')
                {
                    *previous = format!("{}{end}", command.trim_end());
                }
            }
            _ => lines.push(format!("{rest}{end}")),
        }
    }
    lines.concat()
}

/// Whether the file names the registry already.
fn has(text: &str, wish: &Wish<'_>) -> bool {
    registries(text).iter().any(|name| name == wish.site.prefix())
}

/// For HTTPS the flag goes; for HTTP `None` says that it has to come, unless it is there.
fn settled(text: &str, wish: &Wish<'_>) -> Option<Merged> {
    let name = wish.site.prefix().to_owned();
    match (wish.site.is_plain(), has(text, wish)) {
        (true, false) => None,
        (true, true) => Some(Merged::new(text, text.to_owned(), Vec::new())),
        (false, _) => Some(Merged::new(text, without(text, &[name]), Vec::new())),
    }
}

fn flag(wish: &Wish<'_>) -> String {
    format!("{FLAG} {}", wish.site.prefix())
}

/// The text with a line behind it, whether or not its last line was ended.
fn with_line(text: &str, line: &str) -> String {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{end}{line}\n")
}

/// A file that systemd reads: the variable's own line is edited, for nothing expands there.
pub(super) fn environment(text: &str, wish: &Wish<'_>) -> Result<Merged, Refused> {
    if let Some(merged) = settled(text, wish) {
        return Ok(merged);
    }
    let assignment = format!("{}=", wish.variable);
    let mut at = 0;
    let mut found = None;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line[blanks..].starts_with(&assignment) {
            // Of several assignments the last one counts.
            found = Some((number + 1, at + blanks + assignment.len(), at + line.trim_end().len()));
        }
        at += line.len();
    }
    let Some((line, start, end)) = found else {
        let line = format!("{assignment}'{}'", flag(wish));
        return Ok(Merged::new(text, with_line(text, &line), Vec::new()));
    };
    let value = &text[start..end];
    let inner = match value.chars().next() {
        Some(quote @ ('\'' | '"')) => value[1..].strip_suffix(quote).filter(|inner| !inner.contains(['\'', '"', '\\'])),
        _ => Some(value).filter(|value| !value.contains(['\'', '"', '\\', ' ', '\t', '#'])),
    };
    let inner = inner.ok_or_else(|| Refused::at_line(Refusal::Quotes, line))?;
    let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"')).unwrap_or('\'');
    let blank = if inner.is_empty() || inner.ends_with(' ') { "" } else { " " };
    let merged = format!("{}{quote}{inner}{blank}{}{quote}{}", &text[..start], flag(wish), &text[end..]);
    Ok(Merged::new(text, merged, Vec::new()))
}

/// A file that a shell reads: a line behind the others extends the variable.
pub(super) fn sourced(text: &str, wish: &Wish<'_>) -> Result<Merged, Refused> {
    if let Some(merged) = settled(text, wish) {
        return Ok(merged);
    }
    let line = format!("{v}=\"${v} {}\"", flag(wish), v = wish.variable);
    Ok(Merged::new(text, with_line(text, &line), Vec::new()))
}

/// A unit: the flag stands behind the last command that starts the daemon.
pub(super) fn unit(text: &str, wish: &Wish<'_>) -> Result<Merged, Refused> {
    if let Some(merged) = settled(text, wish) {
        return Ok(merged);
    }
    let mut at = 0;
    let (mut end, mut continued) = (None, false);
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let starts = content.trim_start().strip_prefix("ExecStart=").is_some_and(|command| !command.is_empty());
        if starts || continued {
            continued = content.ends_with('\\');
            end = if continued { end } else { Some(at + content.len()) };
        }
        at += line.len();
    }
    let end = end.ok_or_else(|| Refused::new(Refusal::NoCommand))?;
    let merged = format!("{} {}{}", &text[..end], flag(wish), &text[end..]);
    Ok(Merged::new(text, merged, Vec::new()))
}
