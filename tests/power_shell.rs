//! What the setup guide gives Windows: PowerShell that a parser takes and, where PowerShell is installed, that runs dry.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use std::{fs, process::Command};

use humpback::{
    config::RegistryAddress,
    setup_guide::{Authority, Certificate, Input, Language, ScriptKind, Target, Trust, guide, script},
};
use tree_sitter::{Node, Parser};

/// An authority that signed itself, as `openssl req -x509` makes it.
const PEM: &str = include_str!("ca.pem");

fn authority() -> Authority {
    let (pem, fingerprint) = (PEM.to_owned(), "AB:CD".to_owned());
    Authority::new(vec![Certificate { pem, fingerprint, subject: "CA".to_owned(), until: None }]).unwrap()
}

/// Every script and every snippet in PowerShell, with what it is.
fn everything() -> Vec<(String, bool, String)> {
    let mut texts = Vec::new();
    let authority = authority();
    for (address, authority) in [("registry.example.com:5000", Some(&authority)), ("[2001:db8::1]:5000", None)] {
        let address = RegistryAddress::parse(address).unwrap();
        for target in Target::all() {
            for &trust in Trust::ALL {
                for version in target.versions(trust) {
                    let version = Some(version.slug());
                    let input = Input { target, version, trust: Some(trust), address: &address, authority };
                    let name = format!("{target:?} {} {address}", trust.slug());
                    if let Some(script) = script(input).filter(|script| script.kind == ScriptKind::PowerShell) {
                        texts.push((name.clone(), true, script.text));
                    }
                    let snippets = guide(input).steps.into_iter().flat_map(|step| step.snippets);
                    let of_power_shell = snippets.filter(|snippet| snippet.language == Language::PowerShell);
                    texts.extend(of_power_shell.map(|snippet| (name.clone(), false, snippet.text)));
                }
            }
        }
    }
    texts
}

/// The first place that is no PowerShell.
fn error(node: Node<'_>) -> Option<Node<'_>> {
    if !node.has_error() {
        return None;
    }
    let mut cursor = node.walk();
    let below = node.children(&mut cursor).find_map(error);
    below.or((node.is_error() || node.is_missing()).then_some(node))
}

#[test]
fn everything_for_windows_is_power_shell() {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    // The parser sees what is wrong.
    assert!(parser.parse("if ($a { 'b' }", None).unwrap().root_node().has_error());
    let texts = everything();
    let scripts = texts.iter().filter(|(_, is_script, _)| *is_script).count();
    assert!(scripts >= 12 && texts.len() > scripts + 12, "{scripts} of {}", texts.len());
    for (name, _, text) in texts {
        let tree = parser.parse(&text, None).unwrap();
        if let Some(node) = error(tree.root_node()) {
            let line = text.lines().nth(node.start_position().row).unwrap_or_default();
            panic!("{name}: {} in {line}", node.start_position());
        }
    }
}

#[test]
fn every_script_runs_dry_where_there_is_power_shell() {
    if Command::new("pwsh").arg("-Version").output().is_err() {
        eprintln!("SKIPPED: no script was run, for there is no pwsh here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, is_script, text) in everything() {
        if !is_script || (name.contains(" ca ") && !text.contains("BEGIN CERTIFICATE")) {
            continue;
        }
        let file = folder.path().join("setup.ps1");
        fs::write(&file, text).unwrap();
        let output =
            Command::new("pwsh").args(["-NoProfile", "-NonInteractive", "-File"]).arg(&file).arg("-DryRun").output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("dry run: nothing was changed"), "{name}: {output:?}");
        if name.contains(" ca ") {
            assert!(said.contains("would trust: ") || said.contains("would write: "), "{name}: {said}");
            assert!(said.contains("AB:CD"), "{name}: {said}");
        }
    }
}
