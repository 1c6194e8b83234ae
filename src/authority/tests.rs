#![allow(clippy::unwrap_used)]

use std::process::Command;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use time::macros::datetime;

use super::*;

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::OrganizationName, "Example");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_after = datetime!(2055-01-02 03:04:05 UTC);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server's certificate and its key.
fn signed(issuer: &CertifiedIssuer<'static, KeyPair>) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["hub.example".to_owned()]).unwrap();
    params.not_after = datetime!(2031-01-02 03:04:05 UTC);
    (params.signed_by(&key, issuer).unwrap().pem(), key.serialize_pem())
}

fn files(named: Option<&str>, chain: Option<&str>) -> (tempfile::TempDir, AuthorityFiles) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let files = AuthorityFiles {
        named: named.map(|text| write("named.pem", text)),
        chain: chain.map(|text| write("chain.pem", text)),
    };
    (folder, files)
}

#[test]
fn the_end_of_the_chain_is_handed_out_and_the_named_one_before_it() {
    let (root, other) = (authority("Root"), authority("Ω other"));
    let (leaf, _) = signed(&root);
    let chain = format!("{leaf}{}", root.pem());
    let (_folder, from_chain) = files(None, Some(&chain));
    let read = from_chain.read().unwrap().unwrap();
    let [certificate] = read.certificates() else { panic!("{read:?}") };
    assert_eq!(certificate.subject, "Root");
    assert_eq!(certificate.until, Some(datetime!(2055-01-02 03:04:05 UTC)));
    assert_eq!(read.pem().replace('\n', ""), root.pem().replace(['\r', '\n'], ""));

    let (_folder, named) = files(Some(&other.pem()), Some(&chain));
    assert_eq!(named.read().unwrap().unwrap().certificates()[0].subject, "Ω other");
}

#[test]
fn a_certificate_alone_is_an_authority_only_if_it_signed_itself() {
    let root = authority("Root");
    let (leaf, _) = signed(&root);
    let (_folder, alone) = files(None, Some(&leaf));
    assert_eq!(alone.read().unwrap(), None);
    let (_folder, itself) = files(None, Some(&root.pem()));
    assert_eq!(itself.read().unwrap().unwrap().certificates()[0].subject, "Root");
    let (_folder, nothing) = files(None, None);
    assert_eq!(nothing.read().unwrap(), None);
}

#[test]
fn a_key_in_the_file_stays_there() {
    let root = authority("Root");
    let (leaf, key) = signed(&root);
    for text in [format!("{key}{}", root.pem()), format!("{}\n{key}", root.pem()), format!("{leaf}{key}{}", root.pem())]
    {
        for (named, chain) in [(Some(&*text), None), (None, Some(&*text))] {
            let (_folder, files) = files(named, chain);
            let Some(authority) = files.read().unwrap() else { continue };
            let pem = authority.pem();
            assert!(pem.contains("BEGIN CERTIFICATE") && !pem.contains("KEY"), "{pem}");
        }
    }
    let (_folder, only_a_key) = files(Some(&key), None);
    let error = only_a_key.read().unwrap_err().to_string();
    assert!(error.ends_with("named.pem: there is no certificate in it (PEM, BEGIN CERTIFICATE)"), "{error}");
}

#[test]
fn openssl_sees_the_same() {
    let root = authority("Root");
    let (folder, named) = files(Some(&root.pem()), None);
    let authority = named.read().unwrap().unwrap();
    fs::write(folder.path().join("ca.crt"), authority.pem()).unwrap();
    let asked = ["x509", "-in", "ca.crt", "-noout", "-fingerprint", "-sha256", "-subject", "-enddate"];
    let Ok(output) = Command::new("openssl").args(asked).current_dir(folder.path()).output() else {
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(&format!("Fingerprint={}\n", authority.fingerprint())), "{text}");
    assert!(text.contains("CN = Root") || text.contains("CN=Root"), "{text}");
    assert!(text.contains("notAfter=Jan  2 03:04:05 2055 GMT"), "{text}");
}

#[test]
fn what_is_no_certificate_is_not_read() {
    let root = authority("Root");
    let der = root.der().as_ref();
    assert!(x509::read(der).is_some());
    for end in 0..der.len() {
        assert_eq!(x509::read(&der[..end]), None);
    }
    for noise in [&b""[..], b"\x30", b"\x30\x80\0\0", b"\x30\x84\xff\xff\xff\xff", b"\x30\x02\x30\x00"] {
        assert_eq!(x509::read(noise), None);
    }
}
