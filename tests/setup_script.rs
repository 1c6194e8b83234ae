//! The setup guide's scripts, run by a real shell on files like those that machines have. The daemon and its manager
//! are stand-ins that only do what the script relies on; `end2end/clients` runs real ones.

#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use humpback::{
    config::RegistryAddress,
    setup_guide::{Authority, Certificate, Input, Script, ScriptKind, Target, Trust, merge_files, script},
};

const PREFIX: &str = "registry.example.com:5000";

fn script_of(target: &str, version: &str, trust: Trust) -> Script {
    let address = RegistryAddress::parse(PREFIX).unwrap();
    let target = Target::from_slug(target).unwrap();
    script(Input { target, version: Some(version), trust: Some(trust), address: &address, authority: None }).unwrap()
}

const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/// An authority, as far as a script reads of it.
fn authority() -> Authority {
    let certificate =
        Certificate { pem: PEM.to_owned(), fingerprint: "AB:CD".to_owned(), subject: String::new(), until: None };
    Authority::new(vec![certificate]).unwrap()
}

/// A machine in a folder: its files below, and programs that stand in for Docker's and systemd's.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(machine.path("etc/docker")).unwrap();
        fs::create_dir_all(machine.path("bin")).unwrap();
        machine.program("systemctl", SYSTEMCTL);
        machine.program("docker", DOCKER);
        machine.write("etc/docker.service", "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n");
        machine.write("ca.crt", "-----BEGIN CERTIFICATE-----\n");
        machine
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_default()
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, text.replace("@ROOT@", self.folder.path().to_str().unwrap())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs a script whose files all lie in this machine.
    fn run(&self, script: &Script, arguments: &[&str]) -> Output {
        let root = self.folder.path().to_str().unwrap();
        let text = script.text.replace("/etc/", &format!("{root}/etc/")).replace("AS_ROOT='yes'", "AS_ROOT=''");
        let path = format!("{root}/bin:{}", std::env::var("PATH").unwrap());
        let mut child = Command::new("/bin/sh")
            .args(["-s", "--", "--no-verify"])
            .args(arguments)
            .env("PATH", path)
            .env("HOME", root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn ok(&self, script: &Script, arguments: &[&str]) -> String {
        let output = self.run(script, arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Every file but the stand-ins' own, with its text.
    fn files(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        walk(&self.path("etc"), &mut files);
        files.sort();
        files
    }

    /// What was asked of systemd since the last time.
    fn calls(&self) -> String {
        let calls = self.read("calls");
        let _ = fs::remove_file(self.path("calls"));
        calls
    }
}

fn walk(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            walk(&entry, files);
        } else {
            files.push((entry.to_str().unwrap().to_owned(), fs::read_to_string(&entry).unwrap()));
        }
    }
}

/// Starts "Docker": it takes names from daemon.json and from flags, and stays down when both have some, or when the
/// file is marked as bad.
const SYSTEMCTL: &str = r##"#!/bin/sh
case "$1" in
  cat) echo "# @ROOT@/etc/docker.service"; cat @ROOT@/etc/docker.service; exit ;;
esac
echo "$1 $2 $3" >> @ROOT@/calls
json=$(grep -o '[a-z0-9.]*:[0-9][0-9]*' @ROOT@/etc/docker/daemon.json 2>/dev/null)
flags=$(cat @ROOT@/etc/docker.service @ROOT@/etc/sysconfig/docker @ROOT@/etc/default/docker 2>/dev/null | grep -v '^#' | grep -o -e '--insecure-registry[ =][a-z0-9.]*:[0-9]*' | sed 's/.*[ =]//')
rm -f @ROOT@/info
[ -z "$json" ] || [ -z "$flags" ] || exit 1
if grep -qs bad @ROOT@/etc/docker/daemon.json; then exit 1; fi
{ echo " Insecure Registries:"; for name in $json $flags; do echo "  $name"; done; echo "  127.0.0.0/8"; echo " Live Restore Enabled: false"; } > @ROOT@/info
"##;
const DOCKER: &str = "#!/bin/sh\ncat @ROOT@/info\n";

#[test]
fn every_script_is_posix_shell_and_passes_shellcheck() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let authority = authority();
    for (address, authority) in [(PREFIX, Some(&authority)), ("[2001:db8::1]:5000", None)] {
        let address = RegistryAddress::parse(address).unwrap();
        for target in Target::all() {
            for trust in Trust::ALL {
                for version in target.versions(*trust) {
                    let version = Some(version.slug());
                    let input = Input { target, version, trust: Some(*trust), address: &address, authority };
                    let Some(script) = script(input).filter(|script| script.kind == ScriptKind::Shell) else {
                        continue;
                    };
                    let file = folder.path().join(format!("{}.sh", files.len()));
                    fs::write(&file, script.text).unwrap();
                    let output = Command::new("sh").arg("-n").arg(&file).output().unwrap();
                    assert!(output.status.success() && output.stderr.is_empty(), "{target:?}: {output:?}");
                    files.push(file);
                }
            }
        }
    }
    assert!(files.len() > 100, "{}", files.len());
    let output = Command::new("shellcheck").args(["-s", "sh"]).args(&files).output();
    let output = output.expect("the tests need shellcheck");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn docker_learns_the_registry_once_and_keeps_all_else() {
    let machine = Machine::new();
    machine.write("etc/docker/daemon.json", "{\n\t\"log-driver\": \"journald\"\n}\n");
    let script = script_of("debian", "docker-23", Trust::Plain);

    let before = machine.files();
    let said = machine.ok(&script, &["--dry-run"]);
    assert!(said.contains(&format!("+\t\"insecure-registries\": [\"{PREFIX}\"]")), "{said}");
    assert_eq!((machine.files(), machine.calls().as_str()), (before, ""), "a dry run changes nothing");

    let said = machine.ok(&script, &[]);
    assert!(said.contains("done: "), "{said}");
    let expected = format!("{{\n\t\"log-driver\": \"journald\",\n\t\"insecure-registries\": [\"{PREFIX}\"]\n}}\n");
    assert_eq!(machine.read("etc/docker/daemon.json"), expected);
    assert_eq!(machine.calls(), "reload docker \n");
    let after = machine.files();
    assert_eq!(after.iter().filter(|(name, _)| name.contains(".bak.")).count(), 1);

    let said = machine.ok(&script, &[]);
    assert!(said.contains("nothing had to be changed"), "{said}");
    assert_eq!((machine.files(), machine.calls().as_str()), (after, ""), "the second time changes nothing");
}

#[test]
fn old_docker_is_started_anew_and_a_missing_file_is_made() {
    let machine = Machine::new();
    machine.ok(&script_of("linux", "docker-1.11", Trust::Plain), &[]);
    assert_eq!(machine.read("etc/docker/daemon.json"), format!("{{\n  \"insecure-registries\": [\"{PREFIX}\"]\n}}\n"));
    assert_eq!(machine.calls(), "restart docker \n");
}

#[test]
fn a_flag_that_would_stop_docker_moves_into_daemon_json() {
    let machine = Machine::new();
    let unit = "[Service]\nEnvironmentFile=-@/etc/sysconfig/docker\nExecStart=/usr/bin/dockerd -H fd:// \\\n  --insecure-registry a.example:1 \\\n  $OPTIONS\n";
    machine.write("etc/docker.service", &unit.replace('@', machine.folder.path().to_str().unwrap()));
    machine.write("etc/sysconfig/docker", "OPTIONS='--debug --insecure-registry=b.example:2'\n");
    machine.write("etc/docker/daemon.json", "{ \"debug\": true }\n");
    machine.ok(&script_of("rhel", "docker-23", Trust::Plain), &[]);
    let expected =
        format!("{{ \"debug\": true, \"insecure-registries\": [\"a.example:1\", \"b.example:2\", \"{PREFIX}\"] }}\n");
    assert_eq!(machine.read("etc/docker/daemon.json"), expected);
    assert_eq!(machine.read("etc/sysconfig/docker"), "OPTIONS='--debug'\n");
    assert!(!machine.read("etc/docker.service").contains("insecure"), "{}", machine.read("etc/docker.service"));
    assert_eq!(machine.calls(), "daemon-reload  \nrestart docker \n");
}

#[test]
fn what_docker_does_not_take_is_put_back() {
    let machine = Machine::new();
    let before = "{ \"bad\": \"\" }";
    machine.write("etc/docker/daemon.json", before);
    let output = machine.run(&script_of("debian", "docker-1.13", Trust::Plain), &[]);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("put back"));
    assert_eq!(machine.read("etc/docker/daemon.json"), before);

    // A file that was not there is not there again.
    let machine = Machine::new();
    machine.program("docker", "#!/bin/sh\nexit 1\n");
    machine.program("sleep", "#!/bin/sh\n");
    let output = machine.run(&script_of("debian", "docker-1.13", Trust::Plain), &[]);
    assert!(!output.status.success());
    assert!(!machine.path("etc/docker/daemon.json").exists());
}

#[test]
fn broken_json_is_left_alone_with_its_place() {
    let machine = Machine::new();
    machine.write("etc/docker/daemon.json", "{\n  \"debug\": true,\n}\n");
    let before = machine.files();
    let output = machine.run(&script_of("debian", "docker-23", Trust::Plain), &[]);
    assert_eq!(output.status.code(), Some(3));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("line 3, column 1") && message.contains("Nothing was changed"), "{message}");
    assert_eq!((machine.files(), machine.calls().as_str()), (before, ""));
}

#[test]
fn a_private_authority_is_installed_and_an_insecure_entry_taken_out() {
    let machine = Machine::new();
    let script = script_of("debian", "docker-23", Trust::PrivateCa);
    let output = machine.run(&script, &[]);
    assert!(!output.status.success() && String::from_utf8(output.stderr).unwrap().contains("--ca"));

    let ca = machine.path("ca.crt");
    let ca = ca.to_str().unwrap();
    machine.write("etc/docker/daemon.json", &format!("{{ \"insecure-registries\": [\"a:1\", \"{PREFIX}\"] }}"));
    machine.ok(&script, &["--ca", ca]);
    assert_eq!(machine.read("etc/docker/daemon.json"), "{ \"insecure-registries\": [\"a:1\"] }");
    assert_eq!(machine.read(&format!("etc/docker/certs.d/{PREFIX}/ca.crt")), machine.read("ca.crt"));
    assert_eq!(machine.calls(), "reload docker \n");
    let files = machine.files();
    machine.ok(&script, &["--ca", ca]);
    assert_eq!((machine.files(), machine.calls().as_str()), (files, ""));

    // Where only the authority is new, Docker is left alone.
    let machine = Machine::new();
    let ca = machine.path("ca.crt");
    machine.ok(&script, &["--ca", ca.to_str().unwrap()]);
    assert!(!machine.path("etc/docker/daemon.json").exists());
    assert_eq!(machine.calls(), "");
}

#[test]
fn variables_are_edited_in_place_or_extended() {
    let table = [
        ("centos-7", "sysconfig-1.13", "etc/sysconfig/docker", "INSECURE_REGISTRY=\"--insecure-registry a:1\"\n"),
        ("centos-7", "sysconfig-1.10", "etc/sysconfig/docker", ""),
        ("centos-6", "sysvinit", "etc/sysconfig/docker", "other_args=\"--debug\""),
        ("ubuntu", "upstart", "etc/default/docker", "# DOCKER_OPTS=\n"),
    ];
    for (target, version, file, before) in table {
        let machine = Machine::new();
        machine.program("service", "#!/bin/sh\nexec @ROOT@/bin/systemctl restart docker\n");
        machine.write(file, before);
        let script = script_of(target, version, Trust::Plain);
        machine.ok(&script, &[]);
        assert_eq!(machine.calls(), "restart docker \n", "{target}");
        let print = format!(". '{}'; echo $INSECURE_REGISTRY $other_args $DOCKER_OPTS", machine.path(file).display());
        let output = Command::new("sh").args(["-c", &print]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.ends_with(&format!("--insecure-registry {PREFIX}\n")), "{target}: {printed}");
        for kept in ["a:1", "--debug"] {
            assert_eq!(printed.contains(kept), before.contains(kept), "{target}: {printed}");
        }
        let files = machine.files();
        machine.ok(&script, &[]);
        assert_eq!((machine.files(), machine.calls().as_str()), (files, ""), "{target}");
    }
}

#[test]
fn podman_gets_a_drop_in_and_loses_it_for_https() {
    let machine = Machine::new();
    machine.program("podman", "#!/bin/sh\n");
    let file = "etc/containers/registries.conf.d/50-registry.example.com-5000.conf";
    let plain = script_of("podman", "system", Trust::Plain);
    machine.ok(&plain, &[]);
    let text = machine.read(file);
    let address = RegistryAddress::parse(PREFIX).unwrap();
    let podman = Target::from_slug("podman").unwrap();
    let input = Input { target: podman, version: None, trust: Some(Trust::Plain), address: &address, authority: None };
    // What the page makes of an empty file.
    assert_eq!(merge_files(input, &[""])[0].1.as_ref().unwrap().text, text);
    machine.ok(&plain, &[]);
    assert_eq!(machine.read(file), text);
    machine.ok(&script_of("podman", "system", Trust::Tls), &[]);
    assert!(!machine.path(file).exists());

    machine.write("etc/containers/registries.conf", "[registries.search]\nregistries = []\n");
    let output = machine.run(&plain, &[]);
    assert_eq!(output.status.code(), Some(3), "version 1 and a drop-in do not go together");
}

#[test]
fn containerd_gets_its_folder_and_the_key_for_it() {
    let machine = Machine::new();
    machine.program("containerd", "#!/bin/sh\ncat @ROOT@/etc/containerd/config.toml 2>/dev/null\n");
    machine.write(
        "etc/containerd/config.toml",
        "version = 3\n\n[plugins.'io.containerd.cri.v1.images'.registry]\n  config_path = ''\n\n[debug]\n",
    );
    let script = script_of("containerd", "containerd-2", Trust::Plain);
    machine.ok(&script, &[]);
    let config = machine.read("etc/containerd/config.toml");
    let folder = machine.path("etc/containerd/certs.d");
    assert!(
        config.contains(&format!("config_path = \"{}\"", folder.display())) && config.ends_with("[debug]\n"),
        "{config}"
    );
    assert_eq!(config.matches("config_path").count(), 1, "{config}");
    assert!(machine.read(&format!("etc/containerd/certs.d/{PREFIX}/hosts.toml")).contains("[host.\"http://"));
    assert_eq!(machine.calls(), "restart containerd \n");
    let files = machine.files();
    machine.ok(&script, &[]);
    assert_eq!((machine.files(), machine.calls().as_str()), (files, ""));
}

#[test]
fn every_node_of_kind_runs_the_script_by_itself() {
    let machine = Machine::new();
    machine.program("containerd", "#!/bin/sh\necho \"  config_path = '@ROOT@/etc/containerd/certs.d'\"\n");
    // Two nodes that share their files, so that the second finds what the first has made.
    let docker = "#!/bin/sh\ncase \"$1 $*\" in\n  ps*role=control-plane*) echo kind-control-plane ;;\n  \
                  ps*role=worker*) echo kind-worker ;;\n  exec*) shift 3; exec \"$@\" ;;\nesac\n";
    machine.program("docker", docker);
    let script = script_of("kind", "any", Trust::PrivateCa);
    let output = machine.run(&script, &[]);
    assert!(!output.status.success() && String::from_utf8(output.stderr).unwrap().contains("--ca"));
    assert!(machine.read(&format!("etc/containerd/certs.d/{PREFIX}/hosts.toml")).is_empty());

    let before = machine.files();
    let ca = machine.path("ca.crt");
    let said = machine.ok(&script, &["--dry-run", "--ca", ca.to_str().unwrap()]);
    assert!(said.contains("== kind-worker") && said.contains("+  ca = \"ca.crt\""), "{said}");
    assert_eq!(machine.files(), before, "a dry run changes nothing");

    let said = machine.ok(&script, &["--ca", ca.to_str().unwrap()]);
    let (first, second) = said.split_once("== kind-worker").unwrap();
    assert!(first.contains("done: ") && second.contains("nothing had to be changed"), "{said}");
    assert_eq!(machine.read(&format!("etc/containerd/certs.d/{PREFIX}/ca.crt")), machine.read("ca.crt"));
    assert!(machine.read(&format!("etc/containerd/certs.d/{PREFIX}/hosts.toml")).contains("  ca = \"ca.crt\""));

    machine.program("docker", "#!/bin/sh\n");
    let output = machine.run(&script, &["--ca", ca.to_str().unwrap()]);
    assert!(
        !output.status.success() && String::from_utf8(output.stderr).unwrap().contains("No node of a kind cluster")
    );
}

#[test]
fn registries_yaml_gets_lines_and_nothing_else_changes() {
    let before = "mirrors: # ours\n    docker.io:\n        endpoint:\n            - https://m.example\nconfigs:\n  m.example:\n    auth:\n      username: u\n";
    for (text, comment) in
        [("", "nothing"), ("configs:\n  a:\n    auth:\n      username: u", "another key"), (before, "the key")]
    {
        let machine = Machine::new();
        machine.write("etc/rancher/k3s/registries.yaml", text);
        let script = script_of("k3s", "server", Trust::Plain);
        machine.ok(&script, &[]);
        let address = RegistryAddress::parse(PREFIX).unwrap();
        let k3s = Target::from_slug("k3s").unwrap();
        let input = Input { target: k3s, version: None, trust: Some(Trust::Plain), address: &address, authority: None };
        // The page reads it with a parser, and finds nothing to add.
        let merged = merge_files(input, &[&machine.read("etc/rancher/k3s/registries.yaml")]);
        assert!(merged[0].1.as_ref().unwrap().is_unchanged(), "{comment}: {merged:?}");
        assert_eq!(machine.calls(), "restart k3s \n", "{comment}");
        let files = machine.files();
        machine.ok(&script, &[]);
        assert_eq!((machine.files(), machine.calls().as_str()), (files, ""), "{comment}");
    }
    let machine = Machine::new();
    machine.write("etc/rancher/k3s/registries.yaml", "mirrors: {}\n");
    assert_eq!(machine.run(&script_of("k3s", "server", Trust::Plain), &[]).status.code(), Some(3));
}

/// The script's merge needs nothing but awk; the page's is Rust. They have to agree, byte by byte, by every awk.
#[test]
fn script_and_page_merge_daemon_json_alike() {
    let texts = [
        "",
        "{}",
        "{ }\n",
        "{\n  \"debug\": true\n}\n",
        "{\"debug\": true, \"insecure-registries\": [\"a:5000\"]}",
        "{\n\t\"log-driver\": \"journald\",\n\t\"labels\": [\"a=,]}\", \"b=\\\"\"]\n}",
        "{\n    \"insecure-registries\": [\n        \"a:5000\",\n        \"b:5000\"\n    ],\n    \"debug\": true\n}\n",
        "{ \"insecure-registries\": [] }",
        "{ \"insecure-registries\": null }",
        "{ \"labels\": [\"stadt=Zürich\"] }\n\n",
        "{\n  \"insecure-registries\": [\"registry.example.com:5000\", \"a:5000\"]\n}\n",
        "{\n  \"insecure-registries\": [\n    \"a:5000\",\n    \"registry.example.com:5000\"\n  ]\n}\n",
        "{ \"insecure-registries\": [\"registry.example.com:5000\"], \"x\": -1.5e+3, \"y\": [true, false, {}] }",
        "\u{feff}{\n  \"debug\": true\n}\n",
        "{ \"debug\": true, }",
        "{\n  \"debug\": true\n}\n{\n}\n",
        "[1]",
        "{ \"insecure-registries\": \"a\" }",
        "{ \"a\": 01 }",
        "{ \"insecure-registries\": [1] }",
        "{ \"a\": \"\\x\" }",
        "{ \"a\": \"\n\" }",
        "{ \"a\" 1 }",
        "{",
        "{ \"a\": tru }",
    ];
    let script = script_of("linux", "docker-23", Trust::Plain).text;
    let start = script.find("merge_json() {").unwrap();
    let end = start + script[start..].find("\n}'\n}\n").unwrap() + "\n}'\n}\n".len();
    let function = &script[start..end];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("daemon.json");
    let address = RegistryAddress::parse(PREFIX).unwrap();
    for awk in awks() {
        let bin = tempfile::tempdir().unwrap();
        for name in ["cat", "sh"] {
            let found = Command::new("sh").args(["-c", &format!("command -v {name}")]).output().unwrap();
            symlink(String::from_utf8(found.stdout).unwrap().trim(), bin.path().join(name)).unwrap();
        }
        symlink(&awk, bin.path().join("awk")).unwrap();
        for trust in [Trust::Plain, Trust::Tls] {
            let (add, gone) = if trust == Trust::Plain { (PREFIX, "") } else { ("", PREFIX) };
            for text in texts {
                fs::write(&file, text).unwrap();
                let input = Input {
                    target: Target::first(),
                    version: None,
                    trust: Some(trust),
                    address: &address,
                    authority: None,
                };
                let expected = merge_files(input, &[text]).remove(0).1;
                let output = Command::new("/bin/sh")
                    .args(["-c", &format!("{function}\nmerge_json \"$@\""), "sh", file.to_str().unwrap(), add, gone])
                    .env("PATH", bin.path())
                    .env("LC_ALL", "C")
                    .output()
                    .unwrap();
                let name = format!("{} {trust:?} {text:?}: {output:?}", awk.display());
                match expected {
                    Ok(merged) => {
                        assert!(output.status.success(), "{name}");
                        assert_eq!(String::from_utf8(output.stdout).unwrap(), merged.text, "{name}");
                    }
                    Err(_) => assert_eq!(output.status.code(), Some(3), "{name}"),
                }
            }
        }
    }
}

/// The awks of this machine: mawk, gawk, busybox's, the original.
fn awks() -> Vec<PathBuf> {
    let names = ["mawk", "gawk", "busybox", "original-awk", "awk"];
    let find = |name: &str| {
        let output = Command::new("sh").args(["-c", &format!("command -v {name}")]).output().unwrap();
        let found = String::from_utf8(output.stdout).unwrap();
        (!found.trim().is_empty()).then(|| PathBuf::from(found.trim()))
    };
    let awks: Vec<_> = names.iter().filter_map(|name| find(name)).collect();
    assert!(!awks.is_empty(), "the tests need awk");
    awks
}

#[test]
fn the_authority_that_the_registry_hands_out_comes_with_the_script() {
    let (authority, address) = (authority(), RegistryAddress::parse(PREFIX).unwrap());
    for (slug, folder) in [
        ("debian", "etc/docker/certs.d"),
        ("podman", "etc/containers/certs.d"),
        ("containerd", "etc/containerd/certs.d"),
        ("k3s", "etc/rancher/k3s/certs.d"),
        ("buildkit", "etc/buildkit/certs.d"),
    ] {
        let machine = Machine::new();
        machine.program("containerd", "#!/bin/sh\ncat @ROOT@/etc/containerd/config.toml 2>/dev/null\n");
        machine.write("info", " Insecure Registries:\n  127.0.0.0/8\n");
        let target = Target::from_slug(slug).unwrap();
        let input = Input {
            target,
            version: None,
            trust: Some(Trust::PrivateCa),
            address: &address,
            authority: Some(&authority),
        };
        let script = script(input).unwrap();
        let said = machine.ok(&script, &["--dry-run"]);
        assert!(said.contains("fingerprint (SHA-256): AB:CD"), "{slug}: {said}");
        machine.ok(&script, &[]);
        let file = format!("{folder}/{PREFIX}/ca.crt");
        assert_eq!(machine.read(&file), PEM, "{slug}");
        let before = machine.files();
        let said = machine.ok(&script, &[]);
        assert!(said.contains("nothing had to be changed"), "{slug}: {said}");
        assert_eq!(machine.files(), before, "{slug}");
        // One's own counts first.
        let own = machine.path("ca.crt");
        machine.ok(&script, &["--ca", own.to_str().unwrap()]);
        assert_eq!(machine.read(&file), machine.read("ca.crt"), "{slug}");
    }
}
