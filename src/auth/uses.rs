//! When and from where credentials of machines were last used.
//!
//! Noted in memory by each request and written behind them, by whoever calls [`Auth::write_uses`] now and then: reading a
//! layer must not make the database write.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Auth, Error};
use crate::{
    account::{LastUse, RobotName, TokenId},
    metadata::Durability,
    rules::CredentialId,
};

/// How many wait to be written at most; more are not noted. Some 100 bytes each.
const WAITING_MAX: usize = 100_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Used {
    Token(i64),
    Robot(RobotName),
}

impl Used {
    /// `None` for what no last use is told of.
    fn of(credential: &CredentialId) -> Option<Self> {
        match credential {
            CredentialId::AccessToken { id, .. } => id.parse().ok().map(Self::Token),
            CredentialId::Robot { robot, .. } => Some(Self::Robot(robot.clone())),
            CredentialId::None | CredentialId::Password { .. } => None,
        }
    }
}

/// What waits to be written.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// A std mutex: held for a look-up, never across an await.
    waiting: Mutex<HashMap<Used, LastUse>>,
}

impl Uses {
    fn waiting(&self) -> MutexGuard<'_, HashMap<Used, LastUse>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn of_token(&self, id: TokenId) -> Option<LastUse> {
        self.waiting().get(&Used::Token(id.0)).cloned()
    }

    pub(super) fn of_robot(&self, name: &RobotName) -> Option<LastUse> {
        self.waiting().get(&Used::Robot(name.clone())).cloned()
    }

    /// Drops what was noted of a robot that is gone: another one may get its name.
    pub(super) fn forget_robot(&self, name: &RobotName) {
        self.waiting().remove(&Used::Robot(name.clone()));
    }
}

impl Auth {
    /// Notes that a credential is used now.
    pub(super) fn note_use(&self, credential: &CredentialId, address: Option<IpAddr>) {
        let Some(used) = Used::of(credential) else { return };
        let from = address.map(|address| address.to_canonical().to_string());
        let last = LastUse { at: self.clock.now(), from };
        let mut waiting = self.uses.waiting();
        if waiting.len() < WAITING_MAX || waiting.contains_key(&used) {
            waiting.insert(used, last);
        }
    }

    /// Writes down what was noted of last uses since; how many credentials that were.
    ///
    /// # Errors
    /// The database is broken. What was noted is lost then, and nothing else.
    pub async fn write_uses(&self) -> Result<usize, Error> {
        let noted = std::mem::take(&mut *self.uses.waiting());
        if noted.is_empty() {
            return Ok(0);
        }
        let mut tx = self.metadata.begin().await?;
        for (used, last) in &noted {
            match used {
                Used::Token(id) => tx.note_token_use(TokenId(*id), last).await?,
                Used::Robot(name) => tx.note_robot_use(name, last).await?,
            }
        }
        tx.commit(Durability::Relaxed).await?;
        Ok(noted.len())
    }
}
