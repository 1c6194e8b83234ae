//! Which authority signed the registry's certificate, read from the files that the configuration names. Only
//! certificates are read, so that no key can be handed out.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use sha2::{Digest as _, Sha256};

use crate::{
    settings::Settings,
    setup_guide::{Authority, Certificate},
};

mod x509;

#[cfg(test)]
mod tests;

/// The files that may hold the authority.
#[derive(Clone, Debug, Default)]
pub struct AuthorityFiles {
    /// `humpback.ca`: the authority by itself. Counts first, and is all that there is behind a proxy.
    named: Option<PathBuf>,
    /// `http.tls.certificate`: the server's certificate and those that lead to its authority.
    chain: Option<PathBuf>,
}

/// Why there is no authority to be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file can't be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no certificate in the file.
    #[error("{path}: there is no certificate in it (PEM, BEGIN CERTIFICATE)")]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

impl AuthorityFiles {
    /// Those that the configuration names.
    pub fn of(settings: &Settings) -> Self {
        Self {
            named: settings.humpback.ca.value.clone(),
            chain: settings.http.tls.as_ref().map(|tls| tls.certificate.value.clone()),
        }
    }

    /// Reads the authority. `None` where no file is named, and where the server has only a certificate that another
    /// authority signed, which it does not send along.
    ///
    /// # Errors
    /// A file can't be read, or the one that is named for this holds no certificate.
    pub fn read(&self) -> Result<Option<Authority>, Error> {
        match (&self.named, &self.chain) {
            (Some(path), _) => {
                let certificates = read(path)?;
                if certificates.is_empty() {
                    return Err(Error::Empty { path: path.clone() });
                }
                Ok(Authority::new(certificates.iter().map(described).collect()))
            }
            (None, Some(path)) => {
                let chain = read(path)?;
                Ok(issuer(&chain).and_then(|certificate| Authority::new(vec![described(certificate)])))
            }
            (None, None) => Ok(None),
        }
    }

    /// Reads the authority as it is now, for who has no use for the reason if there is none.
    pub async fn current(&self) -> Option<Authority> {
        let files = self.clone();
        // The disk may be slow.
        match tokio::task::spawn_blocking(move || files.read()).await.ok()? {
            Ok(authority) => authority,
            Err(error) => {
                tracing::warn!(%error, "The certificate authority can't be handed out");
                None
            }
        }
    }
}

fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    // What is not a certificate is passed over; what is cut off in the middle is none.
    Ok(CertificateDer::pem_slice_iter(&text).filter_map(Result::ok).collect())
}

/// The last of a chain, which has signed the others: the authority itself, or the nearest to it that the server knows.
/// A single certificate is its own authority only if it has signed itself.
fn issuer<'a>(chain: &'a [CertificateDer<'static>]) -> Option<&'a CertificateDer<'static>> {
    match chain {
        [] => None,
        [only] => x509::read(only).is_some_and(|read| read.is_self_signed()).then_some(only),
        [.., last] => Some(last),
    }
}

fn described(certificate: &CertificateDer<'static>) -> Certificate {
    let read = x509::read(certificate);
    let digest = Sha256::digest(certificate.as_ref());
    Certificate {
        pem: pem(certificate),
        fingerprint: digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":"),
        subject: read.as_ref().map(x509::Read::name).unwrap_or_default(),
        until: read.and_then(|read| read.until),
    }
}

/// RFC 7468, section 3: lines of 64 characters.
fn pem(certificate: &[u8]) -> String {
    let text = STANDARD.encode(certificate);
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for (at, character) in text.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem.push_str("\n-----END CERTIFICATE-----\n");
    pem
}
