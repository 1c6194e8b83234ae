//! Manage → Activity: who did what. For administrators alone.

use humpback::{
    audit::{AuditEntry, AuditQuery},
    explorer::List,
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Error;

/// One page of the deeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// The page.
    pub list: List<AuditEntry>,
    /// How many days a deed is kept.
    pub kept_days: u64,
    /// The server's time.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub now: OffsetDateTime,
}

/// One page of the deeds that `query` finds, the newest first.
///
/// # Errors
/// [`Error::Unauthorised`], [`Error::Forbidden`], or something is broken.
#[server(endpoint = "list_activity", input = Json, output = crate::api::encoding::Answer)]
pub async fn list_activity(query: AuditQuery) -> Result<Activity, Error> {
    super::context::administrator().await?;
    let console = super::context::console()?;
    let list = console.audit.list(&query).await.map_err(super::context::internal)?;
    let kept_days = humpback::audit_log::KEPT.whole_days().unsigned_abs();
    Ok(Activity { list, kept_days, now: console.clock.now() })
}
