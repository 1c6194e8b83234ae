//! Rules go with those whom they are for: with a group that is renamed, and away with who is removed. Else the next one of
//! that name would have them.

use super::{Auth, Error};
use crate::{
    audit::{Actor, AuditEntry},
    metadata::Transaction,
    rule_store::RuleStore,
    rules::{Rule, Rules, Subject},
};

impl Auth {
    /// Finishes a unit of work in which `subject` gets another name, or none any more, together with the rules for it.
    pub(super) async fn finish_with_rules(
        &self,
        mut tx: Transaction,
        entry: AuditEntry,
        by: &Actor,
        rules: &RuleStore,
        subject: &Subject,
        next: Option<&Subject>,
    ) -> Result<(), Error> {
        let changed = rules.change_within(&mut tx, by, |rules| follow(rules, subject, next)).await?;
        let rules = rules.clone();
        let publish = move || {
            if let Some(changed) = changed {
                rules.publish(changed);
            }
        };
        self.finish_and(tx, entry, publish).await
    }
}

/// The rules with those for `subject` being for `next`, or gone.
fn follow(rules: &Rules, subject: &Subject, next: Option<&Subject>) -> Rules {
    let followed = rules.0.iter().filter_map(|rule| {
        if rule.subject != *subject {
            return Some(rule.clone());
        }
        next.map(|next| Rule { subject: next.clone(), ..rule.clone() })
    });
    Rules(followed.collect())
}

#[cfg(test)]
mod tests;
