//! `/v2/_catalog` and `/v2/<name>/tags/list`: lists in pages (distribution-spec, "Listing Tags").

use std::fmt::Display;

use axum::{
    body::Body,
    http::{header, request::Parts},
    response::Response,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{
    Api,
    error::{Error, Result},
    headers,
};
use crate::oci::RepositoryName;

/// How many repositories are listed when the client does not say; Distribution's default.
const CATALOG_DEFAULT: u32 = 100;
/// How many entries are listed at most; the rest follows by `Link`.
const PAGE_MAX: u32 = 10_000;

/// What a client asks for.
struct Page {
    limit: u32,
    last: String,
}

impl Page {
    fn of(request: &Parts, default: u32) -> Result<Self> {
        let limit = match headers::query(&request.uri, "n") {
            Some(n) => n.parse::<u32>().map_err(|_| Error::PaginationInvalid)?,
            None => default,
        };
        Ok(Self { limit: limit.min(PAGE_MAX), last: headers::query(&request.uri, "last").unwrap_or_default() })
    }

    /// How many to ask the engine for: one more than is shown tells whether there is a next page.
    const fn probe(&self) -> u32 {
        self.limit + 1
    }

    /// Writes a list's page. `n=0` is an empty list that leads nowhere (distribution-spec, end-8b).
    fn respond<T: Display>(
        &self,
        path: &str,
        mut entries: Vec<T>,
        body: impl FnOnce(Vec<String>) -> Value,
    ) -> Result<Response> {
        let shown = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = entries.len() > shown;
        entries.truncate(shown);
        let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
        let next = entries.last().filter(|_| more).map(|last| {
            let last = utf8_percent_encode(last, NON_ALPHANUMERIC);
            format!("<{path}?last={last}&n={}>; rel=\"next\"", self.limit)
        });
        let mut response = Response::new(Body::from(body(entries).to_string()));
        response.headers_mut().insert(header::CONTENT_TYPE, headers::JSON);
        if let Some(next) = next {
            response.headers_mut().insert(header::LINK, headers::value(&next)?);
        }
        Ok(response)
    }
}

pub(super) async fn catalog(api: &Api, request: &Parts) -> Result<Response> {
    let page = Page::of(request, CATALOG_DEFAULT)?;
    let names = api.registry.catalog(&page.last, page.probe()).await?;
    page.respond("/v2/_catalog", names, |names| json!({ "repositories": names }))
}

pub(super) async fn tags(api: &Api, name: &RepositoryName, request: &Parts) -> Result<Response> {
    // Clients that do not page (`docker pull --all-tags`) must get every tag that fits into one answer.
    let page = Page::of(request, PAGE_MAX)?;
    let tags = api.registry.tags(name, &page.last, page.probe()).await?;
    page.respond(&format!("/v2/{name}/tags/list"), tags, |tags| json!({ "name": name, "tags": tags }))
}
