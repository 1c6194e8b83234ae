//! What proxies tell of the client: `Forwarded` (RFC 7239) and `X-Forwarded-For`, which came before it.
//!
//! Only reads. A client can write all of it himself, so see [`client`] for how far it may be believed.

use std::{borrow::Cow, net::IpAddr};

use super::{Authority, number};
use crate::config::Scheme;

/// More proxies than these stand before nobody.
const HOPS_MAX: usize = 64;

/// What one proxy says of the side that it took the request from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hop {
    /// Who asked it (`for`); `None` where that is hidden or unknown.
    pub client: Option<IpAddr>,
    /// Which host it was asked for (`host`).
    pub host: Option<Authority>,
    /// How it was asked (`proto`).
    pub scheme: Option<Scheme>,
}

/// Reads a `Forwarded` header; the client's side comes first. `None` if it is malformed: a list of which one entry
/// can't be read can't be counted from either end.
pub fn parse(header: &str) -> Option<Vec<Hop>> {
    let mut hops = Vec::new();
    let mut scanner = Scanner { rest: header };
    loop {
        let hop = scanner.element()?;
        hops.extend(hop);
        if hops.len() > HOPS_MAX {
            return None;
        }
        if scanner.rest.is_empty() {
            return Some(hops);
        }
        // A comma: whatever else ends an element was refused there.
        scanner.take(',')?;
    }
}

struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    /// Pairs up to a comma or the end; `Some(None)` if there are none, which a list may have (RFC 9110, 5.6.1).
    fn element(&mut self) -> Option<Option<Hop>> {
        let mut hop = None;
        let mut seen = Vec::new();
        loop {
            self.blank();
            if self.rest.is_empty() || self.rest.starts_with(',') {
                return Some(hop);
            }
            if self.take(';').is_some() {
                continue;
            }
            let name = self.until(|c| matches!(c, '=' | ';' | ',' | ' ' | '\t' | '"'))?.to_ascii_lowercase();
            self.take('=')?;
            let value = self.value()?;
            // "Each parameter MUST NOT occur more than once per field-value" (section 4).
            if name.is_empty() || seen.contains(&name) {
                return None;
            }
            let hop = hop.get_or_insert_with(Hop::default);
            match name.as_str() {
                "for" => hop.client = address(&value),
                "host" => hop.host = Authority::parse(&value),
                "proto" => hop.scheme = scheme(&value),
                _ => {}
            }
            seen.push(name);
            self.blank();
            if !(self.rest.is_empty() || self.rest.starts_with([';', ','])) {
                return None;
            }
        }
    }

    /// A quoted string, or what stands there without quotes: proxies write hosts with ports and IPv6 addresses so,
    /// though section 4 wants quotes around them.
    fn value(&mut self) -> Option<Cow<'a, str>> {
        if self.take('"').is_none() {
            return self.until(|c| matches!(c, ';' | ',' | ' ' | '\t' | '"')).map(Cow::Borrowed);
        }
        let mut value = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(Cow::Owned(value));
                }
                '\\' => value.push(characters.next()?.1),
                _ => value.push(character),
            }
        }
        None
    }

    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn take(&mut self, character: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(character)?;
        Some(())
    }

    fn until(&mut self, end: impl Fn(char) -> bool) -> Option<&'a str> {
        let (before, rest) = self.rest.split_at(self.rest.find(end).unwrap_or(self.rest.len()));
        self.rest = rest;
        Some(before)
    }
}

/// Reads the scheme that a proxy names.
pub fn scheme(text: &str) -> Option<Scheme> {
    [Scheme::Http, Scheme::Https].into_iter().find(|scheme| scheme.as_str().eq_ignore_ascii_case(text))
}

/// The address in a `for` of RFC 7239 (section 6) or in one entry of `X-Forwarded-For`: with or without a port, an
/// IPv6 address with or without brackets. `None` for `unknown` and for obfuscated names.
pub fn address(node: &str) -> Option<IpAddr> {
    let node = node.trim();
    if let Ok(address) = node.parse() {
        return Some(address);
    }
    let is_port = |port: &str| port.starts_with('_') || number::<u16>(port).is_some();
    match node.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            let fits = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
            address.parse().ok().map(IpAddr::V6).filter(|_| fits)
        }
        None => {
            let (address, port) = node.split_once(':')?;
            address.parse().ok().map(IpAddr::V4).filter(|_| is_port(port))
        }
    }
}

/// Who asked: `peer`, the other end of the connection, or, for as long as whoever spoke last is trusted, the one that
/// he names. `hops` are those that proxies have named, the last first; `None` ends what is known.
///
/// So of a list that a client has begun himself, only what trusted proxies have added to its end counts.
pub fn client(
    peer: IpAddr,
    hops: impl IntoIterator<Item = Option<IpAddr>>,
    mut is_trusted: impl FnMut(IpAddr) -> bool,
) -> IpAddr {
    let mut client = peer.to_canonical();
    for hop in hops {
        let Some(hop) = hop.filter(|_| is_trusted(client)) else { break };
        client = hop.to_canonical();
    }
    client
}

#[cfg(test)]
mod tests;
