//! Who may do what in which repository: rules, and what follows from them.
//!
//! Pure: the page that tries the rules out and the server that follows them use this same code. Keeping them is
//! `rule_store`'s part, and which request needs which action is decided at the doors.
//!
//! Administrators may do everything. For others, of the rules for the repository, the person and the action, the one
//! that says most closely what it means decides: first by its pattern (a name without wildcards, then more letters,
//! then `*` before `**`), then by whom it is for (a user or robot, a group, everyone signed in, anyone). If two say it
//! equally closely, the one that denies wins. Without a rule the answer is no.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

mod action;
mod identity;
mod pattern;
mod preset;
mod principal;

pub use action::{Action, Actions, UnknownAction};
pub use identity::{CredentialId, Identity, Scope};
pub use pattern::{InvalidPattern, Pattern};
pub use preset::{Preset, UnknownPreset};
pub use principal::{InvalidSubject, Principal, Subject};

/// So many rules there may be: each request looks at all of them.
pub const RULES_MAX: usize = 500;

/// Whether a rule allows or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Yes.
    Allow,
    /// No.
    Deny,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rule {
    /// For which repositories.
    pub pattern: Pattern,
    /// For whom.
    pub subject: Subject,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// What.
    pub actions: Actions,
}

impl Rule {
    /// Whether it says anything about `action`. What is denied is denied by its name alone; what is allowed brings with
    /// it what belongs to it.
    fn concerns(&self, action: Action) -> bool {
        match self.effect {
            Effect::Allow => self.actions.cover(action),
            Effect::Deny => self.actions.contains(action),
        }
    }
}

/// All the rules, in the order in which they are shown; it decides nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rules(pub Vec<Rule>);

/// An answer, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision<'a> {
    /// Whether it may be done.
    pub allowed: bool,
    /// The rule that says so; `None` if there is no rule, or none is needed.
    pub by: Option<&'a Rule>,
}

impl Rules {
    /// Whether `principal` may do `action` in `repository`, and by which rule.
    pub fn decide(&self, principal: &Principal, repository: &str, action: Action) -> Decision<'_> {
        if principal.is_administrator() {
            return Decision { allowed: true, by: None };
        }
        let mut best: Option<&Rule> = None;
        for rule in &self.0 {
            let concerned = rule.concerns(action) && rule.subject.includes(principal);
            if concerned && rule.pattern.matches(repository) && best.is_none_or(|best| rule.outdoes(best)) {
                best = Some(rule);
            }
        }
        Decision { allowed: best.is_some_and(|rule| rule.effect == Effect::Allow), by: best }
    }

    /// Whether whoever has proved to be `identity` may do `action` in `repository`: by the rules, and by what the
    /// credential is limited to.
    pub fn allow(&self, identity: &Identity, repository: &str, action: Action) -> bool {
        identity.scope.as_ref().is_none_or(|scope| scope.allows(repository, action))
            && self.decide(&identity.principal, repository, action).allowed
    }

    /// Whether `principal` may do `action` in every repository that there can be. `false` also if that only can't be
    /// told from the patterns.
    pub fn allow_everywhere(&self, principal: &Principal, action: Action) -> bool {
        let concerned = || self.0.iter().filter(|rule| rule.concerns(action) && rule.subject.includes(principal));
        principal.is_administrator()
            || (concerned().any(|rule| rule.pattern.is_everything())
                && concerned().all(|rule| rule.effect == Effect::Allow))
    }

    /// Whether `principal` may do `action` in some repository that there could be.
    pub fn allow_somewhere(&self, principal: &Principal, action: Action) -> bool {
        let allows =
            |rule: &Rule| rule.effect == Effect::Allow && rule.concerns(action) && rule.subject.includes(principal);
        principal.is_administrator() || self.0.iter().any(allows)
    }
}

impl Rule {
    /// Orders rules by how closely they say what they mean, the closest first; what denies before what allows.
    pub fn by_closeness(&self, other: &Self) -> Ordering {
        let key = |rule: &Self| (rule.subject.closeness(), rule.effect);
        let closeness = self.pattern.by_closeness(&other.pattern);
        closeness.then_with(|| key(other).cmp(&key(self))).then_with(|| self.subject.cmp(&other.subject))
    }

    /// Whether it counts more than `other`, if both concern the same.
    fn outdoes(&self, other: &Self) -> bool {
        let closeness = |rule: &Self| (rule.pattern.closeness(), rule.subject.closeness());
        (closeness(self), self.effect) > (closeness(other), other.effect)
    }
}

#[cfg(test)]
mod tests;
