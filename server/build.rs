//! Sees that the console's assets are there before they are embedded, and tells the binary what they are called.
//!
//! `make build` (cargo-leptos) builds them into `target/site` and then this package. A development build reads
//! them from that folder while it runs, so it compiles without; a release without a console would be useless.

use std::{fs, io, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../target/site");
        // Cargo runs it in the package's folder.
        match names(Path::new("../target/site/pkg")) {
            Ok(names) => println!("cargo::rustc-env=CONSOLE_PACKAGE={}", names.join("/")),
            Err(error) => println!(
                "cargo::error=The console's assets (target/site/pkg) can't be read: build with `make build`. {error}"
            ),
        }
    }
}

/// What lies in a folder, in order.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<_> = names.collect::<io::Result<_>>()?;
    names.sort();
    Ok(names)
}
