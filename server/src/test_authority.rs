//! An authority for tests: makes certificates, writes them to files as an administrator would, and makes clients that
//! believe it.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use humpback::settings::{Sources, http};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair, SignatureAlgorithm,
};
use rustls::{
    ClientConfig, RootCertStore, SupportedProtocolVersion,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key, in PEM.
pub struct Identity {
    pub certificate: String,
    pub key: KeyPair,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap() }
    }

    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// For `localhost` and `127.0.0.1`, or for a client.
    pub fn sign(&self, algorithm: &'static SignatureAlgorithm) -> Identity {
        self.sign_until(algorithm, 4096)
    }

    /// The same, until a year begins.
    pub fn sign_until(&self, algorithm: &'static SignatureAlgorithm, year: i32) -> Identity {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let mut params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 1, 1);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        Identity { certificate: params.signed_by(&key, &self.issuer).unwrap().pem(), key }
    }

    /// A client that believes this authority, knows these versions and suites, and may have a certificate.
    pub fn client(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        suites: &[&str],
        identity: Option<&Identity>,
    ) -> ClientConfig {
        let mut provider: CryptoProvider = aws_lc_rs::default_provider();
        if !suites.is_empty() {
            provider.cipher_suites.retain(|suite| suites.contains(&suite.suite().as_str().unwrap()));
        }
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(provider)).with_protocol_versions(versions).unwrap();
        let builder = builder.with_root_certificates(roots);
        match identity {
            None => builder.with_no_client_auth(),
            Some(identity) => {
                let certificate = rustls::pki_types::pem::PemObject::from_pem_slice(identity.certificate.as_bytes());
                let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.serialize_der()));
                builder.with_client_auth_cert(vec![certificate.unwrap()], key).unwrap()
            }
        }
    }
}

/// A folder with the files of `http.tls`.
pub struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    pub fn new(identity: &Identity) -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap() };
        files.replace(identity);
        files
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        // A new file, as renewals make one: the moment alone could be the same.
        let new = self.path("new");
        fs::write(&new, text).unwrap();
        fs::rename(new, self.path(name)).unwrap();
    }

    pub fn replace(&self, identity: &Identity) {
        self.write("cert.pem", &identity.certificate);
        self.write("key.pem", &identity.key.serialize_pem());
    }

    /// `http.tls` with these files and more keys.
    pub fn settings(&self, more: &str) -> http::Tls {
        let file = |name: &str| self.path(name).display().to_string();
        let (cert, key, ca) = (file("cert.pem"), file("key.pem"), file("ca.pem"));
        let more = more.replace("CA", &ca);
        let text = format!("version: 0.1\nhttp: {{tls: {{certificate: {cert}, key: {key}, {more}}}}}\n");
        let loaded = humpback::settings::load(Sources { file: Some(("config.yml", &text)), ..Sources::default() });
        loaded.map(|loaded| loaded.settings.http.tls.unwrap()).map_err(|error| error.to_string()).unwrap()
    }
}

impl AsRef<Path> for Files {
    fn as_ref(&self) -> &Path {
        self.folder.path()
    }
}
