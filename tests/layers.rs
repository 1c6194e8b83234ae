//! The layers, as the architecture draws them: each rule is read off the sources, so that a shortcut fails a test
//! and not only a review. That the pure half needs nothing of the server's is for the compiler to say: see
//! `make check`.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;

#[path = "layers/rule.rs"]
mod rule;
#[path = "layers/source.rs"]
mod source;

use rule::Forbidden::{self, Module, Sql, Tokens};
use source::{Source, sources};

/// Fails with every place below `modules`, except below `but`, that says what is forbidden.
fn forbid(modules: &[&str], but: &[&str], forbidden: &[Forbidden]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    let mut found = Vec::new();
    for source in modules.iter().flat_map(|module| sources(root, module)) {
        let path = source.path.with_extension("");
        if but.iter().any(|exempt| path.starts_with(exempt)) {
            continue;
        }
        seen += 1;
        found.extend(forbidden.iter().flat_map(|rule| rule.found_in(&source)));
    }
    assert!(seen > 0, "no file is left in {modules:?}: the rule guards nothing");
    assert!(found.is_empty(), "the layers are broken:\n{}", found.join("\n"));
}

#[test]
fn the_engine_knows_nothing_of_http() {
    forbid(&["src/registry"], &[], &[Tokens(&["axum"]), Tokens(&["http"]), Tokens(&["hyper"]), Module("v2")]);
}

#[test]
fn the_api_knows_neither_sql_nor_files() {
    let files = [Tokens(&["PathBuf"]), Tokens(&["std", ":", ":", "path"]), Module("fs"), Module("blob_store")];
    forbid(&["src/v2"], &[], &files);
    forbid(&["src/v2"], &[], &[Tokens(&["sqlx"]), Module("metadata"), Sql]);
}

#[test]
fn blobs_and_names_are_stored_without_knowing_each_other() {
    forbid(&["src/blob_store"], &[], &[Module("metadata"), Tokens(&["sqlx"]), Tokens(&["Metadata"])]);
    forbid(&["src/metadata"], &[], &[Module("blob_store"), Tokens(&["BlobStore"])]);
}

#[test]
fn the_stores_know_nothing_of_what_is_above_them() {
    for store in ["src/blob_store", "src/metadata"] {
        let above = ["registry", "v2", "auth", "config_store", "notifications", "health"].map(Module);
        forbid(&[store], &[], &above);
        forbid(&[store], &[], &[Tokens(&["axum"])]);
    }
}

#[test]
fn sql_stands_below_metadata_only() {
    forbid(&["src", "app/src", "frontend/src", "server/src"], &["src/metadata"], &[Tokens(&["sqlx"]), Sql]);
}

#[test]
fn the_time_comes_from_the_clock_only() {
    let elsewhere = [["now_utc"].as_slice(), &["now_local"], &["SystemTime"], &["Instant"]].map(Tokens);
    forbid(&["src"], &["src/clock"], &elsewhere);
}

#[test]
fn the_library_reads_no_environment() {
    forbid(&["src", "app/src"], &[], &[Module("env"), Tokens(&["std", ":", ":", "env"])]);
}

#[test]
fn the_pure_half_calls_nothing_of_the_servers() {
    let pure = [
        "src/account",
        "src/audit",
        "src/client",
        "src/config",
        "src/explorer",
        "src/oci",
        "src/setup_guide",
        "src/proxy_check",
        "src/troubleshooting",
        "src/wire",
    ];
    forbid(
        &pure,
        &[],
        &["metadata", "blob_store", "registry", "clock", "auth", "config_store", "proxy", "v2", "visits"].map(Module),
    );
}

/// What the scanner finds in a text.
fn found(rule: &Forbidden, text: &str) -> usize {
    rule.found_in(&Source::parse(Path::new("example.rs"), text)).len()
}

#[test]
fn the_scanner_finds_each_way_of_naming_a_module() {
    for text in [
        "use crate::metadata::Metadata;",
        "use crate::metadata;",
        "use crate::{clock::Clock, metadata};",
        "use crate::{clock::Clock, metadata::{Metadata, Transaction}};",
        "use super::metadata;",
        "fn f() { metadata::open(); }",
        "fn f(m: &crate::metadata::Metadata) {}",
        "mod inner { pub mod deep { fn f() { crate::metadata::open() } } }",
    ] {
        assert_eq!(found(&Module("metadata"), text), 1, "{text}");
    }
}

#[test]
fn the_scanner_leaves_alone_what_only_sounds_alike() {
    for text in [
        "fn f(file: File) { let metadata = file.metadata(); }",
        "fn f() { std::fs::metadata(path); fs::metadata(path); }",
        "// crate::metadata is the other store\nfn f() {}",
        "/// Unlike [`crate::metadata`].\nfn f() {}",
        "fn f() { let text = \"crate::metadata::open\"; }",
        "struct S { metadata: u8 }",
        "#[cfg(test)]\nmod tests { use crate::metadata::Metadata; }",
        "#[cfg(test)]\nuse crate::metadata::Metadata;",
    ] {
        assert_eq!(found(&Module("metadata"), text), 0, "{text}");
    }
    let behind = "#[cfg(test)]\nmod tests { use crate::clock; }\nuse crate::metadata;";
    assert_eq!(found(&Module("metadata"), behind), 1, "code behind the tests counts");
}

#[test]
fn the_scanner_tells_statements_from_sentences() {
    for text in [
        "SELECT 1",
        "INSERT INTO tag VALUES ($1)",
        "DELETE FROM tag WHERE name = $1",
        "UPDATE tag SET digest = $1",
        "WITH x AS (SELECT 1) SELECT * FROM x",
    ] {
        assert_eq!(found(&Sql, &format!("fn f() {{ g(\"{text}\") }}")), 1, "{text}");
        assert_eq!(found(&Sql, &format!("fn f() {{ g(r#\"\n  {text}\"#) }}")), 1, "raw: {text}");
    }
    for text in ["Select a tag", "DELETE", "UPDATE the page", "with a colon", "DELETE /v2/x"] {
        assert_eq!(found(&Sql, &format!("fn f() {{ g(\"{text}\") }}")), 0, "{text}");
    }
    assert_eq!(found(&Tokens(&["sqlx"]), "use sqlx::Row;\nfn f() { sqlx::query(\"\") }"), 2);
}
