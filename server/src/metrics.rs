//! What is counted of requests, and what is read when somebody asks, in the OpenMetrics text format.
//!
//! A request costs a few atomics: every label is known beforehand but the status, which is looked up.

use std::sync::{Arc, atomic::AtomicU64};

use app::certificate_end::CertificateEnd;
use axum::{
    http::{Method, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use humpback::registry::{self, Registry};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry as Catalogue, Unit},
};

mod collectors;
mod route;

use collectors::{Certificate, Notified};
pub use route::Route;

/// Upper bounds for the time that requests take, in seconds: a manifest takes one millisecond, a layer as long as it
/// takes.
const SECONDS: [f64; 12] = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 300.0];
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRoute {
    route: &'static str,
}

/// What is counted for one kind of path.
#[derive(Clone, Debug)]
struct RouteMetrics {
    received: Counter,
    sent: Counter,
    seconds: Histogram,
}

/// A handle on the metrics; cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    catalogue: Catalogue,
    requests: Family<Labels, Counter>,
    routes: Vec<RouteMetrics>,
    registry: Registry,
    gauges: Gauges,
}

/// What is read when somebody asks.
#[derive(Clone, Debug, Default)]
struct Gauges {
    blobs: Count,
    blob_bytes: Count,
    repositories: Count,
    manifests: Count,
    tags: Count,
    uploads: Count,
    mirror: Count,
}

type Count = Gauge<u64, AtomicU64>;

impl Metrics {
    /// Metrics of `registry`, whose database's commits take `commit_seconds`, and of the certificate, if TLS is spoken.
    pub fn new(registry: Registry, commit_seconds: Histogram, certificate: Option<CertificateEnd>) -> Self {
        let mut catalogue = Catalogue::with_prefix("humpback");
        let requests = Family::<Labels, Counter>::default();
        let received = Family::<ByRoute, Counter>::default();
        let sent = Family::<ByRoute, Counter>::default();
        let seconds = Family::<ByRoute, Histogram>::new_with_constructor(|| Histogram::new(SECONDS));
        let route = |route: &Route| {
            let labels = ByRoute { route: route.name() };
            RouteMetrics {
                received: received.get_or_create_owned(&labels),
                sent: sent.get_or_create_owned(&labels),
                seconds: seconds.get_or_create_owned(&labels),
            }
        };
        let routes = Route::ALL.iter().map(route).collect();
        let gauges = Gauges::default();
        catalogue.register("http_requests", "Requests that were answered", requests.clone());
        catalogue.register_with_unit("http_received", "Bytes of requests' bodies", Unit::Bytes, received);
        catalogue.register_with_unit("http_sent", "Bytes of answers' bodies", Unit::Bytes, sent);
        let help = "Time from a request's head to its answer's last byte";
        catalogue.register_with_unit("http_request_duration", help, Unit::Seconds, seconds);
        let help = "Time that commits of the database take, those that must last included";
        catalogue.register_with_unit("database_commit_duration", help, Unit::Seconds, commit_seconds);
        catalogue.register("storage_blobs", "Blobs, each once", gauges.blobs.clone());
        catalogue.register_with_unit("storage_blob", "Bytes of all blobs", Unit::Bytes, gauges.blob_bytes.clone());
        catalogue.register("repositories", "Repositories that hold a manifest", gauges.repositories.clone());
        catalogue.register("manifests", "Manifests in all repositories", gauges.manifests.clone());
        catalogue.register("tags", "Tags in all repositories", gauges.tags.clone());
        catalogue.register("uploads_in_progress", "Uploads that are being written now", gauges.uploads.clone());
        let help = "Changes that are still to be written to Distribution's tree";
        catalogue.register("mirror_pending", help, gauges.mirror.clone());
        catalogue.register_collector(Box::new(Notified(registry.clone())));
        if let Some(certificate) = certificate {
            catalogue.register_collector(Box::new(Certificate(certificate)));
        }
        let inner = Inner { catalogue, requests, routes, registry, gauges };
        Self { inner: Arc::new(inner) }
    }

    /// Counts a request whose answer has been sent.
    pub fn count(&self, exchange: &Exchange<'_>) {
        let Exchange { method, path, status, received, sent, seconds } = *exchange;
        let route = Route::of(path);
        self.inner.requests.get_or_create(&Labels { method: name(method), route: route.name(), status }).inc();
        if let Some(metrics) = self.inner.routes.get(route.index()) {
            metrics.received.inc_by(received);
            metrics.sent.inc_by(sent);
            metrics.seconds.observe(seconds);
        }
    }

    /// All of it, as text.
    ///
    /// # Errors
    /// The database is broken.
    pub async fn text(&self) -> registry::Result<String> {
        let Inner { registry, gauges, catalogue, .. } = &*self.inner;
        let totals = registry.recent_totals().await?;
        gauges.blobs.set(totals.blobs);
        gauges.blob_bytes.set(totals.blob_bytes);
        gauges.repositories.set(totals.repositories);
        gauges.manifests.set(totals.manifests);
        gauges.tags.set(totals.tags);
        gauges.uploads.set(registry.uploads_in_progress() as u64);
        gauges.mirror.set(registry.mirror_length().await?);
        let mut text = String::new();
        // Writing into memory does not fail.
        let _ = encode(&mut text, catalogue);
        Ok(text)
    }

    /// The answer to whoever asks for them.
    pub async fn respond(self) -> Response {
        match self.text().await {
            Ok(text) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
            Err(error) => {
                tracing::error!(%error, "The metrics could not be read");
                axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// A request that was answered.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// How it was asked.
    pub method: &'a Method,
    /// What it was about.
    pub path: &'a str,
    /// How it was answered.
    pub status: u16,
    /// Bytes of its body.
    pub received: u64,
    /// Bytes of the answer's body.
    pub sent: u64,
    /// How long it took.
    pub seconds: f64,
}

/// The methods that are told apart: whatever else a stranger invents is one.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use humpback::{blob_store::BlobStore, clock::Clock, metadata::Metadata};

    use super::*;

    #[tokio::test]
    async fn what_was_counted_is_told_by_the_names_of_the_readme() {
        let folder = tempfile::TempDir::new().unwrap();
        let metadata = Metadata::open(&folder.path().join("test.db")).await.unwrap();
        let store = BlobStore::open(folder.path()).unwrap();
        let commits = metadata.commit_seconds();
        let certificate = CertificateEnd::default();
        certificate.note(Some(time::macros::datetime!(2027-01-02 03:04:05 UTC)));
        let metrics = Metrics::new(Registry::new(metadata, store, Clock::system()), commits, Some(certificate.clone()));
        let exchange = Exchange {
            method: &Method::PUT,
            path: "/v2/team/app/manifests/v1",
            status: 201,
            received: 420,
            sent: 7,
            seconds: 0.004,
        };
        metrics.count(&exchange);
        metrics.count(&Exchange { method: &Method::from_bytes(b"BREW").unwrap(), status: 405, ..exchange });
        let text = metrics.text().await.unwrap();
        for line in [
            "humpback_http_requests_total{method=\"PUT\",route=\"manifest\",status=\"201\"} 1",
            "humpback_http_requests_total{method=\"other\",route=\"manifest\",status=\"405\"} 1",
            "humpback_http_received_bytes_total{route=\"manifest\"} 840",
            "humpback_http_sent_bytes_total{route=\"manifest\"} 14",
            "humpback_http_request_duration_seconds_bucket{le=\"0.005\",route=\"manifest\"} 2",
            "humpback_database_commit_duration_seconds_count",
            "humpback_storage_blob_bytes 0",
            "humpback_storage_blobs 0",
            "humpback_repositories 0",
            "humpback_manifests 0",
            "humpback_tags 0",
            "humpback_uploads_in_progress 0",
            "humpback_mirror_pending 0",
            "# TYPE humpback_notifications_pending gauge",
            "# TYPE humpback_notifications_delivered counter",
            "# TYPE humpback_notifications_dropped counter",
            "humpback_tls_certificate_end_timestamp_seconds 1798859045",
        ] {
            assert!(text.lines().any(|found| found.starts_with(line)), "{line} is not in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
        certificate.note(None);
        let text = metrics.text().await.unwrap();
        assert!(!text.contains("\nhumpback_tls_certificate_end_timestamp_seconds "), "{text}");
    }
}
