//! Asks another registry: `GET` and `HEAD` below its `/v2/`, and nothing else.
//!
//! One address is asked, the configured one. Where it sends elsewhere is not followed; a name and password go to it, and
//! to the token server that it names if that is on the same host or on the one that an administrator has named. No answer
//! is read beyond its limit, and none is waited for beyond the time.

use std::{collections::HashMap, error::Error as _, io, sync::Mutex, sync::PoisonError, time::Duration as Wait};

use bytes::{Bytes, BytesMut};
use reqwest::{
    Method, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, LINK, LOCATION, WWW_AUTHENTICATE},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use super::challenge::Challenge;
use crate::{clock::Clock, explorer::RemoteFailure as Failure, registry::INSTANCE_HEADER};

/// How long a connection may take.
const CONNECT: Wait = Wait::from_secs(5);
/// How long an answer may take, to its last byte.
const ANSWER: Wait = Wait::from_secs(15);
/// So often is it followed where it sends to itself.
const REDIRECTS_MAX: usize = 3;
/// So many tokens are kept at once.
const TOKENS_MAX: usize = 256;
/// A token server's answer is not longer.
const TOKEN_BYTES_MAX: usize = 64 * 1024;
/// A token counts for so long if nothing else is said (Distribution, docs/spec/auth/token.md).
const TOKEN_SECONDS: i64 = 60;

type Result<T> = std::result::Result<T, Failure>;

/// How another registry is asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    /// The name and password, if it asks for them.
    pub credentials: Option<(String, SecretString)>,
    /// Whether they may go over a connection that anyone on the way can read.
    pub in_the_clear: bool,
    /// Where it may send for tokens, besides to itself.
    pub token_host: Option<String>,
    /// Certificates (PEM) that its own may be signed by, besides the system's.
    pub authority: String,
}

/// The way to one registry.
#[derive(Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    base: Url,
    options: Options,
    /// Our own sign on answers to `/v2/`.
    ourselves: String,
    clock: Clock,
    /// By what they are good for. A std mutex: held for one look.
    tokens: Mutex<HashMap<String, (SecretString, OffsetDateTime)>>,
}

/// What it has answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// What was asked in the end.
    pub url: Url,
}

impl Answer {
    pub fn content_type(&self) -> &str {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The page after this one, by `Link: <…>; rel="next"` (RFC 8288).
    pub fn next(&self) -> Option<Url> {
        let link = self.headers.get(LINK)?.to_str().ok()?;
        let (target, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
        if !rest.contains("next") {
            return None;
        }
        self.url.join(target).ok()
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<i64>,
}

impl Client {
    /// The way to the registry at `origin`, a URL without a path.
    pub fn new(origin: &str, options: Options, ourselves: String, clock: Clock) -> Result<Self> {
        let base = Url::parse(origin).map_err(|_| Failure::NotARegistry)?;
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .user_agent(concat!("humpback-registry/", env!("CARGO_PKG_VERSION")));
        if !options.authority.is_empty() {
            builder = builder.tls_certs_merge(authorities(&options.authority).ok_or_else(broken_authority)?);
        }
        let http = builder.build().map_err(|error| Failure::Unreachable { cause: innermost(&error) })?;
        Ok(Self { http, base, options, ourselves, clock, tokens: Mutex::default() })
    }

    /// `GET` of a path below `/v2/`; an answer with an error is returned as it is, but for one that refuses.
    pub async fn get(&self, path: &str, accept: &str, limit: usize) -> Result<Answer> {
        let url = self.base.join(path).map_err(|_| Failure::NotARegistry)?;
        self.ask(Method::GET, url, accept, limit).await
    }

    /// The same, of a page that an answer has linked to.
    pub async fn get_url(&self, url: Url, accept: &str, limit: usize) -> Result<Answer> {
        if url.origin() != self.base.origin() || !url.path().starts_with("/v2/") {
            return Err(Failure::Elsewhere { host: host_of(&url) });
        }
        self.ask(Method::GET, url, accept, limit).await
    }

    /// The length that `HEAD` tells; `None` if it does not.
    pub async fn length(&self, path: &str) -> Result<Option<u64>> {
        let url = self.base.join(path).map_err(|_| Failure::NotARegistry)?;
        let answer = self.ask(Method::HEAD, url, "*/*", 0).await?;
        let length = answer.headers.get("content-length").and_then(|value| value.to_str().ok()?.parse().ok());
        Ok(length.filter(|_| answer.status.is_success()))
    }

    async fn ask(&self, method: Method, mut url: Url, accept: &str, limit: usize) -> Result<Answer> {
        let mut authorization: Option<SecretString> = None;
        let mut redirects = 0;
        loop {
            let mut request = self.http.request(method.clone(), url.clone()).header(ACCEPT, accept);
            if let Some(authorization) = &authorization {
                request = request.header("authorization", authorization.expose_secret());
            }
            let response = request.send().await.map_err(failure)?;
            let sign = response.headers().get(INSTANCE_HEADER);
            if sign.is_some_and(|sign| sign.as_bytes() == self.ourselves.as_bytes()) {
                return Err(Failure::Ourselves);
            }
            let status = response.status();
            if status == StatusCode::UNAUTHORIZED {
                if authorization.is_some() {
                    return Err(self.refused());
                }
                authorization = Some(self.authorization(response.headers()).await?);
                continue;
            }
            if status == StatusCode::FORBIDDEN {
                return Err(Failure::Forbidden);
            }
            if status.is_redirection()
                && let Some(target) = response.headers().get(LOCATION).and_then(|target| target.to_str().ok())
            {
                let target = url.join(target).map_err(|_| Failure::NotARegistry)?;
                redirects += 1;
                if target.origin() != url.origin() || redirects > REDIRECTS_MAX {
                    return Err(Failure::Elsewhere { host: host_of(&target) });
                }
                url = target;
                continue;
            }
            let headers = response.headers().clone();
            let body = if method == Method::HEAD { Bytes::new() } else { read(response, limit).await? };
            return Ok(Answer { status, headers, body, url });
        }
    }

    fn refused(&self) -> Failure {
        if self.options.credentials.is_some() { Failure::CredentialsRefused } else { Failure::CredentialsMissing }
    }

    /// What is to be sent as `Authorization` to a registry that asks for it.
    async fn authorization(&self, headers: &HeaderMap) -> Result<SecretString> {
        let challenges = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let mut challenges: Vec<_> = challenges.filter_map(Challenge::parse).collect();
        // A token is worth less to a thief than a password.
        challenges.sort_by_key(|challenge| matches!(challenge, Challenge::Basic));
        match challenges.into_iter().next() {
            Some(Challenge::Bearer { realm, service, scope }) => {
                let token = self.token(&realm, service.as_deref(), scope.as_deref()).await?;
                Ok(format!("Bearer {}", token.expose_secret()).into())
            }
            Some(Challenge::Basic) => self.basic(&self.base)?.ok_or(Failure::CredentialsMissing),
            None => Err(self.refused()),
        }
    }

    /// The name and password for `url`; `None` if there are none.
    fn basic(&self, url: &Url) -> Result<Option<SecretString>> {
        use base64::{Engine as _, prelude::BASE64_STANDARD};

        let Some((name, password)) = &self.options.credentials else { return Ok(None) };
        if url.scheme() != "https" && !self.options.in_the_clear {
            return Err(Failure::CredentialsInTheClear);
        }
        let pair = BASE64_STANDARD.encode(format!("{name}:{}", password.expose_secret()));
        Ok(Some(format!("Basic {pair}").into()))
    }

    /// A token for `scope` from the token server at `realm`.
    async fn token(&self, realm: &str, service: Option<&str>, scope: Option<&str>) -> Result<SecretString> {
        let mut url = Url::parse(realm).map_err(|_| Failure::NotARegistry)?;
        let host = host_of(&url);
        let named = self.options.token_host.as_deref().is_some_and(|named| named.eq_ignore_ascii_case(&host));
        let same = url.host_str() == self.base.host_str();
        // Over HTTPS, unless the registry itself is not; never another scheme.
        let safe = url.scheme() == "https" || (url.scheme() == "http" && self.base.scheme() == "http");
        if !(same || named) || !safe {
            return Err(Failure::TokenHost { host });
        }
        let key = format!("{url} {} {}", service.unwrap_or_default(), scope.unwrap_or_default());
        let now = self.clock.now();
        if let Some((token, _)) = self.tokens().get(&key).filter(|(_, until)| *until > now) {
            return Ok(token.clone());
        }
        {
            let mut query = url.query_pairs_mut();
            for (key, value) in [("service", service), ("scope", scope)] {
                if let Some(value) = value {
                    query.append_pair(key, value);
                }
            }
        }
        let mut request = self.http.get(url.clone());
        if let Some(basic) = self.basic(&url)? {
            request = request.header("authorization", basic.expose_secret());
        }
        let response = request.send().await.map_err(failure)?;
        let status = response.status();
        if matches!(status.as_u16(), 400 | 401 | 403) {
            return Err(self.refused());
        }
        if !status.is_success() {
            return Err(Failure::Status { status: status.as_u16() });
        }
        let body = read(response, TOKEN_BYTES_MAX).await?;
        let answer: TokenAnswer = serde_json::from_slice(&body).map_err(|_| Failure::NotARegistry)?;
        let token: SecretString = answer.token.or(answer.access_token).ok_or(Failure::NotARegistry)?.into();
        // Not to its last second: it has to arrive.
        let seconds = answer.expires_in.unwrap_or(TOKEN_SECONDS).clamp(0, 3600) - 10;
        let mut tokens = self.tokens();
        if tokens.len() >= TOKENS_MAX {
            tokens.clear();
        }
        tokens.insert(key, (token.clone(), now + Duration::seconds(seconds)));
        Ok(token)
    }

    fn tokens(&self) -> std::sync::MutexGuard<'_, HashMap<String, (SecretString, OffsetDateTime)>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The certificates in a PEM text; `None` if it holds none, or something that is none.
pub(super) fn authorities(pem: &str) -> Option<Vec<reqwest::Certificate>> {
    reqwest::Certificate::from_pem_bundle(pem.as_bytes()).ok().filter(|certificates| !certificates.is_empty())
}

fn broken_authority() -> Failure {
    Failure::Certificate { cause: "the kept authority can't be read".to_owned() }
}

/// `host`, with its port if that is not the scheme's own.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Reads a body to its end, if that comes before the limit.
async fn read(mut response: Response, limit: usize) -> Result<Bytes> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > limit {
            return Err(Failure::TooLong { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What went wrong on the way, in our own words.
fn failure(error: reqwest::Error) -> Failure {
    let error = error.without_url();
    if let Some(cause) = certificate_problem(&error) {
        return Failure::Certificate { cause };
    }
    if error.is_timeout() {
        return Failure::Timeout;
    }
    Failure::Unreachable { cause: innermost(&error) }
}

/// What is wrong with the certificate, if that is it.
fn certificate_problem(error: &reqwest::Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(rustls::Error::InvalidCertificate(problem)) = tls_error(error) {
            return Some(problem.to_string());
        }
        cause = error.source();
    }
    None
}

/// What TLS says, however often it was wrapped: an I/O error hides what it wraps from `source`.
fn tls_error<'a>(mut error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    loop {
        if let Some(tls) = error.downcast_ref() {
            return Some(tls);
        }
        error = error.downcast_ref::<io::Error>()?.get_ref()?;
    }
}

/// The last cause: what the system itself says.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
