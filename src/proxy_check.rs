//! What a reverse proxy in front of the registry does to requests: findings from what arrived, a verdict on how it passes
//! bodies on, and configurations that do it right.
//!
//! Pure and language-neutral; the words stand in the console's translations.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::config::Scheme;

mod origin;
mod sample;
mod watch;

pub use origin::PageOrigin;
pub use sample::{Remark, Sample, Server};
pub use watch::{Passage, Watch};

/// One request as it arrived, through whatever stands in front.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// How the client spoke to the first proxy, or to us, as far as can be told.
    pub scheme: Scheme,
    /// The host and port that the client asked for, as far as can be told.
    pub authority: Option<String>,
    /// The header `Host` as it came.
    pub host: Option<String>,
    /// Who asked, as far as can be told.
    pub client: Option<IpAddr>,
    /// Who holds the other end of the connection.
    pub peer: Option<IpAddr>,
    /// Whether `peer` is believed what it says of the client.
    pub trusted: bool,
    /// The headers by which proxies show themselves, as they came.
    pub headers: Vec<(String, String)>,
    /// Where a push would be sent on to: `Location`.
    pub location: String,
    /// Whether that is fixed at start, whatever a request says.
    pub fixed: bool,
}

/// What is to be said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Finding {
    /// Clients that use the address of this page are sent on to where they came from.
    Fine,
    /// No proxy shows itself.
    Direct,
    /// A proxy shows itself and is not believed.
    Untrusted,
    /// The page was opened by HTTPS, and pushes would be sent on to HTTP, or the other way round.
    SchemeLost,
    /// Pushes would be sent on to another host.
    HostLost,
    /// Pushes would be sent on without the port.
    PortLost,
    /// Every client seems to be the proxy.
    ClientHidden,
}

impl Finding {
    /// Every finding.
    pub const ALL: [Self; 7] = [
        Self::Fine,
        Self::Direct,
        Self::Untrusted,
        Self::SchemeLost,
        Self::HostLost,
        Self::PortLost,
        Self::ClientHidden,
    ];

    /// Whether something is to be mended.
    pub const fn is_fault(self) -> bool {
        !matches!(self, Self::Fine | Self::Direct)
    }
}

/// What there is to say, faults first. `page` is what the browser's address bar says, if that is known.
pub fn findings(seen: &Seen, page: Option<&PageOrigin>) -> Vec<Finding> {
    let proxied = !seen.headers.is_empty();
    let mut findings = Vec::new();
    if proxied && !seen.trusted {
        findings.push(Finding::Untrusted);
    }
    if let Some(page) = page {
        match PageOrigin::of_url(&seen.location) {
            // A path: whoever follows it stays where he is.
            None => {}
            Some(location) => {
                if location.scheme() != page.scheme() {
                    findings.push(Finding::SchemeLost);
                }
                if location.host() != page.host() {
                    findings.push(Finding::HostLost);
                } else if location.scheme() == page.scheme() && location.port() != page.port() {
                    findings.push(Finding::PortLost);
                }
            }
        }
    }
    // What is hidden by somebody who is not believed, the first finding says.
    // A client on the proxy's own machine has its address.
    let named = seen.headers.iter().any(|(name, _)| name == "x-forwarded-for" || name == "forwarded");
    if proxied && !named && seen.trusted && seen.client == seen.peer {
        findings.push(Finding::ClientHidden);
    }
    if !proxied && findings.is_empty() {
        findings.push(Finding::Direct);
    }
    if page.is_some() && findings.iter().all(|finding| !finding.is_fault()) {
        findings.push(Finding::Fine);
    }
    findings
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A request through a proxy at 10.0.0.1 that does everything right.
    fn seen() -> Seen {
        Seen {
            scheme: Scheme::Https,
            authority: Some("registry.example.com".into()),
            host: Some("registry.example.com".into()),
            client: Some([192, 168, 1, 22].into()),
            peer: Some([10, 0, 0, 1].into()),
            trusted: true,
            headers: vec![("x-forwarded-proto".into(), "https".into())],
            location: "https://registry.example.com/v2/team/app/blobs/uploads/1".into(),
            fixed: false,
        }
    }

    fn at(page: &str, seen: &Seen) -> Vec<Finding> {
        findings(seen, Some(&PageOrigin::of_url(page).unwrap()))
    }

    #[test]
    fn a_good_proxy_is_fine() {
        assert_eq!(at("https://registry.example.com", &seen()), [Finding::Fine]);
        assert_eq!(at("https://registry.example.com:443/setup", &seen()), [Finding::Fine]);
        assert_eq!(findings(&seen(), None), []);
    }

    #[test]
    fn what_a_proxy_leaves_out_is_found() {
        let location = |location: &str| Seen { location: format!("{location}/v2/"), ..seen() };
        for (page, seen, expected) in [
            ("https://registry.example.com", location("http://registry.example.com"), vec![Finding::SchemeLost]),
            ("https://registry.example.com", location("https://127.0.0.1:5000"), vec![Finding::HostLost]),
            ("https://registry.example.com:8443", location("https://registry.example.com"), vec![Finding::PortLost]),
            (
                "https://registry.example.com",
                location("http://backend:5000"),
                vec![Finding::SchemeLost, Finding::HostLost],
            ),
            ("https://registry.example.com", location(""), vec![Finding::Fine]),
            ("https://registry.example.com", Seen { client: seen().peer, ..seen() }, vec![Finding::ClientHidden]),
            (
                "https://registry.example.com",
                Seen { client: seen().peer, headers: vec![("x-forwarded-for".into(), "10.0.0.1".into())], ..seen() },
                vec![Finding::Fine],
            ),
            (
                "https://registry.example.com",
                Seen { trusted: false, client: seen().peer, ..location("http://registry.example.com") },
                vec![Finding::Untrusted, Finding::SchemeLost],
            ),
        ] {
            assert_eq!(at(page, &seen), expected, "{page} {seen:?}");
        }
    }

    #[test]
    fn without_a_proxy_there_is_none_to_blame() {
        let direct = Seen {
            scheme: Scheme::Http,
            headers: vec![],
            client: seen().peer,
            location: "http://192.168.1.10:5000/v2/".into(),
            ..seen()
        };
        assert_eq!(at("http://192.168.1.10:5000", &direct), [Finding::Direct, Finding::Fine]);
        assert_eq!(findings(&direct, None), [Finding::Direct]);
        // A proxy that shows itself by nothing at all is known by what it loses.
        assert_eq!(at("https://registry.example.com", &direct), [Finding::SchemeLost, Finding::HostLost]);
    }
}
