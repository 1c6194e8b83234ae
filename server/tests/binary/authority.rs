//! The certificate authority that the registry hands out, and nothing else of what stands in its file.

use std::fs;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::server::{Server, command, folder};

/// An authority: its certificate and its key, in PEM.
fn authority() -> (String, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    (issuer.pem().replace("\r\n", "\n"), issuer.key().serialize_pem())
}

#[test]
fn the_authority_is_handed_out_without_its_key() {
    let root = folder();
    let (certificate, key) = authority();
    let file = root.path().join("ca.pem");
    fs::write(&file, format!("{key}{certificate}")).unwrap();
    let server = Server::run(root.path(), command(root.path()).arg("--ca").arg(&file));
    let answer = server.get("/setup/ca.crt");
    assert_eq!((answer.status, answer.text()), (200, certificate.clone()));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"ca.crt\""));

    // Scripts come with it where it is needed.
    let script = server.get("/setup/debian.sh?trust=ca&address=registry.example.com%3A5000").text();
    assert!(script.contains(&format!("\nAUTHORITY='{}'\nFINGERPRINT='", certificate.trim_end())), "{script}");
    let plain = server.get("/setup/debian.sh?trust=http&address=registry.example.com%3A5000").text();
    assert!(plain.contains("\nAUTHORITY=''\n"), "{plain}");

    // A new one counts from the next request on, and one that is gone is not there.
    let (renewed, _) = authority();
    fs::write(&file, &renewed).unwrap();
    assert_eq!(server.get("/setup/ca.crt").text(), renewed);
    fs::remove_file(&file).unwrap();
    assert_eq!(server.get("/setup/ca.crt").status, 404);
}

#[test]
fn a_registry_that_knows_no_authority_says_so() {
    let root = folder();
    let server = Server::start(root.path());
    let answer = server.get("/setup/ca.crt");
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("ask whoever runs it"), "{}", answer.text());
}

#[test]
fn a_file_without_a_certificate_is_refused_at_start() {
    let root = folder();
    let (_, key) = authority();
    let file = root.path().join("ca.pem");
    fs::write(&file, key).unwrap();
    let output = command(root.path()).arg("--ca").arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("--ca: humpback.ca: ") && message.contains("no certificate in it"), "{message}");
    assert!(!message.contains("PRIVATE KEY"), "{message}");
}
