//! How a request came here: who sent it, and under which address the client knows us.
//!
//! A reverse proxy tells that in `X-Forwarded-*` headers or in `Forwarded`, and so can anyone else. They are believed of
//! [`TrustedProxies`] only. Whoever wants to know a client's address or ours asks [`Arrival`]: nothing else reads these
//! headers.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, NestedPath},
    http::{Extensions, HeaderMap, header, request::Parts},
};

use crate::{
    config::Scheme,
    wire::{Authority, ExternalUrl, PathPrefix, forwarded},
};

mod trusted;

pub use trusted::{InvalidProxy, TrustedProxies};

/// Stands in a request's extensions if it came over TLS of our own. Whoever accepts connections puts it there, beside
/// `ConnectInfo<SocketAddr>`.
#[derive(Clone, Copy, Debug)]
pub struct OverTls;

/// A request's way here, read off its headers when asked. Without [`TrustedProxies`] in the request's extensions
/// nobody is trusted; with an [`ExternalUrl`] there, that is our address, whatever a header says.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    headers: &'a HeaderMap,
    peer: Option<IpAddr>,
    over_tls: bool,
    trusted: Option<&'a TrustedProxies>,
    external: Option<&'a ExternalUrl>,
    mounted: Option<&'a NestedPath>,
}

impl<'a> Arrival<'a> {
    /// The way of the request with these headers and extensions.
    pub fn of(headers: &'a HeaderMap, extensions: &'a Extensions) -> Self {
        Self {
            headers,
            peer: extensions.get().map(|ConnectInfo(peer): &ConnectInfo<SocketAddr>| peer.ip().to_canonical()),
            over_tls: extensions.get::<OverTls>().is_some(),
            trusted: extensions.get(),
            external: extensions.get(),
            mounted: extensions.get(),
        }
    }

    /// The way of this request.
    pub fn of_parts(request: &'a Parts) -> Self {
        Self::of(&request.headers, &request.extensions)
    }

    /// Who holds the other end of the connection, a proxy where there is one.
    pub const fn peer(&self) -> Option<IpAddr> {
        self.peer
    }

    /// The client's address: for counting failed attempts and for the log, never for letting anyone in.
    pub fn client(&self) -> Option<IpAddr> {
        let peer = self.peer?;
        let Some(trusted) = self.trusted.filter(|trusted| trusted.contains(peer)) else { return Some(peer) };
        let mut lines = self.headers.get_all("x-forwarded-for").iter().rev().peekable();
        if lines.peek().is_some() {
            // A line that is not text hides what stands before it, as does an entry that is no address.
            let entries = lines.flat_map(|line| line.to_str().unwrap_or("unknown").rsplit(','));
            return Some(forwarded::client(peer, entries.map(forwarded::address), |at| trusted.contains(at)));
        }
        let hops = self.forwarded().into_iter().rev().map(|hop| hop.client);
        Some(forwarded::client(peer, hops, |at| trusted.contains(at)))
    }

    /// How the client spoke to the first proxy, or to us.
    pub fn scheme(&self) -> Scheme {
        if let Some(external) = self.external {
            return external.scheme();
        }
        let told = self.told("x-forwarded-proto").and_then(forwarded::scheme);
        let told = told.or_else(|| self.first_hop().and_then(|hop| hop.scheme));
        told.unwrap_or(if self.over_tls { Scheme::Https } else { Scheme::Http })
    }

    /// The host and port that the client asked for; `None` if the request names none that could stand in a URL.
    pub fn authority(&self) -> Option<Authority> {
        if let Some(external) = self.external {
            return Some(external.authority().clone());
        }
        let told = self.told("x-forwarded-host").and_then(Authority::parse);
        let told = told.or_else(|| self.first_hop().and_then(|hop| hop.host));
        let host = || Authority::parse(self.headers.get(header::HOST)?.to_str().ok()?);
        // What Distribution does, too: a proxy that passes the host on without its port names the port here.
        let port = || self.told("x-forwarded-port").and_then(crate::wire::number);
        let port = port().filter(|&port| port != 0 && port != self.scheme().default_port());
        told.or_else(host).map(|authority| authority.or_port(port))
    }

    /// The path that a proxy has taken away from the front of the request's; the root if it says nothing of the kind.
    pub fn prefix(&self) -> PathPrefix {
        if let Some(external) = self.external {
            return external.path().clone();
        }
        self.told("x-forwarded-prefix").and_then(|prefix| PathPrefix::parse(prefix).ok()).unwrap_or_default()
    }

    /// `path`, which begins with a slash, as the client reaches it; `None` if it is not known under which host.
    pub fn url(&self, path: &str) -> Option<String> {
        let mounted = self.mounted.filter(|_| self.external.is_none()).map(NestedPath::as_str).unwrap_or_default();
        Some(format!("{}://{}{}{mounted}{path}", self.scheme().as_str(), self.authority()?, self.prefix()))
    }

    /// The first entry of a header, which the proxy nearest to the client has written, if a trusted proxy sends it.
    fn told(&self, name: &str) -> Option<&'a str> {
        let header = self.headers.get(name).filter(|_| self.is_trusted())?.to_str().ok()?;
        header.split(',').next().map(str::trim).filter(|value| !value.is_empty())
    }

    fn first_hop(&self) -> Option<forwarded::Hop> {
        if self.is_trusted() { self.forwarded().into_iter().next() } else { None }
    }

    /// `Forwarded`, several lines being one list (RFC 9110, section 5.3); nothing if it is malformed.
    fn forwarded(&self) -> Vec<forwarded::Hop> {
        let lines = self.headers.get_all(header::FORWARDED).iter();
        let read = |line: &axum::http::HeaderValue| forwarded::parse(line.to_str().ok()?);
        lines.map(read).collect::<Option<Vec<_>>>().map(|hops| hops.concat()).unwrap_or_default()
    }

    fn is_trusted(&self) -> bool {
        matches!((self.peer, self.trusted), (Some(peer), Some(trusted)) if trusted.contains(peer))
    }
}

#[cfg(test)]
mod tests;
