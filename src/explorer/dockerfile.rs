//! A build's history as the instructions of a Dockerfile, whichever builder wrote it down.
//!
//! Docker's first builder writes `/bin/sh -c #(nop)  CMD ["sh"]`, BuildKit `RUN /bin/sh -c make # buildkit`, Buildah the
//! first and Kaniko the instruction itself; others a text of their own, which becomes a comment. It is for reading:
//! what a build read from its context is not in an image.

use super::HistoryEntry;

mod health;
mod words;

use health::healthcheck;
pub(super) use health::written as written_healthcheck;
use words::{go_list, json_list, spread};

/// Every instruction that a Dockerfile has (docs.docker.com, "Dockerfile reference").
const INSTRUCTIONS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// What a step runs commands with, unless `SHELL` says another.
const SHELLS: [&str; 4] = ["/bin/sh -c ", "cmd /S /C ", "powershell -Command ", "/bin/bash -o pipefail -c "];

/// The history as instructions, one for each step, the first step first.
pub fn instructions(history: &[HistoryEntry]) -> Vec<String> {
    let mut shell = None;
    history
        .iter()
        .map(|entry| {
            let text = instruction(&entry.created_by, shell.as_deref());
            if let Some(list) = text.strip_prefix("SHELL ") {
                shell = go_list(list).map(|words| format!("{} ", words.join(" ")));
            }
            text
        })
        .collect()
}

/// One step; `shell` is what an earlier step has set.
fn instruction(created_by: &str, shell: Option<&str>) -> String {
    let text = created_by.trim();
    let text = text.strip_suffix("# buildkit").unwrap_or(text).trim();
    let without_shell = |text: &str| -> Option<String> {
        let text = without_arguments(text);
        let shells = shell.into_iter().chain(SHELLS);
        shells.into_iter().find_map(|shell| text.strip_prefix(shell)).map(|rest| rest.trim().to_owned())
    };
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if INSTRUCTIONS.contains(&word) {
        let rest = rest.trim();
        return if word == "RUN" {
            format!("RUN {}", spread(&without_shell(rest).unwrap_or_else(|| rest.to_owned())))
        } else {
            readable(word, rest)
        };
    }
    match without_shell(text) {
        Some(command) => match command.strip_prefix("#(nop)") {
            Some(nop) => instruction(nop, shell),
            None => format!("RUN {}", spread(&command)),
        },
        None => comment(text),
    }
}

/// What is no instruction of a Dockerfile, as a comment.
fn comment(text: &str) -> String {
    let line = |line: &str| if line.starts_with('#') { line.to_owned() } else { format!("# {line}") };
    text.lines().map(line).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// Drops the build arguments that stand before a command: `|2 A=b C=d /bin/sh -c make`. They stand in instructions of
/// their own too. Their values may hold blanks, so that only the command's shell says where they end.
fn without_arguments(text: &str) -> &str {
    let Some(after) = text.strip_prefix('|') else { return text };
    if !after.starts_with(|sign: char| sign.is_ascii_digit()) {
        return text;
    }
    SHELLS.iter().filter_map(|shell| text.find(shell)).min().map_or(text, |at| &text[at..])
}

fn readable(word: &str, rest: &str) -> String {
    let changed = match word {
        // `file:4f5e… in /` says where from: bytes of the context, which has no name here.
        "ADD" | "COPY" if ["file:", "dir:", "multi:"].iter().any(|kind| rest.starts_with(kind)) => {
            rest.split_once(" in ").map(|(from, to)| format!("{from} {}", to.trim()))
        }
        "CMD" | "ENTRYPOINT" | "SHELL" => go_list(rest).map(|words| json_list(&words)),
        "VOLUME" => go_list(rest).map(|words| words.join(" ")),
        "EXPOSE" => ports(rest),
        "HEALTHCHECK" => healthcheck(rest),
        _ => None,
    };
    let rest = changed.unwrap_or_else(|| rest.to_owned());
    if rest.is_empty() { word.to_owned() } else { format!("{word} {rest}") }
}

/// `map[80/tcp:{} 443/tcp:{}]`, as Go writes a set.
fn ports(text: &str) -> Option<String> {
    let inner = text.strip_prefix("map[")?.strip_suffix(']')?;
    let ports: Vec<_> = inner.split_whitespace().map(|port| port.strip_suffix(":{}").unwrap_or(port)).collect();
    Some(ports.join(" "))
}

#[cfg(test)]
mod tests;
