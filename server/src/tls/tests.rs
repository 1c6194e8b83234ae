#![allow(clippy::unwrap_used)]

use rcgen::{PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256};

use super::*;
use crate::test_authority::{Authority, Files};

fn refusal(files: &Files, more: &str) -> String {
    Tls::open(&files.settings(more), true).err().map(|error| error.to_string()).expect("refused")
}

#[test]
fn what_is_wrong_with_a_file_is_one_line_with_key_and_file() {
    let authority = Authority::new();
    let identity = authority.sign(&PKCS_ECDSA_P256_SHA256);
    let files = Files::new(&identity);
    for (name, text, more, key, told) in [
        ("cert.pem", "", "", "http.tls.certificate", "there is no certificate in it"),
        ("cert.pem", &*identity.key.serialize_pem(), "", "http.tls.certificate", "there is no certificate in it"),
        ("cert.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n", "", "http.tls.certificate", "it is not PEM"),
        ("key.pem", "", "", "http.tls.key", "there is no private key in it"),
        (
            "key.pem",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "",
            "http.tls.key",
            "it is encrypted",
        ),
        (
            "key.pem",
            &*authority.sign(&PKCS_ECDSA_P256_SHA256).key.serialize_pem(),
            "",
            "http.tls.key",
            "it is not the key of",
        ),
        ("ca.pem", "", "clientcas: [CA]", "http.tls.clientcas", "there is no certificate in it"),
    ] {
        files.replace(&identity);
        files.write(name, text);
        let line = refusal(&files, more);
        assert!(line.starts_with("config.yml:2:"), "{line}");
        assert!(line.contains(&format!("{key}: {}: {told}", files.path(name).display())), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
    }
    files.replace(&identity);
    std::fs::remove_file(files.path("key.pem")).unwrap();
    assert!(refusal(&files, "").ends_with("key.pem: there is no such file."));
}

/// The key that a PKCS #8 key holds, in its own older form: the third part of the sequence, without its head.
fn inner(pkcs8: &[u8]) -> &[u8] {
    fn split(der: &[u8]) -> (&[u8], &[u8]) {
        let (head, length) = match der[1] {
            short @ 0..=0x7f => (2, usize::from(short)),
            long => {
                let bytes = usize::from(long & 0x7f);
                (2 + bytes, der[2..2 + bytes].iter().fold(0, |length, byte| length * 256 + usize::from(*byte)))
            }
        };
        (&der[head..head + length], &der[head + length..])
    }
    let (sequence, _) = split(pkcs8);
    let (_, after_version) = split(sequence);
    let (_, after_algorithm) = split(after_version);
    split(after_algorithm).0
}

fn pem(label: &str, der: &[u8]) -> String {
    use std::fmt::Write as _;
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in der.chunks(3) {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for index in 0..4 {
            let letter = ALPHABET[(bits >> (18 - 6 * index) & 63) as usize] as char;
            text.push(if index > chunk.len() { '=' } else { letter });
        }
    }
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        writeln!(out, "{}", std::str::from_utf8(line).unwrap()).unwrap();
    }
    out + &format!("-----END {label}-----\n")
}

#[test]
fn keys_come_in_three_forms() {
    let authority = Authority::new();
    for (algorithm, older) in
        [(&PKCS_RSA_SHA256, "RSA PRIVATE KEY"), (&PKCS_ECDSA_P256_SHA256, "EC PRIVATE KEY"), (&PKCS_ED25519, "")]
    {
        let identity = authority.sign(algorithm);
        let files = Files::new(&identity);
        Tls::open(&files.settings(""), true).unwrap();
        if !older.is_empty() {
            files.write("key.pem", &pem(older, inner(&identity.key.serialize_der())));
            Tls::open(&files.settings(""), true).unwrap_or_else(|error| panic!("{older}: {error}"));
        }
    }
}

#[test]
fn files_that_do_not_fit_leave_the_old_ones_in_force() {
    let authority = Authority::new();
    let files = Files::new(&authority.sign(&PKCS_ECDSA_P256_SHA256));
    let tls = Tls::open(&files.settings(""), true).unwrap();
    let offered = |tls: &Tls| Arc::as_ptr(&tls.state.lock().unwrap().config);
    let before = offered(&tls);
    assert!(!tls.look(), "nothing has changed");

    // The certificate comes first, and for a moment it is that of another key.
    let ends = |year| Some(rcgen::date_time_ymd(year, 1, 1));
    let renewed = authority.sign_until(&PKCS_ECDSA_P256_SHA256, 2031);
    files.write("cert.pem", &renewed.certificate);
    assert!(!tls.look());
    assert_eq!(offered(&tls), before);
    assert!(!tls.look(), "the same state is not read twice");
    assert_eq!(tls.certificate_end().at(), ends(4096), "the one that is offered");
    files.replace(&renewed);
    assert!(tls.look());
    assert_eq!(tls.certificate_end().at(), ends(2031));
    assert_ne!(offered(&tls), before);

    let now = offered(&tls);
    std::fs::remove_file(files.path("cert.pem")).unwrap();
    assert!(!tls.look());
    assert_eq!(offered(&tls), now);
}
