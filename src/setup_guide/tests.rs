#![allow(clippy::unwrap_used)]
use std::fmt::Write;

use super::*;

/// One address of each kind that the guide treats in its own way.
const ADDRESSES: [(&str, &str); 8] = [
    ("name-and-port", "registry.example.com:5000"),
    ("ipv4", "192.168.1.10:5000"),
    ("ipv6", "[2001:db8::10]:5000"),
    ("no-port", "http://registry.example.com"),
    ("short-name", "http://registry"),
    ("https", "https://registry.example.com:5443"),
    ("port-443", "registry.example.com:443"),
    ("loopback", "localhost:5000"),
];

fn guide_for(target: Target, form: Option<Form>, address: &str) -> Guide {
    guide(Input { target, form, address: &RegistryAddress::parse(address).unwrap() })
}

/// The guide as a page of plain text, to be read in the snapshots.
fn page(guide: &Guide) -> String {
    let mut text = format!("{} ({})\n", guide.place.url(), guide.form.slug());
    for note in &guide.notes {
        writeln!(text, "{:?}: {note:?}", note.severity()).unwrap();
    }
    for (number, step) in guide.steps.iter().enumerate() {
        let only = step.only.map(|condition| format!(" only if {condition:?}")).unwrap_or_default();
        writeln!(text, "\n{}. {:?}{only}", number + 1, step.kind).unwrap();
        for snippet in &step.snippets {
            let file = snippet.file.map(|file| format!(" {file}")).unwrap_or_default();
            writeln!(text, "   [{:?} {:?}{file}]", snippet.role, snippet.language).unwrap();
            for line in snippet.text.lines() {
                writeln!(text, "   | {line}").unwrap();
            }
        }
        for note in &step.notes {
            writeln!(text, "   {:?}: {note:?}", note.severity()).unwrap();
        }
    }
    text
}

/// What `other` says that `first` does not.
fn difference(first: &str, other: &str) -> String {
    let known: Vec<_> = first.lines().collect();
    let mut text = String::new();
    for line in other.lines().filter(|line| !line.is_empty() && !known.contains(line)) {
        writeln!(text, "{line}").unwrap();
    }
    text
}

#[test]
fn every_form_for_every_kind_of_address() {
    for target in Target::ALL {
        for form in Form::ALL {
            let mut snapshot = String::new();
            let mut first: Option<String> = None;
            for (kind, address) in ADDRESSES {
                let transport = Place::of(&RegistryAddress::parse(address).unwrap()).transport();
                if !target.forms(transport).contains(&form) {
                    continue;
                }
                let guide = guide_for(target, Some(form), address);
                assert_eq!(guide.form, form);
                let text = page(&guide);
                match &first {
                    None => write!(snapshot, "=== {kind}\n{text}").unwrap(),
                    Some(first) => {
                        let steps = guide.steps.len();
                        write!(snapshot, "\n=== {kind}: {steps} steps, with\n{}", difference(first, &text)).unwrap();
                    }
                }
                first.get_or_insert(text);
            }
            if !snapshot.is_empty() {
                insta::assert_snapshot!(format!("{}__{}", target.slug(), form.slug()), snapshot);
            }
        }
    }
}

#[test]
fn a_form_of_another_target_gives_the_recommended_one() {
    let address = "192.168.1.10:5000";
    assert_eq!(guide_for(Target::Centos6, Some(Form::DaemonJson), address).form, Form::Sysconfig);
    assert_eq!(guide_for(Target::Linux, None, address).form, Form::DaemonJson);
    assert_eq!(guide_for(Target::Ubuntu, Some(Form::Upstart), "https://192.168.1.10").form, Form::CertsD);
}

#[test]
fn slugs_name_exactly_one_target_and_form() {
    for target in Target::ALL {
        assert_eq!(Target::from_slug(target.slug()), Some(target));
    }
    for form in Form::ALL {
        assert_eq!(Form::from_slug(form.slug()), Some(form));
    }
    assert_eq!((Target::from_slug("centos"), Form::from_slug("")), (None, None));
}

#[test]
fn daemon_json_is_json_and_holds_the_image_prefix() {
    for (_, address) in ADDRESSES {
        let guide = guide_for(Target::Linux, None, address);
        for snippet in guide.steps.iter().flat_map(|step| &step.snippets) {
            if snippet.language == Language::Json {
                let json: serde_json::Value = serde_json::from_str(&snippet.text).unwrap();
                assert_eq!(json, serde_json::json!({ "insecure-registries": [guide.place.prefix()] }));
            }
        }
    }
}

#[test]
fn what_cannot_work_is_never_offered_as_a_command() {
    for target in Target::ALL {
        let guide = guide_for(target, Some(Form::Original), "192.168.1.10:5000");
        for snippet in guide.steps.iter().flat_map(|step| &step.snippets) {
            let unflagged = snippet.text.contains("INSECURE_REGISTRY=\"192.168.1.10:5000\"");
            assert_eq!(unflagged, snippet.role == Role::Refuted, "{}", snippet.text);
        }
    }
}

#[test]
fn https_never_asks_for_an_insecure_entry() {
    for target in Target::ALL {
        let guide = guide_for(target, None, "https://registry.example.com");
        assert!(!page(&guide).contains("--insecure-registry"), "{}", page(&guide));
        assert!(!page(&guide).contains("daemon.json"));
    }
}

#[test]
fn ipv6_prefix_always_has_its_port() {
    for (address, prefix) in [
        ("[2001:db8::10]", "[2001:db8::10]:80"),
        ("https://[2001:db8::10]", "[2001:db8::10]:443"),
        ("[2001:db8::10]:5000", "[2001:db8::10]:5000"),
    ] {
        let place = Place::of(&RegistryAddress::parse(address).unwrap());
        assert_eq!(
            (place.prefix(), place.port_added()),
            (prefix, prefix.len() > address.len() || address.contains("//"))
        );
    }
}

proptest::proptest! {
    /// Whatever is typed, the snippets are those of a harmless address with another text in its place, and that
    /// text has no character that ends a quoted word.
    #[test]
    fn no_address_leaves_its_quotes(text in "(https?://)?([a-z0-9.-]{1,20}|\\[[0-9a-f:]{2,20}\\]|.{1,20})(:[0-9]{1,5})?") {
        if let Ok(address) = RegistryAddress::parse(&text) {
            for target in Target::ALL {
                for form in Form::ALL {
                    let guide = guide(Input { target, form: Some(form), address: &address });
                    let prefix = guide.place.prefix();
                    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
                    proptest::prop_assert!(prefix.bytes().all(harmless), "{}", prefix);
                    proptest::prop_assert!(!prefix.starts_with('-'), "{}", prefix);
                }
            }
        }
    }

    /// Brackets are patterns to an unquoted shell word: a command holds the address between single quotes only,
    /// or in a comment-free line that is a value in single quotes.
    #[test]
    fn in_commands_the_address_stands_in_quotes(octets in proptest::array::uniform4(1u8..), port in 1u16..) {
        let address = format!("{}.{}.{}.{}:{port}", octets[0], octets[1], octets[2], octets[3]);
        proptest::prop_assume!(octets[0] != 127);
        for target in Target::ALL {
            for form in Form::ALL {
                for snippet in guide_for(target, Some(form), &address).steps.iter().flat_map(|step| &step.snippets) {
                    if snippet.role != Role::Run {
                        continue;
                    }
                    for line in snippet.text.lines() {
                        for (at, _) in line.match_indices(&address) {
                            let quotes = line[..at].matches('\'').count();
                            proptest::prop_assert!(quotes % 2 == 1, "{}", line);
                        }
                    }
                }
            }
        }
    }
}
