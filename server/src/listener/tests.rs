//! Over real sockets: what clients of each kind get.

#![allow(clippy::unwrap_used)]

use std::net::{IpAddr, SocketAddr};

use axum::{Router, extract::Request, http::header::HOST, routing::any};
use humpback::{
    client::{Deed, Failure, Program, Visit},
    clock::Clock,
    proxy::{Arrival, TrustedProxies},
    settings::http::Listen,
};
use rcgen::{PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256};
use rustls::{
    ClientConfig,
    pki_types::ServerName,
    version::{TLS12, TLS13},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UnixStream},
};
use tokio_rustls::TlsConnector;

use super::*;
use crate::test_authority::{Authority, Files};

mod slow;

/// Answers with what it sees of the request.
async fn mirror(request: Request) -> String {
    let arrival = Arrival::of(request.headers(), request.extensions());
    let host = request.headers().get(HOST).map(|host| host.to_str().unwrap().to_owned());
    let client = arrival.client().map(|client: IpAddr| client.to_string()).unwrap_or_default();
    format!("{:?} {} {} {client}", request.version(), arrival.scheme().as_str(), host.unwrap_or_default())
}

struct Server {
    address: Address,
    visits: Visits,
    stop: CancellationToken,
    running: tokio::task::JoinHandle<usize>,
}

impl Server {
    async fn start(listen: Listen, tls: Option<Tls>, h2c: bool) -> Self {
        let socket = Socket::bind(&listen).await.unwrap();
        let address = socket.address().unwrap();
        let stop = CancellationToken::new();
        let router = Router::new().fallback(any(mirror)).layer(axum::Extension(TrustedProxies::default()));
        let protocols = Protocols { tls: tls.map(Arc::new), h2c };
        let visits = Visits::new(Clock::system(), stop.clone());
        let limit = Duration::from_secs(10);
        let running = tokio::spawn(serve(socket, router, protocols, visits.clone(), stop.clone(), limit));
        Self { address, visits, stop, running }
    }

    async fn tcp(tls: Option<Tls>, h2c: bool) -> Self {
        Self::start(Listen::Tcp { host: "127.0.0.1".to_owned(), port: 0 }, tls, h2c).await
    }

    fn addr(&self) -> SocketAddr {
        match self.address {
            Address::Tcp(addr) => addr,
            Address::Unix(_) => panic!("a path"),
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr()).await.unwrap()
    }

    /// The protocol that was agreed on and the answer to one request, or why there is none.
    async fn ask(&self, client: ClientConfig) -> io::Result<(String, String)> {
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(client)).connect(name, self.connect().await).await?;
        let connection = stream.get_ref().1;
        let version = format!("{:?}", connection.protocol_version().unwrap());
        let suite = connection.negotiated_cipher_suite().unwrap().suite();
        Ok((format!("{version} {suite:?}"), exchange(stream).await?))
    }

    /// The first visit that is told, now or soon.
    async fn visit(&self) -> Visit {
        self.visits.listen(Some(0)).unwrap().next().await.unwrap()
    }

    async fn stop(self) {
        self.stop.cancel();
        assert_eq!(self.running.await.unwrap(), 0, "no connection was cut");
    }
}

/// One request of HTTP/1.1.
async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) -> io::Result<String> {
    stream.write_all(b"GET /v2/ HTTP/1.1\r\nHost: hub.example\r\nConnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn tls(files: &Files, more: &str) -> Option<Tls> {
    Some(Tls::open(&files.settings(more), true).unwrap())
}

#[tokio::test]
async fn clients_of_go_1_4_find_their_suites() {
    let authority = Authority::new();
    for (algorithm, suite) in [
        (&PKCS_RSA_SHA256, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        (&PKCS_ECDSA_P256_SHA256, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    ] {
        let files = Files::new(&authority.sign(algorithm));
        let server = Server::tcp(tls(&files, ""), false).await;
        let (agreed, answer) = server.ask(authority.client(&[&TLS12], &[suite], None)).await.unwrap();
        assert_eq!(agreed, format!("TLSv1_2 {suite}"));
        assert!(answer.ends_with("HTTP/1.1 https hub.example 127.0.0.1"), "{answer}");
        server.stop().await;
    }
}

#[tokio::test]
async fn the_settings_narrow_what_is_spoken() {
    let authority = Authority::new();
    let files = Files::new(&authority.sign(&PKCS_ECDSA_P256_SHA256));
    let both = [&TLS12, &TLS13];

    let server = Server::tcp(tls(&files, ""), false).await;
    let (agreed, _) = server.ask(authority.client(&both, &[], None)).await.unwrap();
    assert!(agreed.starts_with("TLSv1_3 "), "{agreed}");
    server.stop().await;

    let server = Server::tcp(tls(&files, "minimumtls: tls1.3"), false).await;
    server.ask(authority.client(&both, &[], None)).await.unwrap();
    let refused = server.ask(authority.client(&[&TLS12], &[], None)).await.unwrap_err();
    assert!(refused.to_string().contains("ProtocolVersion"), "{refused}");
    server.stop().await;

    let only = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    let server = Server::tcp(tls(&files, &format!("ciphersuites: [{only}]")), false).await;
    let (agreed, _) = server.ask(authority.client(&[&TLS12], &[], None)).await.unwrap();
    assert_eq!(agreed, format!("TLSv1_2 {only}"));
    let (agreed, _) = server.ask(authority.client(&[&TLS13], &[], None)).await.unwrap();
    assert!(agreed.starts_with("TLSv1_3 "), "as in Go, the suites of 1.3 stay: {agreed}");
    let other = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    server.ask(authority.client(&[&TLS12], &[other], None)).await.unwrap_err();
    server.stop().await;
}

#[tokio::test]
async fn http2_is_agreed_on_unless_it_is_switched_off() {
    let authority = Authority::new();
    let files = Files::new(&authority.sign(&PKCS_ECDSA_P256_SHA256));
    for (http2, expected) in [(true, "HTTP/2.0"), (false, "HTTP/1.1")] {
        let server = Server::tcp(Some(Tls::open(&files.settings(""), http2).unwrap()), false).await;
        let mut config = authority.client(&[&TLS13, &TLS12], &[], None);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let client = reqwest::Client::builder().tls_backend_preconfigured(config).build().unwrap();
        let url = format!("https://localhost:{}/v2/", server.addr().port());
        let answer = client.get(&url).send().await.unwrap().text().await.unwrap();
        assert_eq!(answer, format!("{expected} https localhost:{} 127.0.0.1", server.addr().port()));
        drop(client);
        server.stop().await;
    }
}

#[tokio::test]
async fn http2_without_tls_is_spoken_if_it_is_asked_for() {
    let server = Server::tcp(None, true).await;
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let url = format!("http://{}/v2/", server.addr());
    let answer = client.get(&url).send().await.unwrap().text().await.unwrap();
    assert_eq!(answer, format!("HTTP/2.0 http {} 127.0.0.1", server.addr()));
    assert!(exchange(server.connect().await).await.unwrap().ends_with("HTTP/1.1 http hub.example 127.0.0.1"));
    drop(client);
    server.stop().await;

    let server = Server::tcp(None, false).await;
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    client.get(format!("http://{}/v2/", server.addr())).send().await.unwrap_err();
    server.stop().await;
}

#[tokio::test]
async fn clients_show_certificates_where_they_must() {
    let (authority, other) = (Authority::new(), Authority::new());
    let files = Files::new(&authority.sign(&PKCS_ECDSA_P256_SHA256));
    files.write("ca.pem", &authority.pem());
    let known = authority.sign(&PKCS_ECDSA_P256_SHA256);
    let stranger = other.sign(&PKCS_ECDSA_P256_SHA256);
    for (more, without, with_a_strangers) in [
        ("clientcas: [CA]", false, false),
        ("clientcas: [CA], clientauth: verify-client-cert-if-given", true, false),
        ("clientcas: [CA], clientauth: request-client-cert", true, true),
    ] {
        let server = Server::tcp(tls(&files, more), false).await;
        for (identity, admitted) in [(Some(&known), true), (None, without), (Some(&stranger), with_a_strangers)] {
            for version in [&TLS12, &TLS13] {
                let answer = server.ask(authority.client(&[version], &[], identity)).await;
                assert_eq!(answer.is_ok(), admitted, "{more}: {answer:?}");
            }
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn who_forgets_the_s_of_https_is_told() {
    let authority = Authority::new();
    let files = Files::new(&authority.sign(&PKCS_ECDSA_P256_SHA256));
    let server = Server::tcp(tls(&files, ""), false).await;
    let answer = exchange(server.connect().await).await.unwrap();
    assert!(answer.starts_with("HTTP/1.0 400 Bad Request\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"), "{answer}");
    // Whoever speaks something else altogether gets nothing.
    let mut stream = server.connect().await;
    stream.write_all(b"SSH-2.0-OpenSSH\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert_eq!(answer, b"");
    server.stop().await;
}

#[tokio::test]
async fn http_on_a_port_of_tls_is_told_with_the_client() {
    let authority = Authority::new();
    let files = Files::new(&authority.sign(&PKCS_ECDSA_P256_SHA256));
    let failed = Deed::Failed { failure: Failure::PlainOnTlsPort, image: None };
    for (sent, program) in [
        (&b"GET /v2/ HTTP/1.1\r\nHost: hub\r\nUser-Agent: containerd/1.7.2\r\n\r\n"[..], Program::Containerd),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04\0\0\0\0\0", Program::Unknown),
    ] {
        let server = Server::tcp(tls(&files, ""), false).await;
        let mut stream = server.connect().await;
        stream.write_all(sent).await.unwrap();
        stream.read_to_end(&mut Vec::new()).await.unwrap();
        drop(stream);
        let visit = server.visit().await;
        assert_eq!((visit.client.program, visit.deed), (program, failed.clone()));
        server.stop().await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_accept_the_certificate_is_told() {
    let (authority, other) = (Authority::new(), Authority::new());
    let files = Files::new(&authority.sign(&PKCS_ECDSA_P256_SHA256));
    for version in [&TLS12, &TLS13] {
        let server = Server::tcp(tls(&files, ""), false).await;
        server.ask(other.client(&[version], &[], None)).await.unwrap_err();
        let failed = Deed::Failed { failure: Failure::CertificateRefused, image: None };
        assert_eq!(server.visit().await.deed, failed);
        server.stop().await;
    }
}

#[tokio::test]
async fn who_is_silent_does_not_hold_up_the_end() {
    let authority = Authority::new();
    let files = Files::new(&authority.sign(&PKCS_ECDSA_P256_SHA256));
    for (tls, h2c) in [(tls(&files, ""), false), (None, true), (None, false)] {
        let server = Server::tcp(tls, h2c).await;
        let silent = server.connect().await;
        // Another one that is served shows that the first was accepted.
        let _ = exchange(server.connect().await).await.unwrap();
        server.stop().await;
        drop(silent);
    }
}

#[tokio::test]
async fn a_socket_in_the_file_system_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.sock");
    let server = Server::start(Listen::Unix(path.clone()), None, false).await;
    let mut stream = UnixStream::connect(&path).await.unwrap();
    let request = b"GET / HTTP/1.1\r\nHost: hub.example\r\nX-Forwarded-For: 203.0.113.7\r\n\
        X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("HTTP/1.1 https hub.example 203.0.113.7"), "{answer}");
    server.stop().await;
    assert!(!path.exists());
}

#[tokio::test]
async fn a_certificate_is_exchanged_while_the_server_runs() {
    let (first, second) = (Authority::new(), Authority::new());
    let files = Files::new(&first.sign(&PKCS_ECDSA_P256_SHA256));
    let server = Server::tcp(tls(&files, ""), false).await;
    server.ask(first.client(&[&TLS13], &[], None)).await.unwrap();
    server.ask(second.client(&[&TLS13], &[], None)).await.unwrap_err();

    files.replace(&second.sign(&PKCS_RSA_SHA256));
    let exchanged = async {
        while server.ask(second.client(&[&TLS13], &[], None)).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), exchanged).await.unwrap();
    server.ask(first.client(&[&TLS13], &[], None)).await.unwrap_err();
    server.stop().await;
}
