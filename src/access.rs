//! Whether a client's request may do what it asks for: reads `Authorization`, and says what is missing in
//! `WWW-Authenticate`, as Distribution writes it (registry/auth; docs/content/spec/auth/token.md).
//!
//! Which request needs what is decided at the doors, `v2` and `v1`; who may do what, by the rules. A token that was made
//! for something is no promise: at each use its owner and the rules are asked again.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    auth::{
        self, Auth, Htpasswd, Tokens,
        token::{Grant, InvalidToken, IssuedToken, Shown},
    },
    config::AccessKind,
    metadata::{self, Account, Visible},
    oci::RepositoryName,
    proxy::Arrival,
    rule_store::{InForce, RuleStore},
    rules::{Action, Identity, Preset, Principal},
};

mod challenge;
mod scope;

pub use scope::Scope;

/// Where our own token endpoint is.
pub const TOKEN_PATH: &str = "/token";

/// Who says who a client is: one source, as configured at start.
#[derive(Clone, Debug, Default)]
pub enum Source {
    /// The accounts of the console.
    #[default]
    Accounts,
    /// A file of users. Everyone signs in, and may do everything unless rules were saved.
    Htpasswd(Htpasswd),
    /// Another server, which gives tokens. A token allows what it says, as far as the rules do.
    Token(Tokens),
}

/// Lets clients in. A handle; cheap to clone.
#[derive(Clone, Debug)]
pub struct Guard {
    source: Source,
    auth: Auth,
    rules: RuleStore,
}

/// One thing that must be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wanted {
    /// `repository` or `registry`.
    #[serde(rename = "Type")]
    pub kind: &'static str,
    /// The kind's class; Distribution's bodies have it, and it is empty.
    #[serde(rename = "Class")]
    class: &'static str,
    /// Which one.
    #[serde(rename = "Name")]
    pub name: String,
    /// `pull`, `push`, `delete` or `*`.
    #[serde(rename = "Action")]
    pub action: &'static str,
    /// What the rules are asked for; `None` where they only say which part of a list is shown.
    #[serde(skip)]
    rule: Option<Action>,
}

const REPOSITORY: &str = "repository";
const REGISTRY: &str = "registry";
const CATALOG: &str = "catalog";

impl Wanted {
    /// To read a repository.
    pub fn pull(name: &RepositoryName) -> Self {
        Self::repository(name, Action::Pull)
    }

    /// To write into a repository, beside reading it.
    pub fn push(name: &RepositoryName) -> Self {
        Self::repository(name, Action::Push)
    }

    /// To take away from a repository.
    pub fn delete(name: &RepositoryName) -> Self {
        Self::repository(name, Action::Delete)
    }

    /// To list all repositories.
    pub fn catalog() -> Self {
        Self { kind: REGISTRY, class: "", name: CATALOG.to_owned(), action: "*", rule: None }
    }

    fn repository(name: &RepositoryName, action: Action) -> Self {
        Self { kind: REPOSITORY, class: "", name: name.to_string(), action: action.as_str(), rule: Some(action) }
    }
}

/// Who was let in.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The user's name; `None` where nobody has to tell it.
    pub name: Option<String>,
    /// Who it is, as far as it was proved.
    identity: Arc<Identity>,
    /// What the token was made for; `None` if it was none.
    grant: Option<Arc<Grant>>,
    /// The rules that the caller was let in by; `None` where none count.
    in_force: Option<Arc<InForce>>,
}

impl Caller {
    fn new(identity: Arc<Identity>, grant: Option<Arc<Grant>>, in_force: Option<Arc<InForce>>) -> Self {
        Self { name: identity.principal.name(), identity, grant, in_force }
    }

    /// Whether the caller may read `repository`, too: a blob may be mounted from there.
    pub fn may_pull(&self, repository: &RepositoryName) -> bool {
        self.may(&Wanted::pull(repository))
    }

    /// Whether the caller may say what `repository` is. Where no rules count, nobody but an administrator may.
    pub fn may_administer(&self, repository: &RepositoryName) -> bool {
        self.in_force.is_some() && self.may(&Wanted::repository(repository, Action::Administer))
    }

    /// Whether `repository` may stand in a list for the caller.
    pub fn may_list(&self, repository: &RepositoryName) -> bool {
        self.is_allowed(&Wanted::pull(repository))
    }

    /// To whom an upload belongs that the caller opens; `None` if nobody has to say who he is.
    pub fn owner(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn may(&self, wanted: &Wanted) -> bool {
        self.is_granted(wanted) && self.is_allowed(wanted)
    }

    /// Whether the token, if there is one, was made for it.
    fn is_granted(&self, wanted: &Wanted) -> bool {
        self.grant.as_ref().is_none_or(|grant| grant.allows(wanted.kind, &wanted.name, wanted.action))
    }

    /// Whether the rules, as far as they count, and what the credential is limited to allow it.
    fn is_allowed(&self, wanted: &Wanted) -> bool {
        let Some(in_force) = &self.in_force else { return true };
        match wanted.rule {
            Some(action) => in_force.rules.allow(&self.identity, &wanted.name, action),
            // A list holds what the caller may see. Whoever may see nothing at all should say who he is.
            None => {
                self.identity.principal != Principal::Anonymous
                    || in_force.rules.allow_somewhere(&Principal::Anonymous, Action::Pull)
            }
        }
    }
}

/// Why a request was not let in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The client has to say who it is, or something better than it did.
    #[error("authentication required")]
    Unauthorised {
        /// What it should send: the header `WWW-Authenticate`.
        challenge: HeaderValue,
        /// What it wanted, as Distribution tells it in the body's `detail`.
        detail: Value,
    },
    /// It is known who it is, and it is not allowed.
    #[error("requested access to the resource is denied")]
    Denied {
        /// What was wanted.
        detail: Value,
    },
    /// Too many failed attempts, or something is broken.
    #[error(transparent)]
    Auth(#[from] auth::Error),
}

impl Guard {
    /// Lets in whom `source` knows, as far as `rules` allow.
    pub const fn new(source: Source, auth: Auth, rules: RuleStore) -> Self {
        Self { source, auth, rules }
    }

    /// Who says who a client is.
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// What is in force, for people.
    pub fn kind(&self) -> AccessKind {
        let in_force = self.rules.current();
        match (&self.source, Preset::of(&in_force.rules)) {
            (Source::Htpasswd(_), _) => AccessKind::Htpasswd,
            (Source::Token(_), _) => AccessKind::Token,
            (Source::Accounts, Some(Preset::Open)) => AccessKind::Open,
            (Source::Accounts, Some(Preset::SignInToPush)) => AccessKind::SignInToPush,
            (Source::Accounts, Some(Preset::Private)) => AccessKind::Private,
            (Source::Accounts, None) => {
                AccessKind::Rules { anyone_pushes: in_force.rules.allow_somewhere(&Principal::Anonymous, Action::Push) }
            }
        }
    }

    /// The rules.
    pub const fn rules(&self) -> &RuleStore {
        &self.rules
    }

    /// Whether anyone pulls and pushes, and nobody is asked who he is.
    pub fn is_open(&self) -> bool {
        matches!(self.source, Source::Accounts) && self.rules.current().open
    }

    /// Lets a request in that wants all of `wanted`. A client that must fetch a token for it is told to fetch it for
    /// `also`, too, which is no condition.
    ///
    /// # Errors
    /// It is not let in.
    pub async fn admit(
        &self,
        wanted: &[Wanted],
        also: Option<&Wanted>,
        headers: &HeaderMap,
        arrival: Arrival<'_>,
    ) -> Result<Caller, Refusal> {
        let caller = match &self.source {
            Source::Accounts => return self.admit_account(wanted, also, headers, arrival).await,
            Source::Htpasswd(users) => {
                let refusal =
                    || Refusal::Unauthorised { challenge: challenge::basic(users.realm()), detail: json!(wanted) };
                let (name, password) = basic(headers).ok_or_else(refusal)?;
                match users.verify(&name, password.into(), arrival.client()).await {
                    Ok(()) => self.external(name, None),
                    Err(auth::Error::Credentials) => return Err(refusal()),
                    Err(error) => return Err(error.into()),
                }
            }
            Source::Token(tokens) => {
                let wanted: Vec<_> = wanted.iter().chain(also).collect();
                let refuse = |problem| Refusal::Unauthorised {
                    challenge: challenge::foreign_bearer(tokens.options(), &wanted, problem, headers, arrival),
                    detail: json!(wanted),
                };
                let token = credentials(headers, "bearer").ok_or_else(|| refuse(None))?;
                let grant = tokens.verify(token).map_err(|error: InvalidToken| {
                    tracing::info!(reason = %error, "A token was refused: {error}");
                    refuse(Some(challenge::Problem::InvalidToken))
                })?;
                if !wanted.iter().all(|wanted| grant.allows(wanted.kind, &wanted.name, wanted.action)) {
                    return Err(refuse(Some(challenge::Problem::InsufficientScope)));
                }
                self.external(grant.subject.clone(), Some(grant))
            }
        };
        if wanted.iter().all(|wanted| caller.is_allowed(wanted)) {
            Ok(caller)
        } else {
            Err(Refusal::Denied { detail: json!(wanted) })
        }
    }

    /// Someone who is known elsewhere. Rules count for him once some were saved.
    fn external(&self, name: String, grant: Option<Arc<Grant>>) -> Caller {
        let identity = Identity { principal: Principal::External { name }, ..Identity::default() };
        let in_force = Some(self.rules.current()).filter(|in_force| in_force.version > 0);
        Caller::new(Arc::new(identity), grant, in_force)
    }

    async fn admit_account(
        &self,
        wanted: &[Wanted],
        also: Option<&Wanted>,
        headers: &HeaderMap,
        arrival: Arrival<'_>,
    ) -> Result<Caller, Refusal> {
        let in_force = self.rules.current();
        let asks = wanted.iter().any(|wanted| wanted.rule == Some(Action::Delete))
            || (wanted.is_empty() && headers.contains_key(header::AUTHORIZATION));
        if in_force.open && !asks {
            return Ok(Caller::default());
        }
        let refuse = |problem| {
            let wanted: Vec<_> = wanted.iter().chain(also).collect();
            let challenge = challenge::own_bearer(&wanted, problem, arrival);
            Refusal::Unauthorised { challenge, detail: json!(wanted) }
        };
        let Presented { identity, grant } = match self.present(headers, arrival).await? {
            Ok(presented) => presented,
            Err(problem) => return Err(refuse(problem)),
        };
        let is_open = in_force.open;
        let caller = Caller::new(identity, grant, Some(in_force));
        let anonymous = caller.identity.principal == Principal::Anonymous;
        if wanted.is_empty() && anonymous && caller.grant.is_none() && !is_open {
            return Err(refuse(None));
        }
        if let Some(refused) = wanted.iter().find(|wanted| !caller.may(wanted)) {
            let problem = caller.grant.as_ref().map(|_| challenge::Problem::InsufficientScope);
            // A new token would not help whoever is known and not allowed.
            return Err(if anonymous || caller.is_allowed(refused) {
                refuse(problem)
            } else {
                Refusal::Denied { detail: json!(wanted) }
            });
        }
        Ok(caller)
    }

    /// Who sends these headers; inside, what is wrong with what he shows.
    async fn present(
        &self,
        headers: &HeaderMap,
        arrival: Arrival<'_>,
    ) -> Result<Result<Presented, Option<challenge::Problem>>, auth::Error> {
        if !headers.contains_key(header::AUTHORIZATION) {
            return Ok(Ok(Presented::default()));
        }
        if let Some((name, password)) = basic(headers) {
            return match self.auth.identify(&name, password.into(), arrival.client()).await {
                Ok(identity) => Ok(Ok(Presented { identity, grant: None })),
                Err(auth::Error::Credentials) => Ok(Err(None)),
                Err(error) => Err(error),
            };
        }
        let invalid = Ok(Err(Some(challenge::Problem::InvalidToken)));
        let Some(token) = credentials(headers, "bearer") else { return Ok(Err(None)) };
        let audience = arrival.authority().map(|authority| authority.to_string()).unwrap_or_default();
        let Shown { credential, grant } = match self.auth.verify_token(token, &audience).await? {
            Ok(shown) => shown,
            Err(reason) => {
                tracing::info!(%reason, "A token was refused: {reason}");
                return invalid;
            }
        };
        match self.auth.still_valid(&credential).await? {
            Some(identity) => Ok(Ok(Presented { identity, grant: Some(grant) })),
            None => {
                tracing::info!("A token was refused: its owner's credential holds no more");
                invalid
            }
        }
    }

    /// Who reads in the console: the owner of an account, or nobody in particular. `None` if he must sign in: where he
    /// would see nothing at all, and where the users of `/v2/` are others than the console's.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn reader(&self, account: Option<&Account>) -> Result<Option<Caller>, auth::Error> {
        let in_force = self.rules.current();
        let principal = match account {
            Some(account) => self.auth.principal_of(account).await?,
            None => Principal::Anonymous,
        };
        let accounts = matches!(self.source, Source::Accounts);
        if account.is_none() && !(accounts && in_force.rules.allow_somewhere(&principal, Action::Pull)) {
            return Ok(None);
        }
        let in_force = Some(in_force).filter(|in_force| accounts || in_force.version > 0);
        let identity = Identity { principal, ..Identity::default() };
        Ok(Some(Caller::new(Arc::new(identity), None, in_force)))
    }

    /// Which repositories a list for `caller` may hold.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn visible(&self, caller: &Caller) -> Result<Visible, metadata::Error> {
        match &caller.in_force {
            Some(in_force) => self.rules.visible(in_force, &caller.identity).await,
            None => Ok(Visible::All),
        }
    }

    /// Makes a token for what `asked` names, as far as whoever sends these headers may do it.
    ///
    /// # Errors
    /// He is not who he says, asks too often, or something is broken.
    pub async fn issue(
        &self,
        asked: &[Scope],
        identity: &Identity,
        audience: &str,
    ) -> Result<IssuedToken, auth::Error> {
        let in_force = self.rules.current();
        let access: Vec<_> = asked.iter().filter_map(|scope| scope.allowed(&in_force.rules, identity)).collect();
        let subject = identity.principal.name().unwrap_or_default();
        self.auth.issue_token(&identity.credential, &subject, audience, &access).await
    }

    /// The accounts.
    pub const fn auth(&self) -> &Auth {
        &self.auth
    }
}

/// Who sends a request, and what his token was made for.
#[derive(Debug, Default)]
struct Presented {
    identity: Arc<Identity>,
    grant: Option<Arc<Grant>>,
}

/// What follows the scheme in `Authorization`, if it is this scheme.
fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (found, credentials) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let credentials = credentials.trim();
    (found.eq_ignore_ascii_case(scheme) && !credentials.is_empty()).then_some(credentials)
}

/// The name and password of an `Authorization: Basic` header (RFC 7617).
pub fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = String::from_utf8(BASE64_STANDARD.decode(credentials(headers, "basic")?).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
