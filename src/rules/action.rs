//! What can be done with a repository.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What can be done with a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Read it.
    Pull,
    /// Write into it. Whoever is allowed to may pull, too.
    Push,
    /// Take away from it.
    Delete,
    /// Look after it. Whoever is allowed to may do all the others, too.
    Administer,
}

/// A word that names no action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such action")]
pub struct UnknownAction;

impl Action {
    /// Every action, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Pull, Self::Push, Self::Delete, Self::Administer];

    /// The word in a token, in forms and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Delete => "delete",
            Self::Administer => "administer",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(word: &str) -> Result<Self, UnknownAction> {
        Self::ALL.into_iter().find(|action| action.as_str() == word).ok_or(UnknownAction)
    }
}

/// Some of the actions; written as the list of their words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Action>", into = "Vec<Action>")]
pub struct Actions(u8);

impl Actions {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// These.
    pub const fn of(actions: &[Action]) -> Self {
        let mut set = Self::NONE;
        let mut at = 0;
        while at < actions.len() {
            set.0 |= actions[at].bit();
            at += 1;
        }
        set
    }

    /// These and one more.
    pub const fn with(self, action: Action) -> Self {
        Self(self.0 | action.bit())
    }

    /// Whether it is one of these.
    pub const fn contains(self, action: Action) -> bool {
        self.0 & action.bit() != 0
    }

    /// Whether whoever is allowed these may do it: who administers may do everything, and who pushes may pull, since
    /// clients look at what is there before they push.
    pub const fn cover(self, action: Action) -> bool {
        self.contains(action)
            || self.contains(Action::Administer)
            || (matches!(action, Action::Pull) && self.contains(Action::Push))
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order in which they are shown.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.into_iter().filter(move |action| self.contains(*action))
    }
}

impl FromIterator<Action> for Actions {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        actions.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Vec<Action>> for Actions {
    fn from(actions: Vec<Action>) -> Self {
        actions.into_iter().collect()
    }
}

impl From<Actions> for Vec<Action> {
    fn from(actions: Actions) -> Self {
        actions.iter().collect()
    }
}

/// `pull,push`, as in a token's scope.
impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, action) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            f.write_str(action.as_str())?;
        }
        Ok(())
    }
}
