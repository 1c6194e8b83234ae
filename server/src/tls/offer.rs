//! What is offered to clients: versions, suites, protocols, the certificate, and what they are asked for.

use std::sync::Arc;

use humpback::settings::http::{self, ClientAuth, TlsVersion};
use rustls::{
    InconsistentKeys, ServerConfig, SupportedCipherSuite,
    crypto::{CryptoProvider, aws_lc_rs},
    server::{WebPkiClientVerifier, danger::ClientCertVerifier},
    version::{TLS12, TLS13},
};

use time::OffsetDateTime;

use super::files::{self, CERTIFICATE, CLIENT_CAS, Error, KEY};

/// Puts the offer together from the settings and their files, and tells when its certificate ends.
pub(super) fn config(settings: &http::Tls, http2: bool) -> Result<(ServerConfig, Option<OffsetDateTime>), Error> {
    let provider = Arc::new(provider(&settings.cipher_suites));
    let versions = match *settings.minimum {
        TlsVersion::Tls12 => &[&TLS13, &TLS12][..],
        TlsVersion::Tls13 => &[&TLS13],
    };
    let certificate_error =
        |text: &str| Error::new(&settings.certificate.origin, CERTIFICATE, &settings.certificate, text);
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .map_err(|error| certificate_error(&format!("no version of TLS has a suite: {error}.")))?;
    let builder = match verifier(settings, &provider)? {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    let (certificates, key) = (files::certificates(settings)?, files::key(settings)?);
    let end = certificates.first().and_then(files::end);
    let key_error = |text: &str| Error::new(&settings.key.origin, KEY, &settings.key, text);
    let mut config = builder.with_single_cert(certificates, key).map_err(|error| match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            key_error(&format!("it is not the key of {}.", settings.certificate.display()))
        }
        rustls::Error::InvalidCertificate(error) => certificate_error(&format!("it can't be read: {error}.")),
        error => key_error(&format!("it can't be used: {error}.")),
    })?;
    config.alpn_protocols = if http2 { vec![b"h2".to_vec(), b"http/1.1".to_vec()] } else { vec![b"http/1.1".to_vec()] };
    Ok((config, end))
}

/// The suites that are wanted, or all: rustls has safe ones only. ECDHE with AES-128-GCM is among them in any case that
/// does not say otherwise: clients made with Go 1.4, such as Docker 1.8, have no other in common with us.
fn provider(wanted: &[String]) -> CryptoProvider {
    let mut provider = aws_lc_rs::default_provider();
    let is_wanted = |names: Vec<&String>, suite: &SupportedCipherSuite| {
        names.is_empty() || names.iter().any(|name| **name == iana_name(suite))
    };
    // As in Go, suites of TLS 1.3 are chosen only where they are named.
    let (of_1_3, of_1_2): (Vec<_>, Vec<_>) = wanted.iter().partition(|name| !name.contains("_WITH_"));
    provider.cipher_suites.retain(|suite| match suite {
        SupportedCipherSuite::Tls13(_) => is_wanted(of_1_3.clone(), suite),
        SupportedCipherSuite::Tls12(_) => wanted.is_empty() || (!of_1_2.is_empty() && is_wanted(of_1_2.clone(), suite)),
    });
    provider
}

/// rustls tells suites of TLS 1.3 by a prefix of its own.
fn iana_name(suite: &SupportedCipherSuite) -> String {
    suite.suite().as_str().unwrap_or_default().replace("TLS13_", "TLS_")
}

fn verifier(
    settings: &http::Tls,
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<dyn ClientCertVerifier>>, Error> {
    if settings.client_cas.is_empty() || *settings.client_auth == ClientAuth::Off {
        return Ok(None);
    }
    let roots = Arc::new(files::client_authorities(settings)?);
    let mut verifier = WebPkiClientVerifier::builder_with_provider(roots, Arc::clone(provider));
    if *settings.client_auth == ClientAuth::Optional {
        verifier = verifier.allow_unauthenticated();
    }
    verifier.build().map(Some).map_err(|error| {
        let path = settings.client_cas.first().cloned().unwrap_or_default();
        Error::new(&settings.client_cas.origin, CLIENT_CAS, &path, &format!("it can't be used: {error}."))
    })
}
