//! URLs that lead back the way the client came: directly, through a proxy, or as an administrator has fixed it.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, StatusCode},
};
use humpback::{
    proxy::{OverTls, TrustedProxies},
    v2::{self, UrlOptions},
    wire::{ExternalUrl, PathPrefix},
};

use crate::support::{CONFIG, MANIFEST, Reply, TestRegistry, descriptor, digest, image};

type Headers = &'static [(&'static str, &'static str)];

/// A way to reach the registry, and what stands in front of `/v2/` in what it hands out.
struct Way {
    options: UrlOptions,
    /// In front of `/v2/` in the requests that reach the registry.
    asked_at: &'static str,
    peer: &'static str,
    headers: Headers,
    /// In front of `/v2/` in each `Location`.
    location: &'static str,
    /// In front of `/v2/` in each `Link`.
    link: &'static str,
}

impl Way {
    fn direct(location: &'static str) -> Self {
        let options = UrlOptions::default();
        Self { options, asked_at: "", peer: "203.0.113.9", headers: &[], location, link: "" }
    }

    fn through_proxy(headers: Headers, location: &'static str) -> Self {
        Self { peer: "172.17.0.1", headers, ..Self::direct(location) }
    }

    async fn open(&self) -> TestRegistry {
        let urls = self.options.clone();
        TestRegistry::with(v2::Settings { anonymous_delete: true, urls, ..v2::Settings::default() }).await
    }

    /// Asks below `/v2/`.
    async fn ask(&self, registry: &TestRegistry, method: Method, path: &str, body: &str) -> Reply {
        let path = format!("{}/v2/{path}", self.asked_at);
        let mut request = Request::builder().method(method).uri(path).header("host", "registry.test:5000");
        request = request.header("content-type", MANIFEST);
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.peer.parse().unwrap(), 40000)));
        request.extensions_mut().insert(TrustedProxies::default());
        registry.send(request).await
    }

    /// What follows `/v2/` in a `Location`, which must begin as this way demands.
    fn location(&self, reply: &Reply) -> String {
        let location = reply.header("location");
        let begin = format!("{}/v2/", self.location);
        location.strip_prefix(&begin).unwrap_or_else(|| panic!("{location} should begin with {begin}")).to_owned()
    }

    /// Pushes, mounts, appends out of order and lists, and looks at every URL in the answers.
    async fn check(&self) {
        let registry = self.open().await;
        let blob = digest(b"{}");
        // Upload in three requests.
        let started = self.ask(&registry, Method::POST, "a/blobs/uploads/", "").await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "{started:?}");
        let upload = self.location(&started);
        let appended = self.ask(&registry, Method::PATCH, &upload, "{").await;
        assert_eq!((appended.status, self.location(&appended)), (StatusCode::ACCEPTED, upload.clone()));
        let status = self.ask(&registry, Method::GET, &upload, "").await;
        assert_eq!((status.status, self.location(&status)), (StatusCode::NO_CONTENT, upload.clone()));
        let ended = self.ask(&registry, Method::PUT, &format!("{upload}?digest={blob}"), "}").await;
        assert_eq!((ended.status, self.location(&ended)), (StatusCode::CREATED, format!("a/blobs/{blob}")));
        // In one request, and none at all.
        let single = self.ask(&registry, Method::POST, &format!("b/blobs/uploads/?digest={blob}"), "{}").await;
        assert_eq!((single.status, self.location(&single)), (StatusCode::CREATED, format!("b/blobs/{blob}")));
        let mounted = self.ask(&registry, Method::POST, &format!("c/blobs/uploads/?mount={blob}&from=a"), "").await;
        assert_eq!((mounted.status, self.location(&mounted)), (StatusCode::CREATED, format!("c/blobs/{blob}")));
        // Manifests, and lists of which there is more.
        for number in 0..2 {
            let manifest = serde_json::json!({
                "schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, b"{}"), "layers": [],
                "subject": descriptor(MANIFEST, b"subject"), "annotations": { "number": number.to_string() },
            });
            let manifest = manifest.to_string();
            let put = self.ask(&registry, Method::PUT, &format!("a/manifests/v{number}"), &manifest).await;
            let expected = format!("a/manifests/{}", digest(manifest.as_bytes()));
            assert_eq!((put.status, self.location(&put)), (StatusCode::CREATED, expected));
            self.ask(&registry, Method::PUT, "b/manifests/v1", &image(b"{}", &[])).await;
        }
        for list in ["_catalog", "a/tags/list", &format!("a/referrers/{}", digest(b"subject"))] {
            let reply = self.ask(&registry, Method::GET, &format!("{list}?n=1"), "").await;
            let (link, begin) = (reply.header("link"), format!("<{}/v2/{list}?last=", self.link));
            assert!(link.starts_with(&begin), "{link} should begin with {begin}");
        }
    }
}

const NGINX: Headers = &[("x-forwarded-proto", "https"), ("x-forwarded-host", "hub.example")];

fn external(url: &str) -> UrlOptions {
    UrlOptions { external: Some(ExternalUrl::parse(url).unwrap()), ..UrlOptions::default() }
}

fn prefix() -> UrlOptions {
    UrlOptions { prefix: PathPrefix::parse("/registry/").unwrap(), ..UrlOptions::default() }
}

#[tokio::test]
async fn without_a_proxy_the_host_that_was_asked() {
    Way::direct("http://registry.test:5000").check().await;
}

#[tokio::test]
async fn a_proxy_nearby_says_what_the_client_used() {
    for (headers, location) in [
        (NGINX, "https://hub.example"),
        (&[("x-forwarded-proto", "https")] as Headers, "https://registry.test:5000"),
        (&[("x-forwarded-host", "hub.example"), ("x-forwarded-port", "8080")], "http://hub.example:8080"),
        (
            &[("forwarded", r#"for=10.0.0.9; HOST="hub.example:8443";proto=https, for=b;host=c"#)],
            "https://hub.example:8443",
        ),
        (&[("x-forwarded-host", "evil/path"), ("x-forwarded-proto", "javascript")], "http://registry.test:5000"),
    ] {
        Way::through_proxy(headers, location).check().await;
    }
}

#[tokio::test]
async fn a_path_that_a_proxy_takes_away_is_put_back() {
    let headers: Headers = &[("x-forwarded-prefix", "/registry"), ("x-forwarded-proto", "https")];
    Way { link: "/registry", ..Way::through_proxy(headers, "https://registry.test:5000/registry") }.check().await;
}

#[tokio::test]
async fn a_stranger_is_not_believed() {
    Way { headers: NGINX, ..Way::direct("http://registry.test:5000") }.check().await;
}

#[tokio::test]
async fn a_fixed_url_counts_more_than_any_header() {
    let options = external("https://fixed.example:8443");
    Way { options, ..Way::through_proxy(NGINX, "https://fixed.example:8443") }.check().await;
    let options = UrlOptions { relative: true, ..external("https://fixed.example/registry/") };
    let way = Way { options, link: "/registry", ..Way::through_proxy(NGINX, "https://fixed.example/registry") };
    way.check().await;
}

#[tokio::test]
async fn below_a_prefix_urls_stay_below_it() {
    let at_prefix = |way| Way { options: prefix(), asked_at: "/registry", link: "/registry", ..way };
    at_prefix(Way::direct("http://registry.test:5000/registry")).check().await;
    at_prefix(Way::through_proxy(NGINX, "https://hub.example/registry")).check().await;
    // At the root it answers still, and leads back to the root.
    Way { options: prefix(), ..Way::direct("http://registry.test:5000") }.check().await;
    // The fixed URL's path is the whole of what the client has to write.
    let options = UrlOptions { external: external("https://hub.example").external, ..prefix() };
    Way { options, asked_at: "/registry", ..Way::through_proxy(NGINX, "https://hub.example") }.check().await;
}

#[tokio::test]
async fn relative_urls_are_paths() {
    let relative = UrlOptions { relative: true, ..UrlOptions::default() };
    Way { options: relative, ..Way::through_proxy(NGINX, "") }.check().await;
    let options = UrlOptions { relative: true, ..prefix() };
    Way { options, asked_at: "/registry", link: "/registry", ..Way::direct("/registry") }.check().await;
}

#[tokio::test]
async fn tls_of_our_own_shows_in_the_url() {
    let registry = TestRegistry::open().await;
    let mut request = Request::post("/v2/a/blobs/uploads/").header("host", "hub.example").body(Body::empty()).unwrap();
    request.extensions_mut().insert(OverTls);
    let location = registry.send(request).await.header("location").to_owned();
    assert!(location.starts_with("https://hub.example/v2/a/blobs/uploads/"), "{location}");
}

#[tokio::test]
async fn a_request_without_a_usable_host_gets_a_path() {
    let registry = TestRegistry::open().await;
    for host in [None, Some("evil/path"), Some("user@hub.example")] {
        let mut request = Request::post("/v2/a/blobs/uploads/");
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let reply = registry.send(request.body(Body::empty()).unwrap()).await;
        assert!(reply.header("location").starts_with("/v2/a/blobs/uploads/"), "{host:?} {reply:?}");
    }
}

#[tokio::test]
async fn a_chunk_out_of_order_is_told_the_way_of_the_client() {
    let way =
        Way::through_proxy(&[("x-forwarded-host", "hub.example"), ("content-range", "7-8")], "http://hub.example");
    let registry = way.open().await;
    let upload = registry.start_upload("a").await;
    let reply = way.ask(&registry, Method::PATCH, upload.strip_prefix("/v2/").unwrap(), "xy").await;
    reply.assert_refused(StatusCode::RANGE_NOT_SATISFIABLE, "RANGE_INVALID");
    assert_eq!(format!("/v2/{}", way.location(&reply)), upload);
}
