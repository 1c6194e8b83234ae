//! A folder that Distribution has filled: served as it is, from the first request on, and followed when Distribution
//! has written to it again.

use std::{collections::BTreeSet, fs, os::unix::fs::symlink};

use axum::http::StatusCode;
use humpback::{
    blob_store::Hasher,
    jobs::{AdoptionJob, MirrorJob},
    oci::Algorithm,
    registry::AdoptionProgress,
};
use serde_json::{Value, json};
use time::{OffsetDateTime, macros::datetime};

use crate::{
    support::{INDEX, LAYER, MANIFEST, Reply, TestRegistry, blob_file, descriptor, digest, image, index},
    tree::{IMAGE_CONFIG, Tree, folders, layer_link, place, revision_link, tag_link},
};

const DOCKER: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
const AT: OffsetDateTime = datetime!(2021-06-07 08:09:10 UTC);

/// Every manifest type, so that nothing is converted.
const ACCEPT_ALL: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
     application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, \
     application/vnd.docker.distribution.manifest.v1+prettyjws";

async fn manifest(registry: &TestRegistry, repository: &str, reference: &str) -> Reply {
    let path = format!("/v2/{repository}/manifests/{reference}");
    registry.call(axum::http::Method::GET, &path, &[("accept", ACCEPT_ALL)], axum::body::Body::empty()).await
}

#[track_caller]
fn assert_manifest(reply: &Reply, media_type: &str, content: &str) {
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    assert_eq!(reply.header("content-type"), media_type);
    assert_eq!(reply.header("docker-content-digest"), digest(content.as_bytes()));
    assert_eq!(reply.body, content.as_bytes());
}

async fn names(registry: &TestRegistry, path: &str, key: &str) -> Vec<String> {
    let reply = registry.get(path).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    reply.json()[key].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// Reads the whole tree; what was found wrong, as `kind path`.
async fn read_all(registry: &TestRegistry) -> BTreeSet<String> {
    let summary = AdoptionJob::new(registry.registry.clone()).run_once().await.unwrap();
    assert_eq!(summary.failed, 0);
    assert_eq!(summary.count, summary.problems.len());
    assert_eq!(registry.registry.adoption_progress(), None);
    summary.problems.iter().map(|problem| format!("{} {}", problem.kind.as_str(), problem.path)).collect()
}

#[tokio::test]
async fn the_first_request_is_answered_before_the_tree_is_read() {
    let tree = Tree::new();
    let pushed = tree.image("team/app", "1.0", b"a layer", AT);
    let registry = TestRegistry::adopting(tree.root).await;

    let reply = manifest(&registry, "team/app", "1.0").await;
    assert_manifest(&reply, MANIFEST, &pushed);
    assert_manifest(&manifest(&registry, "team/app", &digest(pushed.as_bytes())).await, MANIFEST, &pushed);
    for content in [IMAGE_CONFIG, b"a layer"] {
        let blob = registry.get(&format!("/v2/team/app/blobs/{}", digest(content))).await;
        assert_eq!((blob.status, &blob.body[..]), (StatusCode::OK, content));
    }
    assert_eq!(names(&registry, "/v2/team/app/tags/list", "tags").await, ["1.0"]);
    let summary = registry.registry.repository_summary(&"team/app".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((summary.tag_count, summary.manifest_count), (1, 1));
    assert_eq!(summary.pushed_at, Some(AT));
    let bytes = pushed.len() + IMAGE_CONFIG.len() + b"a layer".len();
    assert_eq!(summary.size_bytes, bytes as u64);
    // Nothing was copied, moved or added.
    assert_eq!(registry.files().iter().filter(|file| file.ends_with("/data")).count(), 3);
    assert_eq!(registry.files().iter().filter(|file| !file.starts_with("docker/registry/v2/")).count(), 0);
    assert_eq!(registry.registry.adoption_progress(), Some(AdoptionProgress::default()), "the walk has not begun");
}

#[tokio::test]
async fn each_kind_of_manifest_keeps_its_type_and_its_bytes() {
    let tree = Tree::new();
    tree.blob("kinds", IMAGE_CONFIG);
    tree.blob("kinds", b"layer");
    let oci = image(IMAGE_CONFIG, &[b"layer"]);
    let mut bare: Value = serde_json::from_str(&oci).unwrap();
    bare.as_object_mut().unwrap().remove("mediaType");
    let mut docker: Value = serde_json::from_str(&oci).unwrap();
    docker["mediaType"] = DOCKER.into();
    let mut bare_index: Value = serde_json::from_str(&index(&[&oci])).unwrap();
    bare_index.as_object_mut().unwrap().remove("mediaType");
    let list =
        json!({ "schemaVersion": 2, "mediaType": DOCKER_LIST, "manifests": [descriptor(MANIFEST, oci.as_bytes())] });
    let nested = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [descriptor(INDEX, bare_index.to_string().as_bytes())] });
    // Digests that nobody computes any more: Distribution never looked at them.
    let odd = json!({ "schemaVersion": 2, "mediaType": DOCKER, "layers": [],
        "config": { "mediaType": "application/octet-stream", "size": 1, "digest": "md5:00" } });
    let artifact = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": "application/example",
        "config": descriptor("application/vnd.oci.empty.v1+json", IMAGE_CONFIG),
        "layers": [descriptor(LAYER, b"layer")], "subject": descriptor(MANIFEST, oci.as_bytes()) });
    let cases = [
        ("oci", oci.clone(), MANIFEST),
        ("bare", bare.to_string(), MANIFEST),
        ("docker", docker.to_string(), DOCKER),
        // Written as it came, spaces and all.
        ("spaces", serde_json::to_string_pretty(&docker).unwrap(), DOCKER),
        ("index", index(&[&oci]), INDEX),
        ("bare-index", bare_index.to_string(), INDEX),
        ("list", list.to_string(), DOCKER_LIST),
        ("nested", nested.to_string(), INDEX),
        ("odd", odd.to_string(), DOCKER),
        ("artifact", artifact.to_string(), MANIFEST),
    ];
    for (tag, content, _) in &cases {
        let digest = tree.manifest("kinds", content, AT);
        tree.tag("kinds", tag, &digest, AT);
    }
    let registry = TestRegistry::adopting(tree.root).await;
    for (tag, content, media_type) in &cases {
        assert_manifest(&manifest(&registry, "kinds", tag).await, media_type, content);
        assert_manifest(&manifest(&registry, "kinds", &digest(content.as_bytes())).await, media_type, content);
    }
    let referrers = registry.get(&format!("/v2/kinds/referrers/{}", digest(oci.as_bytes()))).await.json();
    assert_eq!(referrers["manifests"][0]["digest"], digest(artifact.to_string().as_bytes()));
    assert_eq!(referrers["manifests"][0]["artifactType"], "application/example");
    let view = |tag: &str| {
        let registry = registry.registry.clone();
        let reference = humpback::oci::Reference::parse(tag).unwrap();
        async move { registry.manifest_view(&"kinds".parse().unwrap(), &reference).await.unwrap().unwrap() }
    };
    // The size of an index is that of all below it, also where an index lies between.
    let image_size = view("oci").await.size_bytes;
    let inner = view("bare-index").await;
    assert_eq!(inner.size_bytes, image_size.map(|size| bare_index.to_string().len() as u64 + size));
    assert_eq!(view("nested").await.size_bytes, inner.size_bytes.map(|size| nested.to_string().len() as u64 + size));
    assert_eq!(inner.pushed_at, Some(AT));
    assert_eq!(read_all(&registry).await, BTreeSet::new());
}

#[tokio::test]
async fn older_trees_are_understood() {
    let tree = Tree::new();
    tree.blob("old", IMAGE_CONFIG);
    tree.blob("old", b"layer");
    let pushed = image(IMAGE_CONFIG, &[b"layer"]);
    // Distribution 2.1.0 linked manifests among the layers.
    let misplaced = tree.blob("old", pushed.as_bytes());
    tree.tag("old", "misplaced", &misplaced, AT);
    // What was pushed as sha512 is kept by its sha256.
    let content = b"named by sha512";
    let alias = Hasher::digest(Algorithm::Sha512, content).to_string();
    let stored = tree.blob("old", content);
    tree.write(&layer_link("old", &alias), &stored);
    // Up to 2.4 signatures were kept, up to 2.2 digests of tars.
    let signed = tree.manifest("old", &image(IMAGE_CONFIG, &[]), AT);
    let signatures =
        format!("old/_manifests/revisions/{}/signatures/sha256/{}/link", folders(&signed), "ab".repeat(32));
    tree.write(&signatures, "sha256:00");
    tree.write("old/_layers/tarsum/v1/sha256/abcd/link", &stored);
    // Uploads in progress are Distribution's.
    let upload = tree.write("old/_uploads/0b4bcbd5-6b8e-4b0f-8c4b-6ef2e5a0f4d1/data", "half");

    let registry = TestRegistry::adopting(tree.root).await;
    assert_manifest(&manifest(&registry, "old", "misplaced").await, MANIFEST, &pushed);
    let blob = registry.get(&format!("/v2/old/blobs/{alias}")).await;
    assert_eq!((blob.status, &blob.body[..]), (StatusCode::OK, &content[..]));
    assert_eq!(blob.header("docker-content-digest"), alias);
    let problems = read_all(&registry).await;
    let root = "docker/registry/v2/repositories/old";
    let expected = [
        format!("legacy {root}/_layers/tarsum"),
        format!("legacy {root}/_manifests/revisions/{}/signatures", folders(&signed)),
    ];
    assert_eq!(problems, expected.into());
    assert_eq!(fs::read(upload).unwrap(), b"half");

    // What is not in its place is not taken for deleted at the next start.
    let registry = TestRegistry::adopting(registry.stop().await).await;
    assert_manifest(&manifest(&registry, "old", "misplaced").await, MANIFEST, &pushed);
}

#[tokio::test]
async fn what_is_broken_is_told_left_alone_and_keeps_nothing_else_from_being_served() {
    let tree = Tree::new();
    let good = tree.image("team/app", "good", b"layer", AT);
    let good_digest = digest(good.as_bytes());
    // Links that a crash has cut off, in each place.
    let (empty, cut, zeros) = (tree.data(b"empty"), tree.data(b"cut"), tree.data(b"zeros"));
    tree.write(&layer_link("team/app", &empty), "");
    tree.write(&layer_link("team/app", &cut), &cut[..40]);
    tree.write(&layer_link("team/app", &zeros), &"\0".repeat(71));
    let other = tree.data(image(IMAGE_CONFIG, &[]).as_bytes());
    tree.write(&revision_link("team/app", &other), "");
    tree.write(&tag_link("team/app", "cut"), &good_digest[..20]);
    tree.write(&tag_link("team/app", "empty"), "");
    fs::create_dir_all(tree.place("team/app/_manifests/tags/nowhere")).unwrap();
    // Links to what is not there, or is something else.
    let missing = digest(b"never stored");
    tree.write(&layer_link("team/app", &missing), &missing);
    tree.write(&revision_link("team/app", &missing), &missing);
    tree.tag("team/app", "dangling", &missing, AT);
    let changed = digest(b"a manifest that was");
    let path = tree.root.path().join(blob_file(&changed));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "something else").unwrap();
    tree.write(&revision_link("team/app", &changed), &changed);
    let unknown = tree.manifest("team/app", r#"{"schemaVersion":7}"#, AT);
    // Half a layer, which the manifest gives away.
    let half = image(IMAGE_CONFIG, &[b"a whole layer"]);
    tree.blob("team/half", IMAGE_CONFIG);
    let half_layer = tree.blob("team/half", b"a whole layer");
    fs::write(tree.root.path().join(blob_file(&half_layer)), b"a who").unwrap();
    tree.manifest("team/half", &half, AT);
    // Names that are none, and things that nobody knows.
    tree.write("team/app/_manifests/tags/.hidden/current/link", &good_digest);
    fs::create_dir_all(tree.place("Team/App/_layers")).unwrap();
    tree.write("team/notes.txt", "do not delete");
    tree.write("team/_trash/file", "");
    tree.write("team/app/_layers/md5/abc/link", "");
    tree.write("team/app/_layers/sha256/short/link", "");
    symlink("..", tree.place("team/up")).unwrap();
    symlink("nowhere", tree.place("team/lost")).unwrap();

    let registry = TestRegistry::adopting(tree.root).await;
    let before = registry.files();
    let problems = read_all(&registry).await;
    assert_manifest(&manifest(&registry, "team/app", "good").await, MANIFEST, &good);
    assert_eq!(names(&registry, "/v2/team/app/tags/list", "tags").await, ["good"]);
    for digest in [&empty, &cut, &zeros, &missing] {
        assert_eq!(registry.head(&format!("/v2/team/app/blobs/{digest}")).await.status, StatusCode::NOT_FOUND);
    }
    for reference in [&missing, &changed, &unknown, &other, "dangling", "cut", "empty", "nowhere"] {
        let reply = manifest(&registry, "team/app", reference).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{reference}");
    }
    // A client that asks is told to push the half layer again, and its push mends it.
    assert_eq!(registry.head(&format!("/v2/team/half/blobs/{half_layer}")).await.status, StatusCode::NOT_FOUND);
    registry.push_blob("team/half", b"a whole layer").await;
    let mended = registry.get(&format!("/v2/team/half/blobs/{half_layer}")).await;
    assert_eq!((mended.status, &mended.body[..]), (StatusCode::OK, &b"a whole layer"[..]));

    let root = "docker/registry/v2/repositories";
    let app = format!("{root}/team/app");
    let expected = [
        format!("damaged_link {root}/{}", layer_link("team/app", &empty)),
        format!("damaged_link {root}/{}", layer_link("team/app", &cut)),
        format!("damaged_link {root}/{}", layer_link("team/app", &zeros)),
        format!("damaged_link {root}/{}", revision_link("team/app", &other)),
        format!("damaged_link {root}/{}", tag_link("team/app", "cut")),
        format!("damaged_link {root}/{}", tag_link("team/app", "empty")),
        format!("dangling_tag {app}/_manifests/tags/nowhere"),
        format!("missing_content {root}/{}", layer_link("team/app", &missing)),
        format!("missing_content {root}/{}", revision_link("team/app", &missing)),
        format!("dangling_tag {root}/{}", tag_link("team/app", "dangling")),
        format!("corrupt_content {root}/{}", revision_link("team/app", &changed)),
        format!("unknown_manifest {root}/{}", revision_link("team/app", &unknown)),
        format!("corrupt_content {root}/{}", layer_link("team/half", &half_layer)),
        format!("invalid_name {app}/_manifests/tags/.hidden"),
        format!("invalid_name {root}/Team"),
        format!("foreign {root}/team/notes.txt"),
        format!("foreign {root}/team/_trash"),
        format!("foreign {app}/_layers/md5"),
        format!("foreign {app}/_layers/sha256/short"),
        format!("foreign {root}/team/up"),
        format!("unreadable {root}/team/lost"),
    ];
    let expected: BTreeSet<String> = expected.into();
    let (wrong, lacking): (Vec<_>, Vec<_>) =
        problems.symmetric_difference(&expected).partition(|problem| problems.contains(*problem));
    assert!(wrong.is_empty() && lacking.is_empty(), "wrong: {wrong:#?}, lacking: {lacking:#?}");
    // For programs the same list lies in a file, and that is all that was added.
    let list = "humpback/tree-problems.jsonl";
    let listed: BTreeSet<String> = fs::read_to_string(registry.root.path().join(list))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| format!("{} {}", line["kind"].as_str().unwrap(), line["path"].as_str().unwrap()))
        .collect();
    assert_eq!(listed, problems);
    let mut after = registry.files();
    after.retain(|file| file != list);
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_tree_behind_symbolic_links_is_served() {
    let tree = Tree::new();
    let pushed = tree.image("team/app", "1.0", b"layer", AT);
    let elsewhere = tempfile::tempdir().unwrap();
    fs::rename(tree.place("team"), elsewhere.path().join("team")).unwrap();
    symlink(elsewhere.path().join("team"), tree.place("team")).unwrap();
    let registry = TestRegistry::adopting(tree.root).await;
    assert_eq!(read_all(&registry).await, BTreeSet::new());
    assert_eq!(names(&registry, "/v2/_catalog", "repositories").await, ["team/app"]);
    assert_manifest(&manifest(&registry, "team/app", "1.0").await, MANIFEST, &pushed);
}

#[tokio::test]
async fn the_catalog_is_whole_while_the_tree_is_being_read() {
    let tree = Tree::new();
    let all = ["a", "a/b", "b", "c/d", "e"];
    for name in all {
        tree.image(name, "1", name.as_bytes(), AT);
    }
    // Of these nothing was ever pushed to its end.
    tree.blob("layers-only", b"layer");
    tree.write("upload-only/_uploads/x/data", "");
    let registry = TestRegistry::adopting(tree.root).await;
    manifest(&registry, "b", "1").await;

    let (_, first) = tokio::join!(read_all(&registry), names(&registry, "/v2/_catalog", "repositories"));
    assert_eq!(first, all);
    assert_eq!(names(&registry, "/v2/_catalog", "repositories").await, all);
    assert_eq!(names(&registry, "/v2/_catalog?n=2&last=a", "repositories").await, ["a/b", "b"]);
}

#[tokio::test]
async fn who_asks_for_the_same_waits_for_one_reading() {
    let tree = Tree::new();
    let pushed: Vec<String> = (0..30).map(|n: u8| tree.image("busy", &format!("t{n}"), &[n; 100], AT)).collect();
    let registry = TestRegistry::adopting(tree.root).await;
    let asked = (0..30).map(|n| {
        let registry = &registry;
        async move { manifest(registry, "busy", &format!("t{n}")).await }
    });
    let work =
        async { (futures_util::future::join_all(asked).await, registry.push_image("busy", "new", b"new").await) };
    let (_, (replies, new)) = tokio::join!(read_all(&registry), work);
    for (reply, content) in replies.iter().zip(&pushed) {
        assert_manifest(reply, MANIFEST, content);
    }
    assert_manifest(&manifest(&registry, "busy", "new").await, MANIFEST, &new);
    let tags = names(&registry, "/v2/busy/tags/list?n=100", "tags").await;
    assert_eq!(tags.len(), 31);
}

#[tokio::test]
async fn what_distribution_did_in_between_holds() {
    let tree = Tree::new();
    let first = tree.image("app", "1", b"first", AT);
    tree.image("app", "2", b"second", AT);
    tree.image("gone", "1", b"gone", AT);
    let registry = TestRegistry::adopting(tree.root).await;
    read_all(&registry).await;
    registry.push_image("app", "3", b"third").await;
    registry.push_image("app", "4", b"fourth").await;
    MirrorJob::new(registry.registry.clone()).run_once().await.unwrap();
    let root = registry.stop().await;

    // Distribution pushes, moves, untags, deletes; its garbage collection takes bytes and leaves links.
    let tree = Tree { root };
    let fifth = tree.image("app", "5", b"fifth", AT);
    tree.tag("app", "1", &digest(fifth.as_bytes()), AT);
    fs::remove_dir_all(tree.place("app/_manifests/tags/2")).unwrap();
    let fourth = image(IMAGE_CONFIG, &[b"fourth"]);
    fs::remove_dir_all(tree.place("app/_manifests/tags/4")).unwrap();
    fs::remove_file(tree.place(&revision_link("app", &digest(fourth.as_bytes())))).unwrap();
    fs::remove_file(tree.place(&layer_link("app", &digest(b"second")))).unwrap();
    fs::remove_file(tree.root.path().join(blob_file(&digest(b"fourth")))).unwrap();
    fs::remove_dir_all(tree.place("gone")).unwrap();
    tree.image("new", "1", b"new", AT);

    for walk in [false, true] {
        let copy = tempfile::tempdir().unwrap();
        let copied =
            std::process::Command::new("cp").arg("-a").arg(tree.root.path().join(".")).arg(copy.path()).status();
        assert!(copied.unwrap().success());
        let registry = TestRegistry::adopting(copy).await;
        if walk {
            read_all(&registry).await;
        }
        assert_eq!(names(&registry, "/v2/app/tags/list", "tags").await, ["1", "3", "5"]);
        assert_manifest(&manifest(&registry, "app", "1").await, MANIFEST, &fifth);
        assert_manifest(&manifest(&registry, "app", &digest(first.as_bytes())).await, MANIFEST, &first);
        for reference in ["2", "4", &digest(fourth.as_bytes())] {
            assert_eq!(manifest(&registry, "app", reference).await.status, StatusCode::NOT_FOUND, "{reference}");
        }
        for (content, status) in [
            (&b"first"[..], StatusCode::OK),
            (b"second", StatusCode::NOT_FOUND),
            (b"third", StatusCode::OK),
            (b"fourth", StatusCode::NOT_FOUND),
            (b"fifth", StatusCode::OK),
        ] {
            let reply = registry.get(&format!("/v2/app/blobs/{}", digest(content))).await;
            assert_eq!(reply.status, status, "{}", String::from_utf8_lossy(content));
        }
        assert_eq!(manifest(&registry, "gone", "1").await.status, StatusCode::NOT_FOUND);
        assert_eq!(manifest(&registry, "new", "1").await.status, StatusCode::OK);
        if walk {
            assert_eq!(names(&registry, "/v2/_catalog", "repositories").await, ["app", "new"]);
            let summary = registry.registry.repository_summary(&"app".parse().unwrap()).await.unwrap().unwrap();
            assert_eq!((summary.tag_count, summary.manifest_count), (3, 4));
        }
    }
}

#[tokio::test]
async fn what_was_acknowledged_and_not_mirrored_yet_is_not_lost() {
    let tree = Tree::new();
    tree.image("app", "1", b"first", AT);
    tree.image("app", "2", b"second", AT);
    let registry = TestRegistry::adopting(tree.root).await;
    read_all(&registry).await;
    let moved = registry.push_image("app", "1", b"moved").await;
    let new = registry.push_image("app", "new", b"new").await;
    assert_eq!(registry.delete("/v2/app/manifests/2").await.status, StatusCode::ACCEPTED);
    // It ends before the mirror has run.
    let registry = TestRegistry::adopting(registry.stop().await).await;
    read_all(&registry).await;
    assert_eq!(names(&registry, "/v2/app/tags/list", "tags").await, ["1", "new"]);
    assert_manifest(&manifest(&registry, "app", "1").await, MANIFEST, &moved);
    assert_manifest(&manifest(&registry, "app", "new").await, MANIFEST, &new);
    assert_eq!(registry.registry.mirror_length().await.unwrap(), 0);
    let link = fs::read_to_string(place(registry.root.path(), &tag_link("app", "1"))).unwrap();
    assert_eq!(link, digest(moved.as_bytes()));
    assert!(!place(registry.root.path(), "app/_manifests/tags/2").exists());
}

#[tokio::test]
async fn what_a_crash_of_distribution_has_cut_off_is_mended() {
    let tree = Tree::new();
    let pushed = tree.image("app", "1", b"layer", AT);
    let registry = TestRegistry::adopting(tree.root).await;
    read_all(&registry).await;
    let tree = Tree { root: registry.stop().await };
    let manifest_digest = digest(pushed.as_bytes());
    let links = [
        (layer_link("app", &digest(b"layer")), digest(b"layer")),
        (revision_link("app", &manifest_digest), manifest_digest.clone()),
        (tag_link("app", "1"), manifest_digest.clone()),
    ];
    for (link, _) in &links {
        tree.write(link, "");
    }
    fs::remove_file(tree.root.path().join(blob_file(&manifest_digest))).unwrap();
    let registry = TestRegistry::adopting(tree.root).await;
    assert_manifest(&manifest(&registry, "app", "1").await, MANIFEST, &pushed);
    MirrorJob::new(registry.registry.clone()).run_once().await.unwrap();
    for (link, digest) in &links {
        assert_eq!(fs::read_to_string(place(registry.root.path(), link)).unwrap(), *digest);
    }
    assert_eq!(fs::read(registry.root.path().join(blob_file(&manifest_digest))).unwrap(), pushed.as_bytes());
    let registry = TestRegistry::adopting(registry.stop().await).await;
    assert_eq!(read_all(&registry).await, BTreeSet::new(), "nothing is left to mend");
}

#[tokio::test]
async fn a_tree_that_is_lost_is_written_again() {
    let registry = TestRegistry::adopting(Tree::new().root).await;
    let pushed = registry.push_image("app", "1", b"layer").await;
    MirrorJob::new(registry.registry.clone()).run_once().await.unwrap();
    let files = registry.files();
    let root = registry.stop().await;
    fs::remove_dir_all(place(root.path(), "")).unwrap();
    let registry = TestRegistry::adopting(root).await;
    read_all(&registry).await;
    assert_manifest(&manifest(&registry, "app", "1").await, MANIFEST, &pushed);
    MirrorJob::new(registry.registry.clone()).run_once().await.unwrap();
    assert_eq!(registry.files(), files);
}

#[tokio::test]
async fn names_that_nobody_has_are_not_found_and_cost_nothing() {
    let registry = TestRegistry::adopting(Tree::new().root).await;
    assert_eq!(registry.get("/v2/nobody/tags/list").await.status, StatusCode::NOT_FOUND);
    assert_eq!(manifest(&registry, "nobody", "latest").await.status, StatusCode::NOT_FOUND);
    registry.push_image("somebody", "latest", b"layer").await;
    assert_eq!(read_all(&registry).await, BTreeSet::new());
    assert_eq!(names(&registry, "/v2/_catalog", "repositories").await, ["somebody"]);
}

#[tokio::test]
async fn a_blob_of_another_registry_is_compared_with_its_digest_when_it_is_first_read() {
    let tree = Tree::new();
    let right = tree.blob("app", &[7; 700_000]);
    let wrong = tree.blob("app", &[8; 700_000]);
    let mut bytes = vec![8; 700_000];
    bytes[699_999] = 9;
    fs::write(tree.root.path().join(blob_file(&wrong)), bytes).unwrap();
    let registry = TestRegistry::adopting(tree.root).await;
    let read = async |digest: &str| -> Result<usize, std::io::Error> {
        let digest = humpback::oci::Digest::parse(digest).unwrap();
        let blob = registry.registry.blob(&"app".parse().unwrap(), &digest).await.unwrap().unwrap();
        let size = blob.size();
        let parts: Vec<_> = futures_util::TryStreamExt::try_collect(blob.stream(0..size)).await?;
        Ok(parts.iter().map(axum::body::Bytes::len).sum())
    };
    for _ in 0..2 {
        assert_eq!(read(&right).await.unwrap(), 700_000);
    }
    assert_eq!(read(&wrong).await.unwrap_err().kind(), std::io::ErrorKind::InvalidData);
    // A client that asks is told to push it, and that mends it.
    assert_eq!(registry.head(&format!("/v2/app/blobs/{wrong}")).await.status, StatusCode::NOT_FOUND);
    registry.push_blob("app", &[8; 700_000]).await;
    assert_eq!(read(&wrong).await.unwrap(), 700_000);
}
