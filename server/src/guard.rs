//! From the configuration's `auth` to who says who a client is.

use humpback::{
    access::Source,
    auth::{
        Auth, Htpasswd, Tokens, htpasswd,
        token::{self, Options},
    },
    clock::Clock,
    settings::{self, Origin, Sourced},
};

/// Why nobody can be let in as the configuration wants it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The users' file can't be used.
    #[error("{origin}: {source}")]
    Htpasswd {
        /// Where it was given.
        origin: Origin,
        /// What is wrong with it.
        source: htpasswd::OpenError,
    },
    /// The keys that sign tokens can't be used.
    #[error("{origin}: {source}")]
    Token {
        /// Where they were given.
        origin: Origin,
        /// What is wrong with them.
        source: token::OpenError,
    },
}

/// Reads the files of keys, if tokens are wanted: before anything is made.
///
/// # Errors
/// They can't be used.
pub fn tokens(settings: &Sourced<settings::Auth>, clock: &Clock) -> Result<Option<Tokens>, Error> {
    let settings::Auth::Token(token) = &settings.value else { return Ok(None) };
    let options = Options {
        realm: token.realm.value.clone(),
        service: token.service.value.clone(),
        issuer: token.issuer.value.clone(),
        root_cert_bundle: token.root_cert_bundle.value.clone(),
        jwks: token.jwks.value.clone(),
        signing_algorithms: token.signing_algorithms.value.clone(),
        auto_redirect: Some(token.auto_redirect_path.value.clone()).filter(|_| *token.auto_redirect),
    };
    let origin = || settings.origin.clone();
    Tokens::open(options, clock.clone()).map(Some).map_err(|source| Error::Token { origin: origin(), source })
}

/// Who says who a client is; `tokens` are those of the same settings.
///
/// # Errors
/// The users' file can't be used.
pub async fn source(
    settings: &Sourced<settings::Auth>,
    tokens: Option<Tokens>,
    accounts: &Auth,
) -> Result<Source, Error> {
    if let Some(tokens) = tokens {
        return Ok(Source::Token(tokens));
    }
    let settings::Auth::Htpasswd(htpasswd) = &settings.value else { return Ok(Source::Accounts) };
    let users = Htpasswd::open(htpasswd.realm.value.clone(), htpasswd.path.value.clone(), accounts).await;
    users.map(Source::Htpasswd).map_err(|source| Error::Htpasswd { origin: htpasswd.path.origin.clone(), source })
}
