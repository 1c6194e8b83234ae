//! Certificates of token servers: the bundle's, and those that a token brings along.

use std::{fmt, sync::Arc, time::Duration};

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jsonwebtoken::DecodingKey;
use rustls::{
    RootCertStore,
    client::verify_server_cert_signed_by_trust_anchor,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, SubjectPublicKeyInfoDer, UnixTime, pem::PemObject as _},
    server::{ParsedCertificate, WebPkiClientVerifier},
};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

/// How long a chain may be.
const CHAIN_MAX: usize = 10;

/// The certificates of the bundle.
#[derive(Clone)]
pub(super) struct Roots {
    certificates: Vec<CertificateDer<'static>>,
    store: Arc<RootCertStore>,
}

impl Default for Roots {
    fn default() -> Self {
        Self { certificates: Vec::new(), store: Arc::new(RootCertStore::empty()) }
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Roots({})", self.certificates.len())
    }
}

impl Roots {
    /// Reads every certificate of a PEM file; what else stands in it is passed over.
    pub(super) fn parse(pem: &[u8]) -> Result<Self, String> {
        let mut store = RootCertStore::empty();
        let mut certificates = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| error.to_string())?;
            store.add(certificate.clone()).map_err(|error| error.to_string())?;
            certificates.push(certificate);
        }
        if certificates.is_empty() {
            return Err("there is no certificate in it".to_owned());
        }
        Ok(Self { certificates, store: Arc::new(store) })
    }

    /// The certificates' keys.
    pub(super) fn public_keys(&self) -> impl Iterator<Item = PublicKey> {
        self.certificates.iter().filter_map(|certificate| PublicKey::of(certificate).ok())
    }

    /// The key of the first certificate of `chain` (base 64 of DER), if it leads to one of the bundle.
    pub(super) fn leaf_key(&self, chain: &[String], now: OffsetDateTime) -> Result<DecodingKey, String> {
        if chain.len() > CHAIN_MAX {
            return Err("too long".to_owned());
        }
        let mut decoded = Vec::with_capacity(chain.len());
        for certificate in chain {
            let der = BASE64_STANDARD.decode(certificate).or_else(|_| BASE64_URL_SAFE_NO_PAD.decode(certificate));
            decoded.push(CertificateDer::from(der.map_err(|error| error.to_string())?));
        }
        let (leaf, intermediates) = decoded.split_first().ok_or("empty")?;
        // Named by the administrator, as is a key that a token names by its id: then there is no chain to build.
        if !self.certificates.contains(leaf) {
            self.check(leaf, intermediates, now)?;
        }
        PublicKey::of(leaf)?.key().map_err(str::to_owned)
    }

    /// Whether the chain leads to a root. The certificate may be for any use, so it is tried as both kinds that are
    /// told apart.
    fn check(
        &self,
        leaf: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        now: OffsetDateTime,
    ) -> Result<(), String> {
        if self.certificates.is_empty() {
            return Err("there is no rootcertbundle to check it against".to_owned());
        }
        let seconds = u64::try_from(now.unix_timestamp()).unwrap_or_default();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let provider = Arc::new(aws_lc_rs::default_provider());
        let parsed = ParsedCertificate::try_from(leaf).map_err(|error| error.to_string())?;
        let algorithms = provider.signature_verification_algorithms.all;
        if verify_server_cert_signed_by_trust_anchor(&parsed, &self.store, between, now, algorithms).is_ok() {
            return Ok(());
        }
        let client = WebPkiClientVerifier::builder_with_provider(Arc::clone(&self.store), provider).build();
        let client = client.map_err(|error| error.to_string())?;
        client.verify_client_cert(leaf, between, now).map(|_| ()).map_err(|error| error.to_string())
    }
}

/// A certificate's public key.
pub(super) struct PublicKey(SubjectPublicKeyInfoDer<'static>);

impl PublicKey {
    fn of(certificate: &CertificateDer<'_>) -> Result<Self, String> {
        let parsed = ParsedCertificate::try_from(certificate).map_err(|error| error.to_string())?;
        Ok(Self(parsed.subject_public_key_info()))
    }

    /// The key with its algorithm (`SubjectPublicKeyInfo`, RFC 5280).
    pub(super) fn der(&self) -> &[u8] {
        self.0.as_ref()
    }

    /// The key for verifying: `SubjectPublicKeyInfo` is a sequence of the algorithm and, as bits, the key.
    pub(super) fn key(&self) -> Result<DecodingKey, &'static str> {
        const BROKEN: &str = "the public key of a certificate can't be read";
        let (info, _) = element(self.der(), 0x30).ok_or(BROKEN)?;
        let (algorithm, rest) = element(info, 0x30).ok_or(BROKEN)?;
        let (name, _) = element(algorithm, 0x06).ok_or(BROKEN)?;
        let (bits, _) = element(rest, 0x03).ok_or(BROKEN)?;
        let (0, key) = bits.split_first().map(|(unused, key)| (*unused, key)).ok_or(BROKEN)? else {
            return Err(BROKEN);
        };
        match name {
            // rsaEncryption, id-ecPublicKey, id-Ed25519
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01] => Ok(DecodingKey::from_rsa_der(key)),
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01] => Ok(DecodingKey::from_ec_der(key)),
            [0x2b, 0x65, 0x70] => Ok(DecodingKey::from_ed_der(key)),
            _ => Err("the public key of a certificate is neither RSA nor ECDSA nor Ed25519"),
        }
    }
}

/// The content of the DER element that `der` begins with, which must be of the kind `tag`, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81 | 0x82 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    if *found == tag { rest.split_at_checked(length) } else { None }
}

/// A key's name in libtrust: the first 240 bits of the SHA-256 of its DER, in base 32, in groups of four.
pub(super) fn libtrust_id(spki: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let hash = Sha256::digest(spki);
    let mut id = String::with_capacity(59);
    for (group, five) in hash.iter().as_slice()[..30].chunks(5).enumerate() {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for place in 0..8 {
            if (group > 0 || place > 0) && place % 4 == 0 {
                id.push(':');
            }
            let index = usize::try_from(bits >> (35 - 5 * place) & 31).unwrap_or_default();
            id.push(char::from(ALPHABET[index]));
        }
    }
    id
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_id_has_twelve_groups_of_four() {
        // base32(sha256("")[:30])
        let id = libtrust_id(b"");
        assert_eq!(id, "4OYM:IQUY:7QOB:JGX3:6TEJ:S35Z:EQT2:4QPE:MSNZ:GTFE:SWMR:W6CS");
        assert_eq!(id.split(':').map(str::len).collect::<Vec<_>>(), [4; 12]);
    }

    #[test]
    fn only_whole_elements_are_read() {
        assert_eq!(element(&[0x30, 2, 1, 2, 9], 0x30), Some((&[1, 2][..], &[9][..])));
        assert_eq!(element(&[0x30, 0x81, 1, 7], 0x30), Some((&[7][..], &[][..])));
        for broken in [&[0x30][..], &[0x30, 2, 1], &[0x30, 0x82, 1], &[0x30, 0x85, 0, 0, 0, 0, 0], &[0x31, 0], &[]] {
            assert_eq!(element(broken, 0x30), None);
        }
    }
}
