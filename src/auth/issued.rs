//! Secrets that were made for someone, until the one who asked has seen them: once, in his own session.
//!
//! In memory alone, and not in the answer to the form: without scripts that answer is an address, where no secret belongs.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use secrecy::SecretString;
use time::{Duration, OffsetDateTime};

use super::{Auth, session::hash};
use crate::account::{RobotName, TokenName, UserName};

/// How long a secret waits to be looked at.
const PATIENCE: Duration = Duration::minutes(10);
/// How many wait at most.
const WAITING_MAX: usize = 1000;

/// What a secret was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuedFor {
    /// The password of a user.
    Password(UserName),
    /// One of one's own access tokens.
    AccessToken(TokenName),
    /// A robot.
    Robot(RobotName),
}

/// A secret, and what it was made for.
#[derive(Clone, Debug)]
pub struct IssuedSecret {
    /// What it opens.
    pub of: IssuedFor,
    /// To be given to its owner, and kept nowhere.
    pub secret: SecretString,
}

/// By the hash of the session's token.
#[derive(Debug, Default)]
pub(super) struct Issued {
    /// A std mutex: held to put in or take out, never across an await.
    waiting: Mutex<HashMap<String, (IssuedSecret, OffsetDateTime)>>,
}

impl Auth {
    /// Keeps a secret for the session that is to show it. The session's earlier one is forgotten.
    pub fn issue(&self, token: &str, issued: IssuedSecret) {
        let now = self.clock.now();
        let mut waiting = self.issued.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, (_, since)| now - *since < PATIENCE);
        if waiting.len() < WAITING_MAX {
            waiting.insert(hash(token), (issued, now));
        }
    }

    /// The secret that the session is to show, if it is one that `wanted` chooses; it is gone with that.
    pub fn take_issued<T>(
        &self,
        token: &str,
        wanted: impl FnOnce(&IssuedFor) -> Option<T>,
    ) -> Option<(T, SecretString)> {
        let mut waiting = self.issued.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let key = hash(token);
        let of = wanted(&waiting.get(&key)?.0.of)?;
        let (issued, since) = waiting.remove(&key)?;
        (self.clock.now() - since < PATIENCE).then_some((of, issued.secret))
    }
}
