//! The setup guide's commands, run by a real shell on files like those that clients have.

#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Output},
};

use humpback::{
    config::RegistryAddress,
    setup_guide::{Input, Language, Role, StepKind, Target, Trust, guide},
};

const PREFIX: &str = "registry.example.com:5000";

/// The commands of one step, for HTTP.
fn commands(target: &str, version: &str, kind: StepKind) -> String {
    let address = RegistryAddress::parse(PREFIX).unwrap();
    let target = Target::from_slug(target).unwrap();
    let guide =
        guide(Input { target, version: Some(version), trust: Some(Trust::Plain), address: &address, authority: None });
    assert_eq!(guide.version.slug(), version);
    let step = guide.steps.into_iter().find(|step| step.kind == kind).unwrap();
    step.snippets.into_iter().find(|snippet| snippet.role == Role::Run).unwrap().text
}

/// Runs `script` with `file` in the place of the client's own.
fn run(script: &str, original: &str, file: &Path, path: Option<&Path>) -> Output {
    assert!(script.contains(original));
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(script.replace(original, file.to_str().unwrap()));
    if let Some(path) = path {
        command.env("PATH", path);
    }
    command.output().unwrap()
}

/// A PATH that has what every Linux has, and of the two JSON tools only `tool`.
fn path_with(tool: &str, directory: &Path) {
    for name in ["dirname", "mkdir", "mktemp", "rm", "cp", "date", "cat", "chmod", "mv", tool] {
        // The interpreter itself: what stands in the PATH may be a script that needs more of it.
        let find = match name {
            "python3" => "python3 -c 'import sys; print(sys.executable)'".to_owned(),
            name => format!("command -v {name}"),
        };
        let output = Command::new("sh").args(["-c", &find]).output().unwrap();
        let found = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "the tests need {name}");
        symlink(found.trim(), directory.join(name)).unwrap();
    }
}

fn json_of(file: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn copies(directory: &Path) -> Vec<String> {
    let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains(".bak.")).collect()
}

#[test]
fn every_command_is_posix_shell() {
    let mut seen = 0;
    for target in Target::all() {
        for trust in Trust::ALL {
            for version in target.versions(*trust) {
                for address in [PREFIX, "192.168.1.10:5000", "[2001:db8::10]:5000"] {
                    let address = RegistryAddress::parse(address).unwrap();
                    let input = Input {
                        target,
                        version: Some(version.slug()),
                        trust: Some(*trust),
                        address: &address,
                        authority: None,
                    };
                    let steps = guide(input).steps;
                    let snippets = steps.iter().flat_map(|step| &step.snippets);
                    for snippet in
                        snippets.filter(|snippet| (snippet.role, snippet.language) == (Role::Run, Language::Shell))
                    {
                        let output = Command::new("sh").args(["-n", "-c", &snippet.text]).output().unwrap();
                        let message = String::from_utf8_lossy(&output.stderr);
                        assert!(output.status.success() && message.is_empty(), "{message}\n{}", snippet.text);
                        seen += 1;
                    }
                }
            }
        }
    }
    assert!(seen > 500, "{seen} commands");
}

#[test]
fn merging_daemon_json_keeps_what_is_there() {
    let script = commands("linux", "docker-23", StepKind::MergeDaemonJson);
    let table = [
        (None, r#"{"insecure-registries":["@"]}"#),
        (Some(""), r#"{"insecure-registries":["@"]}"#),
        (Some("{}"), r#"{"insecure-registries":["@"]}"#),
        (
            Some(r#"{"log-driver":"journald","registry-mirrors":["https://m.example"]}"#),
            r#"{"log-driver":"journald","registry-mirrors":["https://m.example"],"insecure-registries":["@"]}"#,
        ),
        (Some(r#"{"insecure-registries":["a:5000"]}"#), r#"{"insecure-registries":["a:5000","@"]}"#),
        (Some(r#"{"insecure-registries":["@"],"debug":true}"#), r#"{"insecure-registries":["@"],"debug":true}"#),
        (Some(r#"{"labels":["stadt=Zürich"]}"#), r#"{"labels":["stadt=Zürich"],"insecure-registries":["@"]}"#),
    ];
    for tool in ["jq", "python3"] {
        let tools = tempfile::tempdir().unwrap();
        path_with(tool, tools.path());
        for (before, after) in table {
            let directory = tempfile::tempdir().unwrap();
            let file = directory.path().join("docker/daemon.json");
            if let Some(before) = before {
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(&file, before.replace('@', PREFIX)).unwrap();
            }
            // Twice: the second time changes nothing.
            for _ in 0..2 {
                let output = run(&script, "/etc/docker/daemon.json", &file, Some(tools.path()));
                assert!(output.status.success(), "{tool} {before:?}: {output:?}");
                let expected: serde_json::Value = serde_json::from_str(&after.replace('@', PREFIX)).unwrap();
                assert_eq!(json_of(&file), expected, "{tool} {before:?}");
            }
            let rest = fs::read_dir(file.parent().unwrap()).unwrap().count() - copies(file.parent().unwrap()).len();
            assert_eq!(rest, 1, "{tool} {before:?}: a temporary file is left");
        }
    }
}

#[test]
fn a_daemon_json_that_is_broken_is_left_alone() {
    let script = commands("linux", "docker-23", StepKind::MergeDaemonJson);
    for tool in ["jq", "python3"] {
        let tools = tempfile::tempdir().unwrap();
        path_with(tool, tools.path());
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("daemon.json");
        let broken = "{ \"debug\": true, }";
        fs::write(&file, broken).unwrap();
        let output = run(&script, "/etc/docker/daemon.json", &file, Some(tools.path()));
        assert_eq!(fs::read_to_string(&file).unwrap(), broken, "{tool}");
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && message.contains("line 1"), "{tool} says where: {message}");
        assert_eq!(copies(directory.path()).len(), 1, "{tool}");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2, "{tool}: a temporary file is left");
    }
}

#[test]
fn editing_sysconfig_keeps_other_flags_and_lines() {
    let script = commands("centos-7", "sysconfig-1.13", StepKind::SetVariable);
    let flag = format!("--insecure-registry {PREFIX}");
    let table = [
        ("", format!("INSECURE_REGISTRY='{flag}'")),
        ("# INSECURE_REGISTRY='--insecure-registry'\n", format!("INSECURE_REGISTRY='{flag}'")),
        ("INSECURE_REGISTRY=''\n", format!("INSECURE_REGISTRY=' {flag}'")),
        ("INSECURE_REGISTRY=\n", format!("INSECURE_REGISTRY=' {flag}'")),
        (
            "INSECURE_REGISTRY=\"--insecure-registry a:5000\"\n",
            format!("INSECURE_REGISTRY='--insecure-registry a:5000 {flag}'"),
        ),
        // A longer port with the same beginning is another registry.
        (
            "INSECURE_REGISTRY='--insecure-registry registry.example.com:50001'\n",
            format!("INSECURE_REGISTRY='--insecure-registry registry.example.com:50001 {flag}'"),
        ),
    ];
    for (before, line) in table {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("docker");
        fs::write(&file, format!("OPTIONS='--log-driver=journald'\n{before}")).unwrap();
        for _ in 0..2 {
            let output = run(&script, "/etc/sysconfig/docker", &file, None);
            assert!(output.status.success(), "{before:?}: {output:?}");
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.starts_with("OPTIONS='--log-driver=journald'\n"), "{text}");
            let set: Vec<_> = text.lines().filter(|line| line.starts_with("INSECURE_REGISTRY")).collect();
            assert_eq!(set, [line.as_str()], "{before:?}");
        }
        assert!(!copies(directory.path()).is_empty());
    }
}

#[test]
fn a_value_that_cannot_be_edited_safely_is_reported() {
    let script = commands("centos-7", "sysconfig-1.13", StepKind::SetVariable);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("docker");
    let before = "INSECURE_REGISTRY=\"--insecure-registry 'a:5000'\"\n";
    fs::write(&file, before).unwrap();
    let output = run(&script, "/etc/sysconfig/docker", &file, None);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("by hand"));
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn a_line_added_to_a_sourced_file_extends_the_variable_once() {
    let cases = [
        ("centos-6", "sysvinit", StepKind::SetVariable, "/etc/sysconfig/docker", "other_args"),
        ("centos-6", "original", StepKind::SetInsecureRegistry, "/etc/sysconfig/docker", "INSECURE_REGISTRY"),
        ("ubuntu", "upstart", StepKind::SetVariable, "/etc/default/docker", "DOCKER_OPTS"),
    ];
    for (target, version, kind, original, variable) in cases {
        let script = commands(target, version, kind);
        for before in [None, Some(format!("{variable}=\"--debug\"")), Some(format!("{variable}='--debug'\n"))] {
            let directory = tempfile::tempdir().unwrap();
            let file = directory.path().join("docker");
            if let Some(before) = &before {
                fs::write(&file, before).unwrap();
            }
            for _ in 0..2 {
                let output = run(&script, original, &file, None);
                assert!(output.status.success(), "{variable} {before:?}: {output:?}");
            }
            let print = format!(". '{}'; echo \"${variable}\"", file.display());
            let output = Command::new("sh").args(["-c", &print]).output().unwrap();
            let before = if before.is_some() { "--debug" } else { "" };
            let expected = format!("{before} --insecure-registry {PREFIX}\n");
            assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{variable}");
        }
    }
}
