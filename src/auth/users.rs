//! What administrators do with accounts, and everyone with his own password. Each deed stands in the audit log, in the
//! same unit of work; so does the check that someone is left who can administer.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{Auth, Error, session::hash};
use crate::{
    account::{Role, UserName, UserSort, UserSummary, check_password},
    audit::{Action, Actor, AuditEntry},
    explorer::{List, ListQuery},
    metadata::{Account, Credentials, Transaction},
    rule_store::RuleStore,
    rules::Subject,
};

impl Auth {
    /// One page of the accounts.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn list_users(&self, query: &ListQuery<UserSort>) -> Result<List<UserSummary>, Error> {
        Ok(self.metadata.list_users(query).await?)
    }

    /// The account `name`, as administrators see it.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn user(&self, name: &UserName) -> Result<Option<UserSummary>, Error> {
        Ok(self.metadata.user(name).await?)
    }

    /// Makes an account. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::Password`], [`Error::NameTaken`], or something is broken.
    pub async fn create_user(
        &self,
        by: &Actor,
        name: &UserName,
        role: Role,
        password: SecretString,
    ) -> Result<Account, Error> {
        check_password(password.expose_secret())?;
        let hash = self.passwords.hash(password).await?;
        let mut tx = self.metadata.begin().await?;
        let created = tx.create_account(name, &hash, role, self.clock.now()).await?;
        let account = created.ok_or_else(|| Error::NameTaken(name.clone()))?;
        let entry = self.deed(by, Action::AccountCreated, name).with(json!({ "role": role }));
        self.finish(tx, entry).await?;
        Ok(account)
    }

    /// Gives an account another role; its sessions stay and have it at once. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchUser`], [`Error::LastAdministrator`], or the database is broken.
    pub async fn set_role(&self, by: &Actor, name: &UserName, role: Role) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        let Credentials { account, .. } = find(&mut tx, name).await?;
        if account.role == role {
            return Ok(());
        }
        tx.set_role(account.id, role).await?;
        keep_an_administrator(&mut tx).await?;
        let entry = self.deed(by, Action::AccountRoleChanged, name);
        self.finish(tx, entry.with(json!({ "from": account.role, "to": role }))).await
    }

    /// Lets an account sign in, or not any more: then its sessions end. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchUser`], [`Error::LastAdministrator`], or the database is broken.
    pub async fn set_enabled(&self, by: &Actor, name: &UserName, enabled: bool) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        let Credentials { account, disabled, .. } = find(&mut tx, name).await?;
        if disabled != enabled {
            return Ok(());
        }
        tx.set_disabled(account.id, (!enabled).then(|| self.clock.now())).await?;
        if enabled {
            let entry = self.deed(by, Action::AccountEnabled, name);
            return self.finish(tx, entry).await;
        }
        keep_an_administrator(&mut tx).await?;
        let sessions = tx.delete_sessions_of(account.id, None).await?;
        let entry = self.deed(by, Action::AccountDisabled, name);
        self.finish(tx, entry.with(json!({ "sessions_ended": sessions }))).await
    }

    /// Gives an account another password and ends its sessions; `revoke_tokens` revokes its access tokens, too. Durable
    /// when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchUser`], [`Error::Password`], or something is broken.
    pub async fn reset_password(
        &self,
        by: &Actor,
        name: &UserName,
        password: SecretString,
        revoke_tokens: bool,
    ) -> Result<(), Error> {
        check_password(password.expose_secret())?;
        let hash = self.passwords.hash(password).await?;
        let mut tx = self.metadata.begin().await?;
        let Credentials { account, .. } = find(&mut tx, name).await?;
        tx.set_password_hash(account.id, &hash).await?;
        let sessions = tx.delete_sessions_of(account.id, None).await?;
        let mut detail = json!({ "sessions_ended": sessions });
        if revoke_tokens {
            detail["tokens_revoked"] = json!(tx.delete_access_tokens(account.id).await?);
        }
        let entry = self.deed(by, Action::PasswordReset, name);
        self.finish(tx, entry.with(detail)).await
    }

    /// Removes an account, its sessions and its access tokens; what it did stays in the audit log. `rules` loses those for
    /// it; `None` where users of that name are not the accounts' owners. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchUser`], [`Error::LastAdministrator`], or the database is broken.
    pub async fn delete_user(&self, by: &Actor, name: &UserName, rules: Option<&RuleStore>) -> Result<(), Error> {
        let mut tx = self.metadata.begin().await?;
        let Credentials { account, .. } = find(&mut tx, name).await?;
        tx.delete_account(account.id).await?;
        keep_an_administrator(&mut tx).await?;
        let entry = self.deed(by, Action::AccountDeleted, name).with(json!({ "role": account.role }));
        match rules {
            Some(rules) => self.finish_with_rules(tx, entry, by, rules, &Subject::User(name.clone()), None).await,
            None => self.finish(tx, entry).await,
        }
    }

    /// Changes one's own password, knowing the present one, and ends the other sessions; how many. `token` is the session
    /// that asks: it stays. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::Credentials`] if `present` is not the password, [`Error::TooManyAttempts`], [`Error::Password`], or
    /// something is broken.
    pub async fn change_password(
        &self,
        by: &Actor,
        token: &str,
        present: SecretString,
        new: SecretString,
    ) -> Result<u64, Error> {
        check_password(new.expose_secret())?;
        let verified = self.check(&by.name, present, by.address).await?;
        let password_hash = self.passwords.hash(new).await?;
        let mut tx = self.metadata.begin().await?;
        let account = find(&mut tx, &verified.account.name).await?;
        // Reset, or disabled, while the one that was typed was being verified.
        if account.disabled || account.password_hash != verified.password_hash {
            return Err(Error::Credentials);
        }
        tx.set_password_hash(account.account.id, &password_hash).await?;
        let sessions = tx.delete_sessions_of(account.account.id, Some(&hash(token))).await?;
        let entry = self.deed(by, Action::PasswordChanged, &account.account.name);
        self.finish(tx, entry.with(json!({ "sessions_ended": sessions }))).await?;
        Ok(sessions)
    }

    pub(super) fn deed(&self, by: &Actor, action: Action, subject: &UserName) -> AuditEntry {
        AuditEntry::new(self.clock.now(), by, action).about(subject)
    }

    pub(super) async fn finish(&self, tx: Transaction, entry: AuditEntry) -> Result<(), Error> {
        self.finish_and(tx, entry, || ()).await
    }

    /// Writes the deed down and commits; then does what follows from it.
    pub(super) async fn finish_and(
        &self,
        mut tx: Transaction,
        entry: AuditEntry,
        then: impl FnOnce() + Send + 'static,
    ) -> Result<(), Error> {
        tx.audit(&entry).await?;
        self.commit(tx, then).await?;
        let AuditEntry { actor, action, subject, .. } = &entry;
        tracing::info!(%actor, %action, subject = subject.as_deref(), "{action} by {actor}");
        Ok(())
    }
}

pub(super) async fn find(tx: &mut Transaction, name: &UserName) -> Result<Credentials, Error> {
    tx.find_account(name).await?.ok_or_else(|| Error::NoSuchUser(name.clone()))
}

/// Refuses what has left nobody who can administer; the unit of work is dropped with that. Units of work come one after
/// the other, so two at once can't each rely on the other's administrator.
async fn keep_an_administrator(tx: &mut Transaction) -> Result<(), Error> {
    if tx.count_administrators().await? == 0 { Err(Error::LastAdministrator) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
