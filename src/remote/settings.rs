//! What an administrator enters of another registry, and what he is shown of it: the password only as being there.

use crate::{
    config::{InvalidRemote, Owner, RegistryAddress},
    explorer::RemoteFailure,
    metadata::RemoteRecord,
};

/// A name, a password or a host is not longer.
const TEXT_MAX: usize = 255;
/// Certificates are not longer.
const AUTHORITY_MAX: usize = 64 * 1024;

/// What was typed. Holds a secret, so it has no `Debug`.
#[derive(Clone, Default)]
pub struct RemoteDraft {
    /// What is said of the address.
    pub owner: Owner,
    /// The name to sign in with; blank for none.
    pub user_name: String,
    /// The password; blank leaves the one that is kept.
    pub password: String,
    /// Whether to forget the name and password.
    pub forget: bool,
    /// Where it may send for tokens, if that is another host.
    pub token_host: String,
    /// Certificates in PEM.
    pub authority: String,
}

impl RemoteDraft {
    /// What is to be kept for `address` after `before`.
    pub(super) fn apply(self, before: &RemoteRecord, address: &str) -> Result<RemoteRecord, InvalidRemote> {
        let same = before.address == address;
        let (user_name, token_host) = (self.user_name.trim(), self.token_host.trim());
        let unsendable = |text: &str| text.len() > TEXT_MAX || text.chars().any(char::is_control);
        if unsendable(user_name) || user_name.contains(':') {
            return Err(InvalidRemote::UserName);
        }
        if unsendable(&self.password) {
            return Err(InvalidRemote::Password);
        }
        let host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if token_host.len() > TEXT_MAX || !token_host.chars().all(host) {
            return Err(InvalidRemote::TokenHost);
        }
        let authority = self.authority.trim();
        if authority.len() > AUTHORITY_MAX
            || (!authority.is_empty() && super::client::authorities(authority).is_none())
            || authority.contains("PRIVATE KEY")
        {
            return Err(InvalidRemote::Authority);
        }
        let mut record = RemoteRecord {
            owner: self.owner.as_str().to_owned(),
            address: address.to_owned(),
            token_host: token_host.to_owned(),
            authority: authority.to_owned(),
            found: before.found.clone(),
            found_at: before.found_at.clone(),
            ..RemoteRecord::default()
        };
        if !self.forget && !user_name.is_empty() {
            // A kept password is for the name and the address that it was entered for.
            let kept = if same && before.user_name == user_name { before.password.as_str() } else { "" };
            let password = if self.password.is_empty() { kept } else { &self.password };
            if password.is_empty() {
                return Err(InvalidRemote::PasswordMissing);
            }
            record.user_name = user_name.to_owned();
            record.password = password.to_owned();
        }
        Ok(record)
    }
}

/// How things stand; without the password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteStatus {
    /// The address in force.
    pub address: Option<RegistryAddress>,
    /// What an administrator has said of it.
    pub owner: Owner,
    /// Whether it is another registry's, as far as that is known.
    pub other: Option<bool>,
    /// What went wrong when it was asked last.
    pub failure: Option<RemoteFailure>,
    /// The name to sign in with.
    pub user_name: String,
    /// Whether a password is kept.
    pub has_password: bool,
    /// Where it may send for tokens.
    pub token_host: String,
    /// Certificates in PEM.
    pub authority: String,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HERE: &str = "https://registry.test";

    fn draft(user_name: &str, password: &str) -> RemoteDraft {
        RemoteDraft { user_name: user_name.into(), password: password.into(), ..RemoteDraft::default() }
    }

    #[test]
    fn a_blank_password_keeps_the_one_for_the_same_name_and_address_only() {
        let kept = draft("ann", "secret").apply(&RemoteRecord::default(), HERE).ok().unwrap();
        assert_eq!(kept.password, "secret");
        assert_eq!(draft("ann", "").apply(&kept, HERE).ok().unwrap().password, "secret");
        let missing = Some(InvalidRemote::PasswordMissing);
        assert_eq!(draft("bob", "").apply(&kept, HERE).err(), missing);
        assert_eq!(draft("ann", "").apply(&kept, "https://other.test").err(), missing);
        let forget = RemoteDraft { forget: true, ..draft("ann", "") };
        let forgotten = forget.apply(&kept, HERE).ok().unwrap();
        assert_eq!((forgotten.user_name.as_str(), forgotten.password.as_str()), ("", ""));
    }

    #[test]
    fn what_cant_be_sent_is_refused() {
        let refused = |draft: RemoteDraft| draft.apply(&RemoteRecord::default(), HERE).err();
        assert_eq!(refused(draft("a:b", "x")), Some(InvalidRemote::UserName));
        assert_eq!(refused(draft("ann", "a\nb")), Some(InvalidRemote::Password));
        let host = RemoteDraft { token_host: "https://auth.test".into(), ..RemoteDraft::default() };
        assert_eq!(refused(host), Some(InvalidRemote::TokenHost));
        let authority = RemoteDraft { authority: "no certificate".into(), ..RemoteDraft::default() };
        assert_eq!(refused(authority), Some(InvalidRemote::Authority));
    }
}
