//! `http.tls`.

use super::{Problem, Remarks, Scope, Sourced, http::file};
use crate::settings::{
    http::{ClientAuth, Tls, TlsVersion},
    value,
};

/// The suites that are spoken, by IANA's names: those with forward secrecy and authenticated encryption.
pub(super) const SUITES: &[&str] = &[
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
];

/// Those that Distribution knows besides: without forward secrecy, or with encryption that has been broken.
const UNSAFE: &[&str] = &[
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
];

pub(super) fn tls(root: &Scope<'_>, remarks: &mut Remarks) -> Option<Tls> {
    let (certificate, key) = (file(root, "http.tls.certificate"), file(root, "http.tls.key"));
    let client_cas = root.or_empty("http.tls.clientcas", value::paths);
    let (certificate, key) = match (certificate, key) {
        (Some(certificate), Some(key)) => (certificate, key),
        (Some(certificate), None) => {
            let text = "is missing, and a certificate needs it. Write the file of its private key.";
            remarks.problem(certificate.origin, "http.tls.key", text);
            return None;
        }
        (None, Some(key)) => {
            let text = "is missing, and a key needs it. Write the file of its certificate.";
            remarks.problem(key.origin, "http.tls.certificate", text);
            return None;
        }
        (None, None) => {
            if !client_cas.is_empty() {
                let text = "clients show certificates over TLS only. Write http.tls.certificate and http.tls.key, too.";
                remarks.problem(client_cas.origin, "http.tls.clientcas", text);
            }
            return None;
        }
    };
    let minimum = minimum(root, remarks);
    Some(Tls {
        certificate,
        key,
        client_auth: client_auth(root, remarks),
        client_cas,
        cipher_suites: cipher_suites(root, *minimum, remarks),
        minimum,
    })
}

fn minimum(root: &Scope<'_>, remarks: &mut Remarks) -> Sourced<TlsVersion> {
    let given = root.choice("http.tls.minimumtls");
    if matches!(given.value, "tls1.0" | "tls1.1") {
        let text = format!("{} is not spoken any more: TLS 1.2 is the lowest version", given.value);
        remarks.ignored.push(Problem::new(given.origin.clone(), "http.tls.minimumtls", text));
    }
    given.map(|version| if version == "tls1.3" { TlsVersion::Tls13 } else { TlsVersion::Tls12 })
}

fn client_auth(root: &Scope<'_>, remarks: &mut Remarks) -> Sourced<ClientAuth> {
    let given = root.choice("http.tls.clientauth");
    match given.value {
        "require-any-client-cert" => {
            let text = "any certificate at all proves nothing. Write require-and-verify-client-cert.";
            remarks.problem(given.origin.clone(), "http.tls.clientauth", text);
        }
        "request-client-cert" => {
            let text = "nobody looks at such certificates, so none is asked for";
            remarks.ignored.push(Problem::new(given.origin.clone(), "http.tls.clientauth", text));
        }
        _ => {}
    }
    given.map(|given| match given {
        "verify-client-cert-if-given" => ClientAuth::Optional,
        "request-client-cert" => ClientAuth::Off,
        _ => ClientAuth::Required,
    })
}

fn cipher_suites(root: &Scope<'_>, minimum: TlsVersion, remarks: &mut Remarks) -> Sourced<Vec<String>> {
    const KEY: &str = "http.tls.ciphersuites";
    let given = root.texts(KEY);
    if given.is_empty() {
        return given;
    }
    for suite in &given.value {
        let (origin, suite) = (given.origin.clone(), suite.as_str());
        if UNSAFE.contains(&suite) {
            let text = format!("{suite} is not spoken: it is not safe any more");
            remarks.ignored.push(Problem::new(origin, KEY, text));
        } else if !SUITES.contains(&suite) {
            let text = format!("there is no suite {suite:?}. Write names such as {}.", SUITES[6]);
            remarks.problem(origin, KEY, text);
        }
    }
    let spoken = |suite: &&String| {
        let is_1_3 = !suite.contains("_WITH_");
        SUITES.contains(&suite.as_str()) && (is_1_3 || minimum == TlsVersion::Tls12)
    };
    let kept: Vec<String> = given.value.iter().filter(spoken).cloned().collect();
    if kept.is_empty() {
        let text = format!("none of these is spoken. Write {} or take the key out.", SUITES[6]);
        remarks.problem(given.origin.clone(), KEY, text);
    }
    Sourced::new(kept, given.origin)
}
