//! The proxy check: how a request arrives here, a probe of what a proxy does with bodies, and configurations to load.
//!
//! What arrives is shown to whoever sent it, and configurations to anyone. The probe, which takes bandwidth, is for
//! administrators.

use humpback::proxy_check::Seen;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Error;

/// Where probes are sent to.
pub const PROBE: &str = "/api/probe";
/// The largest body that a probe takes in, in bytes. Larger than what the sockets of three machines hold.
pub const PROBE_MAX: usize = 64 * 1024 * 1024;

/// One request, and who reads of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// The request as it arrived.
    pub seen: Seen,
    /// Where the browser says that it is, if it does.
    pub page: Option<String>,
    /// Whether the reader may send probes.
    pub administrator: bool,
}

/// A configuration to copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// The proxy's name.
    pub name: String,
    /// The name under which it can be loaded below `/setup/proxy/`.
    pub file: String,
    /// The configuration.
    pub text: String,
}

/// How this very request arrived.
///
/// # Errors
/// Something is broken.
#[server(endpoint = "proxy_check", output = crate::api::encoding::Answer)]
pub async fn proxy_check() -> Result<Arrived, Error> {
    use super::context;

    context::anyone()?;
    let account = context::signed_in().await?;
    let administrator = account.is_some_and(|account| account.role == humpback::account::Role::Administrator);
    let parts = use_context::<axum::http::request::Parts>().ok_or(Error::Internal { request_id: None })?;
    // A browser names the page that a call comes from, and the page before when it loads one: both are this console.
    let page = super::preferences::header("origin").or_else(|| super::preferences::header("referer"));
    let page = page.filter(|page| humpback::proxy_check::PageOrigin::of_url(page).is_some());
    Ok(Arrived { seen: server::seen(&parts), page, administrator })
}

/// A configuration for each proxy.
///
/// # Errors
/// The texts are broken.
#[server(endpoint = "proxy_configurations", output = crate::api::encoding::Answer)]
pub async fn proxy_configurations(
    /// The address that clients use, as it is typed; may be empty or wrong.
    address: String,
    /// The reader's language.
    language: String,
) -> Result<Vec<Configuration>, Error> {
    use humpback::{config::RegistryAddress, proxy_check::Server};

    let shown = super::registry_address::registry_address().await?;
    let address = RegistryAddress::parse(&address).or_else(|_| RegistryAddress::parse(&shown.text)).ok();
    Server::ALL.into_iter().map(|server| server::configuration(server, address.as_ref(), None, &language)).collect()
}

#[cfg(feature = "ssr")]
pub use server::routes;

#[cfg(feature = "ssr")]
mod server {
    use std::{
        collections::HashMap,
        sync::{Arc, Mutex, PoisonError},
        time::Duration,
    };

    use axum::{
        Json, Router,
        body::{Body, HttpBody as _},
        extract::{Path, Query, Request, State},
        http::{HeaderMap, StatusCode, header, request::Parts},
        response::{IntoResponse as _, Response},
        routing::{get, post},
    };
    use humpback::{
        config::RegistryAddress,
        proxy::{Arrival, TrustedProxies},
        proxy_check::{Sample, Seen, Server},
        v2::UrlOptions,
    };
    use serde::Deserialize;
    use tokio::sync::{Notify, Semaphore};

    use super::{Configuration, Error, PROBE, PROBE_MAX};
    use crate::api::{
        context::{Console, is_administrator},
        troubleshooting::Words,
    };

    /// Where the registry is, seen from a proxy on the same machine.
    const UPSTREAM: &str = "127.0.0.1:5000";
    const EXAMPLE: &str = "https://registry.example.com";
    /// How many probes run at a time.
    const PROBES: usize = 2;
    /// How long a body is left alone at most: longer than a browser needs to fill what stands in between.
    const HOLD: Duration = Duration::from_secs(60);

    /// The headers by which proxies show themselves.
    const PROXY_HEADERS: [&str; 9] = [
        "forwarded",
        "via",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-prefix",
        "x-forwarded-proto",
        "x-real-ip",
        "x-forwarded-server",
    ];

    pub(super) fn seen(request: &Parts) -> Seen {
        let arrival = Arrival::of_parts(request);
        let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let lines = |name: &'static str| {
            let all = request.headers.get_all(name).iter();
            all.map(move |value| (name.to_owned(), text(value)))
        };
        let peer = arrival.peer();
        let trusted = request.extensions.get::<TrustedProxies>();
        let urls = request.extensions.get::<UrlOptions>().cloned().unwrap_or_default();
        Seen {
            scheme: arrival.scheme(),
            authority: arrival.authority().map(|authority| authority.to_string()),
            host: request.headers.get(header::HOST).map(text),
            client: arrival.client(),
            peer,
            trusted: peer.zip(trusted).is_some_and(|(peer, trusted)| trusted.contains(peer)),
            headers: PROXY_HEADERS.into_iter().flat_map(lines).collect(),
            location: urls.example(request),
            fixed: urls.external.is_some(),
        }
    }

    pub(super) fn configuration(
        server: Server,
        address: Option<&RegistryAddress>,
        upstream: Option<&RegistryAddress>,
        language: &str,
    ) -> Result<Configuration, Error> {
        let words = Words::of(language)?;
        let parse = |text| RegistryAddress::parse(text).map_err(crate::api::context::internal);
        let (example, here) = (parse(EXAMPLE)?, parse(UPSTREAM)?);
        let sample = Sample { address: address.unwrap_or(&example), upstream: upstream.unwrap_or(&here) };
        Ok(Configuration {
            name: server.name().to_owned(),
            file: server.file().to_owned(),
            text: sample.write(server, |remark| words.get(&["remark", remark.key()])),
        })
    }

    /// The probe, and the configurations as files.
    pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
        let probe = Probe { console, running: Arc::new(Semaphore::new(PROBES)), held: Held::default() };
        let one = format!("{PROBE}/{{number}}");
        let probes = Router::new().route(PROBE, post(receive)).route(&one, get(arrived).post(go_on)).with_state(probe);
        Router::new().route("/setup/proxy/{file}", get(file)).merge(probes)
    }

    /// What a file is asked for with.
    #[derive(Deserialize)]
    struct Wanted {
        address: Option<String>,
        upstream: Option<String>,
        language: Option<String>,
    }

    /// `GET /setup/proxy/nginx.conf?address=…`, for `curl -o`.
    async fn file(Path(name): Path<String>, Query(wanted): Query<Wanted>, headers: HeaderMap) -> Response {
        let Some(server) = Server::of_file(&name) else { return StatusCode::NOT_FOUND.into_response() };
        let parse = |text: Option<String>| text.map(|text| RegistryAddress::parse(&text)).transpose();
        let (address, upstream) = match (parse(wanted.address), parse(wanted.upstream)) {
            (Ok(address), Ok(upstream)) => (address, upstream),
            (Err(error), _) | (_, Err(error)) => {
                return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response();
            }
        };
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|accepted| accepted.to_str().ok());
        let chinese = accepted.is_some_and(|accepted| accepted.starts_with("zh"));
        let language = wanted.language.unwrap_or_else(|| if chinese { "zh-CN" } else { "en" }.to_owned());
        match configuration(server, address.as_ref(), upstream.as_ref(), &language) {
            Ok(configuration) => {
                ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], configuration.text).into_response()
            }
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    #[derive(Clone)]
    struct Probe {
        console: Console,
        running: Arc<Semaphore>,
        held: Held,
    }

    /// Probes whose bodies are not read yet, by the numbers that the browser gave them.
    #[derive(Clone, Default)]
    struct Held(
        /// A std mutex: held to look up and to exchange, never across an await.
        Arc<Mutex<HashMap<u32, Arc<Notify>>>>,
    );

    impl Held {
        fn get(&self, number: u32) -> Option<Arc<Notify>> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
        }

        /// Waits until somebody lets the probe go on, for a while.
        async fn wait(&self, number: u32) {
            let go_on = Arc::new(Notify::new());
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(number, Arc::clone(&go_on));
            let _gone = Gone(self, number);
            let _ = tokio::time::timeout(HOLD, go_on.notified()).await;
        }
    }

    /// Takes a probe out that is not held any more, also where its client has left.
    struct Gone<'a>(&'a Held, u32);

    impl Drop for Gone<'_> {
        fn drop(&mut self) {
            self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
        }
    }

    /// How a probe is to be received.
    #[derive(Deserialize)]
    struct Manner {
        /// Leave the body alone until this number is let go on: `humpback::proxy_check::Watch` says why.
        hold: Option<u32>,
    }

    async fn refused(console: &Console, request: &Parts) -> Option<StatusCode> {
        match is_administrator(console, &request.headers, &request.extensions).await {
            Ok(true) => None,
            Ok(false) => Some(StatusCode::FORBIDDEN),
            Err(_) => Some(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// Counts the body and forgets it.
    async fn receive(
        State(Probe { console, running, held }): State<Probe>,
        Query(Manner { hold }): Query<Manner>,
        request: Request,
    ) -> Response {
        let (parts, body) = request.into_parts();
        if let Some(status) = refused(&console, &parts).await {
            return status.into_response();
        }
        let Ok(_permit) = running.try_acquire() else { return StatusCode::TOO_MANY_REQUESTS.into_response() };
        if let Some(number) = hold {
            held.wait(number).await;
        }
        match count(body).await {
            Some(received) => Json(serde_json::json!({ "received": received })).into_response(),
            // Not 413, which is what a proxy would say.
            None => StatusCode::BAD_REQUEST.into_response(),
        }
    }

    /// Whether the head of a probe that is to be held has arrived: 200, else 204, for that is no error.
    async fn arrived(State(probe): State<Probe>, Path(number): Path<u32>, parts: Parts) -> StatusCode {
        let status = refused(&probe.console, &parts).await;
        status.unwrap_or(if probe.held.get(number).is_some() { StatusCode::OK } else { StatusCode::NO_CONTENT })
    }

    /// Lets a probe go on.
    async fn go_on(State(probe): State<Probe>, Path(number): Path<u32>, parts: Parts) -> StatusCode {
        if let Some(status) = refused(&probe.console, &parts).await {
            return status;
        }
        if let Some(held) = probe.held.get(number) {
            held.notify_one();
        }
        StatusCode::NO_CONTENT
    }

    /// The body's length; `None` if it is longer than a probe may be, or breaks off.
    async fn count(mut body: Body) -> Option<usize> {
        let mut received = 0_usize;
        while let Some(frame) = std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await
        {
            received += frame.ok()?.data_ref().map_or(0, axum::body::Bytes::len);
            if received > PROBE_MAX {
                return None;
            }
        }
        Some(received)
    }
}
