#![allow(clippy::unwrap_used)]
use std::fmt::Write;

use crate::{
    config::RegistryAddress,
    setup_guide::{Input, Script, ScriptKind, Target, Trust, Version, script},
};

fn every_script(address: &str) -> Vec<(Target, Version, Trust, Option<Script>)> {
    let address = RegistryAddress::parse(address).unwrap();
    let mut scripts = Vec::new();
    for target in Target::all() {
        for &trust in Trust::open_to(&address) {
            for version in target.versions(trust) {
                let input = Input {
                    target,
                    version: Some(version.slug()),
                    trust: Some(trust),
                    address: &address,
                    authority: None,
                };
                scripts.push((target, version, trust, script(input)));
            }
        }
    }
    scripts
}

/// What differs between scripts: the values at their head, and which parts follow. The parts are files of their own.
#[test]
fn the_head_of_every_script() {
    let mut snapshot = String::new();
    let mut without = Vec::new();
    for (target, version, trust, script) in every_script("registry.example.com:5000") {
        let name = format!("{} {} {}", target.slug(), version.slug(), trust.slug());
        let Some(script) = script else {
            without.push(name);
            continue;
        };
        let head = match script.kind {
            ScriptKind::Shell => script.text.split("\nsay() {").next().unwrap(),
            ScriptKind::PowerShell => script.text.split("\n# Needs nothing").next().unwrap(),
        };
        let functions: Vec<_> = script
            .text
            .lines()
            .filter_map(|line| line.strip_suffix("() {"))
            .filter(|name| !name.contains(' '))
            .collect();
        let parts = functions.join(" ");
        writeln!(snapshot, "=== {name}.{}\n{}\n{parts}\n", script.kind.extension(), head.trim_end()).unwrap();
    }
    writeln!(snapshot, "=== without: {}", without.join(", ")).unwrap();
    insta::assert_snapshot!(snapshot);
}

#[test]
fn a_script_begins_only_at_its_end() {
    for (target, .., script) in every_script("192.168.1.10:5000") {
        let Some(script) = script.filter(|script| script.kind == ScriptKind::Shell) else { continue };
        assert!(script.text.ends_with("\nmain \"$@\"\n"), "{target:?}");
        assert!(script.text.starts_with("#!/bin/sh\n"), "{target:?}");
    }
}

#[test]
fn the_address_stands_in_values_only() {
    for address in ["[2001:db8::1]:5000", "a-registry.example.com:1234"] {
        for (target, .., script) in every_script(address) {
            let Some(script) = script else { continue };
            for line in script.text.lines().filter(|line| line.contains(address)) {
                let is_value = line.starts_with('#')
                    || line
                        .split_once("='")
                        .is_some_and(|(_, value)| value.ends_with('\'') && value.matches('\'').count() == 1)
                    || line.split_once(" = '").is_some_and(|(name, _)| name.starts_with('$'));
                assert!(is_value, "{target:?}: {line}");
            }
        }
    }
}
