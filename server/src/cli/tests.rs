#![allow(clippy::unwrap_used)]

use humpback::settings::{Settings, Sources};

use super::*;

/// The settings that a command line makes, without a file and variables of Distribution's.
fn settings(arguments: &[&str]) -> Result<Settings, String> {
    let line = ["humpback-registry", "serve"].iter().chain(arguments);
    let matches = Cli::command().try_get_matches_from(line).map_err(|error| error.to_string())?;
    let Command::Serve(options) = Cli::from_arg_matches(&matches).unwrap().command else { panic!("serve") };
    let overrides = options.overrides(below(&matches, &["serve"]));
    let loaded = humpback::settings::load(Sources { overrides, ..Sources::default() });
    loaded.map(|loaded| loaded.settings).map_err(|problems| problems.to_string())
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn serve_needs_no_option() {
    assert_eq!(format!("{:?}", settings(&[]).unwrap()), format!("{:?}", Settings::default()));
}

#[test]
fn each_option_reaches_its_setting() {
    let settings = settings(&[
        "--addr=127.0.0.1:0",
        "--root=/srv",
        "--anonymous-delete",
        "--sparse",
        "--cors-origin=http://a,http://b",
        "--cors-origin=http://c",
        "--trusted-proxy=10.0.0.1,2001:db8::/32",
        "--trusted-proxy=loopback",
        "--external-url=https://hub.example/a/",
        "--prefix=/b/",
        "--relative-urls",
        "--manifest-limit=65536",
        "--log-format=json",
        "--log-level=info,humpback::v2=debug",
        "--shutdown-timeout=5",
    ]);
    let settings = settings.unwrap();
    assert_eq!(
        (settings.http.listen.to_string(), settings.http.listen.origin.to_string()),
        ("127.0.0.1:0".into(), "--addr".into())
    );
    assert_eq!(settings.storage.root.to_str(), Some("/srv"));
    assert!(*settings.storage.delete && *settings.humpback.sparse && *settings.http.relative_urls);
    assert_eq!(settings.humpback.cors_origins.value, ["http://a", "http://b", "http://c"]);
    assert_eq!(*settings.humpback.trusted_proxies, "10.0.0.1,2001:db8::/32,loopback".parse().unwrap());
    assert_eq!(settings.http.host.as_ref().unwrap().to_string(), "https://hub.example/a");
    assert_eq!(settings.http.prefix.as_str(), "/b");
    assert_eq!(*settings.humpback.manifest_limit, 65536);
    assert_eq!(*settings.log.format, humpback::settings::log::Format::Json);
    assert_eq!(settings.log.level.as_str(), "info,humpback::v2=debug");
    assert_eq!(settings.http.drain_timeout.as_secs(), 5);
}

#[test]
fn what_is_wrong_with_an_option_names_it() {
    for (bad, option) in [
        ("--addr=127.0.0.1", "--addr"),
        ("--trusted-proxy=nginx", "--trusted-proxy"),
        ("--external-url=hub.example", "--external-url"),
        ("--prefix=b", "--prefix"),
        ("--manifest-limit=4MiB", "--manifest-limit"),
        ("--shutdown-timeout=soon", "--shutdown-timeout"),
        ("--cors-origin=a.example", "--cors-origin"),
        ("--log-format=xml", "--log-format"),
    ] {
        let told = settings(&[bad]).unwrap_err();
        assert!(told.contains(option), "{told}");
    }
}

#[test]
fn a_file_alone_means_serve() {
    let line = |arguments: &[&str]| {
        let all = ["humpback-registry"].iter().chain(arguments).map(OsString::from);
        spelled_out(all).into_iter().skip(1).map(|argument| argument.into_string().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(line(&["/etc/docker/registry/config.yml"]), ["serve", "/etc/docker/registry/config.yml"]);
    assert_eq!(line(&["serve", "config.yaml"]), ["serve", "config.yaml"]);
    assert_eq!(line(&["--help"]), ["--help"]);
}
