//! What a path below `/v2` names.
#![no_main]

use humpback::wire::Path;
use libfuzzer_sys::fuzz_target;

/// The path that names the same, without any encoding.
fn written(path: &Path) -> String {
    match path {
        Path::Version => "/v2/".to_owned(),
        Path::Catalog => "/v2/_catalog".to_owned(),
        Path::Tags(name) => format!("/v2/{name}/tags/list"),
        Path::Referrers(name, digest) => format!("/v2/{name}/referrers/{digest}"),
        Path::Manifest(name, reference) => format!("/v2/{name}/manifests/{reference}"),
        Path::Blob(name, digest) => format!("/v2/{name}/blobs/{digest}"),
        Path::Uploads(name) => format!("/v2/{name}/blobs/uploads/"),
        // The only part that is not checked yet: it is looked up, never used as a name of a file.
        Path::Upload(name, id) => format!("/v2/{name}/blobs/uploads/{}", id.replace('%', "%25")),
    }
}

fuzz_target!(|text: &str| {
    let Ok(path) = Path::parse(text) else { return };
    if let Some(name) = path.repository() {
        assert!(fuzz::is_repository_name(name.as_str()));
        fuzz::assert_stays_below(name.as_str());
    }
    match &path {
        Path::Manifest(_, reference) => fuzz::assert_stays_below(reference.as_str()),
        Path::Upload(_, id) => assert!(!id.contains('/')),
        _ => {}
    }
    assert_eq!(Path::parse(&written(&path)), Ok(path));
});
