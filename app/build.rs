//! Generates the module `i18n` from `locales/`: one typed accessor a key, so that a missing translation is a
//! compile error and not an empty label.
//!
//! What `leptos_i18n_build` does, by the two crates it calls: it brings a source of Unicode's data besides, with an HTTP
//! client and a WebAssembly interpreter, which all are compiled before the first page.
//!
//! The setup guide's texts are many and looked up by key, on the server only: they become tables, so that the browser
//! does not load them.

use std::{collections::BTreeMap, error::Error, fmt::Write as _, fs, path::Path};

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};

/// One file of `locales/<language>/` each, by the part of the console that reads it.
const NAMESPACES: [&str; 14] = [
    "access",
    "common",
    "session",
    "config",
    "explorer",
    "guide",
    "home",
    "notifications",
    "manage",
    "credentials",
    "support",
    "undo",
    "palette",
    "shortcuts",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=locales");
    let out = std::env::var("OUT_DIR")?;
    let out = Path::new(&out);
    fs::write(out.join("guide_texts.rs"), guide_texts()?)?;
    // Texts with values in them are also wanted as strings: attributes, announcements.
    let options = ParseOptions::new().interpolate_display(true);
    let mut config = Config::new("en")?.add_locale("zh-CN")?.parse_options(options);
    for namespace in NAMESPACES {
        config = config.add_namespace(namespace)?;
    }
    let translations = parse_locales(None, config)?;
    for warning in translations.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    for error in translations.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    for path in translations.tracked_files.iter().flatten() {
        println!("cargo::rerun-if-changed={path}");
    }
    let module = leptos_i18n_codegen::gen_code(&translations, None, false, None, true)?;
    fs::create_dir_all(out.join("i18n"))?;
    // In lines. All in one, a place in it is found by going through two megabytes, and compiler and lints look for many:
    // that took most of the time that the console's compilation took.
    let module = prettyplease::unparse(&syn::parse_file(&module.to_string())?);
    fs::write(out.join("i18n/mod.rs"), module)?;
    Ok(())
}

/// The setup guide's texts: a table for each language, sorted by key.
fn guide_texts() -> Result<String, Box<dyn Error>> {
    let mut source = String::new();
    for (language, name) in [("en", "ENGLISH"), ("zh-CN", "CHINESE")] {
        let file = Path::new("locales").join(language).join("guide_texts.json");
        let mut texts = BTreeMap::new();
        flatten("", serde_json::from_str(&fs::read_to_string(file)?)?, &mut texts);
        writeln!(source, "static {name}: &[(&str, &str)] = &[")?;
        for (key, text) in texts {
            writeln!(source, "    ({key:?}, {text:?}),")?;
        }
        writeln!(source, "];")?;
    }
    Ok(source)
}

fn flatten(prefix: &str, value: serde_json::Value, texts: &mut BTreeMap<String, String>) {
    match value {
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
                flatten(&key, value, texts);
            }
        }
        serde_json::Value::String(text) => drop(texts.insert(prefix.to_owned(), text)),
        _ => {}
    }
}
