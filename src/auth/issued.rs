//! Passwords that were generated for someone, until the administrator who asked has seen them: once, in his own session.
//!
//! In memory alone, and not in the answer to the form: without scripts that answer is an address, where no secret belongs.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use secrecy::SecretString;
use time::{Duration, OffsetDateTime};

use super::{Auth, session::hash};
use crate::account::UserName;

/// How long a password waits to be looked at.
const PATIENCE: Duration = Duration::minutes(10);
/// How many wait at most.
const WAITING_MAX: usize = 1000;

/// A password that was generated, and for whom.
#[derive(Clone, Debug)]
pub struct IssuedPassword {
    /// The account.
    pub name: UserName,
    /// To be given to its owner, and kept nowhere.
    pub password: SecretString,
}

/// By the hash of the session's token.
#[derive(Debug, Default)]
pub(super) struct Issued {
    /// A std mutex: held to put in or take out, never across an await.
    waiting: Mutex<HashMap<String, (IssuedPassword, OffsetDateTime)>>,
}

impl Auth {
    /// Keeps a password for the session that is to show it. The session's earlier one is forgotten.
    pub fn issue(&self, token: &str, issued: IssuedPassword) {
        let now = self.clock.now();
        let mut waiting = self.issued.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, (_, since)| now - *since < PATIENCE);
        if waiting.len() < WAITING_MAX {
            waiting.insert(hash(token), (issued, now));
        }
    }

    /// The password that the session is to show; it is gone with that.
    pub fn take_issued(&self, token: &str) -> Option<IssuedPassword> {
        let mut waiting = self.issued.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (issued, since) = waiting.remove(&hash(token))?;
        (self.clock.now() - since < PATIENCE).then_some(issued)
    }
}
