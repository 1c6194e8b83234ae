//! `auth`: who may use `/v2/`. One kind at a time, as in Distribution.

use std::path::PathBuf;

use super::Sourced;

/// `auth`.
#[derive(Clone, Debug, Default)]
pub enum Auth {
    /// Anyone: there is no `auth`, or it is `none`.
    #[default]
    None,
    /// `auth.htpasswd`: users from a file.
    Htpasswd(Htpasswd),
    /// `auth.token`: another server says who may do what.
    Token(Box<Token>),
}

/// `auth.htpasswd`.
#[derive(Clone, Debug)]
pub struct Htpasswd {
    /// What the client shows when it asks for the password.
    pub realm: Sourced<String>,
    /// The file of users, with bcrypt hashes.
    pub path: Sourced<PathBuf>,
}

/// `auth.token`.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token server's URL.
    pub realm: Sourced<String>,
    /// The name of this registry for the token server: tokens must be meant for it.
    pub service: Sourced<String>,
    /// Tokens must be made by it.
    pub issuer: Sourced<String>,
    /// A file of certificates (PEM); tokens signed by them or by a certificate that they signed are believed.
    pub root_cert_bundle: Sourced<Option<PathBuf>>,
    /// A file of keys (JSON Web Key Set). One of this and the bundle is there.
    pub jwks: Sourced<Option<PathBuf>>,
    /// The algorithms that tokens may be signed with; empty for all that Distribution allows.
    pub signing_algorithms: Sourced<Vec<String>>,
    /// Whether the realm is this registry's own host with [`auto_redirect_path`](Self::auto_redirect_path).
    pub auto_redirect: Sourced<bool>,
    /// Path of the token server below this registry's host, `/auth/token/` by default.
    pub auto_redirect_path: Sourced<String>,
}
