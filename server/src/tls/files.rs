//! The files of TLS: certificates and keys in PEM.

use std::{fs, io, os::unix::fs::MetadataExt as _, path::Path};

use humpback::settings::{Origin, Problem, http};
use rustls::{
    RootCertStore,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject as _},
    },
};
use time::OffsetDateTime;

/// What is wrong with the files, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(Problem);

impl Error {
    pub(super) fn new(origin: &Origin, key: &str, path: &Path, text: &str) -> Self {
        Self(Problem { origin: origin.clone(), key: key.to_owned(), text: format!("{}: {text}", path.display()) })
    }
}

pub(super) const CERTIFICATE: &str = "http.tls.certificate";
pub(super) const KEY: &str = "http.tls.key";
pub(super) const CLIENT_CAS: &str = "http.tls.clientcas";

/// By what a change of the files is noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp(Vec<Option<(i64, i64, u64, u64)>>);

impl Stamp {
    /// The files as they are now; symbolic links are followed, as Kubernetes' secrets need it.
    pub(super) fn of(settings: &http::Tls) -> Self {
        let files = [&*settings.certificate, &*settings.key].into_iter().chain(&settings.client_cas.value);
        let stamp = |path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.mtime(), metadata.mtime_nsec(), metadata.len(), metadata.ino()))
        };
        Self(files.map(stamp).collect())
    }
}

/// The certificate and what leads from it to its authority.
pub(super) fn certificates(settings: &http::Tls) -> Result<Vec<CertificateDer<'static>>, Error> {
    let (path, origin) = (&settings.certificate.value, &settings.certificate.origin);
    read_certificates(path).map_err(|text| Error::new(origin, CERTIFICATE, path, &text))
}

/// Until when a certificate holds (RFC 5280, section 4.1.2.5); `None` if it can't be read.
pub(super) fn end(certificate: &CertificateDer<'static>) -> Option<OffsetDateTime> {
    let (_, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
    Some(certificate.validity().not_after.to_datetime())
}

fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    let certificates: Vec<_> = read.map_err(|error: pem::Error| describe(&error))?;
    if certificates.is_empty() {
        return Err("there is no certificate in it (PEM, BEGIN CERTIFICATE).".to_owned());
    }
    Ok(certificates)
}

/// The private key: PKCS #8, PKCS #1 or SEC 1.
pub(super) fn key(settings: &http::Tls) -> Result<PrivateKeyDer<'static>, Error> {
    let (path, origin) = (&settings.key.value, &settings.key.origin);
    PrivateKeyDer::from_pem_file(path).map_err(|error| {
        let is_encrypted = fs::read_to_string(path).is_ok_and(|text| text.contains("ENCRYPTED"));
        let text = match error {
            pem::Error::NoItemsFound if is_encrypted => {
                "it is encrypted, and nobody is there to type its password. Write it out with openssl pkey.".to_owned()
            }
            pem::Error::NoItemsFound => "there is no private key in it (PEM, BEGIN PRIVATE KEY).".to_owned(),
            error => describe(&error),
        };
        Error::new(origin, KEY, path, &text)
    })
}

/// The authorities that sign clients' certificates.
pub(super) fn client_authorities(settings: &http::Tls) -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    for path in &settings.client_cas.value {
        let error = |text: &str| Error::new(&settings.client_cas.origin, CLIENT_CAS, path, text);
        for certificate in read_certificates(path).map_err(|text| error(&text))? {
            roots.add(certificate).map_err(|source| error(&format!("a certificate in it can't be read: {source}.")))?;
        }
    }
    Ok(roots)
}

fn describe(error: &pem::Error) -> String {
    match error {
        pem::Error::Io(error) if error.kind() == io::ErrorKind::NotFound => "there is no such file.".to_owned(),
        pem::Error::Io(error) => format!("{error}."),
        error => format!("it is not PEM: {error}."),
    }
}
