#![allow(clippy::unwrap_used)]

use std::{
    collections::VecDeque,
    sync::{Mutex as StdMutex, PoisonError},
};

use axum::{Router, extract::State, http::StatusCode, routing::post};
use serde_json::Value;
use tempfile::TempDir;
use time::macros::datetime;

use super::*;
use crate::{
    oci::{Digest, RepositoryName, Tag},
    settings::{Sources, load},
};

/// Takes events, or answers with the statuses that it was told, one a request.
#[derive(Clone, Default)]
struct Receiver {
    events: Arc<StdMutex<Vec<Value>>>,
    statuses: Arc<StdMutex<VecDeque<u16>>>,
}

impl Receiver {
    async fn start() -> (Self, String) {
        let receiver = Self::default();
        let router = Router::new().route("/events", post(Self::take)).with_state(receiver.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, url)
    }

    async fn take(State(receiver): State<Self>, headers: axum::http::HeaderMap, body: String) -> StatusCode {
        assert_eq!(headers["content-type"], "application/vnd.docker.distribution.events.v1+json");
        assert_eq!(headers["authorization"], "Bearer secret");
        let status = lock(&receiver.statuses).pop_front().unwrap_or(200);
        if status < 400 {
            let envelope: Value = serde_json::from_str(&body).unwrap();
            lock(&receiver.events).extend(envelope["events"].as_array().unwrap().clone());
        }
        StatusCode::from_u16(status).unwrap()
    }

    fn targets(&self, key: &str) -> Vec<String> {
        lock(&self.events).iter().map(|event| event["target"][key].as_str().unwrap_or_default().to_owned()).collect()
    }
}

fn lock<T>(mutex: &StdMutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Site {
    _folder: TempDir,
    metadata: Metadata,
    clock: Clock,
    receiver: Receiver,
    url: String,
}

impl Site {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let metadata = Metadata::open(&folder.path().join("test.db")).await.unwrap();
        let (receiver, url) = Receiver::start().await;
        let clock = Clock::test(datetime!(2026-01-02 03:04:05.123 UTC));
        Self { _folder: folder, metadata, clock, receiver, url }
    }

    /// A process that is told of the endpoint `a` with these further keys.
    async fn open(&self, keys: &str) -> Notifications {
        let yaml = format!(
            "version: 0.1\nstorage: {{filesystem: {{}}}}\nnotifications:\n  endpoints:\n    - name: a\n      \
             url: {}\n      headers: {{Authorization: [Bearer secret]}}\n{keys}",
            self.url
        );
        let sources = Sources { file: Some(("config.yml", &yaml)), ..Sources::default() };
        let settings = load(sources).map_err(|problems| problems.to_string()).unwrap().settings;
        let address = "here:5000".to_owned();
        Notifications::open(&settings.notifications, address, self.metadata.clone(), self.clock.clone()).await.unwrap()
    }

    async fn record(&self, notifications: &Notifications, happenings: &[Happening]) {
        let mut tx = self.metadata.begin().await.unwrap();
        let recorded = notifications.record(&mut tx, &cause(), happenings).await.unwrap();
        tx.commit(Durability::Synced).await.unwrap();
        recorded.committed();
    }
}

fn cause() -> Cause {
    let request = RequestRecord { id: "7".into(), method: "DELETE".into(), ..RequestRecord::default() };
    Cause { request, actor: Some("ann".into()), base_url: "http://r.test".into() }
}

fn name() -> RepositoryName {
    RepositoryName::parse("team/app").unwrap()
}

fn tag(tag: &str) -> Happening {
    Happening::TagDeleted(name(), Tag::parse(tag).unwrap())
}

fn pull() -> Happening {
    let digest = Digest::parse(&format!("sha256:{}", "ab".repeat(32))).unwrap();
    Happening::BlobPulled((name(), digest, 5))
}

#[tokio::test]
async fn an_event_is_what_distribution_sends() {
    let site = Site::new().await;
    let notifications = site.open("").await;
    site.record(&notifications, &[tag("v1")]).await;
    notifications.deliver_once("a").await.unwrap();
    let mut event = lock(&site.receiver.events).remove(0);
    for id in [event["id"].take(), event["source"]["instanceID"].take()] {
        Uuid::parse_str(id.as_str().unwrap()).unwrap();
    }
    let expected = serde_json::json!({
        "id": null,
        "timestamp": "2026-01-02T03:04:05.123Z",
        "action": "delete",
        "target": { "repository": "team/app", "tag": "v1" },
        "request": { "id": "7", "method": "DELETE", "useragent": "" },
        "actor": { "name": "ann" },
        "source": { "addr": "here:5000", "instanceID": null },
    });
    assert_eq!(event, expected);
}

#[tokio::test]
async fn events_arrive_in_order_however_often_one_is_refused() {
    let site = Site::new().await;
    let notifications = site.open("").await;
    site.record(&notifications, &["a", "b", "c"].map(tag)).await;
    lock(&site.receiver.statuses).extend([200, 500, 503]);
    for _ in 0..3 {
        assert!(!notifications.deliver_once("a").await.unwrap());
    }
    assert!(notifications.deliver_once("a").await.unwrap());
    assert_eq!(site.receiver.targets("tag"), ["a", "b", "c"]);
    let status = &notifications.status()[0];
    assert_eq!((status.record.delivered, status.record.pending, status.failures), (3, 0, 0));
    let (error, at) = status.record.last_error.clone().unwrap();
    assert_eq!((error.as_str(), at), ("answered with status 503 Service Unavailable", site.clock.now()));
}

#[tokio::test]
async fn what_waits_survives_a_restart() {
    let site = Site::new().await;
    site.record(&site.open("").await, &["a", "b"].map(tag)).await;
    let notifications = site.open("").await;
    assert_eq!(notifications.status()[0].record.pending, 2);
    notifications.deliver_once("a").await.unwrap();
    assert_eq!(site.receiver.targets("tag"), ["a", "b"]);
    assert_eq!(site.open("").await.status()[0].record.delivered, 2);
}

#[tokio::test]
async fn nothing_is_told_of_what_was_not_done() {
    let site = Site::new().await;
    let notifications = site.open("").await;
    let mut tx = site.metadata.begin().await.unwrap();
    let recorded = notifications.record(&mut tx, &cause(), &[tag("a")]).await.unwrap();
    drop((tx, recorded));
    assert!(notifications.deliver_once("a").await.unwrap());
    assert_eq!(notifications.status()[0].record.pending, 0);
}

#[tokio::test]
async fn what_an_endpoint_ignores_is_not_queued_for_it() {
    let site = Site::new().await;
    let keys = "      ignoredmediatypes: [application/octet-stream]\n      ignore: {actions: [delete]}\n";
    let notifications = site.open(keys).await;
    site.record(&notifications, &[tag("a"), pull()]).await;
    assert_eq!(notifications.status()[0].record.pending, 0);
}

#[tokio::test]
async fn pulls_are_written_behind_the_answer() {
    let site = Site::new().await;
    let notifications = site.open("").await;
    for _ in 0..3 {
        notifications.pulled(Arc::new(cause()), pull());
    }
    notifications.flush().await;
    notifications.deliver_once("a").await.unwrap();
    assert_eq!(lock(&site.receiver.events).iter().filter(|event| event["action"] == "pull").count(), 3);
}

#[tokio::test]
async fn more_pulls_than_can_be_written_are_counted_as_given_up() {
    let site = Site::new().await;
    let notifications = site.open("").await;
    for _ in 0..PULLS_QUEUED_MAX + 5 {
        notifications.pulled(Arc::new(cause()), pull());
    }
    notifications.flush().await;
    let record = notifications.status()[0].record.clone();
    assert_eq!((record.pending, record.dropped), (PULLS_QUEUED_MAX as u64, 5));
    assert_eq!(site.metadata.notification_endpoint("a").await.unwrap().dropped, 5);
}

#[tokio::test]
async fn an_endpoint_that_never_answers_keeps_a_bounded_queue() {
    let site = Site::new().await;
    let notifications = site.open("").await;
    let endpoint = Arc::clone(&notifications.inner.as_ref().unwrap().endpoints[0]);
    site.record(&notifications, &["a", "b"].map(tag)).await;
    // As if so many waited.
    for _ in 0..PENDING_MAX {
        endpoint.queued();
    }
    site.record(&notifications, &[tag("c"), pull()]).await;
    notifications.deliver_once("a").await.unwrap();
    assert_eq!(site.receiver.targets("tag"), ["c"], "the oldest make room, and pulls are not queued");
    assert_eq!(notifications.status()[0].record.dropped, 2);
}

#[tokio::test]
async fn without_an_endpoint_nothing_is_done_and_old_events_are_thrown_away() {
    let site = Site::new().await;
    site.record(&site.open("").await, &[tag("a")]).await;
    let none = settings::Notifications::default();
    let off = Notifications::open(&none, String::new(), site.metadata.clone(), site.clock.clone()).await.unwrap();
    assert!(!off.is_on() && off.status().is_empty());
    assert_eq!(site.metadata.next_notifications("a", 9).await.unwrap(), []);
    let disabled = site.open("      disabled: true\n").await;
    assert!(!disabled.is_on() && disabled.status()[0].disabled);
}
