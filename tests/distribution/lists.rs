//! The catalog and the tags, in pages.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{Reply, TestRegistry};

/// The path of the next page, as a client follows it.
fn next(reply: &Reply) -> Option<String> {
    let link = reply.header("link");
    if link.is_empty() {
        return None;
    }
    let (path, rest) = link.strip_prefix('<').unwrap().split_once('>').unwrap();
    assert_eq!(rest, "; rel=\"next\"");
    Some(path.to_owned())
}

/// Follows a list to its end; the pages.
async fn pages(registry: &TestRegistry, path: &str, key: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut path = Some(path.to_owned());
    while let Some(at) = path {
        let reply = registry.get(&at).await;
        assert_eq!(reply.status, StatusCode::OK, "{at}");
        pages.push(serde_json::from_value(reply.json()[key].clone()).unwrap());
        path = next(&reply);
    }
    pages
}

#[tokio::test]
async fn an_empty_registry_prints_what_the_guide_promises() {
    let registry = TestRegistry::open().await;
    let reply = registry.get("/v2/_catalog").await;
    assert_eq!(reply.body, r#"{"repositories":[]}"#);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(registry.get("/v2/").await.body, "{}");
}

#[tokio::test]
async fn the_catalog_has_every_repository_once_and_names_that_begin_alike() {
    let registry = TestRegistry::open().await;
    let names = ["a", "a-b", "a/b", "a/b/c", "ab", "b"];
    for name in names {
        registry.push_image(name, "latest", b"layer").await;
    }
    // A repository into which only a blob came is not one that can be pulled from.
    registry.push_blob("blobs-only", b"blob").await;
    assert_eq!(registry.get("/v2/_catalog").await.json(), json!({ "repositories": names }));
    assert_eq!(
        pages(&registry, "/v2/_catalog?n=2", "repositories").await,
        [["a", "a-b"], ["a/b", "a/b/c"], ["ab", "b"]]
    );
    assert_eq!(pages(&registry, "/v2/_catalog?n=4", "repositories").await.len(), 2);
    assert_eq!(pages(&registry, "/v2/_catalog?n=6", "repositories").await.len(), 1);
    assert_eq!(pages(&registry, "/v2/_catalog?n=0", "repositories").await, [Vec::<String>::new()]);
    assert_eq!(pages(&registry, "/v2/_catalog?n=100&last=b", "repositories").await, [Vec::<String>::new()]);
}

#[tokio::test]
async fn tags_come_in_byte_order_and_in_pages() {
    let registry = TestRegistry::open().await;
    for tag in ["v10", "v1", "v2", "V3", "v1.0"] {
        registry.push_image("a", tag, b"layer").await;
    }
    let all = json!({ "name": "a", "tags": ["V3", "v1", "v1.0", "v10", "v2"] });
    assert_eq!(registry.get("/v2/a/tags/list").await.json(), all);
    assert_eq!(
        pages(&registry, "/v2/a/tags/list?n=2", "tags").await,
        [vec!["V3", "v1"], vec!["v1.0", "v10"], vec!["v2"]]
    );
    let none = registry.get("/v2/a/tags/list?n=0").await;
    assert_eq!((none.json(), next(&none)), (json!({ "name": "a", "tags": [] }), None));
    let beyond = registry.get("/v2/a/tags/list?last=zzz&n=5").await;
    assert_eq!(
        (beyond.status, beyond.json(), next(&beyond)),
        (StatusCode::OK, json!({ "name": "a", "tags": [] }), None)
    );
    // Exactly as many as there are: nothing follows.
    assert_eq!(pages(&registry, "/v2/a/tags/list?n=5", "tags").await.len(), 1);
    let after = registry.get("/v2/a/tags/list?last=v1.5").await;
    assert_eq!(after.json()["tags"], json!(["v10", "v2"]));
}

#[tokio::test]
async fn tag_list_of_a_repository_without_tags_is_an_empty_array() {
    let registry = TestRegistry::open().await;
    registry.push_image("a", "only", b"layer").await;
    registry.delete("/v2/a/manifests/only").await;
    assert_eq!(registry.get("/v2/a/tags/list").await.json(), json!({ "name": "a", "tags": [] }));
    registry.get("/v2/nowhere/tags/list").await.assert_refused(StatusCode::NOT_FOUND, "NAME_UNKNOWN");
}

#[tokio::test]
async fn a_number_that_is_none_is_refused() {
    let registry = TestRegistry::open().await;
    for n in ["-1", "x", "1.5", "99999999999"] {
        let reply = registry.get(&format!("/v2/_catalog?n={n}")).await;
        reply.assert_refused(StatusCode::BAD_REQUEST, "PAGINATION_NUMBER_INVALID");
    }
}

#[tokio::test]
async fn docker_search_finds_repositories_by_a_part_of_their_name() {
    let registry = TestRegistry::open().await;
    for name in ["team/web", "team/api", "web"] {
        registry.push_image(name, "latest", b"layer").await;
    }
    registry.push_image("web", "v2", b"layer").await;
    let reply = registry.get("/v1/search?q=WEB&n=25").await;
    assert_eq!(reply.status, StatusCode::OK);
    let found = reply.json();
    assert_eq!((&found["query"], &found["num_results"]), (&json!("WEB"), &json!(2)));
    let expected = [("team/web", "1 tag"), ("web", "2 tags")].map(|(name, description)| {
        json!({ "name": name, "description": description, "star_count": 0, "is_official": false, "is_automated": false })
    });
    assert_eq!(found["results"], json!(expected));
    assert_eq!(registry.get("/v1/search?q=nothing").await.json()["results"], json!([]));
    assert_eq!(registry.get("/v1/search?q=team&n=1").await.json()["results"][0]["name"], "team/api");
}

#[tokio::test]
async fn the_first_protocol_says_that_it_is_not_spoken() {
    let registry = TestRegistry::open().await;
    let reply = registry.get("/v1/_ping").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.header("x-docker-registry-standalone"), "true");
}
