//! The first administrator: made in the browser with the code that the server prints, or by the environment.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{Auth, Error, NewSession, SetupCode, Visitor};
use crate::{
    account::{Role, UserName, check_password},
    audit::{Action, Actor, AuditEntry},
    metadata::{Account, Transaction},
};

impl Auth {
    /// The code to print at start; `None` once there is an account.
    pub fn setup_code(&self) -> Option<SetupCode> {
        self.setup.borrow().clone()
    }

    /// Whether anyone can sign in at all. Costs nothing.
    pub fn is_set_up(&self) -> bool {
        self.setup.borrow().is_none()
    }

    /// Makes the first administrator for whoever knows the code, and signs in. The code works once.
    ///
    /// # Errors
    /// [`Error::AlreadySetUp`], [`Error::SetupCode`], [`Error::Password`], or something is broken.
    pub async fn create_first_administrator(
        &self,
        code: &str,
        name: &UserName,
        password: SecretString,
        visitor: &Visitor,
    ) -> Result<NewSession, Error> {
        let expected = self.setup_code().ok_or(Error::AlreadySetUp)?;
        if !expected.matches(code) {
            return Err(Error::SetupCode);
        }
        let by = Actor::new(name, visitor.address);
        let (mut tx, account, password_hash) = self.create_administrator(name, password, &by).await?;
        tx.note_sign_in(account.id, &password_hash, self.clock.now()).await?;
        let token = self.open_session(&mut tx, &account, visitor, None).await?;
        self.finish_setup(tx, &account).await?;
        Ok(NewSession { account, token })
    }

    /// Makes the first administrator from the server's own settings, if there is no account yet; whether it did.
    ///
    /// # Errors
    /// [`Error::Password`], or something is broken.
    pub async fn ensure_administrator(&self, name: &UserName, password: SecretString) -> Result<bool, Error> {
        if self.is_set_up() {
            return Ok(false);
        }
        match self.create_administrator(name, password, &Actor::new(name, None)).await {
            Ok((tx, account, _)) => self.finish_setup(tx, &account).await.map(|()| true),
            Err(Error::AlreadySetUp) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn create_administrator(
        &self,
        name: &UserName,
        password: SecretString,
        by: &Actor,
    ) -> Result<(Transaction, Account, String), Error> {
        check_password(password.expose_secret())?;
        let hash = self.passwords.hash(password).await?;
        let mut tx = self.metadata.begin().await?;
        let created = tx.create_first_account(name, &hash, Role::Administrator, self.clock.now()).await?;
        let Some(account) = created else {
            // Another process on the same database was faster.
            self.setup.send_replace(None);
            return Err(Error::AlreadySetUp);
        };
        let entry = AuditEntry::new(self.clock.now(), by, Action::AccountCreated).about(name);
        tx.audit(&entry.with(json!({ "role": Role::Administrator }))).await?;
        Ok((tx, account, hash))
    }

    async fn finish_setup(&self, tx: Transaction, account: &Account) -> Result<(), Error> {
        self.commit(tx, || ()).await?;
        self.setup.send_replace(None);
        tracing::info!(account = %account.name, "The first administrator is {}", account.name);
        Ok(())
    }
}
