//! `humpback-registry health`: asks a server that runs on this machine whether it is ready. For container engines: an
//! image without a shell has nothing else to ask with.

use std::time::Duration;

use humpback::settings::{
    Settings,
    http::{Http, Listen},
};

/// How long the answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Why there is no good answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client can't be made or gets no answer.
    #[error("{address}: {source}")]
    Request {
        /// Where it was asked.
        address: Listen,
        /// What went wrong.
        source: reqwest::Error,
    },
    /// The server says that it is not ready, and why.
    #[error("{address}: {answer}")]
    NotReady {
        /// Where it was asked.
        address: Listen,
        /// Its words.
        answer: String,
    },
    /// The system refused something at start.
    #[error("starting: {0}")]
    Start(#[source] std::io::Error),
}

/// Asks the server that these settings would start.
///
/// # Errors
/// It does not answer, or is not ready.
pub fn run(settings: &Settings) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Start)?;
    runtime.block_on(ask(&settings.http))
}

async fn ask(http: &Http) -> Result<(), Error> {
    let address = &http.listen.value;
    let request = |source| Error::Request { address: address.clone(), source };
    // The certificate is for the name that clients use; here it is this machine in any case.
    let client = reqwest::Client::builder().timeout(TIMEOUT).no_proxy().tls_danger_accept_invalid_certs(true);
    let (client, authority) = match address {
        Listen::Tcp { host, port } => (client, format!("{}:{port}", reachable(host))),
        Listen::Unix(path) => (client.unix_socket(path.as_path()), "localhost".to_owned()),
    };
    let scheme = if http.tls.is_some() { "https" } else { "http" };
    let client = client.build().map_err(request)?;
    let answer = client.get(format!("{scheme}://{authority}/readyz")).send().await.map_err(request)?;
    if answer.status().is_success() {
        return Ok(());
    }
    let answer = answer.text().await.map_err(request)?;
    Err(Error::NotReady { address: address.clone(), answer })
}

/// A host by which this machine reaches what listens there.
fn reachable(host: &str) -> String {
    match host {
        "" | "0.0.0.0" => "127.0.0.1".to_owned(),
        "::" => "[::1]".to_owned(),
        host if host.contains(':') => format!("[{host}]"),
        host => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_for_everyone_is_asked_on_this_machine() {
        assert_eq!(
            ["", "0.0.0.0", "::", "::1", "r.test"].map(reachable),
            ["127.0.0.1", "127.0.0.1", "[::1]", "[::1]", "r.test"]
        );
    }
}
