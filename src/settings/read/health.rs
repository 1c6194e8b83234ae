//! `health`.

use std::time::Duration;

use super::{Remarks, Scope, Sourced, http::tcp};
use crate::settings::{
    health::{Check, Health, HttpCheck, StorageCheck, TcpCheck},
    http::Listen,
    value,
};

pub(super) fn health(root: &Scope<'_>, remarks: &mut Remarks) -> Health {
    let files = root.items("health.file");
    let http = root.items("health.http");
    let tcp = root.items("health.tcp");
    Health {
        storage: StorageCheck {
            enabled: root.boolean("health.storagedriver.enabled"),
            interval: root.duration("health.storagedriver.interval").map(or_default),
            threshold: root.value("health.storagedriver.threshold", value::count),
        },
        files: files
            .iter()
            .map(|scope| {
                let file = scope.required("file", "Write the file to look for.", value::path, remarks);
                check(scope, file.value)
            })
            .collect(),
        http: http.iter().map(|scope| check(scope, http_check(scope, remarks))).collect(),
        tcp: tcp.iter().map(|scope| check(scope, tcp_check(scope, remarks))).collect(),
    }
}

fn check<T>(scope: &Scope<'_>, target: T) -> Check<T> {
    Check {
        target,
        interval: or_default(scope.duration("interval").value),
        threshold: scope.value("threshold", value::count).value,
        origin: scope.node.origin.clone(),
    }
}

/// Distribution takes an interval of nothing for the default.
const fn or_default(interval: Duration) -> Duration {
    if interval.is_zero() { Duration::from_secs(10) } else { interval }
}

fn http_check(scope: &Scope<'_>, remarks: &mut Remarks) -> HttpCheck {
    let status = scope.value("statuscode", value::count);
    let uri = scope.required("uri", "Write the URL to ask.", value::url, remarks);
    HttpCheck {
        uri: uri.value,
        headers: scope.or_empty("headers", value::headers).value,
        status: status_code(scope, &status, remarks),
        timeout: timeout(scope),
    }
}

/// 0 is the default, as in Distribution.
fn status_code(scope: &Scope<'_>, given: &Sourced<u32>, remarks: &mut Remarks) -> u16 {
    match given.value {
        0 => 200,
        100..=599 => u16::try_from(given.value).unwrap_or(200),
        _ => {
            let text = "expected a status from 100 to 599. Write 200.";
            remarks.problem(given.origin.clone(), scope.name("statuscode"), text);
            200
        }
    }
}

fn tcp_check(scope: &Scope<'_>, remarks: &mut Remarks) -> TcpCheck {
    if scope.node("addr").is_none() {
        let text = "is missing. Write the address to connect to, such as redis.example.com:6379.";
        remarks.problem(scope.node.origin.clone(), scope.name("addr"), text);
    }
    let nowhere = || Sourced::built_in(Listen::Tcp { host: String::new(), port: 0 });
    TcpCheck { addr: tcp(scope, "addr", remarks).unwrap_or_else(nowhere).value, timeout: timeout(scope) }
}

fn timeout(scope: &Scope<'_>) -> Option<Duration> {
    scope.given("timeout", value::duration).map(|timeout| timeout.value).filter(|timeout| !timeout.is_zero())
}
