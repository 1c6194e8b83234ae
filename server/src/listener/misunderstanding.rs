//! What goes wrong before a request can be read: told to whoever watches the console, for no log of requests has it.

use std::{io, net::SocketAddr};

use humpback::{
    client::{Client, Deed, Failure, user_agent},
    visits::Visits,
};
use rustls::AlertDescription;

use crate::first_byte::TLS_HANDSHAKE;

/// As much of a request's head as is read for the client's name.
pub(super) const HEAD_MAX: usize = 16 * 1024;

/// Where HTTP is spoken: the first byte shows a client that speaks TLS.
pub(super) fn tell_of_first_byte(visits: &Visits, peer: SocketAddr, byte: u8) {
    if byte == TLS_HANDSHAKE {
        tell(visits, peer, Failure::TlsOnPlainPort, Client::default);
    }
}

/// Where TLS is spoken: a client that began with `head`, which is HTTP.
pub(super) fn tell_of_plain(visits: &Visits, peer: SocketAddr, head: &[u8]) {
    tell(visits, peer, Failure::PlainOnTlsPort, || client(head));
}

/// A handshake that failed: told if the client's last word was that it does not accept the certificate.
pub(super) fn tell_of_handshake(visits: &Visits, peer: SocketAddr, error: &io::Error) {
    let error = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
    // Go's clients send the first for whatever they do not accept, OpenSSL's and browsers' the others; the last where an
    // authority has the name of the right one, and another key.
    if let Some(rustls::Error::AlertReceived(
        AlertDescription::BadCertificate
        | AlertDescription::UnknownCA
        | AlertDescription::CertificateUnknown
        | AlertDescription::CertificateExpired
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::DecryptError,
    )) = error
    {
        tell(visits, peer, Failure::CertificateRefused, Client::default);
    }
}

fn tell(visits: &Visits, peer: SocketAddr, failure: Failure, client: impl FnOnce() -> Client) {
    if visits.is_news((peer.ip(), failure)) {
        visits.tell(Some(peer.ip()), client(), Deed::Failed { failure, image: None });
    }
}

/// Who sent a head of HTTP/1.1; that of HTTP/2 is packed, and not worth unpacking.
fn client(head: &[u8]) -> Client {
    let head = String::from_utf8_lossy(head);
    let named = head.lines().skip(1).take_while(|line| !line.is_empty()).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("user-agent").then(|| user_agent::parse(value))
    });
    named.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use humpback::client::Program;

    use super::*;

    #[test]
    fn a_head_names_its_client_if_it_does_at_all() {
        let skopeo = client(b"GET /v2/ HTTP/1.1\r\nHost: hub:5000\r\nuser-agent: skopeo/1.9.3\r\nAccept: */*\r\n\r\n");
        assert_eq!((skopeo.program, skopeo.version.as_deref()), (Program::Skopeo, Some("1.9.3")));
        for silent in [
            &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04\0"[..],
            b"GET / HTTP/1.0\r\n\r\nUser-Agent: in-the-body/1",
            b"GET / HT",
            b"\xff\xfe",
        ] {
            assert_eq!(client(silent), Client::default());
        }
    }
}
