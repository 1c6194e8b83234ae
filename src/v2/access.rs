//! What each request needs, as in Distribution (registry/handlers/app.go), and whether its sender has it.
//!
//! Where nobody has to sign in, as with `registry:2` without `auth`, anyone pulls and pushes. Taking away is then for
//! administrators, who send their name and password with HTTP Basic, unless it was opened to everyone at start. With
//! an access of its own in force, deleting follows that, and is off unless it was switched on at start.

use axum::http::request::Parts;

use super::{
    Api,
    error::{Error, Result},
    headers,
    route::{Access, Endpoint},
};
use crate::{
    access::{Caller, Guard, Wanted, basic},
    oci::RepositoryName,
    proxy::Arrival,
};

/// Lets the request through, or says what it lacks.
pub(super) async fn check(api: &Api, endpoint: &Endpoint, access: Access, request: &Parts) -> Result<Caller> {
    if matches!(api.guard, Guard::Open) {
        return check_open(api, access, request).await;
    }
    let arrival = Arrival::of_parts(request);
    let caller = api.guard.admit(&wanted(endpoint, access, request), &request.headers, arrival).await?;
    if access == Access::Delete && !api.settings.anonymous_delete {
        return Err(Error::DeleteDisabled);
    }
    Ok(caller)
}

async fn check_open(api: &Api, access: Access, request: &Parts) -> Result<Caller> {
    match access {
        Access::Version | Access::Pull | Access::Push => Ok(Caller::default()),
        Access::Delete if api.settings.anonymous_delete => Ok(Caller::default()),
        Access::Delete => {
            let (name, password) = basic(&request.headers).ok_or(Error::DeleteNeedsAdministrator)?;
            let account =
                api.auth.verify_administrator(&name, password.into(), Arrival::of_parts(request).client()).await?;
            tracing::debug!(account = %account.name, "{} may delete", account.name);
            Ok(Caller::named(account.name.to_string()))
        }
    }
}

/// What must be allowed, the repository that the request is about first.
fn wanted(endpoint: &Endpoint, access: Access, request: &Parts) -> Vec<Wanted> {
    let Some(name) = endpoint.repository() else {
        return if *endpoint == Endpoint::Catalog { vec![Wanted::catalog()] } else { Vec::new() };
    };
    let mut wanted = match access {
        Access::Version => Vec::new(),
        Access::Pull => vec![Wanted::pull(name)],
        Access::Push => vec![Wanted::pull(name), Wanted::push(name)],
        Access::Delete => vec![Wanted::delete(name)],
    };
    // A mount reads the repository that it takes from. Whoever may not must not learn what is there.
    let from = matches!(endpoint, Endpoint::Uploads(_)).then(|| headers::query(&request.uri, "from")).flatten();
    if let Some(from) = from.and_then(|from| RepositoryName::parse(&from).ok()).filter(|from| from != name) {
        wanted.push(Wanted::pull(&from));
    }
    wanted
}
