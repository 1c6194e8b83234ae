//! Access tokens: what a person gives to a machine in place of his password. They open the registry and never the console,
//! so that whoever finds one can neither change the password nor make others.
//!
//! A token holds as long as its account: not while that is disabled, and with what its owner may do now. A changed password
//! leaves it as it is, for it is no copy of the password; whoever resets one may revoke the tokens with it.

use secrecy::SecretString;
use serde_json::json;
use time::OffsetDateTime;

use super::{
    Auth, Error,
    secret::{self, SecretKind},
    users::find,
};
use crate::{
    account::{AccessToken, TokenId, TokenName, UserName},
    audit::{Action, Actor},
    metadata::{Credentials, NewAccessToken},
    rules::Scope,
};

/// How many access tokens one account can have.
pub const ACCESS_TOKENS_MAX: u64 = 100;

impl Auth {
    /// The access tokens of a user, the newest first.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn access_tokens(&self, owner: &UserName) -> Result<Vec<AccessToken>, Error> {
        let mut tokens = self.metadata.access_tokens(owner).await?;
        for token in &mut tokens {
            token.used = self.uses.of_token(token.id).or(token.used.take());
        }
        Ok(tokens)
    }

    /// Makes an access token for a user, and gives its secret, which is kept nowhere. Durable when it returns.
    ///
    /// # Errors
    /// [`Error::NoSuchUser`], [`Error::TokenNameTaken`], [`Error::TooMany`], or something is broken.
    pub async fn create_access_token(
        &self,
        by: &Actor,
        owner: &UserName,
        name: &TokenName,
        scope: Option<&Scope>,
        expires_at: Option<OffsetDateTime>,
    ) -> Result<SecretString, Error> {
        let secret = SecretKind::AccessToken.random()?;
        let mut tx = self.metadata.begin().await?;
        let Credentials { account, .. } = find(&mut tx, owner).await?;
        if tx.count_access_tokens(account.id).await? >= ACCESS_TOKENS_MAX {
            return Err(Error::TooMany { limit: ACCESS_TOKENS_MAX });
        }
        let now = self.clock.now();
        let secret_hash = &secret::hash(&secret);
        let new = NewAccessToken { account: account.id, name, secret_hash, scope, expires_at, now };
        if !tx.create_access_token(&new).await? {
            return Err(Error::TokenNameTaken(name.clone()));
        }
        let expires_at = expires_at.map(day);
        let entry = self.deed(by, Action::AccessTokenCreated, owner);
        self.finish(tx, entry.with(json!({ "token": name, "scope": scope, "expires_at": expires_at }))).await?;
        Ok(secret)
    }

    /// Revokes one of a user's access tokens: it opens nothing any more when this returns. Whether there was one.
    ///
    /// # Errors
    /// [`Error::NoSuchUser`], or the database is broken.
    pub async fn revoke_access_token(&self, by: &Actor, owner: &UserName, id: TokenId) -> Result<bool, Error> {
        let mut tx = self.metadata.begin().await?;
        let Credentials { account, .. } = find(&mut tx, owner).await?;
        let Some(name) = tx.delete_access_token(account.id, id).await? else { return Ok(false) };
        let entry = self.deed(by, Action::AccessTokenRevoked, owner);
        self.finish(tx, entry.with(json!({ "token": name }))).await?;
        Ok(true)
    }

    /// Revokes all access tokens of a user, as above; how many there were.
    ///
    /// # Errors
    /// [`Error::NoSuchUser`], or the database is broken.
    pub async fn revoke_access_tokens(&self, by: &Actor, owner: &UserName) -> Result<usize, Error> {
        let mut tx = self.metadata.begin().await?;
        let Credentials { account, .. } = find(&mut tx, owner).await?;
        let names = tx.delete_access_tokens(account.id).await?;
        if names.is_empty() {
            return Ok(0);
        }
        let entry = self.deed(by, Action::AccessTokenRevoked, owner);
        self.finish(tx, entry.with(json!({ "tokens": names }))).await?;
        Ok(names.len())
    }
}

/// A moment for the audit log.
pub(super) fn day(at: OffsetDateTime) -> String {
    at.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests;
