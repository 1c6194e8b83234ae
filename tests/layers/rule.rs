//! A rule: where it holds, and what may not be said there.

use super::source::Source;

/// What a place may not say.
pub enum Forbidden {
    /// These tokens in a row; one name alone forbids it as a crate, a module and a type.
    Tokens(&'static [&'static str]),
    /// A module of this name, however it is imported. A method or a function of the same name (`file.metadata()`,
    /// `fs::metadata(path)`) and a variable are something else.
    Module(&'static str),
    /// A string that begins like an SQL statement.
    Sql,
}

impl Forbidden {
    /// Each place where the source says it, as `path:line: what`.
    pub fn found_in(&self, source: &Source) -> Vec<String> {
        let at = |line: usize, what: &str| format!("{}:{line}: {what}", source.path.display());
        match self {
            Self::Tokens(sequence) => {
                source.lines_with(sequence).into_iter().map(|line| at(line, &sequence.concat())).collect()
            }
            Self::Module(name) => module(source, name).into_iter().map(|line| at(line, name)).collect(),
            Self::Sql => source
                .strings()
                .filter(|(_, text)| is_sql(text))
                .map(|(line, text)| at(line, text.lines().next().unwrap_or_default()))
                .collect(),
        }
    }
}

/// `name::…` that is not itself below another crate's path, and `crate::name`, `super::name`, also inside
/// `use crate::{…}`.
fn module(source: &Source, name: &str) -> Vec<usize> {
    let text = |index: usize| source.tokens.get(index).map_or("", |token| token.text.as_str());
    let mut lines = Vec::new();
    let mut import = false;
    for (index, token) in source.tokens.iter().enumerate() {
        match token.text.as_str() {
            "use" => import = true,
            ";" => import = false,
            found if found == name => {
                let leads_a_path = text(index + 1) == ":" && text(index + 2) == ":";
                let before = index.checked_sub(1).map_or("", text);
                let root = index.checked_sub(3).map_or("", text);
                let below_ours = before == ":" && matches!(root, "crate" | "super" | "humpback");
                let below_another = before == ":" && !below_ours;
                let listed = import && matches!(before, "{" | ",");
                if below_ours || (leads_a_path && !below_another) || listed {
                    lines.push(token.line);
                }
            }
            _ => {}
        }
    }
    lines
}

fn is_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    match words.as_slice() {
        ["SELECT" | "PRAGMA" | "ROLLBACK" | "SAVEPOINT", _] => true,
        ["INSERT", second] => matches!(*second, "INTO" | "OR"),
        ["DELETE", "FROM"] | ["BEGIN", "IMMEDIATE"] | ["CREATE", "TABLE" | "INDEX"] => true,
        ["UPDATE", table] => table.chars().all(|c| c.is_ascii_lowercase() || c == '_') && text.contains(" SET "),
        ["WITH", _] => text.contains("SELECT"),
        _ => false,
    }
}
