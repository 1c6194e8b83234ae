//! Lists in pages: the catalog, a repository's tags, and what speaks about a manifest.

use axum::{
    body::Body,
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{
    Api,
    error::{Error, Result},
    headers::{self, OCI_FILTERS_APPLIED},
};
use crate::{
    access::Caller,
    oci::{Digest, RepositoryName, media_type},
    registry::{self, Referrer},
    wire::{link, number},
};

/// How many repositories are listed when the client does not say; Distribution's default.
const CATALOG_DEFAULT: u32 = 100;
/// How many entries are listed at most; the rest follows by `Link`.
const PAGE_MAX: u32 = 10_000;

/// How many referrers are listed at most: each comes with its annotations.
const REFERRERS_MAX: u32 = 1_000;

/// What a client asks for.
struct Page {
    limit: u32,
    last: String,
}

impl Page {
    /// `default` counts when the client does not say; more than `max` are not shown, whatever it says.
    fn of(request: &Parts, default: u32, max: Option<u32>) -> Result<Self> {
        let limit = match headers::query(&request.uri, "n") {
            Some(n) => number::<u32>(&n).ok_or(Error::PaginationInvalid)?,
            None => default,
        };
        let limit = limit.min(max.unwrap_or(PAGE_MAX)).min(PAGE_MAX);
        Ok(Self { limit, last: headers::query(&request.uri, "last").unwrap_or_default() })
    }

    /// How many to ask the engine for: one more than is shown tells whether there is a next page.
    const fn probe(&self) -> u32 {
        self.limit + 1
    }

    /// Cuts what the engine gave down to the page, and says where the next one begins. `n=0` is an empty list that
    /// leads nowhere (distribution-spec, end-8b).
    fn cut<T>(&self, path: &str, entries: &mut Vec<T>, key: impl Fn(&T) -> String) -> Option<String> {
        let shown = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = entries.len() > shown;
        entries.truncate(shown);
        let last = entries.last().filter(|_| more).map(key)?;
        Some(link::next(path, &last, self.limit))
    }
}

/// Writes a list's page.
fn respond(body: &Value, media_type: HeaderValue, next: Option<String>) -> Result<Response> {
    let mut response = Response::new(Body::from(body.to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    if let Some(next) = next {
        response.headers_mut().insert(header::LINK, headers::value(&next)?);
    }
    Ok(response)
}

pub(super) async fn catalog(api: &Api, caller: &Caller, request: &Parts) -> Result<Response> {
    let page = Page::of(request, CATALOG_DEFAULT, api.settings.catalog_max)?;
    let visible = api.guard.visible(caller).await.map_err(registry::Error::from)?;
    let may_read = |name: &RepositoryName| caller.may_list(name);
    let mut names = api.registry.catalog(&page.last, page.probe(), &visible, may_read).await?;
    let next = page.cut(&api.settings.urls.path(request, "/v2/_catalog"), &mut names, ToString::to_string);
    respond(&json!({ "repositories": names }), headers::JSON, next)
}

/// Whether the question for tags can be answered, whatever the answer is.
pub(super) fn check_tags(api: &Api, request: &Parts) -> Result<()> {
    Page::of(request, PAGE_MAX, api.settings.tags_max).map(drop)
}

pub(super) async fn tags(api: &Api, name: &RepositoryName, request: &Parts) -> Result<Response> {
    // Clients that do not page (`docker pull --all-tags`) must get every tag that fits into one answer.
    let page = Page::of(request, PAGE_MAX, api.settings.tags_max)?;
    let mut tags = api.registry.tags(name, &page.last, page.probe()).await?;
    let path = api.settings.urls.path(request, &format!("/v2/{name}/tags/list"));
    let next = page.cut(&path, &mut tags, ToString::to_string);
    respond(&json!({ "name": name, "tags": tags }), headers::JSON, next)
}

/// What speaks about a manifest, as an index (distribution-spec, "Listing Referrers"). Never 404: nothing was said yet
/// about what is not there.
pub(super) async fn referrers(api: &Api, name: &RepositoryName, subject: &Digest, request: &Parts) -> Result<Response> {
    let page = Page::of(request, REFERRERS_MAX, Some(REFERRERS_MAX))?;
    let filter = artifact_type(request);
    let found = api.registry.referrers(name, subject, filter.as_deref(), &page.last, page.probe()).await?;
    index_of(api, name, subject, request, found)
}

/// The same about a repository in which nothing is.
pub(super) fn no_referrers(api: &Api, name: &RepositoryName, subject: &Digest, request: &Parts) -> Result<Response> {
    index_of(api, name, subject, request, Vec::new())
}

fn artifact_type(request: &Parts) -> Option<String> {
    headers::query(&request.uri, "artifactType").filter(|kind| !kind.is_empty())
}

fn index_of(
    api: &Api,
    name: &RepositoryName,
    subject: &Digest,
    request: &Parts,
    mut found: Vec<Referrer>,
) -> Result<Response> {
    let page = Page::of(request, REFERRERS_MAX, Some(REFERRERS_MAX))?;
    let filter = artifact_type(request);
    let query = filter.as_deref().map(|kind| format!("?artifactType={}", utf8_percent_encode(kind, NON_ALPHANUMERIC)));
    let path = format!("/v2/{name}/referrers/{subject}{}", query.unwrap_or_default());
    let path = api.settings.urls.path(request, &path);
    let next = page.cut(&path, &mut found, |referrer| referrer.digest.to_string());
    let index = json!({ "schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": found });
    let mut response = respond(&index, HeaderValue::from_static(media_type::OCI_INDEX), next)?;
    if filter.is_some() {
        response.headers_mut().insert(OCI_FILTERS_APPLIED, HeaderValue::from_static("artifactType"));
    }
    Ok(response)
}
