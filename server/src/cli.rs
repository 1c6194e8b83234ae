//! The command line: verbs, options, and the exit codes that scripts rely on.
//!
//! Exit codes: 0 ended as asked, 1 failed while running, 2 called or configured wrongly.

use std::{
    ffi::{OsStr, OsString},
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::Shell;
use humpback::settings::{Settings, Sourced, log::Log};

use crate::{
    config_command, configuration, documents,
    maintenance::{self, reindex::ReindexOptions, verify::VerifyOptions},
    probe, serve, telemetry,
};

mod serve_options;

use serve_options::ServeOptions;

const EXAMPLES: &str = "\
Examples:
  Serve on this machine alone, with the data beside you:
      humpback-registry serve --addr 127.0.0.1:5000 --root ./data

  Serve to the network with the data in /var/lib/registry, logs for a collector:
      humpback-registry serve --log-format json

  Serve what Distribution's registry served, by its own configuration file:
      humpback-registry serve /etc/docker/registry/config.yml

  Push the first image:
      docker tag alpine 127.0.0.1:5000/alpine && docker push 127.0.0.1:5000/alpine";

const COMPLETIONS: &str = "\
Examples:
  humpback-registry completions bash >/etc/bash_completion.d/humpback-registry
  humpback-registry completions zsh  >/usr/local/share/zsh/site-functions/_humpback-registry
  humpback-registry completions fish >~/.config/fish/completions/humpback-registry.fish";

const ENVIRONMENT: &str = "\
Environment:
  REGISTRY_…                    Override keys of the configuration file, as in Distribution:
                                REGISTRY_HTTP_ADDR, REGISTRY_STORAGE_DELETE_ENABLED and so on.
  REGISTRY_CONFIGURATION_PATH   The configuration file; set to nothing, there is none.
  HUMPBACK_ADMIN_PASSWORD       The first administrator's password. Used only while there is no
                                account; without it, the console asks for the setup code that
                                is printed at start.
  HUMPBACK_ADMIN_PASSWORD_FILE  The same, read from a file (a container secret).
  HUMPBACK_ADMIN_USER           The first administrator's name [default: admin]

What counts most comes last: defaults, configuration file, REGISTRY_…, HUMPBACK_…, options.

Signals:
  SIGTERM, SIGINT  Stop accepting, finish the requests in progress, close the database and end.
                   A second signal ends at once.

Exit codes:
  0  ended as asked
  1  failed while running
  2  called or configured wrongly";

/// A Docker and OCI registry with a web console, in one binary.
#[derive(Debug, Parser)]
#[command(name = "humpback-registry", version, after_help = EXAMPLES, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the registry at /v2/ and the console at /, on one port.
    #[command(after_help = EXAMPLES, after_long_help = format!("{ENVIRONMENT}\n\n{EXAMPLES}"))]
    Serve(ServeOptions),
    /// Build the database anew from Distribution's tree of names, or bring it into agreement with the tree.
    ///
    /// For a database that is lost, or a tree that was restored. Accounts and configuration stay as they are. Ends with
    /// 1 if a repository could not be read.
    Reindex(ReindexOptions),
    /// Hash every blob once more and compare the blobs with what the database names.
    ///
    /// Only reads. Tells what is bad, missing or unreadable, and what nothing names (orphans). Ends with 1 if
    /// something is bad, missing or unreadable.
    Verify(VerifyOptions),
    /// Explain a configuration file, and show what is in force.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Ask the server that these settings have started on this machine whether it is ready. Ends with 1 if it is not.
    Health(ServeOptions),
    #[command(flatten)]
    Document(DocumentCommand),
}

#[derive(Debug, Subcommand)]
enum DocumentCommand {
    /// Write completions for a shell to the standard output.
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Write the manual page to the standard output.
    Man {
        /// Write a page for each verb into this folder instead; made if it is missing.
        #[arg(value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
}

#[expect(clippy::large_enum_variant, reason = "there is one, and it is taken apart at once")]
#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say of each key of a file what becomes of it: honoured, ignored, refused. Ends with 2 if the server would not
    /// start with it.
    Check {
        /// The configuration file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Show every value in force with where it was given: file, variable, option or default. Secrets are hidden.
    Show {
        /// As one JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        options: ServeOptions,
    },
}

/// Does what the command line asks and tells how it went.
pub fn run() -> ExitCode {
    let matches = Cli::command().get_matches_from(spelled_out(std::env::args_os()));
    let command = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli.command,
        Err(error) => error.exit(),
    };
    match command {
        Command::Serve(options) => serve(&options, below(&matches, &["serve"])),
        Command::Reindex(options) => maintain(maintenance::reindex::run(options)),
        Command::Verify(options) => maintain(maintenance::verify::run(options)),
        Command::Health(options) => health(&options, below(&matches, &["health"])),
        Command::Document(DocumentCommand::Completions { shell }) => {
            documents::completions(Cli::command(), shell);
            ExitCode::SUCCESS
        }
        Command::Document(DocumentCommand::Man { folder }) => {
            match documents::manual(Cli::command(), folder.as_deref()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => refuse(&error),
            }
        }
        Command::Config(ConfigCommand::Check { file, json }) => config_command::check(&file, json),
        Command::Config(ConfigCommand::Show { json, options }) => {
            let overrides = options.overrides(below(&matches, &["config", "show"]));
            config_command::show(options.config.as_deref(), overrides, json)
        }
    }
}

/// A file alone means `serve`, as in Distribution's image, whose entry point puts that before it.
fn spelled_out(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<_> = arguments.collect();
    let is_file =
        |argument: &OsString| matches!(Path::new(argument).extension().and_then(OsStr::to_str), Some("yml" | "yaml"));
    if arguments.get(1).is_some_and(is_file) {
        arguments.insert(1, "serve".into());
    }
    arguments
}

/// What was matched by the verbs in `path`, which were given.
fn below<'a>(mut matches: &'a ArgMatches, path: &[&str]) -> &'a ArgMatches {
    for verb in path {
        matches = matches.subcommand_matches(verb).unwrap_or(matches);
    }
    matches
}

fn serve(options: &ServeOptions, matches: &ArgMatches) -> ExitCode {
    let configuration = match configuration::load(options.config.as_deref(), options.overrides(matches)) {
        Ok(configuration) => configuration,
        Err(error) => return refuse(&error),
    };
    let settings = configuration.loaded.settings;
    if let Err(error) = telemetry::init(&settings.log) {
        return refuse(&error);
    }
    if let Some(file) = &configuration.file {
        tracing::info!(file = %file.display(), "Configured by {}", file.display());
    }
    if !configuration.loaded.ignored.is_empty() {
        let ignored: Vec<_> = configuration.loaded.ignored.iter().map(ToString::to_string).collect();
        tracing::warn!("Without effect here: {}", ignored.join("; "));
    }
    match serve::run(settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_usage() => refuse(&error),
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::from(1)
        }
    }
}

/// Does what is done beside serving, with errors alone in the log.
fn maintain(work: impl Future<Output = Result<ExitCode, maintenance::Error>>) -> ExitCode {
    let log = Log { level: Sourced::built_in("error".to_owned()), ..Settings::default().log };
    if let Err(error) = telemetry::init(&log) {
        return refuse(&error);
    }
    match maintenance::run(work) {
        Ok(code) => code,
        Err(error) if error.is_usage() => refuse(&error),
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::from(1)
        }
    }
}

fn health(options: &ServeOptions, matches: &ArgMatches) -> ExitCode {
    let configuration = match configuration::load(options.config.as_deref(), options.overrides(matches)) {
        Ok(configuration) => configuration,
        Err(error) => return refuse(&error),
    };
    match probe::run(&configuration.loaded.settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "not ready: {error}");
            ExitCode::from(1)
        }
    }
}

/// Says what was wrong with the call or the configuration.
pub fn refuse(error: &dyn std::fmt::Display) -> ExitCode {
    // Nothing is left to do if even that can't be written.
    let _ = writeln!(std::io::stderr(), "error: {}", error.to_string().replace('\n', "\nerror: "));
    ExitCode::from(2)
}

#[cfg(test)]
mod tests;
