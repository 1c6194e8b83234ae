//! The header `WWW-Authenticate`, letter for letter as Distribution writes it: clients take it apart with little care.

use axum::http::{HeaderMap, HeaderValue};

use super::{TOKEN_PATH, Wanted};
use crate::{auth::token::Options, config::Scheme, proxy::Arrival};

/// What is wrong with the token that was sent (RFC 6750, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// It is not believed.
    InvalidToken,
    /// It does not allow what was asked for.
    InsufficientScope,
}

/// Asks for a name and password.
pub(super) fn basic(realm: &str) -> HeaderValue {
    value(format!("Basic realm={}", quoted(realm)))
}

/// Asks for a token of our own token endpoint; for a name and password where it is not known how the client reaches it.
pub(super) fn own_bearer(wanted: &[&Wanted], problem: Option<Problem>, arrival: Arrival<'_>) -> HeaderValue {
    match (arrival.url(TOKEN_PATH), arrival.authority()) {
        (Some(realm), Some(authority)) => bearer(&realm, &authority.to_string(), wanted, problem),
        _ => basic("Humpback Registry"),
    }
}

/// Asks for a token of another token server.
pub(super) fn foreign_bearer(
    options: &Options,
    wanted: &[&Wanted],
    problem: Option<Problem>,
    headers: &HeaderMap,
    arrival: Arrival<'_>,
) -> HeaderValue {
    let realm = match &options.auto_redirect {
        Some(path) => own_host(headers, arrival, path),
        None => options.realm.clone(),
    };
    bearer(&realm, &options.service, wanted, problem)
}

fn bearer(realm: &str, service: &str, wanted: &[&Wanted], problem: Option<Problem>) -> HeaderValue {
    let mut text = format!("Bearer realm={},service={}", quoted(realm), quoted(service));
    if !wanted.is_empty() {
        text.push_str(&format!(",scope={}", quoted(&scope(wanted))));
    }
    match problem {
        Some(Problem::InvalidToken) => text.push_str(",error=\"invalid_token\""),
        Some(Problem::InsufficientScope) => text.push_str(",error=\"insufficient_scope\""),
        None => {}
    }
    value(text)
}

/// `repository:a:pull,push repository:b:pull`: one entry for each thing, with all its actions.
fn scope(wanted: &[&Wanted]) -> String {
    let mut scope = String::new();
    let mut before: Option<&Wanted> = None;
    for &wanted in wanted {
        match before {
            Some(before) if (before.kind, &before.name) == (wanted.kind, &wanted.name) => scope.push(','),
            _ => {
                if before.is_some() {
                    scope.push(' ');
                }
                scope.push_str(&format!("{}:{}:", wanted.kind, wanted.name));
            }
        }
        scope.push_str(wanted.action);
        before = Some(wanted);
    }
    scope
}

/// The token server behind this registry's own host, as the client has named it. HTTPS unless a proxy says otherwise:
/// behind one that says nothing, that is what the client speaks.
fn own_host(headers: &HeaderMap, arrival: Arrival<'_>, path: &str) -> String {
    let told = headers.contains_key("x-forwarded-proto");
    let scheme = if told { arrival.scheme() } else { Scheme::Https };
    let host = arrival.authority().map(|authority| authority.to_string()).unwrap_or_default();
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("{}://{host}{slash}{path}", scheme.as_str())
}

/// In quotes, as Go's `%q` writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

fn value(text: String) -> HeaderValue {
    // Control characters come from a configuration that no client could read anyway.
    HeaderValue::from_bytes(text.as_bytes()).unwrap_or_else(|_| HeaderValue::from_static("Bearer"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use axum::http::Extensions;

    use super::*;
    use crate::{oci::RepositoryName, proxy::TrustedProxies};

    fn asked(options: &Options, wanted: &[Wanted], problem: Option<Problem>, headers: &HeaderMap) -> HeaderValue {
        let mut extensions = Extensions::new();
        extensions.insert(axum::extract::ConnectInfo(std::net::SocketAddr::from(([10, 0, 0, 1], 9))));
        extensions.insert(TrustedProxies::default());
        foreign_bearer(options, &wanted.iter().collect::<Vec<_>>(), problem, headers, Arrival::of(headers, &extensions))
    }

    fn options() -> Options {
        Options { realm: "https://auth.test/token".into(), service: "registry.test".into(), ..Options::default() }
    }

    #[test]
    fn the_scope_names_each_thing_once() {
        let (a, b) = (RepositoryName::parse("team/a").unwrap(), RepositoryName::parse("b").unwrap());
        let wanted = [Wanted::pull(&a), Wanted::push(&a), Wanted::pull(&b)];
        let header = asked(&options(), &wanted, Some(Problem::InsufficientScope), &HeaderMap::new());
        let expected = "Bearer realm=\"https://auth.test/token\",service=\"registry.test\",\
                        scope=\"repository:team/a:pull,push repository:b:pull\",error=\"insufficient_scope\"";
        assert_eq!(header, expected);
        let header = asked(&options(), &[], None, &HeaderMap::new());
        assert_eq!(header, "Bearer realm=\"https://auth.test/token\",service=\"registry.test\"");
        let header = asked(&options(), &[Wanted::catalog()], Some(Problem::InvalidToken), &HeaderMap::new());
        assert!(header.to_str().unwrap().ends_with(",scope=\"registry:catalog:*\",error=\"invalid_token\""));
    }

    #[test]
    fn a_token_server_on_the_own_host_is_where_the_client_has_come_from() {
        let options = Options { auto_redirect: Some("/auth/token/".into()), ..options() };
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("r.test:5000"));
        let header = asked(&options, &[], None, &headers);
        assert_eq!(header, "Bearer realm=\"https://r.test:5000/auth/token/\",service=\"registry.test\"");
        headers.insert("x-forwarded-proto", HeaderValue::from_static("http"));
        let header = asked(&options, &[], None, &headers);
        assert_eq!(header, "Bearer realm=\"http://r.test:5000/auth/token/\",service=\"registry.test\"");
    }

    #[test]
    fn what_stands_in_quotes_can_not_end_them() {
        assert_eq!(basic("My \"Realm\\"), "Basic realm=\"My \\\"Realm\\\\\"");
    }
}
