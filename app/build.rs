//! Generates the module `i18n` from `locales/`: one typed accessor a key, so that a missing translation is a
//! compile error and not an empty label.

use std::{error::Error, path::PathBuf};

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

/// One file of `locales/<language>/` each, by the part of the console that reads it.
const NAMESPACES: [&str; 5] = ["common", "session", "config", "explorer", "guide"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=locales");
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("i18n");
    // Texts with values in them are also wanted as strings: attributes, announcements.
    let options = ParseOptions::new().interpolate_display(true);
    let mut config = Config::new("en")?.add_locale("zh-CN")?.parse_options(options);
    for namespace in NAMESPACES {
        config = config.add_namespace(namespace)?;
    }
    let translations = TranslationsInfos::parse(config)?;
    translations.emit_diagnostics();
    translations.rerun_if_locales_changed();
    translations.generate_i18n_module(out)?;
    Ok(())
}
