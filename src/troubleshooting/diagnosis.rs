//! From a pasted message to what is behind it.

use std::collections::BTreeMap;

use super::{Problem, sign::SIGNS};
use crate::config::RegistryAddress;

/// How much of a message is read, in bytes: the sentence that counts stands in the first lines or in the last.
const READ_MAX: usize = 32 * 1024;

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What may be behind it, the most likely first. Empty for a message that is not known.
    pub problems: Vec<Problem>,
    /// The registry's address as the message names it.
    pub address: Option<RegistryAddress>,
}

/// Reads a message as it was printed, or several lines of a log.
pub fn diagnose(message: &str) -> Diagnosis {
    let message = head(message);
    let text = plain(message);
    let mut weights: BTreeMap<Problem, u32> = BTreeMap::new();
    for sign in SIGNS {
        if sign.words.iter().all(|words| text.contains(words)) {
            *weights.entry(sign.problem).or_default() += u32::from(sign.weight);
        }
    }
    let mut ranked: Vec<_> = weights.into_iter().collect();
    // What weighs the same stays in the order in which problems come up.
    ranked.sort_by_key(|&(problem, weight)| (std::cmp::Reverse(weight), problem));
    Diagnosis { problems: ranked.into_iter().map(|(problem, _)| problem).collect(), address: address(message) }
}

fn head(message: &str) -> &str {
    let mut end = message.len().min(READ_MAX);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    &message[..end]
}

/// In lower case and on one line, with the quotes that programs write: a log escapes them, and what was copied from a
/// web page has curved ones.
fn plain(message: &str) -> String {
    let straight = message.replace("\\\"", "\"").replace(['“', '”', '„'], "\"").replace(['‘', '’'], "'").to_lowercase();
    straight.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first address that stands before `/v0/`, `/v1/` or `/v2/`, or in an image's name.
fn address(message: &str) -> Option<RegistryAddress> {
    let by_url = message.match_indices("://").find_map(|(at, _)| {
        let scheme = if message[..at].ends_with("https") { "https" } else { "http" };
        let authority = message[at + 3..].split(['/', '"', ' ', '\'', '\\', '?']).next()?;
        let rest = &message[at + 3 + authority.len()..];
        let api = ["/v2", "/v1", "/v0"].iter().any(|api| rest.starts_with(api));
        let address = RegistryAddress::parse(authority).ok().filter(|_| api)?;
        // Which scheme is right is what the message is about, unless the port says it.
        let tls = scheme == "https" && address.port().is_none();
        if tls { RegistryAddress::parse(&format!("https://{authority}")).ok() } else { Some(address) }
    });
    by_url.or_else(|| {
        let words = message.split([' ', '"', '\'', '`', '\n', '\t', '(', ')', '[', ']', ',', '\\']);
        words.filter(|word| !word.contains("://")).find_map(|word| {
            let (authority, _) = word.split_once('/')?;
            let (host, port) = authority.rsplit_once(':')?;
            let name = host.contains('.') || host == "localhost";
            (name && port.parse::<u16>().is_ok()).then(|| RegistryAddress::parse(authority).ok()).flatten()
        })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{super::Problem::*, *};

    /// Messages as clients print them, and what is behind them.
    const MESSAGES: &[(&str, Problem)] = &[
        (
            r#"Error response from daemon: Get "https://192.168.1.10:5000/v2/": http: server gave HTTP response to HTTPS client"#,
            PlainHttp,
        ),
        (
            r#"time="2022-11-02T10:00:00Z" level=fatal msg="pinging container registry 192.168.1.10:5000: Get \"https://192.168.1.10:5000/v2/\": http: server gave HTTP response to HTTPS client""#,
            PlainHttp,
        ),
        (
            "Error response from daemon: Get https://192.168.1.10:5000/v1/_ping: tls: oversized record received with length 20527",
            PlainHttp,
        ),
        (
            r#"Error response from daemon: Get "https://registry.lan:5000/v2/": tls: first record does not look like a TLS handshake"#,
            PlainHttp,
        ),
        ("curl: (35) error:1408F10B:SSL routines:ssl3_get_record:wrong version number", PlainHttp),
        (
            "ERROR: failed to solve: failed to push 192.168.1.10:5000/team/app:1.0: failed to do request: Head \
             \"https://192.168.1.10:5000/v2/team/app/blobs/sha256:0b\": http: server gave HTTP response to HTTPS client",
            SeparateBuilder,
        ),
        (
            r#"Error response from daemon: Get "http://192.168.1.10:5000/v2/": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\x15\x03\x01\x00\x02\x02""#,
            PlainToTls,
        ),
        (
            r#"Error response from daemon: Get "https://registry.example.com/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority"#,
            UnknownAuthority,
        ),
        ("curl: (60) SSL certificate problem: unable to get local issuer certificate", UnknownAuthority),
        (
            "Error response from daemon: missing key ca.key for client certificate ca.cert. Note that CA certificates should use the extension .crt",
            CaFileName,
        ),
        ("x509: cannot validate certificate for 192.0.2.2 because it doesn't contain any IP SANs", NoIpSan),
        ("x509: certificate relies on legacy Common Name field, use SANs instead", CommonName),
        ("x509: certificate is valid for registry.example.com, not registry.lan", WrongName),
        ("x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after", Expired),
        (r#"Get "http://192.168.1.10:5000/v2/": dial tcp 192.168.1.10:5000: connect: connection refused"#, Refused),
        (r#"Get "https://192.168.1.10:5000/v2/": dial tcp 192.168.1.10:5000: i/o timeout"#, Timeout),
        (
            "net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
            Timeout,
        ),
        ("dial tcp: lookup registry.lan on 127.0.0.53:53: no such host", NoSuchHost),
        ("received unexpected HTTP status: 503 Service Unavailable", CompanyProxy),
        (r#"Get "https://registry.lan:5000/v2/": proxyconnect tcp: dial tcp 10.0.0.1:3128: i/o timeout"#, CompanyProxy),
        (
            "unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives are specified both as a flag and in the configuration file: insecure-registries: (from flag: [a.example:5000], from file: [a.example:5000])",
            FlagAndFile,
        ),
        (
            "unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives are specified both as a flag and in the configuration file: hosts: (from flag: [fd://], from file: [tcp://0.0.0.0:2375])",
            HostsConflict,
        ),
        (
            "unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives don't match any configuration option: insecure-registries",
            OldDaemonJson,
        ),
        (
            "unable to configure the Docker daemon with file /etc/docker/daemon.json: invalid character '}' looking for beginning of object key string",
            BadJson,
        ),
        (
            "unable to configure the Docker daemon with file /etc/docker/daemon.json: json: cannot unmarshal string into Go struct field Config.insecure-registries of type []string",
            BadJson,
        ),
        (r#""dockerd" accepts no argument(s)."#, FlagMissing),
        (
            "Error response from daemon: Head \"http://r:5000/v2/a/manifests/1\": no basic auth credentials",
            Unauthorized,
        ),
        ("denied: requested access to the resource is denied", Unauthorized),
        ("unauthorized: authentication required", Unauthorized),
        ("toomanyrequests: too many attempts", TooManyAttempts),
        ("docker: invalid reference format: repository name must be lowercase.", InvalidReference),
        (
            "manifest for 192.168.1.10:5000/team/app:2.0 not found: manifest unknown: team/app has no manifest 2.0",
            Unknown,
        ),
        (
            "Error response from daemon: pull access denied for team/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
            Unknown,
        ),
        (
            "error parsing HTTP 413 response body: <html><head><title>413 Request Entity Too Large</title></head>",
            TooLarge,
        ),
        ("client disconnected during blob PATCH: unexpected EOF", CutOff),
        ("failed to copy: httpReadSeeker: write tcp 10.0.0.1:1->10.0.0.2:443: write: broken pipe", CutOff),
        (
            "unexpected status from PUT request to http://registry.example.com/v2/a/blobs/uploads/1: 405 Method Not Allowed",
            WrongLocation,
        ),
        ("blob upload unknown", UploadUnknown),
        (
            r#"failed to do request: Put "https://r.example.com/v2/a/blobs/uploads/1?digest=sha256": net/http: timeout awaiting response headers"#,
            SlowCommit,
        ),
        ("digest invalid: provided digest did not match uploaded content", DigestMismatch),
        ("write /var/lib/docker/tmp/GetImageBlob1: no space left on device", OutOfSpace),
        ("unavailable: the private registry is disabled: an administrator can enable it in the console", Disabled),
        ("images are pushed and pulled by /v2/ only: use Docker 1.6 or newer", OldProtocol),
    ];

    #[test]
    fn messages_are_known() {
        for (message, problem) in MESSAGES {
            assert_eq!(diagnose(message).problems.first(), Some(problem), "{message}");
        }
    }

    #[test]
    fn a_log_a_web_page_and_broken_lines_change_nothing() {
        let message =
            "Error:  Get “https://registry.lan:5000/v2/”:\n   http: server gave\n HTTP response to HTTPS client";
        assert_eq!(diagnose(message).problems, [PlainHttp]);
        assert_eq!(diagnose("x509: … it doesn’t contain any IP SANs").problems, [NoIpSan]);
    }

    #[test]
    fn several_causes_are_ranked() {
        let kubelet = "Failed to pull image \"192.168.1.10:5000/a:1\": rpc error: failed to pull and unpack image: failed to do \
                       request: Head \"https://192.168.1.10:5000/v2/a/manifests/1\": http: server gave HTTP response to HTTPS client";
        assert_eq!(diagnose(kubelet).problems, [PlainHttp, Kubernetes]);
        let elsewhere = "pull access denied for team/app, repository does not exist or may require 'docker login'";
        assert_eq!(diagnose(elsewhere).problems, [Unknown, Unauthorized]);
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        for message in ["", "hello", "Segmentation fault (core dumped)", "错误", &"x".repeat(1 << 20)] {
            assert_eq!(diagnose(message), Diagnosis { problems: vec![], address: None });
        }
    }

    #[test]
    fn the_address_is_read_off_the_message() {
        for (message, address) in [
            (r#"Get "https://192.168.1.10:5000/v2/": http: server gave"#, Some("192.168.1.10:5000")),
            (r#"msg="Get \"https://registry.lan:5000/v2/\": x""#, Some("registry.lan:5000")),
            (r#"Get "https://registry.example.com/v2/": x509"#, Some("https://registry.example.com")),
            ("manifest for 192.168.1.10:5000/team/app:2.0 not found", Some("192.168.1.10:5000")),
            ("see https://docs.docker.com/registry/insecure/", None),
            ("dial tcp 192.168.1.10:5000: connection refused", None),
        ] {
            assert_eq!(diagnose(message).address.map(|address| address.to_string()).as_deref(), address, "{message}");
        }
    }

    #[test]
    fn every_sign_is_written_as_it_is_looked_for() {
        for sign in SIGNS {
            for words in sign.words {
                let written = plain(words);
                assert!(words.contains(&*written) && !words.is_empty(), "{words}");
                assert_eq!(words.to_lowercase(), *words);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(message in "\\PC{0,200}") {
            diagnose(&message);
        }
    }
}
