//! `http`.

use std::path::PathBuf;

use super::{Remarks, Scope, Sourced, tls};
use crate::settings::{
    http::{Debug, Http, Listen},
    value,
};

pub(super) fn http(root: &Scope<'_>, remarks: &mut Remarks) -> Http {
    Http {
        listen: listen(root, remarks),
        host: root.option("http.host", value::external_url),
        prefix: root.value("http.prefix", value::prefix),
        relative_urls: root.boolean("http.relativeurls"),
        drain_timeout: root.duration("http.draintimeout"),
        headers: root.or_empty("http.headers", value::headers),
        http2: root.boolean("http.http2.disabled").map(|disabled| !disabled),
        h2c: root.boolean("http.h2c.enabled"),
        tls: tls::tls(root, remarks),
        debug: debug(root, remarks),
    }
}

fn listen(root: &Scope<'_>, remarks: &mut Remarks) -> Sourced<Listen> {
    let net = root.choice("http.net");
    if net.value == "unix" {
        let given = root.given("http.addr", value::path);
        if given.is_none() {
            let text = "is missing. Write the path of the socket, such as /run/registry/registry.sock.";
            remarks.problem(net.origin, "http.addr", text);
        }
        return given.unwrap_or_default().map(Listen::Unix);
    }
    tcp(root, "http.addr", remarks).unwrap_or_else(|| root.value("http.addr", value::tcp))
}

/// An address with a port, if there is one; says what is wrong with it.
pub(super) fn tcp(scope: &Scope<'_>, path: &str, remarks: &mut Remarks) -> Option<Sourced<Listen>> {
    let node = scope.node(path)?;
    match value::tcp(node) {
        Ok(listen) => Some(Sourced::new(listen, node.origin.clone())),
        Err(mismatch) => {
            // What is no text at all was told already.
            if value::text(node).is_ok() {
                let text = format!("expected {}, found {}. {}", mismatch.expected, value::found(node), mismatch.mend);
                remarks.problem(node.origin.clone(), scope.name(path), text);
            }
            None
        }
    }
}

fn debug(root: &Scope<'_>, remarks: &mut Remarks) -> Debug {
    let debug = Debug {
        listen: tcp(root, "http.debug.addr", remarks),
        prometheus: root.boolean("http.debug.prometheus.enabled"),
        prometheus_path: root.value("http.debug.prometheus.path", value::text),
    };
    if !debug.prometheus_path.starts_with('/') {
        let text = "expected a path that begins with a slash. Write /metrics.";
        remarks.problem(debug.prometheus_path.origin.clone(), "http.debug.prometheus.path", text);
    }
    debug
}

/// A file that must be there when another one is.
pub(super) fn file(root: &Scope<'_>, path: &str) -> Option<Sourced<PathBuf>> {
    root.given(path, value::path)
}
