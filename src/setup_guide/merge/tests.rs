#![allow(clippy::unwrap_used)]
use std::fmt::Write;

use super::*;
use crate::{
    config::RegistryAddress,
    setup_guide::{Place, Trust},
};

const PREFIX: &str = "registry.example.com:5000";

fn site(trust: Trust) -> Site {
    let address = RegistryAddress::parse(PREFIX).unwrap();
    Site { place: Place::of(&address, trust), trust, authority: None }
}

fn merged(format: Format, trust: Trust, text: &str) -> Result<Merged, Refused> {
    let site = site(trust);
    let path = match format {
        Format::ContainerdConfig => "/etc/containerd/certs.d",
        _ => "/certs/ca.crt",
    };
    merge(format, text, &Wish { site: &site, variable: "INSECURE_REGISTRY", path })
}

/// The result to be read: the whole difference, or the refusal.
fn shown(result: &Result<Merged, Refused>) -> String {
    let mut text = String::new();
    match result {
        Ok(merged) if merged.is_unchanged() => text.push_str("unchanged\n"),
        Ok(merged) => {
            for line in &merged.lines {
                let sign = match line.change {
                    Change::Same => ' ',
                    Change::Added => '+',
                    Change::Removed => '-',
                };
                writeln!(text, "{sign}|{}", line.text).unwrap();
            }
        }
        Err(Refused { refusal, line, column, detail }) => {
            writeln!(text, "refused: {refusal:?} {line:?} {column:?} {detail}").unwrap();
        }
    }
    if let Ok(merged) = result
        && !merged.remarks.is_empty()
    {
        writeln!(text, "{:?}", merged.remarks).unwrap();
    }
    text
}

/// Merges every text, twice: the second time nothing changes. The difference has to lead from one to the other.
fn table(format: Format, trust: Trust, texts: &[&str]) -> String {
    let mut snapshot = String::new();
    for text in texts {
        let text = text.replace('@', PREFIX);
        let result = merged(format, trust, &text);
        if let Ok(first) = &result {
            let again = merged(format, trust, &first.text).unwrap();
            assert_eq!(again.text, first.text, "the second time changes something");
            assert!(again.is_unchanged() && again.lines.len() == first.text.lines().count());
            let side = |gone| -> Vec<&str> {
                first.lines.iter().filter(|line| line.change != gone).map(|line| line.text.as_str()).collect()
            };
            assert_eq!(side(Change::Added), text.lines().collect::<Vec<_>>());
            assert_eq!(side(Change::Removed), first.text.lines().collect::<Vec<_>>());
        }
        writeln!(snapshot, "=== {text:?}\n{}", shown(&result)).unwrap();
    }
    snapshot
}

const JSON: [&str; 17] = [
    "",
    "{}",
    "{ }\n",
    "{\n  \"debug\": true\n}\n",
    "{\n\t\"log-driver\": \"journald\",\n\t\"labels\": [\"a=,]}\", \"b=\\\"\"]\n}",
    "{\"debug\": true, \"insecure-registries\": [\"a:5000\"]}",
    "{\n    \"insecure-registries\": [\n        \"a:5000\",\n        \"b:5000\"\n    ],\n    \"debug\": true\n}\n",
    "{ \"insecure-registries\": [] }",
    "{ \"insecure-registries\": null }",
    "{\n  \"insecure-registries\": [\"@\", \"a:5000\"]\n}\n",
    "{\n  \"insecure-registries\": [\n    \"a:5000\",\n    \"@\"\n  ]\n}\n",
    "\u{feff}{\n  \"insecure-registry\": [\"@\"]\n}\n",
    "{ \"debug\": true, }",
    "{\n  \"debug\": true\n}\n{\n}\n",
    "[1]",
    "{ \"insecure-registries\": \"@\" }",
    "{ \"insecure-registries\": [1] }",
];

#[test]
fn daemon_json() {
    insta::assert_snapshot!("daemon_json", table(Format::DaemonJson, Trust::Plain, &JSON));
    insta::assert_snapshot!("daemon_json_https", table(Format::DaemonJson, Trust::PrivateCa, &JSON));
}

#[test]
fn variables() {
    let texts = [
        "",
        "OPTIONS='--log-driver=journald'",
        "# INSECURE_REGISTRY='--insecure-registry'\n",
        "INSECURE_REGISTRY=''\nBLOCK=1\n",
        "INSECURE_REGISTRY=\n",
        "INSECURE_REGISTRY=--debug\n",
        "INSECURE_REGISTRY=\"--insecure-registry a:5000\"\n",
        "INSECURE_REGISTRY='--insecure-registry @'\n",
        "INSECURE_REGISTRY='--insecure-registry=@1 --debug'\n",
        "INSECURE_REGISTRY='--insecure-registry a:1 --insecure-registry @ --debug'\n",
        "INSECURE_REGISTRY=\"--insecure-registry 'a:5000'\"\n",
    ];
    insta::assert_snapshot!("environment", table(Format::Environment, Trust::Plain, &texts));
    insta::assert_snapshot!("sourced", table(Format::Sourced, Trust::Plain, &texts));
    insta::assert_snapshot!("environment_https", table(Format::Environment, Trust::Tls, &texts));
}

const UNITS: [&str; 4] = [
    "[Service]\nExecStart=/usr/bin/dockerd -H fd:// --insecure-registry @ $OPTIONS\nRestart=always\n",
    "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd \\\n  -H fd:// \\\n  --insecure-registry a:1 \\\n  --insecure-registry=@\nRestart=always\n",
    "[Service]\nExecStart=/usr/bin/docker daemon \\\n  -H fd://\n",
    "[Unit]\nDescription=x\n",
];

#[test]
fn units() {
    insta::assert_snapshot!("unit", table(Format::Unit, Trust::Plain, &UNITS));
    insta::assert_snapshot!("flags", table(Format::Flags, Trust::Plain, &UNITS));
}

#[test]
fn registries_conf() {
    let texts = [
        "",
        "# comment\nunqualified-search-registries = [\"docker.io\"] # ours\n",
        "[[registry]]\nlocation = \"a:5000\"\n\n# this one\n[[registry]]\nlocation = \"@\"   # here\ninsecure = false # for now\n",
        "[[registry]]\nprefix = \"@\"\nlocation = \"elsewhere\"\n",
        "[registries.search]\nregistries = ['docker.io']\n\n[registries.insecure]\nregistries = ['a:5000'] # list\n",
        "[registries.search]\nregistries = ['docker.io']\n",
        "[registries.insecure]\nregistries = ['@']\n",
        "[registries.search]\nregistries = []\n[[registry]]\nlocation = \"x\"\n",
        "[[registry]\nlocation = \"a\"\n",
        "registry = 1\n",
    ];
    insta::assert_snapshot!("registries_conf", table(Format::RegistriesConf, Trust::Plain, &texts));
    insta::assert_snapshot!("registries_conf_https", table(Format::RegistriesConf, Trust::PrivateCa, &texts));
}

#[test]
fn containerd() {
    let hosts = [
        "",
        "server = \"http://@\"\n",
        "# ours\nserver = \"https://@\" # was\n\n[host.\"https://mirror\"]\n  capabilities = [\"pull\"]\n",
        "server = \"http://@\"\n\n[host.\"http://@\"]\n  capabilities = [\"pull\"] # only\n",
        "server = \"http://@\n",
        "host = 1\n",
    ];
    insta::assert_snapshot!("hosts_toml", table(Format::HostsToml, Trust::Plain, &hosts));
    insta::assert_snapshot!("hosts_toml_ca", table(Format::HostsToml, Trust::PrivateCa, &hosts));
    let configs = [
        "",
        "version = 2\n",
        "version = 3\n\n[plugins]\n  [plugins.'io.containerd.cri.v1.images']\n    snapshotter = 'overlayfs' # fast\n\n    [plugins.'io.containerd.cri.v1.images'.registry]\n      config_path = ''\n",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/etc/containerd/certs.d:/etc/docker/certs.d\"\n",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\nconfig_path = \"/other\"\n",
        "version = 2\n\n[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"docker.io\"]\nendpoint = [\"https://m\"]\n",
        "disabled_plugins = [\"cri\"]\n",
        "version = 2\nversion = 3\n",
    ];
    insta::assert_snapshot!("containerd_config", table(Format::ContainerdConfig, Trust::Plain, &configs));
}

#[test]
fn buildkitd() {
    let texts = [
        "",
        "# ours\ndebug = true\n\n[worker.oci]\n  enabled = true # yes\n\n[registry.\"docker.io\"]\n  mirrors = [\"m\"]\n",
        "[registry.\"@\"]\n  http = false\n  insecure = true\n",
        "[registry.\"@\"]\n  ca = [\"/a.pem\"]\n",
        "[registry\n",
    ];
    insta::assert_snapshot!("buildkitd", table(Format::BuildkitdToml, Trust::Plain, &texts));
    insta::assert_snapshot!("buildkitd_ca", table(Format::BuildkitdToml, Trust::PrivateCa, &texts));
}

#[test]
fn registries_yaml() {
    let texts = [
        "",
        "# nothing yet\n",
        "mirrors:\n",
        "mirrors: # ours\n  docker.io:\n    endpoint:\n      - \"https://m.example\"\nconfigs:\n  \"m.example\":\n    auth:\n      username: u # user\n      password: p\n",
        "---\nconfigs:\n    \"@\":\n        auth:\n            username: u\n",
        "mirrors:\n  \"@\":\n    endpoint:\n    - \"http://@/\"\n",
        "mirrors:\n  \"@\":\n    endpoint:\n      # first\n      - https://@\n    rewrite:\n      \"^x\": y\n",
        "mirrors:\n  \"@\":\n    rewrite:\n      \"^x\": y",
        "configs:\n  \"@\":\n    tls:\n      insecure_skip_verify: true\n",
        "configs:\n  \"@\":\n    tls:\n      ca_file: /other.crt\n",
        "mirrors: {docker.io: {endpoint: [x]}}\n",
        "mirrors: &m\n  a: b\n",
        "mirrors:\n  a: [\n",
        "mirrors:\n  a:\n   - x\n  b\n",
        "- a\n",
        "mirrors:\n  a:\nmirrors:\n  b:\n",
    ];
    insta::assert_snapshot!("registries_yaml", table(Format::RegistriesYaml, Trust::Plain, &texts));
    insta::assert_snapshot!("registries_yaml_ca", table(Format::RegistriesYaml, Trust::PrivateCa, &texts));
}

#[test]
fn flags_and_daemon_json_together_are_solved() {
    let solved = |json: &str, flags: &str, trust| {
        let site = site(trust);
        let wish = Wish { site: &site, variable: "", path: "" };
        let (json, flags) = solve(json, &flags.replace('@', PREFIX), &wish);
        format!("{}---\n{}", shown(&json), shown(&flags))
    };
    let unit = UNITS[1];
    let json = "{\n  \"debug\": true,\n  \"insecure-registries\": [\"b:1\"]\n}\n";
    let mut snapshot = String::new();
    for trust in Trust::ALL {
        writeln!(snapshot, "=== {}\n{}", trust.slug(), solved(json, unit, *trust)).unwrap();
    }
    // A daemon.json that is broken takes nothing, and so nothing may leave the flags.
    writeln!(snapshot, "=== broken\n{}", solved("{ \"debug\": ", unit, Trust::Plain)).unwrap();
    insta::assert_snapshot!(snapshot);
}

#[test]
fn what_is_too_long_is_not_looked_at() {
    let refused = merged(Format::DaemonJson, Trust::Plain, &" ".repeat(LIMIT + 1)).unwrap_err();
    assert_eq!(refused.refusal, Refusal::TooLong);
}

proptest::proptest! {
    /// Whatever is pasted: no panic; what comes back is idempotent; for JSON, all other keys are as before.
    #[test]
    fn anything_can_be_pasted(text in "[\\[\\]{}\"':,=# \\n\\\\a-c@.-]{0,40}", which in 0_usize..10, plain in proptest::bool::ANY) {
        let format = Format::ALL[which];
        let trust = if plain { Trust::Plain } else { Trust::PrivateCa };
        let text = text.replace('@', PREFIX);
        if let Ok(first) = merged(format, trust, &text) {
            let second = merged(format, trust, &first.text);
            proptest::prop_assert_eq!(second.map(|merged| merged.text), Ok(first.text), "{:?} of {:?}", format, text);
        }
    }

    #[test]
    fn all_other_keys_stay(
        keys in proptest::collection::btree_map("[a-z]{1,4}", "[\\\\\"\\[\\]{},: a]{0,6}", 0..4),
        list in proptest::option::of(proptest::collection::vec("[a-c]{1,2}:5000", 0..3)),
        pretty in proptest::bool::ANY,
        plain in proptest::bool::ANY,
    ) {
        let mut object = serde_json::Map::new();
        for (key, value) in &keys {
            object.insert(key.clone(), value.as_str().into());
        }
        if let Some(list) = &list {
            object.insert("insecure-registries".to_owned(), list.clone().into());
        }
        let before = serde_json::Value::Object(object);
        let text = if pretty { serde_json::to_string_pretty(&before) } else { serde_json::to_string(&before) }.unwrap();
        let trust = if plain { Trust::Plain } else { Trust::Tls };
        let merged = merged(Format::DaemonJson, trust, &text).unwrap();
        let after: serde_json::Value = serde_json::from_str(&merged.text).unwrap();
        let mut expected = before;
        if plain {
            let mut list = list.unwrap_or_default();
            list.push(PREFIX.to_owned());
            expected["insecure-registries"] = list.into();
        }
        proptest::prop_assert_eq!(after, expected);
    }
}
