//! Names that another registry has told, kept for a moment. A list of many names is read in the background, page by page
//! (`Link`), and shown as far as it has come.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration as Wait,
};

use serde::Deserialize;
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;

use super::{
    Failure,
    client::{Answer, Client},
    connection::Connection,
    is_older,
};
use crate::{
    clock::Clock,
    explorer::Extent,
    oci::{RepositoryName, Tag},
};

/// After so long the names are read anew.
const FRESH: Duration = Duration::seconds(60);
/// How long a page waits for the first names.
const PATIENCE: Wait = Wait::from_secs(20);
/// How many names are asked for at once (Distribution's own limit).
const PAGE: usize = 1000;
/// So many names are kept at most: some 20 MB.
const NAMES_MAX: usize = 200_000;
/// One page of names is not longer.
const PAGE_BYTES_MAX: usize = 1024 * 1024;
/// So many tags of one repository are read.
const TAGS_MAX: usize = 10_000;
/// The tags of so many repositories are kept.
const REPOSITORIES_MAX: usize = 64;

/// The names of the repositories.
#[derive(Debug)]
pub(super) struct NameLists {
    clock: Clock,
    published: watch::Sender<Arc<Names>>,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// In their order.
    pub names: Vec<RepositoryName>,
    pub extent: Extent,
    failure: Option<Failure>,
    reading: bool,
    read_at: Option<OffsetDateTime>,
}

#[derive(Deserialize)]
struct Catalogue {
    // Some say `null` for none.
    repositories: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct TagList {
    tags: Option<Vec<String>>,
}

impl NameLists {
    pub fn new(clock: Clock) -> Self {
        Self { clock, published: watch::Sender::new(Arc::default()) }
    }

    /// The names as far as they are known. Only the first reader waits, and for the first names only.
    pub async fn read(&self, connection: &Arc<Connection>) -> Result<Arc<Names>, Failure> {
        let now = self.clock.now();
        let mut receiver = self.published.subscribe();
        let begun = self.published.send_if_modified(|names| {
            // What went wrong is tried again by whoever comes next.
            let due = !names.reading && (names.failure.is_some() || is_older(names.read_at, FRESH, now));
            if due {
                let names = Arc::make_mut(names);
                names.reading = true;
                names.failure = None;
            }
            due
        });
        if begun {
            tokio::spawn(Arc::clone(connection).read_catalogue());
        }
        let known = |names: &Arc<Names>| !names.names.is_empty() || !names.reading;
        let names = match tokio::time::timeout(PATIENCE, receiver.wait_for(known)).await {
            Ok(Ok(names)) => Arc::clone(&names),
            _ => return Err(Failure::Timeout),
        };
        match &names.failure {
            Some(failure) if names.names.is_empty() => Err(failure.clone()),
            _ => Ok(names),
        }
    }

    /// Publishes the first names while nothing else is known.
    fn publish_first(&self, names: &[RepositoryName]) {
        self.published.send_if_modified(|published| {
            let first = published.read_at.is_none();
            if first {
                let published = Arc::make_mut(published);
                published.names = names.to_vec();
                published.names.sort_unstable();
                published.extent = Extent::Reading;
            }
            first
        });
    }

    fn publish(&self, read: Result<(Vec<RepositoryName>, Extent), Failure>) {
        let now = self.clock.now();
        self.published.send_modify(|published| {
            let published = Arc::make_mut(published);
            published.reading = false;
            match read {
                Ok((names, extent)) => {
                    *published = Names { names, extent, read_at: Some(now), ..Names::default() };
                }
                Err(failure) => published.failure = Some(failure),
            }
        });
    }
}

impl Connection {
    async fn read_catalogue(self: Arc<Self>) {
        let read = async {
            let client = self.connect(false).await?;
            let read = catalogue(&client, |names| self.catalogue.publish_first(names)).await;
            if let Err(failure) = &read {
                self.lost(failure);
            }
            read
        };
        let read = read.await;
        self.catalogue.publish(read);
    }
}

async fn catalogue(
    client: &Client,
    progress: impl Fn(&[RepositoryName]),
) -> Result<(Vec<RepositoryName>, Extent), Failure> {
    let mut names: Vec<RepositoryName> = Vec::new();
    let mut told = 0;
    let mut answer = client.get(&format!("/v2/_catalog?n={PAGE}"), "application/json", PAGE_BYTES_MAX).await?;
    loop {
        let page: Catalogue = match answer.status.as_u16() {
            200 => serde_json::from_slice(&answer.body).map_err(|_| Failure::NotARegistry)?,
            404 | 405 => return Err(Failure::NoCatalogue),
            status => return Err(Failure::Status { status }),
        };
        let before = names.len();
        names.extend(page.repositories.unwrap_or_default().iter().filter_map(|name| RepositoryName::parse(name).ok()));
        let Some(next) = answer.next() else { break };
        // A registry that leads in a circle has nothing new to say.
        if names.len() == before || next == answer.url {
            break;
        }
        if names.len() >= NAMES_MAX {
            names.truncate(NAMES_MAX);
            names.sort_unstable();
            return Ok((names, Extent::Cut));
        }
        // Each telling copies them all.
        if names.len() >= 2 * told {
            told = names.len();
            progress(&names);
        }
        answer = client.get_url(next, "application/json", PAGE_BYTES_MAX).await?;
    }
    names.sort_unstable();
    names.dedup();
    Ok((names, Extent::Whole))
}

/// The tags of the repositories that were looked at.
#[derive(Debug)]
pub(super) struct Tags {
    clock: Clock,
    /// A std mutex: held for one look.
    read: Mutex<HashMap<RepositoryName, (OffsetDateTime, Arc<TagNames>)>>,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub(super) struct TagNames {
    /// In their order.
    pub names: Vec<Tag>,
    pub extent: Extent,
}

impl Tags {
    pub fn new(clock: Clock) -> Self {
        Self { clock, read: Mutex::default() }
    }

    /// The tags of a repository; `None` if there is no such repository.
    pub async fn read(&self, client: &Client, name: &RepositoryName) -> Result<Option<Arc<TagNames>>, Failure> {
        let now = self.clock.now();
        if let Some((at, tags)) = self.kept().get(name)
            && now - *at < FRESH / 2
        {
            return Ok(Some(Arc::clone(tags)));
        }
        let Some(tags) = tags(client, name).await? else { return Ok(None) };
        let tags = Arc::new(tags);
        let mut kept = self.kept();
        if kept.len() >= REPOSITORIES_MAX {
            kept.clear();
        }
        kept.insert(name.clone(), (now, Arc::clone(&tags)));
        Ok(Some(tags))
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<RepositoryName, (OffsetDateTime, Arc<TagNames>)>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn tags(client: &Client, name: &RepositoryName) -> Result<Option<TagNames>, Failure> {
    let mut names: Vec<Tag> = Vec::new();
    let path = format!("/v2/{name}/tags/list?n={PAGE}");
    let mut answer: Answer = client.get(&path, "application/json", PAGE_BYTES_MAX).await?;
    let mut extent = Extent::Whole;
    loop {
        let page: TagList = match answer.status.as_u16() {
            200 => serde_json::from_slice(&answer.body).map_err(|_| Failure::NotARegistry)?,
            404 => return Ok(None),
            status => return Err(Failure::Status { status }),
        };
        let before = names.len();
        names.extend(page.tags.unwrap_or_default().iter().filter_map(|tag| Tag::parse(tag).ok()));
        if names.len() >= TAGS_MAX {
            names.truncate(TAGS_MAX);
            extent = Extent::Cut;
            break;
        }
        let Some(next) = answer.next().filter(|next| names.len() > before && *next != answer.url) else { break };
        answer = client.get_url(next, "application/json", PAGE_BYTES_MAX).await?;
    }
    names.sort_unstable();
    names.dedup();
    Ok(Some(TagNames { names, extent }))
}
