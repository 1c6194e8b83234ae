//! Whether a request may do what it asks for.
//!
//! The registry is open, as `registry:2` is without `auth`: anyone pulls and pushes. Taking away is for
//! administrators, who send their name and password with HTTP Basic, unless it was opened to everyone at start.

use axum::http::{header, request::Parts};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{
    Api,
    error::{Error, Result},
    headers,
    route::Access,
};
use crate::{oci::RepositoryName, proxy::Arrival};

/// Lets the request through, or says what it lacks.
pub(super) async fn check(api: &Api, access: Access, request: &Parts) -> Result<()> {
    match access {
        Access::Version | Access::Pull | Access::Push => Ok(()),
        Access::Delete if api.settings.anonymous_delete => Ok(()),
        Access::Delete => {
            let (name, password) = basic(request).ok_or(Error::DeleteNeedsAdministrator)?;
            let account = api.auth.verify(&name, password.into(), Arrival::of_parts(request).client()).await?;
            tracing::debug!(account = %account.name, "{} may delete", account.name);
            Ok(())
        }
    }
}

/// Whether the caller may read `name`, too: a blob may be mounted from there. As long as the registry is open, anyone
/// may read everything.
pub(super) fn may_pull(_api: &Api, _request: &Parts, _name: &RepositoryName) -> bool {
    true
}

/// The name and password of an `Authorization: Basic` header (RFC 7617).
fn basic(request: &Parts) -> Option<(String, String)> {
    let (scheme, encoded) = headers::text(&request.headers, &header::AUTHORIZATION)?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
