//! The first page: how the registry does, what happens in it, and what needs somebody.
//!
//! Everyone sees what he may pull; the disk, and what needs somebody, are an administrator's.

use humpback::config::AccessKind;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Error, repositories::Surroundings};

/// Where the feed is: server-sent events of two kinds, [`VISIT`] and [`UPLOADS`].
pub const FEED: &str = "/api/home/feed";
/// An image was pushed or pulled: a [`Happening`] as JSON.
pub const VISIT: &str = "visit";
/// The uploads that are being written, all of them: a list of [`Upload`] as JSON.
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
    pub pushes: Vec<Happening>,
    /// The last pulls since the process was started, the last one first.
    pub pulls: Vec<Happening>,
    /// The last visit that is told here: the feed goes on after it.
    pub last_visit: u64,
    /// What is coming in.
    pub uploads: Vec<Upload>,
    /// For administrators.
    pub storage: Option<Storage>,
    /// What needs an administrator; nothing for others.
    pub attention: Vec<Attention>,
    /// What is around it.
    pub surroundings: Surroundings,
}

/// An image that was pushed or pulled. Made ready by the server: whatever the browser would do with more of it is code of
/// the first page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// Whether it was pushed.
    pub pushed: bool,
    /// `team/app:1.0`
    pub image: String,
    /// Its repository.
    pub repository: String,
    /// When.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub at: OffsetDateTime,
    /// With what and from where, as far as it is known and the reader may know it; empty if not at all.
    pub by: String,
}

/// A layer that comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Where it is to go.
    pub repository: String,
    /// How many bytes came in.
    pub received: u64,
    /// How many there will be; 0 if the client does not say.
    pub expected: u64,
}

/// How much is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Storage {
    /// The bytes of all blobs.
    pub stored: u64,
    /// By how many bytes they have grown in a week; `None` while there is nothing to compare with.
    pub grown: Option<i64>,
    /// The size of the file system and what may still be written, in bytes; 0 and 0 where the system does not tell.
    pub disk: (u64, u64),
    /// For how many days the growth is known.
    pub days: u64,
    /// The stored bytes of these days, as the points of a line in a box of [`CHART`]; `None` where a line would say nothing.
    pub chart: Option<String>,
}

/// The chart's width and height in its own units.
pub const CHART: (u32, u32) = (240, 40);

/// Something that needs an administrator, in his language. Made ready by the server, as a [`Happening`] is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// Whether clients fail by it, or soon will.
    pub grave: bool,
    /// What is the matter.
    pub text: String,
    /// Where something can be done about it, and what that place is called.
    pub place: Option<(String, String)>,
}

/// The first page, as the reader may see it, in `language`: a value of `<html lang>`.
///
/// # Errors
/// [`Error::Unauthorised`] if nobody sees anything without signing in, or something is broken.
#[server(endpoint = "read_home", output = crate::api::encoding::Answer)]
pub async fn read_home(#[server(default)] language: String) -> Result<Home, Error> {
    let (console, caller) = super::context::reader().await?;
    let account = super::context::signed_in().await?;
    let reader = ssr::Reader::new(account.as_ref(), caller, super::context::client());
    ssr::read(&console, &reader, language.parse().unwrap_or_default()).await
}

#[cfg(feature = "ssr")]
pub use ssr::routes;

#[cfg(feature = "ssr")]
mod ssr;
