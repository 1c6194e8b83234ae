//! The first page: how the registry does, what happens in it, and what needs somebody.
//!
//! Everyone sees what he may pull; the disk, and what needs somebody, are an administrator's.

use humpback::{
    client::Visit,
    config::AccessKind,
    overview::{DiskSpace, LatestPush, StorageSample, UploadProgress},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Error, repositories::Surroundings};

/// Where the feed is: server-sent events of two kinds, [`VISIT`] and [`UPLOADS`].
pub const FEED: &str = "/api/home/feed";
/// An image was pushed or pulled: a [`Visit`] as JSON.
pub const VISIT: &str = "visit";
/// The uploads that are being written, all of them: a list of [`UploadProgress`] as JSON.
pub const UPLOADS: &str = "uploads";

/// So many pushes, and so many pulls, stand on the page.
pub const SHOWN_MAX: usize = 8;

/// How many days the growth is shown for.
pub const DAYS: i64 = 30;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Who may pull and push.
    pub access: AccessKind,
    /// How many repositories the reader may see.
    pub repositories: u64,
    /// The last pushes, the last one first.
    pub pushes: Vec<LatestPush>,
    /// The last pulls since the process was started, the last one first.
    pub pulls: Vec<Visit>,
    /// The last visit that is told here: the feed goes on after it.
    pub last_visit: u64,
    /// What is coming in.
    pub uploads: Vec<UploadProgress>,
    /// For administrators.
    pub storage: Option<Storage>,
    /// What needs an administrator; nothing for others.
    pub attention: Vec<Attention>,
    /// What is around it.
    pub surroundings: Surroundings,
}

/// How much is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Storage {
    /// The last days, in their order.
    pub samples: Vec<StorageSample>,
    /// The file system; `None` where the system does not tell.
    pub disk: Option<DiskSpace>,
}

/// Something that an administrator should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attention {
    /// Clients are not served.
    Disabled,
    /// There is little room left.
    DiskLow(DiskSpace),
    /// Somebody who should be told of what happens here is not reached.
    EndpointFailing {
        /// Its name in the configuration.
        name: String,
    },
    /// A robot may not sign in any more, or soon will not.
    RobotExpires {
        /// Its name.
        name: String,
        /// When it ends, or has ended.
        #[serde(with = "time::serde::timestamp::microseconds")]
        at: OffsetDateTime,
    },
    /// The folder of another registry is being read.
    Indexing {
        /// How many repositories are listed already.
        done: u64,
        /// How many there are; 0 until they are counted.
        total: u64,
    },
}

/// The first page, as the reader may see it.
///
/// # Errors
/// [`Error::Unauthorised`] if nobody sees anything without signing in, or something is broken.
#[server(endpoint = "read_home")]
pub async fn read_home() -> Result<Home, Error> {
    let (console, caller) = super::context::reader().await?;
    let account = super::context::signed_in().await?;
    let reader = ssr::Reader::new(account.as_ref(), caller, super::context::client());
    ssr::read(&console, &reader).await
}

#[cfg(feature = "ssr")]
pub use ssr::routes;

#[cfg(feature = "ssr")]
mod ssr;
