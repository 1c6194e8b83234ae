//! Sets of rules to begin with.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Action, Actions, Effect, Pattern, Rule, Rules, Subject};

/// A set of rules to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// As `registry:2` comes: anyone pulls and pushes.
    Open,
    /// Anyone pulls; who has signed in pushes.
    SignInToPush,
    /// Who has signed in pulls and pushes; others see nothing.
    Private,
}

/// A word that names no preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such preset")]
pub struct UnknownPreset;

impl Preset {
    /// Every preset, from the most open one on.
    pub const ALL: [Self; 3] = [Self::Open, Self::SignInToPush, Self::Private];

    /// The word in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::SignInToPush => "sign-in-to-push",
            Self::Private => "private",
        }
    }

    /// What it stands for. Deleting is left to administrators in each.
    pub fn rules(self) -> Rules {
        const PULL: Actions = Actions::of(&[Action::Pull]);
        const BOTH: Actions = Actions::of(&[Action::Pull, Action::Push]);
        let everywhere =
            |subject, actions| Rule { pattern: Pattern::everything(), subject, effect: Effect::Allow, actions };
        Rules(match self {
            Self::Open => vec![everywhere(Subject::Anyone, BOTH)],
            Self::SignInToPush => vec![everywhere(Subject::Anyone, PULL), everywhere(Subject::SignedIn, BOTH)],
            Self::Private => vec![everywhere(Subject::SignedIn, BOTH)],
        })
    }

    /// The preset that these rules are, whatever their order.
    pub fn of(rules: &Rules) -> Option<Self> {
        let same = |preset: &Self| {
            let wanted = preset.rules();
            wanted.0.len() == rules.0.len() && wanted.0.iter().all(|rule| rules.0.contains(rule))
        };
        Self::ALL.into_iter().find(same)
    }
}

impl FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(word: &str) -> Result<Self, UnknownPreset> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == word).ok_or(UnknownPreset)
    }
}
