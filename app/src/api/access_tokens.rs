//! Access tokens: one's own, for whoever is signed in and about himself alone; and those of a user, for administrators.

use humpback::account::{TokenId, TokenName, UserName};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::{Error, scope_form::ScopeRow};

/// Where the secret of a new token is shown.
pub const ISSUED: &str = "/account/issued-token";

/// The secret of a new token, to be given to a machine.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedToken {
    /// What its owner calls it.
    pub name: TokenName,
    /// Whom it signs in.
    pub user: UserName,
    /// Shown this once.
    pub secret: String,
    /// What stands before a repository's name in a client's command.
    pub registry: String,
}

impl std::fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuedToken({}, …)", self.name)
    }
}

/// Makes an access token for oneself. Returns where to go. Without `limited`, it reaches as far as oneself.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Invalid`], or something is broken.
#[server(endpoint = "create_access_token", output = crate::api::encoding::Answer)]
pub async fn create_access_token(
    token_name: String,
    lifetime: String,
    #[server(default)] date: String,
    #[server(default)] limited: bool,
    #[server(default)] scope: Vec<ScopeRow>,
) -> Result<String, Error> {
    let account = super::context::account().await?;
    let console = super::context::console()?;
    let form = TokenForm { token_name, lifetime, date, limited, scope };
    let draft = form.check(console.clock.now())?;
    let by = super::context::actor(&account);
    let scope = draft.scope.as_ref();
    let made = console.auth.create_access_token(&by, &account.name, &draft.name, scope, draft.expires_at).await;
    let secret = made.map_err(|error| ssr::refuse(error, &form))?;
    Ok(ssr::show(&console, draft.name, secret))
}

/// Revokes one of one's own access tokens. Returns where to go.
///
/// # Errors
/// [`Error::Unauthorised`], or something is broken.
#[server(endpoint = "revoke_access_token", output = crate::api::encoding::Answer)]
pub async fn revoke_access_token(id: TokenId) -> Result<String, Error> {
    let account = super::context::account().await?;
    let console = super::context::console()?;
    // One that is gone already is as good.
    let done = console.auth.revoke_access_token(&super::context::actor(&account), &account.name, id).await;
    done.map_err(super::context::internal)?;
    Ok(super::account::ssr::done("token"))
}

/// Revokes all of one's own access tokens. Returns where to go.
///
/// # Errors
/// [`Error::Unauthorised`], or something is broken.
#[server(endpoint = "revoke_access_tokens", output = crate::api::encoding::Answer)]
pub async fn revoke_access_tokens() -> Result<String, Error> {
    let account = super::context::account().await?;
    let console = super::context::console()?;
    let done = console.auth.revoke_access_tokens(&super::context::actor(&account), &account.name).await;
    done.map_err(super::context::internal)?;
    Ok(super::account::ssr::done("tokens"))
}

/// The secret of the token that was made just now, in this session; the second time there is none.
///
/// # Errors
/// [`Error::Unauthorised`], or something is broken.
#[server(endpoint = "take_issued_token", input = Json, output = crate::api::encoding::Answer)]
pub async fn take_issued_token() -> Result<Option<IssuedToken>, Error> {
    use humpback::auth::IssuedFor;
    use secrecy::ExposeSecret as _;

    let account = super::context::account().await?;
    super::context::forbid_caching();
    let console = super::context::console()?;
    let registry = super::registry_address::registry_address().await?.in_commands();
    let wanted = |of: &IssuedFor| match of {
        IssuedFor::AccessToken(name) => Some(name.clone()),
        IssuedFor::Password(_) | IssuedFor::Robot(_) => None,
    };
    let issued = super::context::session_token().and_then(|token| console.auth.take_issued(&token, wanted));
    let shown = |(name, secret): (TokenName, secrecy::SecretString)| IssuedToken {
        name,
        user: account.name,
        secret: secret.expose_secret().to_owned(),
        registry,
    };
    Ok(issued.map(shown))
}

/// Revokes an access token of a user. For administrators. Returns where to go.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], [`Error::NotFound`], or something is broken.
#[server(endpoint = "revoke_user_token", output = crate::api::encoding::Answer)]
pub async fn revoke_user_token(user_name: UserName, id: TokenId) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let done = console.auth.revoke_access_token(&super::context::actor(&who), &user_name, id).await;
    done.map_err(|error| super::session::ssr::refuse(error, ""))?;
    Ok(ssr::done(&user_name, "token"))
}

/// Revokes all access tokens of a user. For administrators. Returns where to go.
///
/// # Errors
/// As for [`revoke_user_token`].
#[server(endpoint = "revoke_user_tokens", output = crate::api::encoding::Answer)]
pub async fn revoke_user_tokens(user_name: UserName) -> Result<String, Error> {
    let who = super::context::administrator().await?;
    let console = super::context::console()?;
    let done = console.auth.revoke_access_tokens(&super::context::actor(&who), &user_name).await;
    done.map_err(|error| super::session::ssr::refuse(error, ""))?;
    Ok(ssr::done(&user_name, "tokens"))
}

pub use form::{TokenDraft, TokenForm};

/// What the browser checks before it sends, and the server again.
mod form {
    use humpback::{account::TokenName, rules::Scope};
    use time::OffsetDateTime;

    use crate::api::{
        Error, FieldError,
        scope_form::{ScopeRow, check_lifetime, check_scope, typed},
    };

    /// What was typed.
    #[derive(Clone, Debug)]
    pub struct TokenForm {
        /// What the token is to be called.
        pub token_name: String,
        /// How long it is to hold.
        pub lifetime: String,
        /// Until which day, if one was chosen.
        pub date: String,
        /// Whether it is to reach less far than its owner.
        pub limited: bool,
        /// How far then.
        pub scope: Vec<ScopeRow>,
    }

    /// What was meant.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct TokenDraft {
        /// What the token is called.
        pub name: TokenName,
        /// What it is limited to.
        pub scope: Option<Scope>,
        /// When it ends.
        pub expires_at: Option<OffsetDateTime>,
    }

    impl TokenForm {
        /// What was meant, if every field can be accepted.
        ///
        /// # Errors
        /// [`Error::Invalid`] with all that must be mended.
        pub fn check(&self, now: OffsetDateTime) -> Result<TokenDraft, Error> {
            let mut fields = Vec::new();
            let name = TokenName::parse(&self.token_name);
            if let Err(problem) = name {
                fields.push(FieldError::new("token_name", problem));
            }
            let expires_at = check_lifetime(&self.lifetime, &self.date, now, &mut fields);
            let scope = self.limited.then(|| check_scope(&self.scope, &mut fields));
            match name {
                Ok(name) if fields.is_empty() => Ok(TokenDraft { name, scope, expires_at }),
                _ => Err(self.error(fields)),
            }
        }

        /// What must be mended, with what was typed.
        pub fn error(&self, fields: Vec<FieldError>) -> Error {
            let others = [
                ("token_name", self.token_name.as_str()),
                ("lifetime", &self.lifetime),
                ("date", &self.date),
                ("limited", if self.limited { "true" } else { "false" }),
            ];
            Error::Invalid { fields, typed: typed(&others, &self.scope) }
        }
    }
}

#[cfg(feature = "ssr")]
mod ssr {
    use humpback::{
        account::{TokenName, UserName},
        auth::{self, IssuedFor, IssuedSecret},
    };
    use secrecy::SecretString;

    use super::{ISSUED, TokenForm};
    use crate::api::{
        Error, FieldError, Problem,
        context::{self, Console},
        session::ssr::{lead_to, refuse as refuse_generally},
    };

    /// Says in the form's words why there is no token.
    pub(super) fn refuse(error: auth::Error, form: &TokenForm) -> Error {
        match error {
            auth::Error::TokenNameTaken(_) => form.error(vec![FieldError::new("token_name", Problem::TokenNameTaken)]),
            auth::Error::TooMany { limit } => {
                form.error(vec![FieldError::new("token_name", Problem::TooMany { limit })])
            }
            other => refuse_generally(other, ""),
        }
    }

    /// Leads to the page that shows the secret.
    pub(super) fn show(console: &Console, name: TokenName, secret: SecretString) -> String {
        if let Some(session) = context::session_token() {
            console.auth.issue(&session, IssuedSecret { of: IssuedFor::AccessToken(name), secret });
        }
        lead_to(ISSUED);
        ISSUED.to_owned()
    }

    /// A user's page, which says what was done.
    pub(super) fn done(name: &UserName, what: &str) -> String {
        let path = format!("{}?done={what}", crate::api::users::user_path(name.as_str()));
        lead_to(&path);
        path
    }
}
