//! Merging: a file as it stands on a machine comes back with only the needed change. Order, comments and the way it
//! is written stay; what changed is told line by line; what cannot be changed safely is refused with the place.
//!
//! For HTTP the registry is added. For HTTPS it is taken out where it was added once: a registry that is listed as
//! insecure is not verified any more, whatever certificate it has.

use super::{recipe::Site, words::words};

mod buildkitd;
mod containerd;
mod difference;
mod flags;
mod json;
mod registries_conf;
mod toml;
mod tree;
mod yaml;

#[cfg(test)]
mod tests;

pub use difference::{Change, Line};

/// The most that is looked at: configuration files are far smaller, and a browser's field takes anything.
pub const LIMIT: usize = 64 * 1024;

/// A file that a target has, and in which the registry is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    /// Its path, for people. Empty where it may be any of several, which the format's text then names.
    pub path: String,
    /// How it is written, and so what is changed in it.
    pub format: Format,
    /// The variable, for formats that have one.
    pub(super) variable: &'static str,
    /// A folder or file that the text names: of registries, or an authority's.
    pub(super) names: String,
}

impl Existing {
    pub(super) fn new(path: impl Into<String>, format: Format) -> Self {
        Self { path: path.into(), format, variable: "", names: String::new() }
    }

    pub(super) fn naming(self, names: impl Into<String>) -> Self {
        Self { names: names.into(), ..self }
    }

    pub(super) fn with_variable(self, variable: &'static str) -> Self {
        Self { variable, ..self }
    }
}

words! {
    /// How a file is written and what the registry is in it.
    Format in "format" {
        /// Docker's configuration: a list in a JSON object.
        DaemonJson: "daemon_json",
        /// Any file that may give Docker flags: a unit, /etc/sysconfig/docker, /etc/default/docker. Flags leave it.
        Flags: "flags",
        /// A variable that systemd reads: the flag stands in its value.
        Environment: "environment",
        /// A variable that a shell reads: a line that extends it.
        Sourced: "sourced",
        /// A systemd unit that starts Docker: the flag stands in its command.
        Unit: "unit",
        /// registries.conf or a drop-in, of either version.
        RegistriesConf: "registries_conf",
        /// One registry's hosts.toml.
        HostsToml: "hosts_toml",
        /// containerd's config.toml: names the folder of registries.
        ContainerdConfig: "containerd_config",
        /// registries.yaml of k3s and RKE2.
        RegistriesYaml: "registries_yaml",
        /// buildkitd.toml.
        BuildkitdToml: "buildkitd_toml",
    }
}

/// What a merge needs to know beside the text.
#[derive(Clone, Debug)]
pub(super) struct Wish<'a> {
    pub(super) site: &'a Site,
    /// The variable, for formats that have one.
    pub(super) variable: &'static str,
    /// A folder or file that the text names.
    pub(super) path: &'a str,
}

/// The file as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its whole text.
    pub text: String,
    /// What changed, line by line.
    pub lines: Vec<Line>,
    /// What else is to be known.
    pub remarks: Vec<Remark>,
}

impl Merged {
    fn new(before: &str, text: String, remarks: Vec<Remark>) -> Self {
        Self { lines: difference::difference(before, &text), text, remarks }
    }

    /// Whether nothing had to be changed.
    pub fn is_unchanged(&self) -> bool {
        self.lines.iter().all(|line| line.change == Change::Same)
    }
}

words! {
    /// Something to know about a file that was merged.
    Remark in "remark" {
        /// A byte order mark was taken away.
        ByteOrderMark: "byte_order_mark",
        /// The singular key is there, which Docker ignores.
        SingularKey: "singular_key",
        /// Flags moved into daemon.json.
        FlagsMoved: "flags_moved",
        /// The file names another folder of registries.
        OtherFolder: "other_folder",
    }
}

words! {
    /// Why a file is not merged.
    Refusal in "refused" {
        /// It is not written in its language.
        Syntax: "syntax",
        /// It is longer than [`LIMIT`].
        TooLong: "too_long",
        /// JSON, but no object.
        NotAnObject: "not_an_object",
        /// The registries are no list of texts.
        NotAList: "not_a_list",
        /// What should be a table or mapping is something else.
        NotATable: "not_a_table",
        /// The same key stands there twice.
        TwiceTheKey: "twice_the_key",
        /// Tables of both versions of registries.conf.
        MixedVersions: "mixed_versions",
        /// containerd's configuration is of version 1, or names none.
        ConfigVersion: "config_version",
        /// The older tables that do not go together with `config_path`.
        Mirrors: "mirrors",
        /// Quotes within quotes, or an expression.
        Quotes: "quotes",
        /// No command starts Docker there.
        NoCommand: "no_command",
        /// Flow style, anchors, tags or several documents.
        YamlStyle: "yaml_style",
        /// The registry stands there with another value.
        StandsOtherwise: "stands_otherwise",
    }
}

/// Why and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub refusal: Refusal,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// What the parser said, in its own words.
    pub detail: String,
}

impl Refused {
    fn new(refusal: Refusal) -> Self {
        Self { refusal, line: None, column: None, detail: String::new() }
    }

    /// At a line, from 1.
    fn at_line(refusal: Refusal, line: usize) -> Self {
        Self { line: Some(line), ..Self::new(refusal) }
    }

    /// At a byte of `text`.
    fn at(refusal: Refusal, text: &str, byte: usize) -> Self {
        let before = &text[..text.floor_char_boundary(byte)];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line: Some(line), column: Some(column), ..Self::new(refusal) }
    }

    fn saying(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// Merges the files of a target, in the order in which it names them; a text may be empty, as a file may be missing.
/// Where both daemon.json and flags are given, the flags move into daemon.json.
pub(super) fn merge_all(site: &Site, files: &[Existing], texts: &[&str]) -> Vec<Result<Merged, Refused>> {
    let text = |at: usize| texts.get(at).copied().unwrap_or_default();
    if let [json, flags] = files
        && (json.format, flags.format) == (Format::DaemonJson, Format::Flags)
    {
        let (json, flags) = solve(text(0), text(1), &json.wish(site));
        return vec![json, flags];
    }
    files.iter().enumerate().map(|(at, file)| merge(file.format, text(at), &file.wish(site))).collect()
}

impl Existing {
    fn wish<'a>(&'a self, site: &'a Site) -> Wish<'a> {
        Wish { site, variable: self.variable, path: &self.names }
    }
}

/// Merges one file.
fn merge(format: Format, text: &str, wish: &Wish<'_>) -> Result<Merged, Refused> {
    if text.len() > LIMIT {
        return Err(Refused::new(Refusal::TooLong));
    }
    match format {
        Format::DaemonJson => json::merge(text, &wanted(wish), &unwanted(wish)),
        Format::Flags => Ok(Merged::new(text, flags::without(text, &flags::registries(text)), Vec::new())),
        Format::Environment => flags::environment(text, wish),
        Format::Sourced => flags::sourced(text, wish),
        Format::Unit => flags::unit(text, wish),
        Format::RegistriesConf => registries_conf::merge(text, wish),
        Format::HostsToml => containerd::hosts_toml(text, wish),
        Format::ContainerdConfig => containerd::config_toml(text, wish),
        Format::RegistriesYaml => yaml::merge(text, wish),
        Format::BuildkitdToml => buildkitd::merge(text, wish),
    }
}

fn wanted(wish: &Wish<'_>) -> Vec<String> {
    if wish.site.is_plain() { vec![wish.site.prefix().to_owned()] } else { Vec::new() }
}

fn unwanted(wish: &Wish<'_>) -> Vec<String> {
    if wish.site.is_plain() { Vec::new() } else { vec![wish.site.prefix().to_owned()] }
}

/// Solves the conflict of daemon.json with flags: together they stop the daemon. All registries that flags name move
/// into daemon.json, and the flags leave `flags`. Both come back.
fn solve(daemon_json: &str, flags: &str, wish: &Wish<'_>) -> (Result<Merged, Refused>, Result<Merged, Refused>) {
    if flags.len() > LIMIT || daemon_json.len() > LIMIT {
        let refused = || Err(Refused::new(Refusal::TooLong));
        return (refused(), refused());
    }
    let unwanted = unwanted(wish);
    let found = flags::registries(flags);
    let mut add: Vec<String> = found.iter().filter(|name| !unwanted.contains(name)).cloned().collect();
    add.extend(wanted(wish).into_iter().filter(|name| !found.contains(name)));
    let json = json::merge(daemon_json, &add, &unwanted);
    // A file that cannot take them must not lose them elsewhere.
    let emptied = match &json {
        Ok(_) => flags::without(flags, &found),
        Err(_) => flags.to_owned(),
    };
    let remarks = if found.is_empty() || json.is_err() { Vec::new() } else { vec![Remark::FlagsMoved] };
    (json, Ok(Merged::new(flags, emptied, remarks)))
}
