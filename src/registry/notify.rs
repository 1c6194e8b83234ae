//! Telling others: what the engine does goes into the notifications, in the transaction in which it does it.

use std::sync::Arc;

use super::{Registry, Result};
use crate::{
    metadata::Transaction,
    notifications::{Cause, EndpointStatus, Happening, Notifications, Recorded},
};

impl Registry {
    /// Tells `notifications` of all that happens from now on. Once, at start: a second call changes nothing.
    pub fn notify(&self, notifications: Notifications) {
        let _ = self.inner.notifications.set(notifications);
    }

    /// Whether others are told of what happens: only then it pays to say why by [`on_behalf_of`](Self::on_behalf_of).
    pub fn is_watched(&self) -> bool {
        self.inner.notifications.get().is_some_and(Notifications::is_on)
    }

    /// How those who are told do, for people.
    pub fn notified(&self) -> Vec<EndpointStatus> {
        self.inner.notifications.get().map(Notifications::status).unwrap_or_default()
    }

    /// The same engine, acting for `cause`.
    #[must_use]
    pub fn on_behalf_of(&self, cause: Cause) -> Self {
        Self { inner: Arc::clone(&self.inner), cause: Some(Arc::new(cause)) }
    }

    /// Tells that something was read; what it was is asked only if someone wants to know. Never waits.
    pub fn pulled(&self, happening: impl FnOnce() -> Happening) {
        if let Some(notifications) = self.inner.notifications.get().filter(|notifications| notifications.is_on()) {
            notifications.pulled(self.cause.clone().unwrap_or_default(), happening());
        }
    }

    /// Writes into `tx` what it does, if someone wants to know.
    pub(super) async fn tell(
        &self,
        tx: &mut Transaction,
        happenings: impl FnOnce() -> Vec<Happening> + Send,
    ) -> Result<Recorded> {
        let Some(notifications) = self.inner.notifications.get().filter(|notifications| notifications.is_on()) else {
            return Ok(Recorded::default());
        };
        let cause = self.cause.clone().unwrap_or_default();
        Ok(notifications.record(tx, &cause, &happenings()).await?)
    }
}
