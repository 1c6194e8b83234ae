//! Sees that the console's assets are there before they are embedded.
//!
//! `make build` (cargo-leptos) builds them into `target/site` and then this package. A development build reads
//! them from that folder while it runs, so it compiles without; a release without a console would be useless.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../target/site");
        // Cargo runs it in the package's folder.
        if !Path::new("../target/site/pkg").is_dir() {
            println!("cargo::error=The console's assets (target/site) are missing: build with `make build`.");
        }
    }
}
