//! Rust source as the rules see it: its tokens without comments, documentation and test code.

use std::{
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A token and its line.
pub struct Token {
    pub line: usize,
    pub text: String,
}

/// A file's tokens.
pub struct Source {
    pub path: PathBuf,
    pub tokens: Vec<Token>,
}

impl Source {
    /// Reads Rust text. `path` is for messages.
    pub fn parse(path: &Path, text: &str) -> Self {
        let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        Self { path: path.to_owned(), tokens }
    }

    /// Whether the tokens stand there in this order, one directly after the other: the lines where they do.
    pub fn lines_with(&self, sequence: &[&str]) -> Vec<usize> {
        let windows = self.tokens.windows(sequence.len());
        windows
            .filter(|window| window.iter().zip(sequence).all(|(token, wanted)| token.text == *wanted))
            .map(|window| window[0].line)
            .collect()
    }

    /// The string literals, without their quotes.
    pub fn strings(&self) -> impl Iterator<Item = (usize, &str)> {
        self.tokens.iter().filter(|token| token.text.ends_with(['"', '#'])).filter_map(|token| {
            let (start, end) = (token.text.find('"')?, token.text.rfind('"')?);
            token.text.get(start + 1..end).map(|content| (token.line, content))
        })
    }
}

/// Every Rust file of a module and what lies below it, or of a folder. Files that only tests compile are left out.
pub fn sources(root: &Path, module: &str) -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root.join(module), &mut files);
    let file = root.join(format!("{module}.rs"));
    if file.is_file() {
        files.push(file);
    }
    files.sort();
    files
        .into_iter()
        .map(|path| Source::parse(path.strip_prefix(root).unwrap_or(&path), &fs::read_to_string(&path).unwrap()))
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if name == "tests" || name.ends_with("_tests") {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Appends the tokens, those of groups between their brackets. `#[cfg(test)]` takes the item behind it along, and
/// documentation is an attribute too.
fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut index = 0;
    while let Some(tree) = trees.get(index) {
        index += 1;
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                // `#[…]` or `#![…]`
                if matches!(trees.get(index), Some(TokenTree::Punct(bang)) if bang.as_char() == '!') {
                    index += 1;
                }
                let Some(TokenTree::Group(attribute)) = trees.get(index) else { continue };
                index += 1;
                if attribute.stream().to_string().replace(' ', "") == "cfg(test)" {
                    index = after_item(&trees, index);
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                tokens.push(Token { line: group.span_open().start().line, text: open.into() });
                flatten(group.stream(), tokens);
                tokens.push(Token { line: group.span_close().start().line, text: close.into() });
            }
            tree => tokens.push(Token { line: tree.span().start().line, text: tree.to_string() }),
        }
    }
}

/// Where the item ends that begins at `index`: behind its braces or its semicolon.
fn after_item(trees: &[TokenTree], index: usize) -> usize {
    let length = trees[index..].iter().position(|tree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    });
    length.map_or(trees.len(), |length| index + length + 1)
}
