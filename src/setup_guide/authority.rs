//! The authority that signed the registry's certificate, as the registry itself hands it out: what clients without it
//! download, compare and install.

use time::OffsetDateTime;

use super::Place;

/// Where it is handed out, on the registry's own port.
pub const AUTHORITY_PATH: &str = "/setup/ca.crt";

/// One authority, or several of which one has signed. Public: certificates, never keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Never empty.
    certificates: Vec<Certificate>,
}

/// A certificate and what people tell it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate, with a newline at its end.
    pub pem: String,
    /// The SHA-256 of the certificate, as openssl prints it: `AB:CD:…`.
    pub fingerprint: String,
    /// Whom it names; empty where it names nobody.
    pub subject: String,
    /// When it ends, if that can be read.
    pub until: Option<OffsetDateTime>,
}

impl Authority {
    /// The authority with these certificates; `None` without any.
    pub fn new(certificates: Vec<Certificate>) -> Option<Self> {
        (!certificates.is_empty()).then_some(Self { certificates })
    }

    /// Its certificates, at least one.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// All of them, as a file.
    pub fn pem(&self) -> String {
        self.certificates.iter().map(|certificate| certificate.pem.as_str()).collect()
    }

    /// The fingerprint that openssl prints for the file: the first certificate's.
    pub fn fingerprint(&self) -> &str {
        self.certificates.first().map(|certificate| certificate.fingerprint.as_str()).unwrap_or_default()
    }
}

/// Commands that fetch the authority as `ca.crt` and show its fingerprint. `-k`, for nothing vouches for the connection
/// yet: what is fetched counts once the fingerprint is compared.
pub fn download(place: &Place) -> String {
    let globbing = if place.is_ipv6() { "g" } else { "" };
    format!(
        "curl -{globbing}fsSk -o ca.crt '{}{AUTHORITY_PATH}'\nopenssl x509 -in ca.crt -noout -fingerprint -sha256",
        place.url()
    )
}

/// The same in PowerShell; prints the bare fingerprint, for Windows has no openssl.
pub fn download_on_windows(place: &Place) -> String {
    let globbing = if place.is_ipv6() { "g" } else { "" };
    format!(
        "curl.exe -{globbing}fsSk -o ca.crt '{}{AUTHORITY_PATH}'\n\
         $c = New-Object Security.Cryptography.X509Certificates.X509Certificate2 (Resolve-Path ca.crt).Path\n\
         [BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($c.RawData)) -replace '-', ':'",
        place.url()
    )
}
