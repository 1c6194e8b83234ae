//! What is taken away through `/v2/` stands in the audit log, with who, from where and what was there before.

use axum::http::{Method, StatusCode, header};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use humpback::{
    account::{Role, UserName},
    audit::{Actor, AuditEntry},
    v2,
};
use serde_json::json;

use crate::support::{TestRegistry, digest};

const PASSWORD: &str = "correct horse";

/// What was deleted, the newest first.
async fn deletions(registry: &TestRegistry) -> Vec<AuditEntry> {
    let mut entries = registry.metadata.audit(100).await.unwrap();
    entries.retain(|entry| entry.action.ends_with(".deleted"));
    entries
}

#[tokio::test]
async fn tags_manifests_and_blobs_are_noted_when_they_go() {
    let settings = v2::Settings { anonymous_delete: true, ..v2::Settings::default() };
    let registry = TestRegistry::with(settings).await;
    let manifest = registry.push_image("team/app", "1.0", b"layer").await;
    let manifest = digest(manifest.as_bytes());
    registry.push_image("team/app", "latest", b"layer").await;
    let blob = digest(b"layer");

    for path in ["manifests/1.0".to_owned(), format!("manifests/{manifest}"), format!("blobs/{blob}")] {
        assert_eq!(registry.delete(&format!("/v2/team/app/{path}")).await.status, StatusCode::ACCEPTED, "{path}");
    }
    // What was not there leaves no trace.
    assert_eq!(registry.delete("/v2/team/app/manifests/1.0").await.status, StatusCode::NOT_FOUND);
    assert_eq!(registry.delete("/v2/ghost/manifests/1.0").await.status, StatusCode::NOT_FOUND);

    let told: Vec<_> = deletions(&registry)
        .await
        .into_iter()
        .map(|entry| (entry.action, entry.actor, entry.subject.unwrap(), entry.detail))
        .collect();
    let nobody = String::new;
    assert_eq!(
        told,
        [
            ("blob.deleted".to_owned(), nobody(), format!("team/app@{blob}"), json!({})),
            (
                "manifest.deleted".to_owned(),
                nobody(),
                format!("team/app@{manifest}"),
                json!({ "tags": ["latest"], "tag_count": 1 })
            ),
            ("tag.deleted".to_owned(), nobody(), "team/app:1.0".to_owned(), json!({ "digest": manifest })),
        ]
    );
}

#[tokio::test]
async fn a_member_deletes_nothing_and_an_administrator_by_name() {
    let registry = TestRegistry::with(v2::Settings::default()).await;
    registry.push_image("a", "v1", b"layer").await;
    let admin = UserName::parse("admin").unwrap();
    registry.auth.ensure_administrator(&admin, PASSWORD.into()).await.unwrap();
    let ann = UserName::parse("ann").unwrap();
    registry.auth.create_user(&Actor::default(), &ann, Role::Member, PASSWORD.into()).await.unwrap();
    let delete = async |user: &str| {
        let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{PASSWORD}")));
        registry.call(Method::DELETE, "/v2/a/manifests/v1", &[(header::AUTHORIZATION.as_str(), &basic)], "").await
    };
    delete("ann").await.assert_refused(StatusCode::FORBIDDEN, "DENIED");
    assert_eq!(deletions(&registry).await, []);
    registry.auth.set_enabled(&Actor::default(), &ann, false).await.unwrap();
    delete("ann").await.assert_refused(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");

    assert_eq!(delete("admin").await.status, StatusCode::ACCEPTED);
    let deleted = deletions(&registry).await;
    assert_eq!((deleted.len(), deleted[0].actor.as_str()), (1, "admin"));
}
