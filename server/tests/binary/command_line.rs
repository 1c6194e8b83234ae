//! Calling it: what a script relies on, and what a person reads.

use std::process::{Command, Output};

use crate::{
    server::{Server, command, folder},
    storage::query,
};

pub fn run(command: &mut Command) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
}

fn binary(arguments: &[&str]) -> (Option<i32>, String) {
    // Not this machine's own configuration.
    let mut command = Command::new(env!("CARGO_BIN_EXE_humpback-registry"));
    run(command.args(arguments).env("REGISTRY_CONFIGURATION_PATH", ""))
}

#[test]
fn what_is_called_wrongly_ends_with_2_and_says_how_it_goes() {
    for (arguments, text) in [
        (&["serve", "--addr", "localhost"][..], "--addr"),
        (&["serve", "--log-level", "loud=very=much"], "--log-level"),
        (&["serve", "--shutdown-timeout", "soon"], "--shutdown-timeout"),
        (&["serve", "/nonexistent/config.yml"], "/nonexistent/config.yml"),
        (&["push"], "unrecognized subcommand"),
        (&["serve", "--root", "/dev/null/data"], "--root"),
    ] {
        let (code, said) = binary(arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(said.contains(text), "{arguments:?}: {said}");
    }
}

#[test]
fn help_tells_the_defaults_and_the_environment() {
    let (code, help) = binary(&["serve", "--help"]);
    assert_eq!(code, Some(0));
    for text in ["default: 0.0.0.0:5000", "default: /var/lib/registry", "HUMPBACK_ADMIN_PASSWORD_FILE", "SIGTERM"] {
        assert!(help.contains(text), "{text} is missing in {help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
}

#[test]
fn a_data_folder_is_served_by_one_process() {
    let root = folder();
    let first = Server::start(root.path());
    let (code, said) = run(&mut command(root.path()));
    assert_eq!(code, Some(2));
    assert!(said.contains("already serves"), "{said}");
    // A killed process leaves no lock behind.
    first.kill();
    drop(Server::start(root.path()));
}

#[test]
fn an_address_in_use_is_told() {
    let (one, two) = (folder(), folder());
    let first = Server::start(one.path());
    let arguments = ["serve", "--addr", &first.addr.to_string(), "--root", two.path().to_str().unwrap()];
    let (code, said) = binary(&arguments);
    assert_eq!(code, Some(2));
    assert!(said.contains("--addr"), "{said}");
}

#[test]
fn the_setup_code_is_said_until_there_is_an_administrator() {
    let root = folder();
    let server = Server::start(root.path());
    assert!(server.said.contains("Setup code  "), "{}", server.said);
    drop(server);

    let secret = root.path().join("secret");
    std::fs::write(&secret, "a password from a file\n").unwrap();
    let mut with_password = command(root.path());
    with_password.env("HUMPBACK_ADMIN_PASSWORD_FILE", &secret).env("HUMPBACK_ADMIN_USER", "root-of-all");
    let server = Server::run(root.path(), &mut with_password);
    assert!(!server.said.contains("ode"), "{}", server.said);
    assert!(!server.log().contains("a password from"), "{}", server.log());
    assert_eq!(query(root.path(), "SELECT name FROM account"), ["root-of-all"]);
    drop(server);

    let server = Server::start(root.path());
    assert!(!server.said.contains("ode"), "{}", server.said);
}

#[test]
fn an_administrator_that_can_not_be_made_ends_the_start() {
    for (name, value, text) in [
        ("HUMPBACK_ADMIN_PASSWORD", "short", "HUMPBACK_ADMIN_PASSWORD"),
        ("HUMPBACK_ADMIN_PASSWORD_FILE", "/no/such/file", "/no/such/file"),
    ] {
        let root = folder();
        let (code, said) = run(command(root.path()).env(name, value));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(text), "{said}");
    }
}
