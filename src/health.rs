//! What is looked at again and again while the registry runs (`health`, as in Distribution's health package): while
//! one of it fails, the registry is unhealthy and its API answers 503.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{net::TcpStream, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    registry::Registry,
    settings::{
        health::{self as settings, HttpCheck, TcpCheck},
        http::Listen,
    },
};

/// How often a check is made at most, whatever is configured.
const INTERVAL_MIN: Duration = Duration::from_millis(100);

/// A handle on the checks; cheap to clone. By default there are none, and all is well.
#[derive(Clone, Debug, Default)]
pub struct Health {
    watched: Arc<[Watched]>,
    /// How many of them fail: asked by each request.
    failing: Arc<AtomicUsize>,
}

/// A check and how it went.
#[derive(Debug)]
struct Watched {
    /// Distribution's name for it: a path, a URL, an address, or the storage's.
    name: String,
    check: Check,
    interval: Duration,
    /// After how many failures in a row it counts.
    threshold: u32,
    /// A std mutex: held to look and to note, never across an await.
    state: Mutex<State>,
}

#[derive(Clone, Debug, Default)]
struct State {
    failures: u32,
    error: String,
}

#[derive(Debug)]
enum Check {
    /// The database and the blob folder work.
    Storage(Registry),
    /// The file is not there.
    File(PathBuf),
    /// The URL answers with the status.
    Http { client: reqwest::Client, check: HttpCheck },
    /// Somebody listens at the address.
    Tcp(TcpCheck),
}

impl Health {
    /// The checks that are configured. None is made before [`run`](Self::run).
    ///
    /// # Errors
    /// The client for a URL can't be made.
    pub fn new(options: &settings::Health, registry: &Registry) -> Result<Self, reqwest::Error> {
        let mut watched = Vec::new();
        if *options.storage.enabled {
            let check = Check::Storage(registry.clone());
            let (interval, threshold) = (*options.storage.interval, *options.storage.threshold);
            watched.push(Watched::new("storagedriver_filesystem".to_owned(), check, interval, threshold));
        }
        for file in &options.files {
            let name = file.target.display().to_string();
            watched.push(Watched::new(name, Check::File(file.target.clone()), file.interval, file.threshold));
        }
        for http in &options.http {
            let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
            let client = match http.target.timeout {
                Some(limit) => client.timeout(limit),
                None => client,
            };
            let check = Check::Http { client: client.build()?, check: http.target.clone() };
            watched.push(Watched::new(
                format!("{:?}", http.target.uri).replace('"', ""),
                check,
                http.interval,
                http.threshold,
            ));
        }
        for tcp in &options.tcp {
            let name = tcp.target.addr.to_string();
            watched.push(Watched::new(name, Check::Tcp(tcp.target.clone()), tcp.interval, tcp.threshold));
        }
        Ok(Self { watched: watched.into(), failing: Arc::default() })
    }

    /// Whether nothing fails. Costs one look into memory.
    pub fn is_healthy(&self) -> bool {
        self.failing.load(Ordering::Relaxed) == 0
    }

    /// What fails, and why, by name.
    pub fn failures(&self) -> BTreeMap<String, String> {
        let failing = |watched: &Watched| {
            let state = watched.lock();
            (state.failures >= watched.threshold).then(|| (watched.name.clone(), state.error.clone()))
        };
        self.watched.iter().filter_map(failing).collect()
    }

    /// Makes each check now and then in its interval, until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        let mut tasks = tokio::task::JoinSet::new();
        for index in 0..self.watched.len() {
            let (health, stop) = (self.clone(), stop.clone());
            tasks.spawn(async move {
                let watched = &health.watched[index];
                loop {
                    tokio::select! {
                        () = health.look(watched) => {}
                        () = stop.cancelled() => return,
                    }
                    tokio::select! {
                        () = tokio::time::sleep(watched.interval) => {}
                        () = stop.cancelled() => return,
                    }
                }
            });
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Makes each check once.
    pub async fn run_once(&self) {
        for watched in &*self.watched {
            self.look(watched).await;
        }
    }

    async fn look(&self, watched: &Watched) {
        let result = watched.check.make().await;
        let mut state = watched.lock();
        let before = state.failures >= watched.threshold;
        match result {
            Ok(()) => *state = State::default(),
            Err(error) => *state = State { failures: state.failures.saturating_add(1), error },
        }
        let after = state.failures >= watched.threshold;
        match (before, after) {
            (false, true) => {
                tracing::error!(check = watched.name, error = state.error, "A health check fails: {}", watched.name);
                self.failing.fetch_add(1, Ordering::Relaxed);
            }
            (true, false) => {
                tracing::info!(check = watched.name, "A health check is well again: {}", watched.name);
                self.failing.fetch_sub(1, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}

impl Watched {
    fn new(name: String, check: Check, interval: Duration, threshold: u32) -> Self {
        let (interval, threshold) = (interval.max(INTERVAL_MIN), threshold.max(1));
        Self { name, check, interval, threshold, state: Mutex::default() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Check {
    /// The errors are Distribution's words: someone may look for them.
    async fn make(&self) -> Result<(), String> {
        match self {
            Self::Storage(registry) => registry.check().await.map_err(|error| error.to_string()),
            Self::File(path) => match tokio::fs::try_exists(path).await {
                Ok(true) => Err("file exists".to_owned()),
                Ok(false) | Err(_) => Ok(()),
            },
            Self::Http { client, check } => {
                let answer = client.head(check.uri.as_str()).headers(check.headers.clone()).send().await;
                match answer.map(|answer| answer.status().as_u16()) {
                    Ok(status) if status == check.status => Ok(()),
                    Ok(status) => Err(format!("downstream service returned unexpected status: {status}")),
                    Err(error) => Err(format!("error while checking: {}", error.without_url())),
                }
            }
            Self::Tcp(check) => {
                let connected = async {
                    match &check.addr {
                        Listen::Tcp { host, port } => TcpStream::connect((host.as_str(), *port)).await.is_ok(),
                        Listen::Unix(path) => tokio::net::UnixStream::connect(path).await.is_ok(),
                    }
                };
                let connected = match check.timeout {
                    Some(limit) => timeout(limit, connected).await.unwrap_or(false),
                    None => connected.await,
                };
                if connected { Ok(()) } else { Err(format!("connection to {} failed", check.addr)) }
            }
        }
    }
}

#[cfg(test)]
mod tests;
