//! Another registry, to which System Config's address leads: whether it is another one, how it is asked, and what it
//! tells.
//!
//! Whose the address is, is found out by asking it: our own answers on `/v2/` carry a sign that no other process has.
//! Until that is known the console shows this registry; once it is known it stays so, also while nobody answers there.
//! An administrator may say it instead. Nothing but that one address is ever asked, and what is kept to sign in there is
//! for the address that it was entered for: it is not sent to another.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration as Wait,
};

use secrecy::SecretString;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::{
    audit::{Action, Actor, AuditEntry},
    clock::Clock,
    config::{InvalidRemote, Owner, RegistryAddress},
    config_store::ConfigStore,
    explorer::RemoteFailure as Failure,
    metadata::{self, Durability, Metadata, RemoteRecord},
    registry::Registry,
};

mod challenge;
mod client;
mod connection;
mod names;
mod reader;
mod settings;

use client::Options;
use connection::Connection;
pub use reader::RemoteReader;
pub use settings::{RemoteDraft, RemoteStatus};

/// A page waits so long for the address to say whose it is; then it shows this registry.
const PATIENCE: Wait = Wait::from_secs(2);

/// After so long the address is asked again whose it is, in the background.
const ASK_AGAIN: Duration = Duration::minutes(10);

/// A handle; cheap to clone.
#[derive(Clone, Debug)]
pub struct Remote {
    inner: Arc<Inner>,
}

struct Inner {
    metadata: Metadata,
    config: ConfigStore,
    clock: Clock,
    /// Our own sign.
    ourselves: String,
    /// The longest manifest that is read.
    manifest_bytes: usize,
    /// A std mutex: held for one look, never across an await.
    state: Mutex<State>,
}

/// Holds a secret: shown to nobody.
struct State {
    record: RemoteRecord,
    /// The way to the address in force; made anew when that or what is kept for it changes.
    connection: Option<Arc<Connection>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").finish_non_exhaustive()
    }
}

/// Whose an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    This,
    Other,
}

impl Found {
    const fn as_str(self) -> &'static str {
        match self {
            Self::This => "this",
            Self::Other => "other",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::This, Self::Other].into_iter().find(|found| found.as_str() == word)
    }
}

impl Remote {
    /// Reads what is kept.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn open(
        metadata: Metadata,
        config: ConfigStore,
        registry: &Registry,
        manifest_bytes: usize,
        clock: Clock,
    ) -> Result<Self, metadata::Error> {
        let state = Mutex::new(State { record: metadata.remote_registry().await?, connection: None });
        let ourselves = registry.instance().to_owned();
        Ok(Self { inner: Arc::new(Inner { metadata, config, clock, ourselves, manifest_bytes, state }) })
    }

    /// The way to read the other registry; `None` if this one is to be shown. `authority` is the host and port that the
    /// browser came by: whoever came by the configured address is here, so nobody is asked whose it is.
    pub async fn reader(&self, authority: Option<&str>) -> Option<RemoteReader> {
        let (address, owner, connection) = self.target()?;
        let found = match owner {
            Owner::This => return None,
            Owner::Other => Found::Other,
            Owner::Ask if authority == Some(address.authority().as_str()) => return None,
            Owner::Ask => self.ask_whose(&connection).await?,
        };
        (found == Found::Other).then(|| RemoteReader::new(connection, self.inner.manifest_bytes))
    }

    /// Whose the address is, as far as it is known or can be found out in a moment.
    async fn ask_whose(&self, connection: &Arc<Connection>) -> Option<Found> {
        let known = connection.found();
        if connection.is_due(ASK_AGAIN) {
            let asked = tokio::spawn(self.clone().ask(Arc::clone(connection)));
            if known.is_none() {
                // The question goes on when the page does not wait for it any more.
                let _ = tokio::time::timeout(PATIENCE, asked).await;
            }
        }
        connection.found()
    }

    /// Asks the address whose it is, and keeps what it says.
    async fn ask(self, connection: Arc<Connection>) {
        let before = connection.found();
        let failure = connection.connect(true).await.err();
        let (found, address) = (connection.found(), connection.address().to_string());
        if let Some(failure) = failure {
            tracing::info!(%address, %failure, "The registry at {address} could not be asked: {failure}");
        }
        if let Some(found) = found
            && before != Some(found)
        {
            let whose = found.as_str();
            tracing::info!(%address, whose, "The address {address} leads to {whose} registry");
            if let Err(error) = self.keep_finding(&address, found).await {
                tracing::error!(%error, "Whose the configured address is could not be kept");
            }
        }
    }

    async fn keep_finding(&self, address: &str, found: Found) -> Result<(), metadata::Error> {
        let mut tx = self.inner.metadata.begin().await?;
        tx.save_remote_finding(address, found.as_str()).await?;
        tx.commit(Durability::Synced).await?;
        let mut state = self.state();
        state.record.found = found.as_str().to_owned();
        state.record.found_at = address.to_owned();
        Ok(())
    }

    /// The address in force, what is said of it, and the way there; `None` while none is configured.
    fn target(&self) -> Option<(RegistryAddress, Owner, Arc<Connection>)> {
        let address = self.inner.config.current().value.address.clone()?;
        let mut state = self.state();
        let text = address.to_string();
        // What was said of another address does not count for this one.
        let owner = if state.record.address == text { Owner::parse(&state.record.owner) } else { Owner::Ask };
        if let Some(connection) = state.connection.as_ref().filter(|connection| *connection.address() == address) {
            return Some((address, owner, Arc::clone(connection)));
        }
        let found = Found::parse(&state.record.found).filter(|_| state.record.found_at == text);
        let options = if state.record.address == text { options(&state.record) } else { Options::default() };
        let (ourselves, clock) = (self.inner.ourselves.clone(), self.inner.clock.clone());
        let connection = Arc::new(Connection::new(address.clone(), options, found, ourselves, clock));
        state.connection = Some(Arc::clone(&connection));
        Some((address, owner, connection))
    }

    /// How things stand, for whoever administers them.
    pub fn status(&self) -> RemoteStatus {
        let target = self.target();
        let record = self.state().record.clone();
        let Some((address, owner, connection)) = target else { return RemoteStatus::default() };
        let ours = record.address == address.to_string();
        let kept = |text: String| if ours { text } else { String::new() };
        RemoteStatus {
            address: Some(address),
            owner,
            other: connection.found().map(|found| found == Found::Other),
            failure: connection.failure(),
            user_name: kept(record.user_name),
            has_password: ours && !record.password.is_empty(),
            token_host: kept(record.token_host),
            authority: kept(record.authority),
        }
    }

    /// Keeps what was typed for the address in force, and asks it anew. A blank password leaves the one that is kept.
    ///
    /// # Errors
    /// [`InvalidRemote`], or the database is broken.
    pub async fn save(&self, draft: RemoteDraft, actor: &Actor) -> Result<Result<(), InvalidRemote>, metadata::Error> {
        let Some((address, ..)) = self.target() else { return Ok(Err(InvalidRemote::Address)) };
        let before = self.state().record.clone();
        let after = match draft.apply(&before, &address.to_string()) {
            Ok(record) => record,
            Err(problem) => return Ok(Err(problem)),
        };
        if after != before {
            let at = metadata::to_the_microsecond(self.inner.clock.now());
            let mut tx = self.inner.metadata.begin().await?;
            tx.save_remote_registry(&after).await?;
            let detail = json!({
                "owner": after.owner,
                "user_name": after.user_name,
                "password": if after.password.is_empty() { "none" }
                    else if after.password == before.password { "unchanged" } else { "set" },
                "authority": !after.authority.is_empty(),
            });
            tx.audit(&AuditEntry::new(at, actor, Action::RemoteRegistrySaved).about(&address).with(detail)).await?;
            tx.commit(Durability::Synced).await?;
            let mut state = self.state();
            state.record = after;
            state.connection = None;
        }
        self.ask_again().await;
        Ok(Ok(()))
    }

    /// Asks the address if nobody has yet, and waits a moment for what it says.
    pub async fn ask_once(&self) {
        if self.target().is_some_and(|(_, _, connection)| connection.is_due(ASK_AGAIN)) {
            self.ask_again().await;
        }
    }

    /// Asks the address now, whatever is known of it; waits a moment for what it says.
    pub async fn ask_again(&self) {
        if let Some((_, owner, connection)) = self.target()
            && owner != Owner::This
        {
            let asked = tokio::spawn(self.clone().ask(connection));
            let _ = tokio::time::timeout(PATIENCE, asked).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn options(record: &RemoteRecord) -> Options {
    let credentials =
        (!record.user_name.is_empty()).then(|| (record.user_name.clone(), SecretString::from(record.password.clone())));
    Options {
        credentials,
        in_the_clear: false,
        token_host: Some(record.token_host.clone()).filter(|host| !host.is_empty()),
        authority: record.authority.clone(),
    }
}

/// When something was read, and whether that is long ago.
fn is_older(at: Option<OffsetDateTime>, than: Duration, now: OffsetDateTime) -> bool {
    at.is_none_or(|at| now - at >= than)
}

#[cfg(test)]
mod tests;
