//! The console speaks English and Chinese, and all of it in both: no key of one language is missing in the other,
//! and no English text stands in the Chinese files but for names.

#![allow(missing_docs, clippy::unwrap_used)]

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

/// What may read the same in both languages: names of systems and programs.
const NAMES: [&str; 2] = ["guide_texts.target.", "guide_texts.version."];

/// Every text of a language, by `namespace.key.key`.
fn texts(language: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("app/locales").join(language);
    let mut texts = BTreeMap::new();
    for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let namespace = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let content: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        flatten(&namespace, &content, &mut texts);
    }
    texts
}

fn flatten(prefix: &str, value: &Value, texts: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                flatten(&format!("{prefix}.{key}"), value, texts);
            }
        }
        Value::String(text) => {
            texts.insert(prefix.to_owned(), text.clone());
        }
        // The plural forms and the like of leptos_i18n may be lists; numbers say nothing.
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                flatten(&format!("{prefix}[{index}]"), value, texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text's key without the plural form, for languages differ in how many they have: Chinese has one, English two.
fn without_plural(key: &str) -> &str {
    ["_zero", "_one", "_two", "_few", "_many", "_other"].iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key)
}

/// The names between `{{` and `}}`, sorted, once each.
fn variables(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text
        .split("{{")
        .skip(1)
        .filter_map(|rest| rest.split_once("}}"))
        .map(|(name, _)| name.split(',').next().unwrap_or(name).trim())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Whether a text holds words at all: signs and variables need no translation.
fn has_words(text: &str) -> bool {
    let mut words = text.to_owned();
    for name in variables(text) {
        words = words.replace(name, "");
    }
    words.chars().any(char::is_alphabetic)
}

#[test]
fn both_languages_have_the_same_keys() {
    let [english, chinese] = ["en", "zh-CN"].map(|language| {
        let keys: std::collections::BTreeSet<String> =
            texts(language).keys().map(|key| without_plural(key).to_owned()).collect();
        keys
    });
    assert!(english.len() > 5, "the files are read");
    let missing: Vec<_> = english.symmetric_difference(&chinese).collect();
    assert!(missing.is_empty(), "only in one language: {missing:#?}");
}

#[test]
fn chinese_texts_have_no_plural_forms() {
    // Where a language has one form, its key stands alone: otherwise it is not found, and English is shown.
    let english = texts("en");
    let forms: Vec<_> = texts("zh-CN")
        .into_keys()
        .filter(|key| without_plural(key) != key && english.contains_key(&format!("{}_one", without_plural(key))))
        .collect();
    assert!(forms.is_empty(), "write these without the form: {forms:#?}");
}

#[test]
fn both_languages_use_the_same_variables() {
    let (english, chinese) = (texts("en"), texts("zh-CN"));
    let differing: Vec<_> = chinese
        .iter()
        .filter(|(key, text)| english.get(*key).is_some_and(|english| variables(english) != variables(text)))
        .map(|(key, _)| key)
        .collect();
    assert!(differing.is_empty(), "other variables than in English: {differing:#?}");
}

#[test]
fn no_english_text_stands_in_the_chinese_files() {
    let untranslated: Vec<_> = texts("zh-CN")
        .into_iter()
        .filter(|(key, text)| has_words(text) && !is_chinese(text) && !NAMES.iter().any(|names| key.starts_with(names)))
        .collect();
    assert!(untranslated.is_empty(), "translate these, or allow them in this test: {untranslated:#?}");
}

#[test]
fn the_texts_are_told_apart() {
    assert!(is_chinese("保存配置") && !is_chinese("Save configuration"));
    assert!(has_words("{{ count }} tags") && !has_words("{{ count }} / {{ total }}"));
    assert_eq!(variables("{{ b }} of {{ a, number }} and {{b}}"), ["a", "b"]);
    assert_eq!(without_plural("explorer.tags_other"), "explorer.tags");
}
