//! The options of `serve`. Each stands for a key of the configuration file and counts before it.

use std::path::PathBuf;

use clap::{
    ArgMatches,
    builder::PossibleValuesParser,
    parser::ValueSource::{CommandLine, EnvVariable},
};
use humpback::settings::{Given, Origin, Override};

/// How to serve.
#[derive(Debug, clap::Args)]
pub struct ServeOptions {
    /// Distribution's configuration file. Without it, the one that REGISTRY_CONFIGURATION_PATH names, or
    /// /etc/docker/registry/config.yml or /etc/distribution/config.yml if it is there.
    #[arg(value_name = "CONFIG")]
    pub config: Option<PathBuf>,

    /// Where to listen; port 0 takes a free one and prints it [http.addr, default: 0.0.0.0:5000].
    #[arg(long, env = "HUMPBACK_ADDR", value_name = "ADDRESS:PORT")]
    addr: Option<String>,

    /// The data folder. Blobs lie in docker/ below it, as Distribution's registry keeps them, and the database in
    /// humpback/. Made if it is missing [storage.filesystem.rootdirectory, default: /var/lib/registry].
    #[arg(long, env = "HUMPBACK_ROOT", value_name = "FOLDER")]
    root: Option<String>,

    /// Let anyone delete manifests and blobs through /v2/. Otherwise only administrators may, there as in the console
    /// [storage.delete.enabled].
    #[arg(long, env = "HUMPBACK_ANONYMOUS_DELETE")]
    anonymous_delete: bool,

    /// Take in manifests and indexes that name blobs and manifests which were never pushed. They can't be pulled whole
    /// [humpback.sparse].
    #[arg(long, env = "HUMPBACK_SPARSE")]
    sparse: bool,

    /// Let pages of this origin call /v2/ from the browser, as an existing Humpback console does; * for every page.
    /// Can be given more than once [humpback.corsorigins].
    #[arg(long, env = "HUMPBACK_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    cors_origin: Vec<String>,

    /// Whom to believe about a client's address and about the URL that it used (X-Forwarded-For, -Proto, -Host, -Port,
    /// -Prefix, and Forwarded): addresses, networks such as 10.0.0.0/8, or one of private (this machine and private
    /// networks), loopback, all, none. Can be given more than once [humpback.trustedproxies, default: private].
    #[arg(long, env = "HUMPBACK_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',')]
    trusted_proxy: Vec<String>,

    /// The URL at which clients find the registry, such as https://hub.example; its path stands before /v2/. Otherwise
    /// each request tells [http.host].
    #[arg(long, env = "HUMPBACK_EXTERNAL_URL", value_name = "URL")]
    external_url: Option<String>,

    /// Answer at PATH/v2/ too, as a proxy wants it that passes paths on as they are. The console stays at /
    /// [http.prefix, default: /].
    #[arg(long, env = "HUMPBACK_PREFIX", value_name = "PATH")]
    prefix: Option<String>,

    /// Send clients on by paths without host and scheme. Docker up to 1.7 follows none [http.relativeurls].
    #[arg(long, env = "HUMPBACK_RELATIVE_URLS")]
    relative_urls: bool,

    /// A file with the authority's certificate (PEM) that the setup guide hands out, for a private authority. By default
    /// it is what http.tls.certificate ends with [humpback.ca].
    #[arg(long, env = "HUMPBACK_CA", value_name = "FILE")]
    ca: Option<String>,

    /// The longest manifest that is taken in, in bytes [humpback.manifestlimit, default: 4194304].
    #[arg(long, env = "HUMPBACK_MANIFEST_LIMIT", value_name = "BYTES")]
    manifest_limit: Option<String>,

    /// For so long what is deleted can be restored in the console, such as 336h; 0 to keep nothing of it [humpback.undo,
    /// default: 336h].
    #[arg(long, env = "HUMPBACK_UNDO", value_name = "DURATION")]
    undo: Option<String>,

    /// How to write the log (to the standard error) [log.formatter, default: text].
    #[arg(long, env = "HUMPBACK_LOG_FORMAT", value_name = "FORMAT", value_parser = PossibleValuesParser::new(["text", "json"]))]
    log_format: Option<String>,

    /// What to write to the log: off, error, warn, info, debug, trace, or by module: "info,humpback::v2=debug"
    /// [humpback.loglevel or log.level, default: info].
    #[arg(long, env = "HUMPBACK_LOG_LEVEL", value_name = "LEVEL")]
    log_level: Option<String>,

    /// How many seconds requests in progress get to finish once the process is told to stop [http.draintimeout,
    /// default: 30].
    #[arg(long, env = "HUMPBACK_SHUTDOWN_TIMEOUT", value_name = "SECONDS")]
    shutdown_timeout: Option<String>,
}

impl ServeOptions {
    /// What was given on the command line or in our own variables, which `matches` can tell apart.
    pub fn overrides(&self, matches: &ArgMatches) -> Vec<Override> {
        let one = |value: &Option<String>| value.clone().map(Given::One);
        let flag = |on: bool| Some(Given::One(on.to_string()));
        let many = |values: &[String]| Some(Given::Many(values.to_vec()));
        let seconds = self.shutdown_timeout.as_ref().map(|text| match text.parse::<u64>() {
            Ok(seconds) => format!("{seconds}s"),
            Err(_) => text.clone(),
        });
        let options = [
            ("addr", "http.addr", one(&self.addr)),
            ("root", "storage.filesystem.rootdirectory", one(&self.root)),
            ("anonymous_delete", "storage.delete.enabled", flag(self.anonymous_delete)),
            ("sparse", "humpback.sparse", flag(self.sparse)),
            ("cors_origin", "humpback.corsorigins", many(&self.cors_origin)),
            ("trusted_proxy", "humpback.trustedproxies", many(&self.trusted_proxy)),
            ("external_url", "http.host", one(&self.external_url)),
            ("prefix", "http.prefix", one(&self.prefix)),
            ("relative_urls", "http.relativeurls", flag(self.relative_urls)),
            ("ca", "humpback.ca", one(&self.ca)),
            ("manifest_limit", "humpback.manifestlimit", one(&self.manifest_limit)),
            ("undo", "humpback.undo", one(&self.undo)),
            ("log_format", "log.formatter", one(&self.log_format)),
            ("log_level", "humpback.loglevel", one(&self.log_level)),
            ("shutdown_timeout", "http.draintimeout", one(&seconds)),
        ];
        options.into_iter().filter_map(|(id, key, value)| given(matches, id, key, value?)).collect()
    }
}

fn given(matches: &ArgMatches, id: &str, key: &'static str, value: Given) -> Option<Override> {
    let origin = match matches.value_source(id)? {
        CommandLine => Origin::Flag(format!("--{}", id.replace('_', "-")).into()),
        // A variable that is set to nothing counts as not set: compose files do that.
        EnvVariable if is_nothing(&value) => return None,
        EnvVariable => Origin::Variable(format!("HUMPBACK_{}", id.to_uppercase()).into()),
        _ => return None,
    };
    Some(Override { key, value, origin })
}

fn is_nothing(value: &Given) -> bool {
    match value {
        Given::One(text) => text.is_empty(),
        Given::Many(texts) => texts.iter().all(String::is_empty),
    }
}
