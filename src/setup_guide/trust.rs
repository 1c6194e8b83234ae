//! How a client comes to trust the registry.

use crate::config::{RegistryAddress, Scheme};

use super::words::words;

words! {
    /// The three ways. Everything else about a machine follows from which it is.
    Trust in "trust" {
        /// HTTPS with a certificate that clients accept as they are: nothing to install, nothing to weaken.
        Tls: "tls",
        /// HTTPS with a certificate of one's own authority, which each client has to be given.
        PrivateCa: "ca",
        /// HTTP in the clear, which each client has to be told is meant.
        Plain: "http",
    }
}

impl Trust {
    /// The one to aim for.
    pub const RECOMMENDED: Self = Self::Tls;

    /// The name in the page's address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::PrivateCa => "ca",
            Self::Plain => "http",
        }
    }

    /// The way with this [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|trust| trust.slug() == slug)
    }

    /// The ways that an address leaves open: a scheme that was typed decides between HTTP and HTTPS.
    pub fn open_to(address: &RegistryAddress) -> &'static [Self] {
        match address.scheme() {
            Some(Scheme::Http) => &[Self::Plain],
            Some(Scheme::Https) => &[Self::Tls, Self::PrivateCa],
            None => &[Self::Tls, Self::PrivateCa, Self::Plain],
        }
    }

    /// The way to take: the wanted one if it is open. Without a wish an address means HTTP, except by its scheme or
    /// port 443; and HTTPS means a private authority, whose steps begin by seeing whether that is so.
    pub fn choose(address: &RegistryAddress, wanted: Option<Self>) -> Self {
        let open = Self::open_to(address);
        let encrypted = address.scheme() == Some(Scheme::Https) || address.port() == Some(443);
        wanted.filter(|wanted| open.contains(wanted)).unwrap_or(match encrypted && open.len() > 1 {
            true => Self::PrivateCa,
            false => Self::Plain,
        })
    }

    /// Whether the registry is reached over TLS.
    pub const fn is_encrypted(self) -> bool {
        !matches!(self, Self::Plain)
    }
}
