//! The command line: verbs, options, and the exit codes that scripts rely on.
//!
//! Exit codes: 0 ended as asked, 1 failed while running, 2 called or configured wrongly.

use std::{ffi::OsString, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use axum::http::HeaderValue;
use clap::{Parser, Subcommand};
use humpback::{
    proxy::{InvalidProxy, TrustedProxies},
    v2::UrlOptions,
    wire::{ExternalUrl, PathPrefix},
};

use crate::{
    cors,
    maintenance::{self, reindex::ReindexOptions, verify::VerifyOptions},
    serve, telemetry,
};

const EXAMPLES: &str = "\
Examples:
  Serve on this machine alone, with the data beside you:
      humpback-registry serve --addr 127.0.0.1:5000 --root ./data

  Serve to the network with the data in /var/lib/registry, logs for a collector:
      humpback-registry serve --log-format json

  Push the first image:
      docker tag alpine 127.0.0.1:5000/alpine && docker push 127.0.0.1:5000/alpine";

const ENVIRONMENT: &str = "\
Environment:
  HUMPBACK_ADMIN_PASSWORD       The first administrator's password. Used only while there is no
                                account; without it, the console asks for the setup code that
                                is printed at start.
  HUMPBACK_ADMIN_PASSWORD_FILE  The same, read from a file (a container secret).
  HUMPBACK_ADMIN_USER           The first administrator's name [default: admin]

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
}

/// How to serve.
#[derive(Debug, clap::Args)]
pub struct ServeOptions {
    /// Where to listen; port 0 takes a free one and prints it.
    #[arg(long, env = "HUMPBACK_ADDR", value_name = "ADDRESS:PORT", default_value = "0.0.0.0:5000")]
    pub addr: SocketAddr,

    /// The data folder. Blobs lie in docker/ below it, as Distribution's registry keeps them, and the database in
    /// humpback/. Made if it is missing.
    #[arg(long, env = "HUMPBACK_ROOT", value_name = "FOLDER", default_value = "/var/lib/registry")]
    pub root: PathBuf,

    /// Let anyone delete manifests and blobs through /v2/. Otherwise only administrators may, there as in the console.
    #[arg(long, env = "HUMPBACK_ANONYMOUS_DELETE")]
    pub anonymous_delete: bool,

    /// Take in manifests and indexes that name blobs and manifests which were never pushed. They can't be pulled whole.
    #[arg(long, env = "HUMPBACK_SPARSE")]
    pub sparse: bool,

    /// Let pages of this origin call /v2/ from the browser, as an existing Humpback console does; * for every page.
    /// Can be given more than once.
    #[arg(long, env = "HUMPBACK_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = cors::parse_origin)]
    pub cors_origin: Vec<HeaderValue>,

    /// Whom to believe about a client's address and about the URL that it used (X-Forwarded-For, -Proto, -Host, -Port,
    /// -Prefix, and Forwarded): addresses, networks such as 10.0.0.0/8, or one of private (this machine and private
    /// networks), loopback, all, none. Can be given more than once.
    #[arg(
        long,
        env = "HUMPBACK_TRUSTED_PROXY",
        value_name = "NETWORK",
        value_delimiter = ',',
        value_parser = trusted_proxy,
        default_value = "private"
    )]
    pub trusted_proxy: Vec<String>,

    /// The URL at which clients find the registry, such as https://hub.example; its path stands before /v2/. Otherwise
    /// each request tells.
    #[arg(long, env = "HUMPBACK_EXTERNAL_URL", value_name = "URL")]
    pub external_url: Option<ExternalUrl>,

    /// Answer at PATH/v2/ too, as a proxy wants it that passes paths on as they are. The console stays at /.
    #[arg(long, env = "HUMPBACK_PREFIX", value_name = "PATH", default_value = "/")]
    pub prefix: PathPrefix,

    /// Send clients on by paths without host and scheme. Docker up to 1.7 follows none.
    #[arg(long, env = "HUMPBACK_RELATIVE_URLS")]
    pub relative_urls: bool,

    /// The longest manifest that is taken in, in bytes.
    #[arg(long, env = "HUMPBACK_MANIFEST_LIMIT", value_name = "BYTES", default_value = "4194304", value_parser = bytes)]
    pub manifest_limit: usize,

    /// How to write the log (to the standard error).
    #[arg(long, env = "HUMPBACK_LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: telemetry::Format,

    /// What to write to the log: off, error, warn, info, debug, trace, or by module: "info,humpback::v2=debug".
    #[arg(long, env = "HUMPBACK_LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    pub log_level: String,

    /// How many seconds requests in progress get to finish once the process is told to stop.
    #[arg(long, env = "HUMPBACK_SHUTDOWN_TIMEOUT", value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub shutdown_timeout: Duration,

    /// Kept for Distribution's configuration file.
    #[arg(value_name = "CONFIG", hide = true)]
    config: Option<OsString>,
}

impl ServeOptions {
    /// How clients reach the registry.
    pub fn urls(&self) -> UrlOptions {
        UrlOptions { external: self.external_url.clone(), prefix: self.prefix.clone(), relative: self.relative_urls }
    }

    /// Whose word about clients counts.
    pub fn trusted_proxies(&self) -> TrustedProxies {
        // Each entry was read once already, when the command line was.
        TrustedProxies::parse(self.trusted_proxy.iter().map(String::as_str)).unwrap_or_else(|_| TrustedProxies::none())
    }
}

fn trusted_proxy(text: &str) -> Result<String, InvalidProxy> {
    TrustedProxies::parse([text]).map(|_| text.to_owned())
}

/// The least that is allowed makes room for a manifest of an ordinary image; the most fits into memory.
fn bytes(text: &str) -> Result<usize, String> {
    let bytes = text.parse().ok().filter(|bytes| (64 * 1024..=64 * 1024 * 1024).contains(bytes));
    bytes.ok_or_else(|| "a whole number of bytes from 65536 (64 KiB) to 67108864 (64 MiB) is needed".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse().map(Duration::from_secs).map_err(|_| "a whole number of seconds is needed".to_owned())
}

/// Does what the command line asks and tells how it went.
pub fn run() -> ExitCode {
    let options = match Cli::parse().command {
        Command::Serve(options) => options,
        Command::Reindex(options) => return maintain(maintenance::reindex::run(options)),
        Command::Verify(options) => return maintain(maintenance::verify::run(options)),
    };
    if let Some(config) = &options.config {
        return refuse(&format!(
            "configuration files are not read by this version: leave out {config:?} and give --addr and --root, \
             or HUMPBACK_ADDR and HUMPBACK_ROOT"
        ));
    }
    if let Err(error) = telemetry::init(options.log_format, &options.log_level) {
        return refuse(&error.to_string());
    }
    match serve::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_usage() => refuse(&error.to_string()),
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::from(1)
        }
    }
}

/// Does what is done beside serving, with errors alone in the log.
fn maintain(work: impl Future<Output = Result<ExitCode, maintenance::Error>>) -> ExitCode {
    if let Err(error) = telemetry::init(telemetry::Format::Text, "error") {
        return refuse(&error.to_string());
    }
    match maintenance::run(work) {
        Ok(code) => code,
        Err(error) if error.is_usage() => refuse(&error.to_string()),
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::from(1)
        }
    }
}

/// Says what was wrong with the call, as clap does.
fn refuse(text: &str) -> ExitCode {
    use std::io::Write as _;
    // Nothing is left to do if even that can't be written.
    let _ = writeln!(std::io::stderr(), "error: {text}");
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serve_needs_no_option() {
        let Command::Serve(options) = Cli::try_parse_from(["humpback-registry", "serve"]).unwrap().command else {
            panic!("not serve");
        };
        assert_eq!(options.shutdown_timeout, Duration::from_secs(30));
        assert_eq!(options.addr.port(), 5000);
        assert_eq!(options.root, PathBuf::from("/var/lib/registry"));
        assert_eq!(options.trusted_proxies(), "private".parse().unwrap());
        assert_eq!(options.urls(), UrlOptions::default());
    }

    #[test]
    fn a_proxy_is_described_in_the_words_of_its_configuration() {
        let serve = |arguments: &[&str]| {
            let line = ["humpback-registry", "serve"].iter().chain(arguments);
            Cli::try_parse_from(line).map(|cli| match cli.command {
                Command::Serve(options) => options,
                _ => panic!("not serve"),
            })
        };
        let options = serve(&[
            "--trusted-proxy=10.0.0.1,2001:db8::/32",
            "--trusted-proxy=loopback",
            "--external-url=https://hub.example/a/",
            "--prefix=/b/",
            "--relative-urls",
        ]);
        let options = options.unwrap();
        assert_eq!(options.trusted_proxies(), "10.0.0.1,2001:db8::/32,loopback".parse().unwrap());
        let urls = options.urls();
        assert_eq!(urls.external.unwrap().to_string(), "https://hub.example/a");
        assert_eq!((urls.prefix.as_str(), urls.relative), ("/b", true));
        for bad in ["--trusted-proxy=nginx", "--external-url=hub.example", "--prefix=b", "--manifest-limit=4MiB"] {
            let error = serve(&[bad]).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{bad}");
        }
    }

    #[test]
    fn an_address_without_a_port_is_refused() {
        let error = Cli::try_parse_from(["humpback-registry", "serve", "--addr", "127.0.0.1"]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("--addr"), "{error}");
    }
}
