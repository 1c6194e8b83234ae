//! `/token`: gives clients the tokens that `/v2/` asks for (Distribution, docs/content/spec/auth/token.md and oauth.md).
//!
//! With a name and password by HTTP Basic, or as the form of OAuth 2, or without either. A token is given for as much of
//! what was asked as the rules allow: Docker before 1.10 asks for pushing where it only pulls. Whoever says a wrong
//! password is refused, which is all that `docker login` looks at.

use std::net::IpAddr;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Form, FromRequest as _, Query, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::json;
use time::format_description::well_known::Rfc3339;

use crate::{
    access::{Guard, Scope, Source, TOKEN_PATH, basic},
    auth::{self, Costly, token::LIFETIME},
    proxy::Arrival,
    rules::{CredentialId, Identity},
    wire::PathPrefix,
};

/// No form of a client comes near this, in bytes.
const FORM_MAX: usize = 64 * 1024;
/// So many scopes are looked at.
const SCOPES_MAX: usize = 100;

/// The route, and the same again below the prefix that the API is mounted at.
pub fn router(guard: Guard, prefix: &PathPrefix) -> Router {
    let router = Router::new()
        .route(TOKEN_PATH, get(by_query).post(by_form))
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .with_state(guard);
    if prefix.is_root() { router } else { router.clone().nest(prefix.as_str(), router) }
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// Someone else gives tokens here, or nobody.
    #[error("this registry gives no tokens: see auth in its configuration")]
    NotHere,
    /// The token is to be for another registry.
    #[error("this registry is {0}")]
    Service(String),
    /// The form can't be read.
    #[error("{0}")]
    Form(&'static str),
    #[error(transparent)]
    Auth(#[from] auth::Error),
}

/// What a client sends along, in the query or in a form; the first value of each name, if there are more.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Several may stand in one value, and several values beside each other.
    fn scopes(&self) -> Vec<Scope> {
        let values = self.0.iter().filter(|(name, _)| name == "scope").flat_map(|(_, value)| value.split(' '));
        values.take(SCOPES_MAX).filter_map(Scope::parse).collect()
    }
}

async fn by_query(
    State(guard): State<Guard>,
    Query(fields): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let (request, _) = request.into_parts();
    answer(by_basic(&guard, &Fields(fields), &request).await)
}

async fn by_basic(guard: &Guard, fields: &Fields, request: &Parts) -> Result<Response, Refusal> {
    let Asked { audience, address } = asked(guard, fields, request)?;
    let identity = match basic(&request.headers) {
        Some((name, password)) => guard.auth().identify(&name, password.into(), address).await?,
        // Another scheme, or none that can be read, is no proof and no silence either.
        None if request.headers.contains_key(header::AUTHORIZATION) => return Err(auth::Error::Credentials.into()),
        None => Identity::default().into(),
    };
    give(guard, fields, &identity, &audience, false).await
}

async fn by_form(State(guard): State<Guard>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = Form::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let refused = Refusal::Form("send a form: grant_type, service, scope and what belongs to the grant");
    answer(match form {
        Ok(Form(fields)) => by_grant(&guard, &Fields(fields), &parts).await,
        Err(_) => Err(refused),
    })
}

async fn by_grant(guard: &Guard, fields: &Fields, request: &Parts) -> Result<Response, Refusal> {
    let Asked { audience, address } = asked(guard, fields, request)?;
    let auth = guard.auth();
    let field = |name| fields.get(name).unwrap_or_default();
    let identity = match field("grant_type") {
        "password" => auth.identify(field("username"), field("password").into(), address).await?,
        "refresh_token" => {
            let secret = field("refresh_token");
            match auth.verify_refresh_token(secret, &audience).await? {
                Some(credential) => auth.still_valid(&credential).await?.ok_or(auth::Error::Credentials)?,
                // A client that knows no user name sends what it has in this way.
                None => auth.identify("", secret.into(), address).await?,
            }
        }
        _ => return Err(Refusal::Form("grant_type must be password or refresh_token")),
    };
    give(guard, fields, &identity, &audience, field("access_type") == "offline").await
}

/// For which registry, and from where.
struct Asked {
    audience: String,
    address: Option<IpAddr>,
}

fn asked(guard: &Guard, fields: &Fields, request: &Parts) -> Result<Asked, Refusal> {
    if !matches!(guard.source(), Source::Accounts) {
        return Err(Refusal::NotHere);
    }
    let arrival = Arrival::of_parts(request);
    let address = arrival.client();
    guard.auth().count(Costly::Token, None, address)?;
    let audience = arrival.authority().map(|authority| authority.to_string()).unwrap_or_default();
    match fields.get("service").filter(|service| !service.is_empty()) {
        Some(service) if service != audience => Err(Refusal::Service(audience)),
        _ => Ok(Asked { audience, address }),
    }
}

async fn give(
    guard: &Guard,
    fields: &Fields,
    identity: &Identity,
    audience: &str,
    offline: bool,
) -> Result<Response, Refusal> {
    let name = identity.principal.name();
    if name.is_some() {
        guard.auth().count(Costly::Token, name.as_deref(), None)?;
    }
    let issued = guard.issue(&fields.scopes(), identity, audience).await?;
    let mut body = json!({
        "token": issued.token,
        "access_token": issued.token,
        "expires_in": LIFETIME.whole_seconds(),
        "issued_at": issued.issued_at.replace_nanosecond(0).unwrap_or(issued.issued_at).format(&Rfc3339).unwrap_or_default(),
    });
    if offline && identity.credential != CredentialId::None {
        body["refresh_token"] = guard.auth().issue_refresh_token(&identity.credential, audience).await?.into();
    }
    Ok(Json(body).into_response())
}

/// The answer, which no cache may keep (RFC 6749, section 5.1).
fn answer(answered: Result<Response, Refusal>) -> Response {
    let mut response = answered.unwrap_or_else(|refusal| refuse(&refusal));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A refusal in the words of Distribution, and for whoever sent a form in those of OAuth 2.
fn refuse(refusal: &Refusal) -> Response {
    let (status, code, error) = match refusal {
        Refusal::NotHere => (StatusCode::NOT_FOUND, "NOT_FOUND", "invalid_request"),
        Refusal::Service(_) | Refusal::Form(_) => (StatusCode::BAD_REQUEST, "UNSUPPORTED", "invalid_request"),
        Refusal::Auth(auth::Error::Credentials) => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "invalid_grant"),
        Refusal::Auth(auth::Error::TooManyAttempts { .. } | auth::Error::TooManyRequests { .. }) => {
            (StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS", "invalid_request")
        }
        Refusal::Auth(_) => (StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN", "server_error"),
    };
    let message = if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(error = %refusal, "A token could not be made");
        "internal error".to_owned()
    } else {
        refusal.to_string()
    };
    let errors = json!([{ "code": code, "message": message }]);
    let body = json!({ "errors": errors, "error": error, "error_description": message });
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    match refusal {
        Refusal::Auth(auth::Error::Credentials) => {
            let challenge = HeaderValue::from_static(r#"Basic realm="Humpback Registry", charset="UTF-8""#);
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        Refusal::Auth(auth::Error::TooManyAttempts { retry_after } | auth::Error::TooManyRequests { retry_after }) => {
            headers.insert(header::RETRY_AFTER, retry_after.whole_seconds().max(1).into());
        }
        _ => {}
    }
    response
}
