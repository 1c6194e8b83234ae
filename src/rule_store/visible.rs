//! Which repositories someone may see, for lists that the database pages.
//!
//! Whoever may read everything is not asked for more. For others each repository is judged once for each version of the
//! rules, and what is added later when it comes; the database is told the shorter of the two lists, of those that may
//! be seen or of those that may not.

use std::{
    collections::HashMap,
    sync::{Arc, MutexGuard, PoisonError},
};

use super::{InForce, RuleStore};
use crate::{
    metadata::{CatalogueMark, Result, Visible},
    rules::{Action, Identity, Principal, Scope},
};

/// Of so many people it is remembered what they may see, each with some 20 bytes for every repository.
const REMEMBERED_MAX: usize = 32;

/// Who it was found for.
type Key = (Principal, Option<Scope>);

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The version of the rules that was asked.
    version: u64,
    seen: HashMap<Key, Seen>,
}

/// What someone may see of the repositories up to a mark.
#[derive(Clone, Debug, Default)]
struct Seen {
    mark: CatalogueMark,
    shown: Vec<i64>,
    hidden: Vec<i64>,
    answer: Visible,
}

impl RuleStore {
    /// Which repositories `identity` may read by the rules `in_force`.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn visible(&self, in_force: &InForce, identity: &Identity) -> Result<Visible> {
        let everywhere = |action| in_force.rules.allow_everywhere(&identity.principal, action);
        if identity.scope.is_none() && everywhere(Action::Pull) {
            return Ok(Visible::All);
        }
        if !in_force.rules.allow_somewhere(&identity.principal, Action::Pull) {
            return Ok(Visible::nothing());
        }
        let mark = self.metadata.catalogue_mark().await?;
        let key = (identity.principal.clone(), identity.scope.clone());
        let known = self.memory(in_force.version).seen.get(&key).cloned().unwrap_or_default();
        if known.mark == mark {
            return Ok(known.answer);
        }
        let added = self.metadata.repositories_after(&known.mark).await?;
        let (mut seen, added) = match added {
            Some(added) if known.mark.grows_to(&mark, added.len()) => (known, added),
            // Some have gone, or come while this was looking: from the beginning.
            _ => {
                let all = self.metadata.repositories_after(&CatalogueMark::default()).await?;
                (Seen::default(), all.unwrap_or_default())
            }
        };
        // Away from the threads that serve requests: there may be many.
        let (rules, identity) = (in_force.rules.clone(), identity.clone());
        let seen = tokio::task::spawn_blocking(move || {
            for (id, name) in added {
                let list = if rules.allow(&identity, &name, Action::Pull) { &mut seen.shown } else { &mut seen.hidden };
                list.push(id);
            }
            seen.mark = mark;
            seen.answer = answer(&seen);
            seen
        })
        .await
        .map_err(|_| crate::metadata::Error::Closed)?;
        let answer = seen.answer.clone();
        let mut memory = self.memory(in_force.version);
        if memory.version == in_force.version {
            if memory.seen.len() >= REMEMBERED_MAX {
                memory.seen.clear();
            }
            memory.seen.insert(key, seen);
        }
        Ok(answer)
    }

    /// What was found under this version of the rules; that of earlier ones is forgotten.
    fn memory(&self, version: u64) -> MutexGuard<'_, Memory> {
        let mut memory = self.visible.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.version < version {
            *memory = Memory { version, seen: HashMap::new() };
        }
        memory
    }
}

fn answer(seen: &Seen) -> Visible {
    let list = |ids: &[i64]| -> Arc<str> {
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        format!("[{}]", ids.join(",")).into()
    };
    match (seen.shown.len(), seen.hidden.len()) {
        (shown, hidden) if hidden < shown => Visible::AllBut(list(&seen.hidden), seen.mark),
        _ => Visible::Only(list(&seen.shown)),
    }
}
