//! `http`: where the server listens, how it is reached, and what stands in its answers.

use std::{fmt, path::PathBuf, time::Duration};

use axum::http::HeaderMap;

use super::Sourced;
use crate::wire::{ExternalUrl, PathPrefix};

/// `http`.
#[derive(Clone, Debug)]
pub struct Http {
    /// `http.addr` and `http.net`.
    pub listen: Sourced<Listen>,
    /// `http.host`: the URL under which clients reach the registry; for `Location`.
    pub host: Sourced<Option<ExternalUrl>>,
    /// `http.prefix`: the path at which `/v2/` lies, too.
    pub prefix: Sourced<PathPrefix>,
    /// `http.relativeurls`: `Location` without scheme and host.
    pub relative_urls: Sourced<bool>,
    /// `http.draintimeout`: how long requests in progress get to finish at the end.
    pub drain_timeout: Sourced<Duration>,
    /// `http.headers`: stand in every answer of `/v2/`.
    pub headers: Sourced<HeaderMap>,
    /// `http.http2.disabled`, the other way round: HTTP/2 over TLS.
    pub http2: Sourced<bool>,
    /// `http.h2c.enabled`: HTTP/2 without TLS.
    pub h2c: Sourced<bool>,
    /// `http.tls`; without it, HTTP is plain.
    pub tls: Option<Tls>,
    /// `http.debug`.
    pub debug: Debug,
}

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// A TCP port.
    Tcp {
        /// A name or an address; empty for every address of this machine.
        host: String,
        /// 0 takes a free one.
        port: u16,
    },
    /// A socket in the file system (`http.net: unix`).
    Unix(PathBuf),
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

/// `http.tls`: HTTPS only, on the port of `http.addr`.
#[derive(Clone, Debug)]
pub struct Tls {
    /// A file with the certificate and those that lead to its authority (PEM).
    pub certificate: Sourced<PathBuf>,
    /// A file with the certificate's private key (PEM: PKCS #1, PKCS #8 or SEC 1).
    pub key: Sourced<PathBuf>,
    /// Files of authorities (PEM) that sign clients' certificates.
    pub client_cas: Sourced<Vec<PathBuf>>,
    /// What is asked of clients, once there are authorities.
    pub client_auth: Sourced<ClientAuth>,
    /// The lowest version.
    pub minimum: Sourced<TlsVersion>,
    /// The suites that may be used, by IANA's names; empty for all that are safe.
    pub cipher_suites: Sourced<Vec<String>>,
}

/// What is asked of clients in TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAuth {
    /// Every client shows a certificate that an authority signed.
    #[default]
    Required,
    /// A client that shows a certificate shows one that an authority signed.
    Optional,
    /// Nothing.
    Off,
}

/// A version of TLS that is spoken here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsVersion {
    /// 1.2
    #[default]
    Tls12,
    /// 1.3
    Tls13,
}

/// `http.debug`: a listener of its own for those who watch the registry.
#[derive(Clone, Debug)]
pub struct Debug {
    /// Where it listens; nowhere by default.
    pub listen: Option<Sourced<Listen>>,
    /// `http.debug.prometheus.enabled`: metrics are there.
    pub prometheus: Sourced<bool>,
    /// `http.debug.prometheus.path`.
    pub prometheus_path: Sourced<String>,
}
