//! The way to one address: by which scheme it answers, whose it is, and what was read of it a moment ago.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::StatusCode;
use time::{Duration, OffsetDateTime};

use super::{
    Failure, Found,
    client::{Answer, Client, Options},
    is_older,
    names::{NameLists, Tags},
};
use crate::{
    clock::Clock,
    config::{RegistryAddress, Scheme},
};

/// `GET /v2/` has no more to say.
const VERSION_BYTES_MAX: usize = 64 * 1024;

/// Those who waited while someone else asked take what he heard, for so long.
const FRESH: Duration = Duration::seconds(1);

pub(super) struct Connection {
    address: RegistryAddress,
    options: Options,
    ourselves: String,
    clock: Clock,
    /// A std mutex: held for one look.
    state: Mutex<State>,
    /// One asks at a time. It guards no data, so it may be held while that one waits.
    asking: tokio::sync::Mutex<()>,
    pub catalogue: NameLists,
    pub tags: Tags,
}

#[derive(Default)]
struct State {
    client: Option<Arc<Client>>,
    found: Option<Found>,
    failure: Option<Failure>,
    asked_at: Option<OffsetDateTime>,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Connection {
    pub fn new(
        address: RegistryAddress,
        options: Options,
        found: Option<Found>,
        ourselves: String,
        clock: Clock,
    ) -> Self {
        Self {
            address,
            options,
            ourselves,
            state: Mutex::new(State { found, ..State::default() }),
            asking: tokio::sync::Mutex::default(),
            catalogue: NameLists::new(clock.clone()),
            tags: Tags::new(clock.clone()),
            clock,
        }
    }

    pub const fn address(&self) -> &RegistryAddress {
        &self.address
    }

    /// Whether a name and password are kept for it.
    pub const fn signs_in(&self) -> bool {
        self.options.credentials.is_some()
    }

    pub fn found(&self) -> Option<Found> {
        self.state().found
    }

    pub fn failure(&self) -> Option<Failure> {
        self.state().failure.clone()
    }

    /// Whether it was not asked for so long.
    pub fn is_due(&self, after: Duration) -> bool {
        is_older(self.state().asked_at, after, self.clock.now())
    }

    /// The way to ask, once it has answered; asks it `anew` also if it has.
    pub async fn connect(&self, anew: bool) -> Result<Arc<Client>, Failure> {
        if let Some(client) = self.state().client.clone().filter(|_| !anew) {
            return Ok(client);
        }
        let _one = self.asking.lock().await;
        {
            let state = self.state();
            if !is_older(state.asked_at, FRESH, self.clock.now()) && !anew {
                return state.client.clone().ok_or_else(|| state.failure.clone().unwrap_or(Failure::Timeout));
            }
        }
        let (client, found, failure) = self.ask().await;
        let mut state = self.state();
        state.asked_at = Some(self.clock.now());
        state.client.clone_from(&client);
        state.failure.clone_from(&failure);
        if found.is_some() {
            state.found = found;
        }
        client.ok_or_else(|| failure.unwrap_or(Failure::Timeout))
    }

    /// Takes note that the next reader has to find the way anew.
    pub fn lost(&self, failure: &Failure) {
        let mut state = self.state();
        state.failure = Some(failure.clone());
        if *failure == Failure::Ourselves {
            state.found = Some(Found::This);
        }
        state.client = None;
        // Whoever comes next asks anew.
        state.asked_at = None;
    }

    async fn ask(&self) -> (Option<Arc<Client>>, Option<Found>, Option<Failure>) {
        let mut failure = None;
        for scheme in self.schemes() {
            match self.ask_by(scheme).await {
                Ok(client) => return (Some(client), Some(Found::Other), None),
                Err(Failure::Ourselves) => return (None, Some(Found::This), Some(Failure::Ourselves)),
                // It has answered as a registry does, and not as we do.
                Err(
                    refused @ (Failure::CredentialsMissing
                    | Failure::CredentialsRefused
                    | Failure::CredentialsInTheClear
                    | Failure::Forbidden
                    | Failure::TokenHost { .. }),
                ) => return (None, Some(Found::Other), Some(refused)),
                // Nobody is asked in the clear because his certificate is not trusted.
                Err(untrusted @ Failure::Certificate { .. }) => return (None, None, Some(untrusted)),
                Err(other) => failure = failure.or(Some(other)),
            }
        }
        (None, None, failure)
    }

    /// By which schemes to try, one after the other.
    fn schemes(&self) -> Vec<Scheme> {
        match self.address.scheme() {
            Some(scheme) => vec![scheme],
            // Docker speaks HTTP to this machine without being told.
            None if self.address.is_loopback() => vec![Scheme::Http, Scheme::Https],
            None => vec![Scheme::Https, Scheme::Http],
        }
    }

    async fn ask_by(&self, scheme: Scheme) -> Result<Arc<Client>, Failure> {
        // `http://` was typed, or nobody else is on the way.
        let in_the_clear = self.address.scheme() == Some(Scheme::Http) || self.address.is_loopback();
        let options = Options { in_the_clear, ..self.options.clone() };
        let origin = format!(
            "{}://{}{}",
            scheme.as_str(),
            self.address.host(),
            self.address.port().map(|port| format!(":{port}")).unwrap_or_default()
        );
        let client = Client::new(&origin, options, self.ourselves.clone(), self.clock.clone())?;
        let answer = client.get("/v2/", "application/json", VERSION_BYTES_MAX).await?;
        if is_registry(&answer) {
            return Ok(Arc::new(client));
        }
        Err(match answer.status {
            status if status.is_server_error() => Failure::Status { status: status.as_u16() },
            _ => Failure::NotARegistry,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether this is how a registry answers on `/v2/`.
fn is_registry(answer: &Answer) -> bool {
    let says = answer.headers.get("docker-distribution-api-version").and_then(|value| value.to_str().ok());
    let says = says.is_some_and(|version| version.starts_with("registry/2"));
    answer.status == StatusCode::OK && (says || matches!(answer.body.trim_ascii(), b"{}" | b""))
}
