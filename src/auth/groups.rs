//! Groups of users: what administrators do with them. Each deed stands in the audit log, in the same unit of work, and
//! holds from the next request on.

use serde_json::json;

use super::{Auth, Error, users::find};
use crate::{
    account::{GroupDetail, GroupName, GroupSort, GroupSummary, MemberSort, UserName},
    audit::{Action, Actor, AuditEntry},
    explorer::{List, ListQuery},
    metadata::{Credentials, GroupId, Transaction},
    rule_store::RuleStore,
    rules::Subject,
};

/// How many groups there can be: a user's page offers them all.
pub const GROUPS_MAX: u64 = 500;

impl Auth {
    /// One page of the groups.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_groups(&self, query: &ListQuery<GroupSort>) -> Result<List<GroupSummary>, Error> {
        Ok(self.metadata.list_groups(query).await?)
    }

    /// The group `name`, with one page of its members.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn group(&self, name: &GroupName, query: &ListQuery<MemberSort>) -> Result<Option<GroupDetail>, Error> {
        Ok(self.metadata.group(name, query).await?)
    }

    /// The names of all groups, in order.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn group_names(&self) -> Result<Vec<GroupName>, Error> {
        Ok(self.metadata.group_names().await?)
    }

    /// The names of a user's groups, in order.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn groups_of(&self, user: &UserName) -> Result<Vec<GroupName>, Error> {
        Ok(self.metadata.groups_of(user).await?)
    }

    /// Makes a group. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::GroupNameTaken`], [`Error::TooMany`], or the database is broken.
    pub async fn create_group(&self, by: &Actor, name: &GroupName) -> Result<(), Error> {
        if self.metadata.group_names().await?.len() as u64 >= GROUPS_MAX {
            return Err(Error::TooMany { limit: GROUPS_MAX });
        }
        let mut tx = self.metadata.begin().await?;
        if !tx.create_group(name, self.clock.now()).await? {
            return Err(Error::GroupNameTaken(name.clone()));
        }
        let entry = self.group_deed(by, Action::GroupCreated, name);
        self.finish(tx, entry).await
    }

    /// Gives a group another name; its members stay, and so do the rules for it. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchGroup`], [`Error::GroupNameTaken`], or the database is broken.
    pub async fn rename_group(
        &self,
        by: &Actor,
        name: &GroupName,
        new: &GroupName,
        rules: &RuleStore,
    ) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        let group = find_group(&mut tx, name).await?;
        if name == new {
            return Ok(());
        }
        if tx.find_group(new).await?.is_some() {
            return Err(Error::GroupNameTaken(new.clone()));
        }
        tx.rename_group(group, new).await?;
        let entry = self.group_deed(by, Action::GroupRenamed, new);
        let entry = entry.with(json!({ "from": name, "to": new }));
        let (from, to) = (Subject::Group(name.clone()), Subject::Group(new.clone()));
        self.finish_with_rules(tx, entry, by, rules, &from, Some(&to)).await
    }

    /// Removes a group and the rules for it; its members stay. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchGroup`], or the database is broken.
    pub async fn delete_group(&self, by: &Actor, name: &GroupName, rules: &RuleStore) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        let group = find_group(&mut tx, name).await?;
        let members = tx.delete_group(group).await?;
        let entry = self.group_deed(by, Action::GroupDeleted, name);
        let entry = entry.with(json!({ "members": members }));
        self.finish_with_rules(tx, entry, by, rules, &Subject::Group(name.clone()), None).await
    }

    /// Puts a user into a group, or takes him out of it. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchGroup`], [`Error::NoSuchUser`], or the database is broken.
    pub async fn set_member(&self, by: &Actor, name: &GroupName, user: &UserName, member: bool) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        let group = find_group(&mut tx, name).await?;
        let Credentials { account, .. } = find(&mut tx, user).await?;
        let (changed, action) = if member {
            (tx.add_member(group, account.id).await?, Action::GroupMemberAdded)
        } else {
            (tx.remove_member(group, account.id).await?, Action::GroupMemberRemoved)
        };
        if !changed {
            return Ok(());
        }
        let entry = self.group_deed(by, action, name);
        self.finish(tx, entry.with(json!({ "user": user }))).await
    }

    /// Makes these the groups of a user. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchGroup`], [`Error::NoSuchUser`], or the database is broken.
    pub async fn set_groups(&self, by: &Actor, user: &UserName, groups: &[GroupName]) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        let Credentials { account, .. } = find(&mut tx, user).await?;
        let before = tx.groups_of(account.id).await?;
        let mut changed = false;
        for name in groups {
            let group = find_group(&mut tx, name).await?;
            changed |= tx.add_member(group, account.id).await?;
        }
        for (group, _) in before.iter().filter(|(_, name)| !groups.contains(name)) {
            changed |= tx.remove_member(*group, account.id).await?;
        }
        if !changed {
            return Ok(());
        }
        let names = |groups: Vec<(GroupId, GroupName)>| groups.into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        let after = names(tx.groups_of(account.id).await?);
        let entry = AuditEntry::new(self.clock.now(), by, Action::AccountGroupsChanged).about(user);
        self.finish(tx, entry.with(json!({ "from": names(before), "to": after }))).await
    }

    fn group_deed(&self, by: &Actor, action: Action, subject: &GroupName) -> AuditEntry {
        AuditEntry::new(self.clock.now(), by, action).about(subject)
    }
}

async fn find_group(tx: &mut Transaction, name: &GroupName) -> Result<GroupId, Error> {
    tx.find_group(name).await?.ok_or_else(|| Error::NoSuchGroup(name.clone()))
}

#[cfg(test)]
mod tests;
