//! Puts the first page together, and feeds it.

use std::net::IpAddr;

use axum::{
    Router,
    extract::{Query, Request, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
    routing::get,
};
use humpback::{
    access::Caller,
    account::Role,
    client::{self, Deed, Origin, Program, Visit},
    explorer::ListQuery,
    metadata::Account,
    overview::{LatestPush, growth},
    proxy::Arrival,
    visits::Visits,
};
use leptos::prelude::use_context;

use super::{Attention, DAYS, FEED, Happening, Home, SHOWN_MAX, Storage, Upload};
use crate::{
    api::{
        Error,
        context::{self, Console},
        feed::Since,
        repositories::surroundings,
    },
    i18n::Locale,
};

mod attention;
mod chart;
mod stream;

/// Who reads the page.
#[derive(Debug)]
pub(super) struct Reader {
    caller: Caller,
    administrator: bool,
    address: Option<IpAddr>,
}

impl Reader {
    pub(super) fn new(account: Option<&Account>, caller: Caller, address: Option<IpAddr>) -> Self {
        let administrator = account.is_some_and(|account| account.role == Role::Administrator);
        Self { caller, administrator, address }
    }

    /// A push or pull of an image that this reader may pull himself, with as much of who it was as he may know.
    fn sees(&self, visit: &Visit) -> Option<Happening> {
        let (repository, image) = visit.image()?;
        if !self.caller.may_list(&repository) {
            return None;
        }
        let reader = if self.administrator {
            client::Reader::Administrator
        } else {
            client::Reader::Anyone { address: self.address }
        };
        Some(Happening {
            pushed: matches!(visit.deed, Deed::Pushed { .. }),
            image: image.to_owned(),
            repository: repository.to_string(),
            at: visit.at,
            by: by(visit.clone().for_reader(reader)),
        })
    }

    fn uploads(&self, console: &Console) -> Vec<Upload> {
        let uploads = console.registry.uploads_being_written().into_iter();
        let uploads = uploads.filter(|upload| self.caller.may_list(&upload.repository));
        let shown = uploads.map(|upload| Upload {
            repository: upload.repository.to_string(),
            received: upload.received_bytes,
            expected: upload.expected_bytes.unwrap_or_default(),
        });
        shown.collect()
    }
}

/// `Docker 24.0.5 · linux/amd64 · 192.168.1.22`, in no language.
fn by(visit: Visit) -> String {
    let client = visit.client;
    let name = match &client.program {
        Program::Browser | Program::Unknown => None,
        program => program.name().map(str::to_owned),
    };
    let name = name.map(|name| client.version.map_or(name.clone(), |version| format!("{name} {version}")));
    let system = client.os.zip(client.architecture).map(|(os, architecture)| format!("{os}/{architecture}"));
    let address = match visit.origin {
        Origin::Address(address) => Some(address.to_string()),
        Origin::Hidden | Origin::Own => None,
    };
    [name, system, address].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Of what happened before the process was started it is not known who it was.
fn earlier(push: LatestPush) -> Happening {
    let LatestPush { repository, tag, at, .. } = push;
    let image = format!("{repository}:{tag}");
    Happening { pushed: true, image, repository: repository.to_string(), at, by: String::new() }
}

pub(super) async fn read(console: &Console, reader: &Reader, language: Locale) -> Result<Home, Error> {
    let visible = console.guard.visible(&reader.caller).await.map_err(context::internal)?;
    let list = console.registry.list_repositories(&ListQuery::default(), &visible).await.map_err(context::internal)?;
    let limit = u32::try_from(SHOWN_MAX).unwrap_or(u32::MAX);
    let pushes = console.registry.latest_pushes(&visible, limit).await.map_err(context::internal)?;
    let visits = use_context::<Parts>().and_then(|parts| parts.extensions.get().cloned());
    let visits = visits.map(|visits: Visits| visits.recent()).unwrap_or_default();
    let last_visit = visits.first().map_or(0, |visit| visit.number);
    let pulls = visits.into_iter().filter(|visit| matches!(visit.deed, Deed::Pulled { .. }));
    let pulls = pulls.filter_map(|visit| reader.sees(&visit)).take(SHOWN_MAX).collect();
    let pushes = pushes.into_iter().map(earlier).collect();
    let (storage, attention) = if reader.administrator {
        let storage = storage(console).await?;
        let attention = attention::find(console, &storage, language).await?;
        (Some(storage), attention)
    } else {
        (None, Vec::new())
    };
    Ok(Home {
        access: console.guard.kind(),
        repositories: list.total,
        pushes,
        pulls,
        last_visit,
        uploads: reader.uploads(console),
        storage,
        attention,
        surroundings: surroundings(None).await?,
    })
}

async fn storage(console: &Console) -> Result<Storage, Error> {
    let stored = console.registry.recent_totals().await.map_err(context::internal)?.blob_bytes;
    let mut samples = console.registry.storage_samples(DAYS).await.map_err(context::internal)?;
    if let Some(today) = samples.last_mut() {
        // It is taken once an hour.
        today.blob_bytes = stored;
    }
    let disk = console.registry.disk_space();
    Ok(Storage {
        stored,
        grown: growth(&samples, 7).map(|grown| i64::try_from(grown).unwrap_or(i64::MAX)),
        disk: disk.map_or((0, 0), |disk| (disk.total, disk.available)),
        days: samples.len() as u64,
        chart: chart::points(&samples),
    })
}

/// The feed's route.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new().route(FEED, get(listen)).with_state(console)
}

/// Open to whoever may read something; each is told what he may pull.
async fn listen(State(console): State<Console>, Query(since): Query<Since>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    let Some(visits) = request.extensions.get::<Visits>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let reader = match context::reader_of(&console, &request.headers, &request.extensions).await {
        Ok(Some((account, caller))) => Reader::new(account.as_ref(), caller, Arrival::of_parts(&request).client()),
        Ok(None) => return StatusCode::UNAUTHORIZED.into_response(),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let Some(listener) = visits.listen(since.last_heard(&request.headers)) else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")]).into_response();
    };
    stream::answer(console, reader, request, listener)
}
