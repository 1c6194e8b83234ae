//! What YAML may bring along.

use super::{file, refusal};
use crate::settings::Auth;

#[test]
fn anchors_aliases_and_merge_keys_work() {
    let loaded = file(
        "version: 0.1\nx-times: &times\n  interval: 5s\n  threshold: 3\nhealth:\n  storagedriver:\n    <<: *times\n    threshold: 4\n    \
         enabled: yes\n  file:\n    - {file: /a, <<: *times}\n    - <<: [{file: /b}, {file: /c}, *times]\n",
    );
    let health = loaded.settings.health;
    assert_eq!((health.storage.interval.as_secs(), *health.storage.threshold, *health.storage.enabled), (5, 4, true));
    // The place of what was merged is where it stands.
    assert_eq!(health.storage.interval.origin.to_string(), "config.yml:3:13");
    assert_eq!(health.files.iter().map(|check| check.target.to_str().unwrap()).collect::<Vec<_>>(), ["/a", "/b"]);
    assert_eq!(health.files[1].threshold, 3);
}

#[test]
fn aliases_can_not_grow_without_end() {
    let mut text = "version: 0.1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert!(refusal(&text).contains("grows beyond"), "{}", refusal(&text));
}

#[test]
fn nothing_holds_itself_or_lies_too_deep() {
    assert!(refusal("version: 0.1\nlog: &log\n  fields: *log\n").contains("config.yml:3:11: this alias refers to"));
    let deep = format!("version: 0.1\nlog: {}{}\n", "[".repeat(1000), "]".repeat(1000));
    assert!(refusal(&deep).contains("recursion limit exceeded"), "{}", refusal(&deep));
    let deep =
        format!("version: 0.1\n{}", (0..200).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<String>());
    assert!(refusal(&deep).contains("deep in each other"));
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let told = refusal("version: 0.1\nhttp:\n  addr: :1\n  addr: :2\n");
    assert_eq!(told, "config.yml:4:3: addr: stands here a second time, first at config.yml:3:3. Make one of the two.");
}

#[test]
fn what_is_no_yaml_is_told_with_its_place() {
    for (text, place) in [
        ("version: 0.1\nhttp:\n\taddr: :5000\n", "config.yml:3:"),
        ("version: 0.1\nhttp: {addr: [\n", "config.yml:"),
        ("version: 0.1\nhttp: *nowhere\n", "config.yml:2:7"),
        ("version: 0.1\n---\nversion: 0.1\n", "config.yml:3:1: a second document"),
        ("- version: 0.1\n", "config.yml:1:1: this file holds no keys."),
        ("", "config.yml:1:1: this file holds no keys."),
        ("http: {}\n", "config.yml:1:1: version: is missing. Write version: 0.1."),
        ("version: 0.2\n", "config.yml:1:1: version: expected 0.1 here, found `0.2`. Write 0.1."),
        ("version: 0.1\n? [a]\n: b\n", "config.yml:2:3: a key must be a word."),
    ] {
        let told = refusal(text);
        assert!(told.starts_with(place), "{text:?}: {told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}

#[test]
fn other_shapes_of_yaml_are_read() {
    let loaded = file("\u{feff}--- # comment\n'version': \"0.1\"\nauth:\n  \"htpasswd\": {realm: >-\n    basic\n    realm, path: ~}\n".replace("path: ~", "path: /a").as_str());
    let Auth::Htpasswd(htpasswd) = &*loaded.settings.auth else { panic!("{:?}", loaded.settings.auth) };
    assert_eq!(htpasswd.path.to_str(), Some("/a"));
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "[-a-z0-9:{}\\[\\]&*<?|>'\"!%@#, \n\t]{0,120}") {
        let _ = crate::settings::explain("config.yml", &format!("version: 0.1\n{text}"));
    }

    #[test]
    fn no_value_of_a_known_key_panics(value in "[-a-z0-9:{}\\[\\]&*'\", ]{0,40}") {
        for key in ["storage", "auth", "http", "notifications", "health", "validation", "log"] {
            let _ = crate::settings::explain("config.yml", &format!("version: 0.1\n{key}: {value}"));
        }
    }
}
