//! The console's files, embedded in the binary: scripts, style, icons.
//!
//! cargo-leptos puts them into `target/site` together with compressed copies. A development build reads them from
//! there while it runs.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

/// Files whose name changes with their content: never asked for again.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// The others: asked for anew each time, and mostly answered with 304.
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, no-cache");

/// Where files lie whose names hold the hash of their content.
const PACKAGE: &str = "pkg/";

/// The compressed copies, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Answers with the file at `path` (no leading slash), or `None` if there is none.
pub fn respond(method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
    // The compressed copies are not pages of their own.
    if ENCODINGS.iter().any(|(_, suffix)| path.ends_with(suffix)) {
        return None;
    }
    let plain = Site::get(path)?;
    if method != Method::GET && method != Method::HEAD {
        return Some((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response());
    }
    let (encoding, file) = choose(path, plain, headers);

    let etag = etag(&file);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let unchanged = known.is_some_and(|known| known.split(',').any(|one| one.trim() == etag || one.trim() == "*"));

    let mut response = Response::new(Body::empty());
    let answer = response.headers_mut();
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::CACHE_CONTROL, if is_hashed(path) { IMMUTABLE } else { REVALIDATED });
    if let Ok(etag) = HeaderValue::try_from(etag) {
        answer.insert(header::ETAG, etag);
    }
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Some(response);
    }
    let media_type = mime_guess::from_path(path).first_or_octet_stream();
    let media_type = match (media_type.type_(), media_type.subtype()) {
        (mime_guess::mime::TEXT, _) => format!("{media_type}; charset=utf-8"),
        _ => media_type.to_string(),
    };
    if let Ok(media_type) = HeaderValue::try_from(media_type) {
        answer.insert(header::CONTENT_TYPE, media_type);
    }
    answer.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(encoding) = encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    // axum drops the body of an answer to HEAD and keeps its length.
    *response.body_mut() = Body::from(Bytes::from_owner(file.data));
    Some(response)
}

/// The smallest form of the file that the client understands.
fn choose(path: &str, plain: EmbeddedFile, headers: &HeaderMap) -> (Option<&'static str>, EmbeddedFile) {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
    for (encoding, suffix) in ENCODINGS {
        if accepts(accepted, encoding)
            && let Some(file) = Site::get(&format!("{path}{suffix}"))
        {
            return (Some(encoding), file);
        }
    }
    (None, plain)
}

/// Whether `Accept-Encoding` names the encoding, and not with weight nought (RFC 9110, section 12.5.3).
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let refused = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0);
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

fn etag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// Whether the name holds a hash, as in `pkg/humpback.Dfe0iqRzl1eYHd-n7WzYeA.js`.
fn is_hashed(path: &str) -> bool {
    let Some(name) = path.strip_prefix(PACKAGE) else { return false };
    let mut parts = name.split('.');
    let (_, hash, _, end) = (parts.next(), parts.next(), parts.next(), parts.next());
    end.is_none() && hash.is_some_and(|hash| hash.len() == 22)
}

/// What the files are called that a page loads first. A development build without the console has none of them;
/// its pages work as they do without scripts.
pub fn names() -> app::Assets {
    app::Assets { js: find(".js"), wasm: find(".wasm"), css: find(".css"), parts: parts() }
}

/// What the WebAssembly was cut into, as cargo-leptos has written it down.
fn parts() -> Option<app::Parts> {
    let named = |start: &str, end: &str| package(|name| name.starts_with(start) && name.ends_with(end));
    let manifest = Site::get(&format!("{PACKAGE}{}", named("__wasm_split_manifest.", ".json")?))?;
    let files = serde_json::from_slice(&manifest.data).ok()?;
    let folder = format!("/{}", PACKAGE.trim_end_matches('/'));
    Some(app::Parts { folder, files, loader: named("__wasm_split.", ".js")? })
}

/// The address of the package's file that ends so.
fn find(extension: &str) -> String {
    let found = package(|name| name.starts_with("humpback") && name.ends_with(extension));
    format!("/{PACKAGE}{}", found.unwrap_or_else(|| format!("humpback{extension}")))
}

/// The name of the package's file that is asked for.
///
/// A release has all of them in one text. The embedded names lie each beside its file's content: going through them
/// brings a page of memory for every file.
fn package(wanted: impl Fn(&str) -> bool) -> Option<String> {
    match option_env!("CONSOLE_PACKAGE") {
        Some(names) => names.split('/').find(|name| wanted(name)).map(str::to_owned),
        None => Site::iter().find_map(|path| path.strip_prefix(PACKAGE).filter(|name| wanted(name)).map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_nought_refuses() {
        assert!(accepts("gzip, deflate, br;q=0.5", "br"));
        assert!(accepts("GZIP", "gzip"));
        assert!(!accepts("gzip;q=0, br", "gzip"));
        assert!(!accepts("", "br"));
        assert!(!accepts("brotli", "br"));
    }

    #[test]
    fn only_a_hashed_name_lasts_for_ever() {
        assert!(is_hashed("pkg/humpback.Dfe0iqRzl1eYHd-n7WzYeA.js"));
        assert!(!is_hashed("pkg/humpback.js"));
        assert!(!is_hashed("favicon.Dfe0iqRzl1eYHd-n7WzYeA.svg"));
    }

    #[test]
    fn a_file_that_is_not_there_is_nobodys() {
        assert!(respond(&Method::GET, "no/such/file.js", &HeaderMap::new()).is_none());
        assert!(respond(&Method::GET, "../Cargo.toml", &HeaderMap::new()).is_none());
    }
}
