//! Manage → Access: the rules of who may do what. For administrators alone.

// The fields of a form are the arguments of its function.
#![allow(clippy::too_many_arguments)]

use humpback::{
    config::{AccessKind, Saved},
    rules::{Action, Effect, Preset, Rule},
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRules {
    /// How often the rules were saved; each form names it.
    pub version: u64,
    /// Who saved them last, and when.
    pub saved: Option<Saved>,
    /// What is in force.
    pub kind: AccessKind,
    /// The preset that the rules are, if they are one.
    pub preset: Option<Preset>,
    /// The rules, those first that say most closely what they mean.
    pub rules: Vec<ListedRule>,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// A rule, and where it stands among those of its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedRule {
    /// To name it by.
    pub place: u32,
    /// The rule.
    pub rule: Rule,
}

/// An answer to whether someone may do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What is to be done.
    pub action: Action,
    /// Whether it may be done.
    pub allowed: bool,
    /// Why.
    pub because: Because,
}

/// Where an answer comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Because {
    /// A rule says so.
    Rule(Rule),
    /// No rule speaks of it.
    NoRule,
    /// Administrators may do everything.
    Administrator,
    /// The user may not sign in.
    Disabled,
    /// config.yml wants everyone to sign in.
    SignIn,
    /// config.yml says who may sign in, and no rules were saved.
    Elsewhere,
}

/// The rules in force.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or something is broken.
#[server(endpoint = "load_access_rules", input = Json, output = crate::api::encoding::Answer)]
pub async fn load_access_rules() -> Result<AccessRules, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let in_force = console.guard.rules().current();
    let listed = in_force.rules.0.iter().zip(0..).map(|(rule, place)| ListedRule { place, rule: rule.clone() });
    let mut rules: Vec<_> = listed.collect();
    rules.sort_by(|one, other| one.rule.by_closeness(&other.rule));
    Ok(AccessRules {
        version: in_force.version,
        saved: in_force.saved.clone(),
        kind: console.guard.kind(),
        preset: Preset::of(&in_force.rules),
        rules,
        now: console.clock.now(),
    })
}

/// Puts the rules of a preset in force, in place of all others. Returns where to go.
///
/// # Errors
/// As for [`load_access_rules`], or [`Error::RulesChanged`].
#[server(endpoint = "apply_access_preset", output = crate::api::encoding::Answer)]
pub async fn apply_access_preset(expected_version: u64, preset: Preset) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    ssr::save(&console, expected_version, &who, |_| Some(preset.rules())).await?;
    Ok(ssr::lead_to("preset"))
}

/// Adds a rule, or changes the one at `place`. Returns where to go.
///
/// # Errors
/// As for [`load_access_rules`], [`Error::RulesChanged`], or [`Error::Invalid`].
#[server(endpoint = "save_access_rule", output = crate::api::encoding::Answer)]
pub async fn save_access_rule(
    expected_version: u64,
    #[server(default)] place: Option<u32>,
    pattern: String,
    who: String,
    #[server(default)] name: String,
    effect: Effect,
    // A checkbox that is not ticked is not sent at all.
    #[server(default)] pull: bool,
    #[server(default)] push: bool,
    #[server(default)] delete: bool,
    #[server(default)] administer: bool,
) -> Result<String, Error> {
    let account = super::context::administrator().await?;
    let console = super::context::console()?;
    let ticked =
        [(pull, Action::Pull), (push, Action::Push), (delete, Action::Delete), (administer, Action::Administer)];
    let form = ssr::Form { pattern, who, name, effect, ticked };
    let rule = form.read()?;
    ssr::save(&console, expected_version, &account, |rules| {
        let mut rules = rules.clone();
        match place {
            Some(place) => *rules.0.get_mut(usize::try_from(place).ok()?)? = rule,
            None if rules.0.contains(&rule) => {}
            None => rules.0.push(rule),
        }
        Some(rules)
    })
    .await?;
    Ok(ssr::lead_to(if place.is_some() { "changed" } else { "added" }))
}

/// Removes the rule at `place`. Returns where to go.
///
/// # Errors
/// As for [`load_access_rules`], or [`Error::RulesChanged`].
#[server(endpoint = "remove_access_rule", output = crate::api::encoding::Answer)]
pub async fn remove_access_rule(expected_version: u64, place: u32) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    ssr::save(&console, expected_version, &who, |rules| {
        let (mut rules, place) = (rules.clone(), usize::try_from(place).ok()?);
        (place < rules.0.len()).then(|| rules.0.remove(place))?;
        Some(rules)
    })
    .await?;
    Ok(ssr::lead_to("removed"))
}

/// Whether someone may do what there is to do in a repository, and why.
///
/// # Errors
/// As for [`load_access_rules`], [`Error::Invalid`], or [`Error::NotFound`] if there is no such user.
#[server(endpoint = "try_access", input = Json, output = crate::api::encoding::Answer)]
pub async fn try_access(who: String, name: String, repository: String) -> Result<Vec<Answer>, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let (repository, principal) = ssr::tried(&console, &who, &name, &repository).await?;
    Ok(ssr::answers(&console, principal.as_ref(), repository.as_str()))
}

#[cfg(feature = "ssr")]
mod ssr {
    use std::collections::BTreeMap;

    use humpback::{
        account::{GroupName, RobotName, UserName},
        config::AccessKind,
        metadata::Account,
        oci::RepositoryName,
        rule_store,
        rules::{Action, Actions, Effect, Pattern, Principal, Rule, Rules, Subject},
    };

    use super::{Answer, Because};
    use crate::api::{
        Error, FieldError, Problem,
        context::{self, Console},
    };

    /// The form of a rule as it was typed.
    pub(super) struct Form {
        pub pattern: String,
        pub who: String,
        pub name: String,
        pub effect: Effect,
        pub ticked: [(bool, Action); 4],
    }

    impl Form {
        /// The rule that was meant.
        pub(super) fn read(&self) -> Result<Rule, Error> {
            let mut fields = Vec::new();
            let pattern = Pattern::parse(&self.pattern).map_err(|problem| FieldError::new("pattern", problem));
            let subject = subject(&self.who, &self.name).ok_or_else(|| FieldError::new("name", Problem::SubjectName));
            let actions: Actions =
                self.ticked.iter().filter(|(ticked, _)| *ticked).map(|(_, action)| *action).collect();
            if let Err(error) = &pattern {
                fields.push(error.clone());
            }
            if let Err(error) = &subject {
                fields.push(error.clone());
            }
            if actions.is_empty() {
                fields.push(FieldError::new("pull", Problem::ActionMissing));
            }
            match (pattern, subject) {
                (Ok(pattern), Ok(subject)) if fields.is_empty() => {
                    Ok(Rule { pattern, subject, effect: self.effect, actions })
                }
                _ => Err(Error::Invalid { fields, typed: self.typed() }),
            }
        }

        fn typed(&self) -> BTreeMap<String, String> {
            let effect = if self.effect == Effect::Deny { "deny" } else { "allow" };
            let texts =
                [("pattern", self.pattern.as_str()), ("who", &self.who), ("name", &self.name), ("effect", effect)];
            let ticked =
                self.ticked.iter().map(|(ticked, action)| (action.as_str(), if *ticked { "true" } else { "" }));
            texts.into_iter().chain(ticked).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        }
    }

    fn subject(who: &str, name: &str) -> Option<Subject> {
        match who {
            "anyone" => Some(Subject::Anyone),
            "signed-in" => Some(Subject::SignedIn),
            "group" => GroupName::parse(name).ok().map(Subject::Group),
            "robot" => RobotName::parse(name).ok().map(Subject::Robot),
            _ => UserName::parse(name).ok().map(Subject::User),
        }
    }

    /// Saves what `change` makes of the rules, if it finds there what it wants to change.
    pub(super) async fn save(
        console: &Console,
        expected: u64,
        who: &Account,
        change: impl FnOnce(&Rules) -> Option<Rules> + Send,
    ) -> Result<(), Error> {
        // Places are those of the version that the form has shown.
        let current = console.guard.rules().current();
        let changed = change(&current.rules);
        let (Some(rules), true) = (changed, current.version == expected) else { return Err(Error::RulesChanged) };
        let saved = console.guard.rules().save(expected, &context::actor(who), |_| rules).await;
        saved.map(drop).map_err(|error| match error {
            rule_store::Error::Conflict { .. } => Error::RulesChanged,
            rule_store::Error::TooMany => Error::invalid(vec![FieldError::new("pattern", Problem::TooManyRules)]),
            error @ rule_store::Error::Metadata(_) => context::internal(error),
        })
    }

    /// Leads to the page, which says what was done.
    pub(super) fn lead_to(done: &str) -> String {
        let path = format!("/manage/access?done={done}");
        crate::api::session::ssr::lead_to(&path);
        path
    }

    /// Who is tried where; `None` for a user who may not sign in.
    pub(super) async fn tried(
        console: &Console,
        who: &str,
        name: &str,
        repository: &str,
    ) -> Result<(RepositoryName, Option<Principal>), Error> {
        let invalid = |field: &str, problem| Error::invalid(vec![FieldError::new(field, problem)]);
        let repository =
            RepositoryName::parse(repository.trim()).map_err(|_| invalid("try_repository", Problem::RepositoryName))?;
        let no_name = || invalid("try_name", Problem::SubjectName);
        let principal = match who {
            "anyone" => Principal::Anonymous,
            "signed-in" => Principal::External { name: String::new() },
            "robot" => Principal::Robot { name: RobotName::parse(name).map_err(|_| no_name())? },
            _ if is_external(console) => Principal::External { name: name.trim().to_owned() },
            _ => {
                let name = UserName::parse(name).map_err(|_| no_name())?;
                let found = console.auth.find_principal(&name).await.map_err(context::internal)?;
                match found.ok_or(Error::NotFound { what: name.to_string() })? {
                    (_, true) => return Ok((repository, None)),
                    (principal, false) => principal,
                }
            }
        };
        Ok((repository, Some(principal)))
    }

    fn is_external(console: &Console) -> bool {
        matches!(console.guard.kind(), AccessKind::Htpasswd | AccessKind::Token)
    }

    pub(super) fn answers(console: &Console, principal: Option<&Principal>, repository: &str) -> Vec<Answer> {
        let in_force = console.guard.rules().current();
        let external = is_external(console);
        let answer = |action| {
            let answer = |allowed, because| Answer { action, allowed, because };
            let Some(principal) = principal else { return answer(false, Because::Disabled) };
            if external && *principal == Principal::Anonymous {
                return answer(false, Because::SignIn);
            }
            if external && in_force.version == 0 {
                return answer(true, Because::Elsewhere);
            }
            let decision = in_force.rules.decide(principal, repository, action);
            let because = match decision.by {
                Some(rule) => Because::Rule(rule.clone()),
                None if principal.is_administrator() => Because::Administrator,
                None => Because::NoRule,
            };
            answer(decision.allowed, because)
        };
        Action::ALL.into_iter().map(answer).collect()
    }
}
