//! What each request needs, as in Distribution (registry/handlers/app.go), and whether its sender has it.
//!
//! Deleting is for whom the rules allow it, and for administrators. Where all is open nobody is asked for a token, so
//! they send their name and password with HTTP Basic; there it may have been opened to everyone at start. Where a file or
//! another server says who a client is, deleting is off unless it was switched on at start.

use axum::http::{header, request::Parts};

use super::{
    Api,
    error::{Error, Result},
    headers,
    route::{Access, Endpoint},
};
use crate::{
    access::{Caller, Refusal, Source, Wanted},
    auth,
    oci::RepositoryName,
    proxy::Arrival,
};

/// Lets the request through, or says what it lacks. `None` if its sender may not see the repository that he wants to read:
/// to him it is not there.
pub(super) async fn check(api: &Api, endpoint: &Endpoint, access: Access, request: &Parts) -> Result<Option<Caller>> {
    let open = api.guard.is_open();
    let deletes = access == Access::Delete;
    if deletes && open && api.settings.anonymous_delete {
        return Ok(Some(Caller::default()));
    }
    let wanted = wanted(endpoint, access);
    let origin = origin(endpoint, request);
    match api.guard.admit(&wanted, origin.as_ref(), &request.headers, Arrival::of_parts(request)).await {
        Ok(caller) => {
            let foreign = !matches!(api.guard.source(), Source::Accounts);
            if deletes && foreign && !api.settings.anonymous_delete {
                return Err(Error::DeleteDisabled);
            }
            Ok(Some(caller))
        }
        Err(Refusal::Unauthorised { .. }) if deletes && open => {
            let signed = request.headers.contains_key(header::AUTHORIZATION);
            Err(if signed { auth::Error::Credentials.into() } else { Error::DeleteNeedsAdministrator })
        }
        Err(Refusal::Denied { .. }) if deletes && open => Err(auth::Error::NotAdministrator.into()),
        Err(Refusal::Denied { .. }) if access == Access::Pull => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// What must be allowed.
fn wanted(endpoint: &Endpoint, access: Access) -> Vec<Wanted> {
    let Some(name) = endpoint.repository() else {
        return if *endpoint == Endpoint::Catalog { vec![Wanted::catalog()] } else { Vec::new() };
    };
    match access {
        Access::Version => Vec::new(),
        Access::Pull => vec![Wanted::pull(name)],
        Access::Push => vec![Wanted::pull(name), Wanted::push(name)],
        Access::Delete => vec![Wanted::delete(name)],
    }
}

/// A mount reads the repository that it takes from. Whoever may not must not learn what is there.
fn origin(endpoint: &Endpoint, request: &Parts) -> Option<Wanted> {
    let Endpoint::Uploads(name) = endpoint else { return None };
    let from = RepositoryName::parse(&headers::query(&request.uri, "from")?).ok()?;
    (from != *name).then(|| Wanted::pull(&from))
}
