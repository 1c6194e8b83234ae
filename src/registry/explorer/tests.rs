//! Manifests of every kind, pushed through the engine and looked at.

#![allow(clippy::unwrap_used)]

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use time::macros::datetime;

use super::*;
use crate::{
    audit::Actor,
    blob_store::{BlobStore, Hasher},
    clock::Clock,
    explorer::{AttachmentKind, Entry, Namespace, Relations, Statement},
    metadata::{Metadata, Stroke},
    oci::{
        Algorithm, Digest,
        media_type::{DOCKER_CONFIG, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST},
    },
};

struct Fixture {
    registry: Registry,
    name: RepositoryName,
    directory: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let metadata = Metadata::open(&directory.path().join("test.db")).await.unwrap();
        let store = BlobStore::open(directory.path()).unwrap();
        let registry = Registry::new(metadata, store, Clock::test(datetime!(2024-05-01 00:00 UTC)));
        Self { registry, name: RepositoryName::parse("team/app").unwrap(), directory }
    }

    async fn blob(&self, media_type: &str, content: &[u8]) -> Value {
        let digest = Hasher::digest(Algorithm::Sha256, content);
        let body = stream::iter([Ok(Bytes::copy_from_slice(content))]);
        self.registry.push_blob(&self.name, &digest, None, body).await.unwrap();
        json!({"mediaType": media_type, "digest": digest, "size": content.len()})
    }

    async fn push(&self, reference: &str, manifest: &Value) -> Digest {
        let media_type = manifest["mediaType"].as_str().unwrap();
        let content = serde_json::to_vec(manifest).unwrap();
        let reference = Reference::parse(reference).unwrap();
        self.registry
            .put_manifest(&self.name, &reference, &[], Some(media_type), content.into(), &Actor::default())
            .await
            .unwrap()
            .digest
    }

    async fn view(&self, reference: &str) -> ManifestView {
        self.registry.manifest_view(&self.name, &Reference::parse(reference).unwrap()).await.unwrap().unwrap()
    }

    async fn relations(&self, digest: &Digest) -> Relations {
        self.registry.relations(&self.name, digest, &Visible::All).await.unwrap()
    }

    async fn image(&self, tag: &str, config: &[u8], layers: &[&[u8]]) -> Digest {
        let config = self.blob(DOCKER_CONFIG, config).await;
        let mut described = Vec::new();
        for layer in layers {
            described.push(self.blob("application/vnd.docker.image.rootfs.diff.tar.gzip", layer).await);
        }
        let manifest = json!({"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": described});
        self.push(tag, &manifest).await
    }
}

const CONFIG: &[u8] = br#"{"architecture": "amd64", "os": "linux", "config": {"Cmd": ["/bin/sh"]},
    "history": [{"created_by": "COPY a /"}, {"created_by": "CMD", "empty_layer": true}, {"created_by": "COPY b /"}]}"#;

#[tokio::test]
async fn an_image_shows_its_config_and_the_step_behind_each_layer() {
    let fixture = Fixture::new().await;
    let digest = fixture.image("1.0", CONFIG, &[b"first", b"second layer"]).await;
    let view = fixture.view("1.0").await;
    assert_eq!((view.digest.clone(), view.artifact_type.clone()), (digest.clone(), None));
    assert_eq!(view.tags, [oci::Tag::parse("1.0").unwrap()]);
    assert_eq!(view.size_bytes, Some(view.manifest_bytes + CONFIG.len() as u64 + 5 + 12));
    let Body::Image { parsed: ConfigBlob::Image(config), layers, .. } = &view.body else { panic!("{view:?}") };
    assert_eq!(config.platform.as_ref().unwrap().to_string(), "linux/amd64");
    let layers: Vec<_> = layers.iter().map(|layer| (layer.size_bytes, layer.origin.as_deref())).collect();
    assert_eq!(layers, [(5, Some("COPY a /")), (12, Some("COPY b /"))]);
    assert_eq!(fixture.view(digest.as_str()).await, view);
}

#[tokio::test]
async fn an_index_shows_platforms_sizes_and_what_is_no_image() {
    let fixture = Fixture::new().await;
    let image = fixture.image("amd64", CONFIG, &[b"layer"]).await;
    let image_size = fixture.view("amd64").await.size_bytes;
    let config = fixture.blob("application/vnd.oci.image.config.v1+json", b"{}").await;
    let mut statement = fixture.blob("application/vnd.in-toto+json", b"statement").await;
    statement["annotations"] = json!({"in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2"});
    let attestation = json!({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": [statement]});
    let attestation = fixture.push("attestation", &attestation).await;
    let index = json!({
        "schemaVersion": 2, "mediaType": OCI_INDEX, "annotations": {"a": "<b>"},
        "manifests": [
            {"mediaType": DOCKER_MANIFEST, "digest": image, "size": 1,
             "platform": {"os": "linux", "architecture": "arm", "variant": "v7"}},
            {"mediaType": OCI_MANIFEST, "digest": attestation, "size": 1,
             "platform": {"os": "unknown", "architecture": "unknown"},
             "annotations": {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": image}},
        ]
    });
    fixture.push("latest", &index).await;
    let view = fixture.view("latest").await;
    assert_eq!(view.annotations, [("a".to_owned(), "<b>".to_owned())]);
    let Body::Index(children) = &view.body else { panic!("{view:?}") };
    assert_eq!((children[0].platform.as_deref(), children[0].size_bytes), (Some("linux/arm/v7"), image_size));
    assert_eq!(children.len(), 1, "an attestation is no platform");

    let related = fixture.relations(&view.digest).await;
    let [attestation] = related.attachments.as_slice() else { panic!("{related:?}") };
    assert_eq!(attestation.kind, AttachmentKind::Attestation);
    assert_eq!(attestation.platform.as_deref(), Some("linux/arm/v7"));
    assert_eq!(attestation.statements, [Statement::Provenance]);
    let related = fixture.relations(&image).await;
    assert_eq!(related.attachments.len(), 1, "the image's own page tells of it too");
    assert_eq!(related.attachments[0].platform, None);
}

#[tokio::test]
async fn what_is_said_of_an_image_is_found_whichever_way_it_was_attached() {
    let fixture = Fixture::new().await;
    let image = fixture.image("1.0", CONFIG, &[b"layer"]).await;
    let config = fixture.blob("application/vnd.oci.empty.v1+json", b"{}").await;
    let attach = |kind: &str, subject: bool, layers: Value| {
        let mut manifest = json!({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": layers});
        if subject {
            manifest["subject"] = json!({"mediaType": DOCKER_MANIFEST, "digest": image, "size": 1});
            manifest["artifactType"] = kind.into();
        }
        manifest
    };
    let sbom = attach("application/spdx+json", true, json!([]));
    let sbom_digest = Hasher::digest(Algorithm::Sha256, &serde_json::to_vec(&sbom).unwrap());
    fixture.push(sbom_digest.as_str(), &sbom).await;
    let signature = fixture.blob("application/vnd.dev.cosign.simplesigning.v1+json", b"signed").await;
    let tag = format!("sha256-{}.sig", image.hex());
    fixture.push(&tag, &attach("", false, json!([signature]))).await;
    let related = fixture.relations(&image).await;
    let found: Vec<_> =
        related.attachments.iter().map(|one| (one.kind, one.tag.as_ref().map(oci::Tag::as_str))).collect();
    assert_eq!(found, [(AttachmentKind::Signature, Some(tag.as_str())), (AttachmentKind::Sbom, None)]);
}

#[tokio::test]
async fn an_artifact_shows_its_type_and_its_files() {
    let fixture = Fixture::new().await;
    let config = fixture.blob("application/vnd.oci.empty.v1+json", b"{}").await;
    let mut layer = fixture.blob("application/x-tar", b"chart").await;
    layer["annotations"] = json!({"org.opencontainers.image.title": "chart.tgz"});
    let manifest = json!({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "artifactType": "application/vnd.chart",
        "config": config, "layers": [layer]});
    fixture.push("chart", &manifest).await;
    let view = fixture.view("chart").await;
    assert_eq!(view.artifact_type.as_deref(), Some("application/vnd.chart"));
    let Body::Image { parsed: ConfigBlob::Artifact, layers, .. } = &view.body else { panic!("{view:?}") };
    assert_eq!(layers[0].origin.as_deref(), Some("chart.tgz"));
    assert!(view.pretty.unwrap().starts_with("{\n  \"schemaVersion\": 2,\n"));
    assert_eq!(view.raw.as_bytes(), serde_json::to_vec(&manifest).unwrap());
}

#[tokio::test]
async fn a_schema_1_image_shows_what_stands_in_its_layers() {
    let fixture = Fixture::new().await;
    let recorded: Value = serde_json::from_str(include_str!("../../../tests/fixtures/schema1.json")).unwrap();
    let mut sizes = Vec::new();
    for layer in recorded["signed"]["layers"].as_object().unwrap().values() {
        let content = BASE64_STANDARD.decode(layer.as_str().unwrap()).unwrap();
        fixture.blob("any", &content).await;
        sizes.push(content.len() as u64);
    }
    let (tag, content) = (Reference::parse("old").unwrap(), recorded["signed"]["document"].as_str().unwrap());
    let content = Bytes::copy_from_slice(content.as_bytes());
    fixture.registry.put_manifest(&fixture.name, &tag, &[], None, content, &Actor::default()).await.unwrap();
    let view = fixture.view("old").await;
    assert_eq!(view.digest.as_str(), recorded["signed"]["payload_digest"]);
    assert_eq!(view.size_bytes, Some(view.manifest_bytes + sizes.iter().sum::<u64>()));
    assert!(!view.raw.contains("signatures"), "only what was signed is stored");
    let Body::Schema1 { config, layers } = &view.body else { panic!("{view:?}") };
    assert_eq!(config.platform.as_ref().unwrap().to_string(), "linux/amd64");
    assert_eq!(config.cmd, ["/bin/sh"]);
    assert_eq!(config.history.len(), 2);
    let layers: Vec<_> = layers.iter().map(|layer| (layer.size_bytes, layer.origin.as_deref())).collect();
    assert_eq!(layers, [(sizes[0], Some("# mkimage layer 0")), (sizes[1], None)]);
}

#[tokio::test]
async fn a_config_that_is_no_json_or_lost_from_the_disk_leaves_the_rest() {
    let fixture = Fixture::new().await;
    fixture.image("broken", b"not json", &[b"layer"]).await;
    let view = fixture.view("broken").await;
    let Body::Image { parsed: ConfigBlob::Unreadable, layers, config } = &view.body else { panic!("{view:?}") };
    assert_eq!(layers.len(), 1);

    let hex = config.digest.hex();
    let blob = format!("docker/registry/v2/blobs/sha256/{}/{hex}/data", &hex[..2]);
    std::fs::remove_file(fixture.directory.path().join(blob)).unwrap();
    let view = fixture.view("broken").await;
    assert!(matches!(view.body, Body::Image { parsed: ConfigBlob::Unreadable, .. }), "{view:?}");
}

#[tokio::test]
async fn what_is_not_there_is_none() {
    let fixture = Fixture::new().await;
    let reference = Reference::parse("latest").unwrap();
    assert_eq!(fixture.registry.manifest_view(&fixture.name, &reference).await.unwrap(), None);
}

#[tokio::test]
async fn platforms_come_with_the_push_and_those_of_an_index_from_its_images() {
    let fixture = Fixture::new().await;
    let image = fixture.image("amd64", CONFIG, &[b"layer"]).await;
    let index = json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [
        {"mediaType": DOCKER_MANIFEST, "digest": image, "size": 1},
        {"mediaType": DOCKER_MANIFEST, "digest": image, "size": 1,
         "platform": {"os": "linux", "architecture": "arm", "variant": "v7"}},
        {"mediaType": DOCKER_MANIFEST, "digest": image, "size": 1,
         "platform": {"os": "unknown", "architecture": "unknown"}},
    ]});
    fixture.push("latest", &index).await;
    let kept = fixture.registry.metadata().platforms(&fixture.name, &image).await.unwrap();
    assert_eq!(kept.as_deref(), Some("linux/amd64"));
    let list = fixture.registry.list_tags(&fixture.name, &ListQuery::default()).await.unwrap();
    let of = |tag: &str| list.rows.iter().find(|row| row.name.as_str() == tag).unwrap().platforms.clone().unwrap();
    assert_eq!(of("amd64"), ["linux/amd64"]);
    assert_eq!(of("latest"), ["linux/amd64", "linux/arm/v7"]);
}

#[tokio::test]
async fn platforms_of_what_was_taken_over_are_read_when_they_are_first_shown_and_kept() {
    let fixture = Fixture::new().await;
    let config = fixture.blob(DOCKER_CONFIG, CONFIG).await;
    let manifest = json!({"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": []});
    let content = serde_json::to_vec(&manifest).unwrap();
    let digest = Hasher::digest(Algorithm::Sha256, &content);
    let now = datetime!(2024-05-01 00:00 UTC);
    let metadata = fixture.registry.metadata();
    let mut tx = metadata.begin().await.unwrap();
    let id = tx.repository(&fixture.name, now).await.unwrap();
    let adopted = crate::metadata::AdoptedManifest {
        digest: digest.clone(),
        media_type: DOCKER_MANIFEST.to_owned(),
        artifact_type: None,
        subject: None,
        image_size: 1,
        references: Vec::new(),
        pushed_at: now,
        content,
    };
    tx.adopt_manifests(id, &[adopted]).await.unwrap();
    tx.put_tag(id, &oci::Tag::parse("1.0").unwrap(), &digest, &Stroke::new(now, "ann")).await.unwrap();
    tx.commit(crate::metadata::Durability::Relaxed).await.unwrap();
    assert_eq!(metadata.platforms(&fixture.name, &digest).await.unwrap(), None);
    let list = fixture.registry.list_tags(&fixture.name, &ListQuery::default()).await.unwrap();
    assert_eq!(list.rows[0].platforms.as_deref().unwrap(), ["linux/amd64"]);
    assert_eq!(metadata.platforms(&fixture.name, &digest).await.unwrap().as_deref(), Some("linux/amd64"));
}

#[tokio::test]
async fn labels_come_with_the_push_and_those_of_what_was_taken_over_are_read_in_the_background() {
    let fixture = Fixture::new().await;
    let config = br#"{"architecture": "amd64", "os": "linux", "config": {"Labels": {"vendor": "Acme"}}}"#;
    let found = async |search: &str| {
        let query = ListQuery { search: search.into(), ..ListQuery::default() };
        let entries = fixture.registry.search_repositories(&query, &Namespace::default(), &Visible::All).await.unwrap();
        let reasons = entries.list.rows.into_iter().flat_map(|entry| match entry {
            Entry::Repository(found) => found.found,
            Entry::Namespace(_) => None,
        });
        reasons.map(|found| found.text).collect::<Vec<_>>()
    };
    let image = fixture.image("1.0", config, &[b"layer"]).await;
    let index = json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "annotations": {"purpose": "billing"},
        "manifests": [{"mediaType": DOCKER_MANIFEST, "digest": image, "size": 1}]});
    fixture.push("latest", &index).await;
    assert_eq!(found("acme").await, ["vendor=Acme"]);
    assert_eq!(found("billing").await, ["purpose=billing"]);
    assert_eq!(fixture.registry.index_for_search().await.unwrap(), 0, "nothing is left to do");

    let config = fixture.blob(DOCKER_CONFIG, br#"{"os": "linux", "config": {"Labels": {"vendor": "Umbrella"}}}"#).await;
    let manifest = json!({"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": []});
    let missing = json!({"mediaType": DOCKER_CONFIG, "size": 2, "digest": format!("sha256:{}", "0".repeat(64))});
    let missing = json!({"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": missing, "layers": [],
        "annotations": {"origin": "elsewhere"}});
    let now = datetime!(2024-05-01 00:00 UTC);
    let mut tx = fixture.registry.metadata().begin().await.unwrap();
    let id = tx.repository(&fixture.name, now).await.unwrap();
    for content in [serde_json::to_vec(&manifest).unwrap(), serde_json::to_vec(&missing).unwrap(), b"no JSON".to_vec()]
    {
        let adopted = crate::metadata::AdoptedManifest {
            digest: Hasher::digest(Algorithm::Sha256, &content),
            media_type: DOCKER_MANIFEST.to_owned(),
            artifact_type: None,
            subject: None,
            image_size: 1,
            references: Vec::new(),
            pushed_at: now,
            content,
        };
        tx.adopt_manifests(id, &[adopted]).await.unwrap();
    }
    tx.commit(crate::metadata::Durability::Relaxed).await.unwrap();
    assert!(found("umbrella").await.is_empty());
    assert_eq!(fixture.registry.index_for_search().await.unwrap(), 3);
    assert_eq!(found("umbrella").await, ["vendor=Umbrella"]);
    assert_eq!(found("elsewhere").await, ["origin=elsewhere"], "also where the config is not there");
    assert_eq!(fixture.registry.index_for_search().await.unwrap(), 0);
    fixture.registry.purge_search().await.unwrap();
    assert_eq!(found("acme").await, ["vendor=Acme"]);
}

#[tokio::test]
async fn pulls_are_counted_in_memory_and_written_once() {
    let fixture = Fixture::new().await;
    let digest = fixture.image("1.0", CONFIG, &[b"layer"]).await;
    for reference in ["1.0", "1.0", digest.as_str(), "ghost"] {
        fixture.registry.note_pull(&fixture.name, &Reference::parse(reference).unwrap());
    }
    let pulls =
        async || fixture.registry.list_tags(&fixture.name, &ListQuery::default()).await.unwrap().rows[0].pull_count;
    assert_eq!(pulls().await, 0);
    assert_eq!(fixture.registry.write_pulls().await.unwrap(), 3);
    assert_eq!(pulls().await, 3);
    assert_eq!(fixture.registry.write_pulls().await.unwrap(), 0);
    assert_eq!(pulls().await, 3);
}
