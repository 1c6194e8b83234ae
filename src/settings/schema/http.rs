//! `http`.

use super::{Key, Kind};

pub(super) const HTTP: &[Key] = &[
    Key::honoured("addr", Kind::Text, "where the server listens").default("0.0.0.0:5000"),
    Key::honoured("net", Kind::Choice(&["tcp", "unix"]), "tcp, or unix for a socket in the file system").default("tcp"),
    Key::honoured("host", Kind::HostUrl, "the URL that stands in Location"),
    Key::honoured("prefix", Kind::Prefix, "the path below which /v2/ lies").default("/"),
    Key::ignored("secret", Kind::Secret, "uploads are kept in the database, nothing that leaves it needs a signature"),
    Key::honoured("relativeurls", Kind::Boolean, "whether Location has neither scheme nor host").default("false"),
    Key::honoured("draintimeout", Kind::Duration, "how long requests get to finish at the end").default("30s"),
    Key::holds("tls", Kind::Section(TLS)),
    Key::honoured("headers", Kind::Headers, "stand in every answer of /v2/"),
    Key::holds("debug", Kind::Section(DEBUG)),
    Key::holds("http2", Kind::Section(HTTP2)),
    Key::holds("h2c", Kind::Section(H2C)),
];

/// What `http.tls.clientauth` takes.
const CLIENT_AUTH: &[&str] = &[
    "require-and-verify-client-cert",
    "verify-client-cert-if-given",
    "request-client-cert",
    "require-any-client-cert",
];

/// What `http.tls.minimumtls` takes.
const VERSIONS: &[&str] = &["tls1.0", "tls1.1", "tls1.2", "tls1.3"];

const TLS: &[Key] = &[
    Key::honoured("certificate", Kind::Path, "the certificate and its chain (PEM); read again when it changes"),
    Key::honoured("key", Kind::Path, "the certificate's private key (PEM); read again when it changes"),
    Key::honoured("clientcas", Kind::Paths, "clients show a certificate that one of these authorities signed"),
    Key::honoured("clientauth", Kind::Choice(CLIENT_AUTH), "what is asked of clients, once there are clientcas")
        .default("require-and-verify-client-cert"),
    Key::honoured("minimumtls", Kind::Choice(VERSIONS), "the lowest version; 1.2 is the lowest that is spoken")
        .default("tls1.2"),
    Key::honoured("ciphersuites", Kind::Texts, "the only suites to use, of those that are safe"),
    Key::refused(
        "letsencrypt",
        Kind::Section(LETS_ENCRYPT),
        "certificates are not fetched by the registry yet. Let certbot or lego fetch them and name the files under \
         http.tls.certificate and http.tls.key: they are read again when they change",
    ),
];

const LETS_ENCRYPT: &[Key] = &[
    Key::holds("cachefile", Kind::Any),
    Key::holds("email", Kind::Any),
    Key::holds("hosts", Kind::Any),
    Key::holds("directoryurl", Kind::Any),
];

const DEBUG: &[Key] = &[
    Key::honoured("addr", Kind::Text, "where health and metrics are served"),
    Key::holds("prometheus", Kind::Section(PROMETHEUS)),
];

const PROMETHEUS: &[Key] = &[
    Key::honoured("enabled", Kind::Boolean, "whether there are metrics for Prometheus at http.debug.addr")
        .default("false"),
    Key::honoured("path", Kind::Text, "where the metrics are").default("/metrics"),
];

const HTTP2: &[Key] = &[Key::honoured("disabled", Kind::Boolean, "whether HTTP/1.1 alone is spoken").default("false")];

const H2C: &[Key] =
    &[Key::honoured("enabled", Kind::Boolean, "whether HTTP/2 is spoken without TLS, too").default("false")];
