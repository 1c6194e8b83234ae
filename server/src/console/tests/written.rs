//! Routes that are written by hand, beside the pages and server functions which list themselves: the sources are searched,
//! and each route must stand in a table here, with the test that asks it as everyone who may come.

use std::{collections::BTreeSet, fs, path::Path};

use super::*;

/// Where a route is written and how, and where it is asked as everyone.
const WRITTEN: &[(&str, &str, &str)] = &[
    ("app/src/api/proxy_check.rs", "\"/setup/proxy/{file}\"", "access.rs: FILES"),
    ("app/src/api/proxy_check.rs", "PROBE", "here"),
    ("app/src/api/proxy_check.rs", "&one", "here; access.rs: FILES"),
    ("app/src/api/home/ssr.rs", "FEED", "here"),
    ("app/src/api/visits.rs", "FEED", "here"),
    ("app/src/authority_file.rs", "AUTHORITY_PATH", "access.rs: FILES"),
    ("app/src/export.rs", "ACTIVITY", "access.rs: FILES"),
    ("app/src/setup_script.rs", "\"/setup/{file}\"", "access.rs: FILES"),
    ("src/token_endpoint.rs", "TOKEN_PATH", "tests/distribution/rules.rs, credentials.rs"),
    ("src/v1.rs", "\"/v1/_ping\"", "tests/distribution: it tells nothing"),
    ("src/v1.rs", "\"/v1/search\"", "tests/distribution/rules.rs"),
    ("src/v2.rs", "\"/v2\"", "tests/distribution/rules.rs, credentials.rs"),
    ("src/v2.rs", "\"/v2/\"", "tests/distribution/rules.rs, credentials.rs"),
    ("src/v2.rs", "\"/v2/{*path}\"", "tests/distribution/rules.rs, credentials.rs"),
    // For those who watch the process; they tell nothing of what is in the registry.
    ("server/src/debug.rs", "\"/debug/health\"", "server/tests/binary/watching.rs"),
    ("server/src/debug.rs", "path", "server/tests/binary/watching.rs"),
    ("server/src/health.rs", "\"/healthz\"", "server/tests/binary/logs.rs"),
    ("server/src/health.rs", "\"/readyz\"", "server/tests/binary/logs.rs"),
];

/// What stands in `.route(…,` below a folder, but in its tests.
fn written(root: &Path, folder: &str, found: &mut BTreeSet<(String, String)>) {
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let name = format!("{folder}/{}", entry.unwrap().file_name().into_string().unwrap());
        if root.join(&name).is_dir() {
            written(root, &name, found);
        } else if name.ends_with(".rs") && !name.contains("tests") {
            let text = fs::read_to_string(root.join(&name)).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            for rest in text.split(".route(").skip(1) {
                let argument = rest.split(',').next().unwrap_or_default().trim().to_owned();
                found.insert((name.clone(), argument));
            }
            for other in [".route_service(", ".nest_service("] {
                assert!(!text.contains(other), "{name}: {other} is no way that this test knows");
            }
        }
    }
}

#[test]
fn every_route_that_is_written_by_hand_stands_in_a_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = BTreeSet::new();
    for folder in ["src", "app/src", "server/src"] {
        written(root, folder, &mut found);
    }
    let known: BTreeSet<_> =
        WRITTEN.iter().map(|(file, argument, _)| ((*file).to_owned(), (*argument).to_owned())).collect();
    assert_eq!(found, known, "a route without a row");
}

#[tokio::test]
async fn the_feeds_are_open_to_anyone_and_the_probe_to_administrators() {
    let world = World::new().await;
    let stop = tokio_util::sync::CancellationToken::new();
    let visits = humpback::visits::Visits::new(world.console.clock.clone(), stop);
    for caller in Caller::ALL {
        let cookie = world.cookie(caller).await;
        let ask = |request: axum::http::request::Builder| {
            let request = request.header(header::HOST, HOST).header(header::ORIGIN, format!("http://{HOST}"));
            let mut request = request.header(header::COOKIE, &cookie).body(Body::empty()).unwrap();
            request.extensions_mut().insert(visits.clone());
            world.router.clone().oneshot(request)
        };
        for feed in [app::api::visits::FEED, app::api::home::FEED] {
            // Its body has no end.
            let answer = ask(Request::get(feed)).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{feed} {caller:?}");
        }
        // What an administrator's tells takes its time: see server/tests/binary/proxy_check.rs.
        if caller != Caller::Administrator {
            for path in [app::api::proxy_check::PROBE, "/api/probe/1"] {
                let refused = ask(Request::post(path)).await.unwrap();
                assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path} {caller:?}");
            }
        }
    }
}
