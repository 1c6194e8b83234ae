//! The address by which clients reach the registry, as an administrator types it.
//!
//! Narrower than a URL: it must also be usable as the first part of an image name, so Docker's rule for a domain
//! counts (distribution/reference, regexp.go `domainAndPort`). Whether anything answers there is not asked here.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

/// The longest host name (RFC 1035 2.3.4).
const HOST_MAX: usize = 253;
/// The longest part of a host name between dots.
const LABEL_MAX: usize = 63;

/// `host`, `host:port` or `[ipv6]:port`, with `http://` or `https://` before it or not.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegistryAddress {
    scheme: Option<Scheme>,
    host: Host,
    port: Option<u16>,
}

/// How clients speak to the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// With TLS.
    Https,
}

impl Scheme {
    /// `http` or `https`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port when none is written.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Host {
    /// In lower case.
    Name(Box<str>),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

/// Why a text is not a registry address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum InvalidAddress {
    /// Nothing stands where the host belongs.
    #[error("enter a host, for example registry.example.com:5000")]
    HostMissing,
    /// A scheme other than the two.
    #[error("{found} is not supported: begin with http:// or https://, or leave it out")]
    Scheme {
        /// What stands before `://`.
        found: String,
    },
    /// More than the address: a path, a query.
    #[error("remove what follows the address: no path, no /v2/")]
    Path,
    /// `user:password@`.
    #[error("remove the user name and password before @")]
    Credentials,
    /// A character that no host name has, such as a full-width colon.
    #[error("{character:?} can't be part of an address")]
    Character {
        /// The first such character.
        character: char,
    },
    /// A port that is not one.
    #[error("the port must be a number from 1 to 65535")]
    Port,
    /// A host name of a wrong form.
    #[error("a host name is letters, digits and hyphens between dots, and no part begins or ends with a hyphen")]
    HostName,
    /// Digits and dots that are no IPv4 address.
    #[error("an IPv4 address is four numbers from 0 to 255, for example 192.168.1.10")]
    Ipv4,
    /// What stands in brackets is no IPv6 address.
    #[error("what stands in brackets must be an IPv6 address, for example [2001:db8::10]:5000")]
    Ipv6,
    /// An IPv6 address without its brackets.
    #[error("write an IPv6 address in brackets: [{found}]")]
    Ipv6NeedsBrackets {
        /// The address as it was typed.
        found: String,
    },
    /// `0.0.0.0` or `[::]`: where a server listens, not where a client finds it.
    #[error("clients can't connect to this address: enter the machine's own name or address")]
    Unspecified,
    /// A single word without a port: Docker would take `{host}/app` for a repository on Docker Hub.
    #[error("add the port, for example {host}:5000: Docker takes {host}/app for a name on Docker Hub")]
    ShortNameNeedsPort {
        /// The single word.
        host: String,
    },
}

impl RegistryAddress {
    /// Reads an address; blanks around it and one slash behind it are forgiven, letters are made lower case.
    ///
    /// # Errors
    /// [`InvalidAddress`], which says how to mend it.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let (scheme, rest) = split_scheme(text.trim())?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#', '\\']) {
            return Err(InvalidAddress::Path);
        }
        if rest.contains('@') {
            return Err(InvalidAddress::Credentials);
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if let Some(character) = rest.chars().find(|&c| !allowed(c)) {
            return Err(InvalidAddress::Character { character });
        }
        let (host, port) = split_port(rest)?;
        let address = Self { scheme, host, port };
        if address.is_unspecified() {
            return Err(InvalidAddress::Unspecified);
        }
        if address.is_short_name() && port.is_none() && scheme.is_none() {
            return Err(InvalidAddress::ShortNameNeedsPort { host: address.host() });
        }
        Ok(address)
    }

    /// What was written before `://`, if anything.
    pub const fn scheme(&self) -> Option<Scheme> {
        self.scheme
    }

    /// The host alone; an IPv6 address in brackets.
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// The port that was written, if any.
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// What stands before the first slash of an image name: `host` or `host:port`.
    ///
    /// A single word gets its scheme's port even when none was written, else Docker would look on Docker Hub.
    pub fn authority(&self) -> String {
        let implied = self.scheme.filter(|_| self.is_short_name()).map(Scheme::default_port);
        match self.port.or(implied) {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host(),
        }
    }

    /// The address as a URL without a path; `otherwise` where no scheme was written.
    pub fn origin(&self, otherwise: Scheme) -> String {
        format!("{}://{}", self.scheme.unwrap_or(otherwise).as_str(), self.authority())
    }

    /// Whether only this machine itself can reach it. Docker speaks HTTP to such an address without being told.
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Name(name) => &**name == "localhost" || name.ends_with(".localhost"),
            Host::V4(address) => address.is_loopback(),
            Host::V6(address) => address.is_loopback(),
        }
    }

    fn is_unspecified(&self) -> bool {
        match &self.host {
            Host::Name(_) => false,
            Host::V4(address) => address.is_unspecified(),
            Host::V6(address) => address.is_unspecified(),
        }
    }

    /// Docker takes the first part of a name for a domain only if it has a dot or a colon or is `localhost`
    /// (distribution/reference, normalize.go `splitDockerDomain`).
    fn is_short_name(&self) -> bool {
        matches!(&self.host, Host::Name(name) if !name.contains('.') && &**name != "localhost")
    }
}

fn split_scheme(text: &str) -> Result<(Option<Scheme>, &str), InvalidAddress> {
    match text.split_once("://") {
        None => Ok((None, text)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => Ok((Some(Scheme::Http), rest)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => Ok((Some(Scheme::Https), rest)),
        Some((scheme, _)) => Err(InvalidAddress::Scheme { found: scheme.chars().take(20).collect() }),
    }
}

fn split_port(text: &str) -> Result<(Host, Option<u16>), InvalidAddress> {
    if let Some(rest) = text.strip_prefix('[') {
        let (inside, after) = rest.split_once(']').ok_or(InvalidAddress::Ipv6)?;
        let host = inside.parse().map(Host::V6).map_err(|_| InvalidAddress::Ipv6)?;
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(parse_port(port)?))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(InvalidAddress::Port),
        };
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return Err(InvalidAddress::Ipv6NeedsBrackets { found: text.to_owned() });
    }
    match text.split_once(':') {
        Some((host, port)) => Ok((parse_host(host)?, Some(parse_port(port)?))),
        None => Ok((parse_host(text)?, None)),
    }
}

fn parse_port(text: &str) -> Result<u16, InvalidAddress> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(port) if digits && port != 0 => Ok(port),
        _ => Err(InvalidAddress::Port),
    }
}

fn parse_host(text: &str) -> Result<Host, InvalidAddress> {
    if text.is_empty() {
        return Err(InvalidAddress::HostMissing);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return text.parse().map(Host::V4).map_err(|_| InvalidAddress::Ipv4);
    }
    let label = |label: &str| {
        let hyphen = label.starts_with('-') || label.ends_with('-');
        let letters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=LABEL_MAX).contains(&label.len()) && !hyphen && letters
    };
    if text.len() > HOST_MAX || !text.split('.').all(label) {
        return Err(InvalidAddress::HostName);
    }
    Ok(Host::Name(text.to_ascii_lowercase().into()))
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::V4(address) => address.fmt(f),
            Self::V6(address) => write!(f, "[{address}]"),
        }
    }
}

impl fmt::Display for RegistryAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = self.scheme {
            write!(f, "{}://", scheme.as_str())?;
        }
        self.host.fmt(f)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl FromStr for RegistryAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        Self::parse(text)
    }
}

impl TryFrom<String> for RegistryAddress {
    type Error = InvalidAddress;

    fn try_from(text: String) -> Result<Self, InvalidAddress> {
        Self::parse(&text)
    }
}

impl From<RegistryAddress> for String {
    fn from(address: RegistryAddress) -> Self {
        address.to_string()
    }
}

#[cfg(test)]
mod tests;
