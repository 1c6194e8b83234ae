#![allow(clippy::unwrap_used)]
use std::{collections::BTreeSet, fmt::Write};

use super::*;

/// One address of each kind that the guide treats in its own way.
const ADDRESSES: [&str; 9] = [
    "registry.example.com:5000",
    "192.168.1.10:5000",
    "[2001:db8::10]:5000",
    "http://registry.example.com",
    "http://registry",
    "https://registry.example.com:5443",
    "registry.example.com:443",
    "localhost:5000",
    "[::1]:5000",
];

fn guide_for(target: &str, version: &str, trust: Option<Trust>, address: &str) -> Guide {
    let target = Target::from_slug(target).unwrap();
    guide(Input {
        target,
        version: Some(version),
        trust,
        address: &RegistryAddress::parse(address).unwrap(),
        authority: None,
    })
}

/// Every guide there is for an address: target, version and trust.
fn every_guide(address: &str) -> Vec<(Target, Guide)> {
    let address = RegistryAddress::parse(address).unwrap();
    let mut guides = Vec::new();
    for target in Target::all() {
        for &trust in Trust::open_to(&address) {
            for version in target.versions(trust) {
                let guide = guide(Input {
                    target,
                    version: Some(version.slug()),
                    trust: Some(trust),
                    address: &address,
                    authority: None,
                });
                assert_eq!((guide.trust, guide.version), (trust, version), "{target:?}");
                guides.push((target, guide));
            }
        }
    }
    guides
}

/// The guide as a page of plain text, to be read in the snapshots.
fn page(guide: &Guide) -> String {
    let mut text = format!("{} ({:?} shell)\n", guide.place.url(), guide.shell);
    for note in &guide.notes {
        writeln!(text, "{:?}: {note:?}", note.severity()).unwrap();
    }
    for (number, step) in guide.steps.iter().enumerate() {
        let only = step.only.map(|condition| format!(" only if {condition:?}")).unwrap_or_default();
        writeln!(text, "\n{}. {:?}{only}", number + 1, step.kind).unwrap();
        for (gap, value) in &step.values {
            writeln!(text, "   {gap} = {value}").unwrap();
        }
        for snippet in &step.snippets {
            let file = snippet.file.as_ref().map(|file| format!(" {file}")).unwrap_or_default();
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

/// One file a target: its first version in full, of the others what they say besides.
#[test]
fn every_target_version_and_trust() {
    for target in Target::all() {
        let mut snapshot = String::new();
        for &trust in Trust::ALL.iter().rev() {
            let mut first: Option<String> = None;
            for version in target.versions(trust) {
                let guide = guide_for(target.slug(), version.slug(), Some(trust), "registry.example.com:5000");
                let text = page(&guide);
                let heading = format!("=== {}, {}", version.slug(), trust.slug());
                match &first {
                    None => writeln!(snapshot, "{heading}\n{text}").unwrap(),
                    Some(first) => {
                        let kinds: Vec<_> = guide.steps.iter().map(|step| format!("{:?}", step.kind)).collect();
                        let kinds = kinds.join(", ");
                        writeln!(snapshot, "{heading}: {kinds}; with\n{}", difference(first, &text)).unwrap();
                    }
                }
                first.get_or_insert(text);
            }
        }
        insta::assert_snapshot!(target.slug(), snapshot);
    }
}

/// What an address of each kind changes, for a target of each family.
#[test]
fn every_kind_of_address() {
    for target in ["linux", "centos-6", "podman", "containerd", "k3s", "docker-desktop-mac", "helm"] {
        let first = page(&guide_for(target, "", None, ADDRESSES[0]));
        let mut snapshot = String::new();
        for address in &ADDRESSES[1..] {
            let guide = guide_for(target, "", None, address);
            let text = difference(&first, &page(&guide));
            writeln!(snapshot, "=== {address}: {} steps, with\n{text}", guide.steps.len()).unwrap();
        }
        insta::assert_snapshot!(format!("addresses__{target}"), snapshot);
    }
}

#[test]
fn a_version_of_another_target_gives_the_first() {
    let address = "192.168.1.10:5000";
    assert_eq!(guide_for("centos-6", "docker-23", None, address).version.slug(), "sysvinit");
    assert_eq!(guide_for("linux", "", None, address).version.slug(), "docker-23");
    // What is alike in all versions is not asked for.
    assert_eq!(guide_for("ubuntu", "upstart", None, "https://192.168.1.10").version.slug(), "docker-23");
}

#[test]
fn slugs_name_exactly_one_target_and_version() {
    let mut slugs = BTreeSet::new();
    for target in Target::all() {
        assert!(slugs.insert(target.slug()), "{target:?} is there twice");
        assert_eq!(Target::from_slug(target.slug()), Some(target));
        let versions: Vec<_> = target.versions(Trust::Plain).map(Version::slug).collect();
        assert_eq!(versions.iter().collect::<BTreeSet<_>>().len(), versions.len(), "{target:?}");
        assert_eq!(target.question(Trust::Plain).is_some(), versions.len() > 1, "{target:?}");
        assert!(!target.search_words().chars().any(char::is_uppercase), "{target:?}");
    }
    assert_eq!(Target::from_slug("centos"), None);
    assert_eq!(Group::ALL.iter().map(|group| Target::in_group(*group).count()).sum::<usize>(), slugs.len());
    assert_eq!(slugs.len(), 44);
}

#[test]
fn the_address_decides_about_trust_where_it_can() {
    for (address, wanted, taken) in [
        ("registry:5000", None, Trust::Plain),
        ("registry:5000", Some(Trust::PrivateCa), Trust::PrivateCa),
        ("registry.example.com:443", None, Trust::PrivateCa),
        ("registry.example.com:443", Some(Trust::Plain), Trust::Plain),
        ("http://registry:5000", Some(Trust::Tls), Trust::Plain),
        ("https://registry:5000", Some(Trust::Plain), Trust::PrivateCa),
        ("https://registry:5000", Some(Trust::Tls), Trust::Tls),
    ] {
        let guide = guide_for("linux", "", wanted, address);
        assert_eq!(guide.trust, taken, "{address}");
        assert_eq!(guide.place.url().starts_with("https://"), taken.is_encrypted(), "{address}");
    }
}

#[test]
fn each_text_is_said_somewhere() {
    let (mut kinds, mut notes, mut conditions) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for address in ADDRESSES {
        for (_, guide) in every_guide(address) {
            notes.extend(guide.notes.iter().map(|note| note.key()));
            for step in guide.steps {
                kinds.insert(step.kind.key());
                conditions.extend(step.only.map(Condition::key));
                notes.extend(step.notes.iter().map(|note| note.key()));
            }
        }
    }
    // Only where the registry hands its authority out.
    let (target, address, authority) = (Target::first(), RegistryAddress::parse(ADDRESSES[5]).unwrap(), authority());
    let handed_out =
        guide(Input { target, version: None, trust: None, address: &address, authority: Some(&authority) });
    kinds.extend(handed_out.steps.iter().map(|step| step.kind.key()));
    let never = |all: Vec<&'static str>, said: BTreeSet<&str>| -> Vec<&str> {
        all.into_iter().filter(|key| !said.contains(key)).collect()
    };
    let mut unsaid = never(StepKind::ALL.iter().map(|kind| kind.key()).collect(), kinds);
    unsaid.extend(never(Note::ALL.iter().map(|note| note.key()).collect(), notes));
    unsaid.extend(never(Condition::ALL.iter().map(|condition| condition.key()).collect(), conditions));
    assert_eq!(unsaid, [""; 0]);
}

#[test]
fn every_guide_ends_in_a_proof_or_says_why_it_cannot_begin() {
    for address in ADDRESSES {
        for (target, guide) in every_guide(address) {
            let name = format!("{target:?} {:?} {:?} {address}", guide.version, guide.trust);
            assert_eq!(guide.steps.is_empty(), guide.notes.contains(&Note::Ipv6Impossible), "{name}");
            assert!(guide.notes.is_sorted_by_key(|note| note.severity()), "{name}");
            let distinct: BTreeSet<_> = guide.notes.iter().map(|note| note.key()).collect();
            assert_eq!(distinct.len(), guide.notes.len(), "{name} says something twice");
        }
    }
}

#[test]
fn https_never_asks_for_an_insecure_entry() {
    for (target, guide) in every_guide("https://registry.example.com") {
        let text = page(&guide);
        for word in ["--insecure", "insecure-registries\"", "plain-http", "insecure = true", "http://"] {
            assert!(!text.contains(word), "{target:?} {:?}: {word}\n{text}", guide.trust);
        }
    }
}

#[test]
fn what_cannot_work_is_never_offered_as_a_command() {
    for target in ["ubuntu", "centos-7", "centos-6"] {
        let guide = guide_for(target, "original", None, "192.168.1.10:5000");
        let mut refuted = 0;
        for snippet in guide.steps.iter().flat_map(|step| &step.snippets) {
            let unflagged = snippet.text.contains("INSECURE_REGISTRY=\"192.168.1.10:5000\"");
            assert_eq!(unflagged, snippet.role == Role::Refuted, "{}", snippet.text);
            refuted += usize::from(unflagged);
        }
        assert_eq!(refuted, 1, "{target}");
    }
}

#[test]
fn ipv6_prefix_always_has_its_port() {
    for (address, prefix) in [
        ("[2001:db8::10]", "[2001:db8::10]:80"),
        ("https://[2001:db8::10]", "[2001:db8::10]:443"),
        ("[2001:db8::10]:5000", "[2001:db8::10]:5000"),
    ] {
        let address = RegistryAddress::parse(address).unwrap();
        let place = Place::of(&address, Trust::choose(&address, None));
        assert_eq!((place.prefix(), place.port_added()), (prefix, address.port().is_none()));
    }
}

proptest::proptest! {
    /// Whatever is typed, the snippets are those of a harmless address with another text in its place, and that
    /// text has no character that ends a quoted word.
    #[test]
    fn no_address_leaves_its_quotes(text in "(https?://)?([a-z0-9.-]{1,20}|\\[[0-9a-f:]{2,20}\\]|.{1,20})(:[0-9]{1,5})?") {
        if let Ok(address) = RegistryAddress::parse(&text) {
            let place = Place::of(&address, Trust::choose(&address, None));
            let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
            proptest::prop_assert!(place.prefix().bytes().all(harmless), "{}", place.prefix());
            proptest::prop_assert!(!place.prefix().starts_with('-'), "{}", place.prefix());
        }
    }
}

/// Brackets are patterns to an unquoted shell word: a command holds the address between quotes only.
#[test]
fn in_commands_the_address_stands_in_quotes() {
    for address in ["192.168.1.10:5000", "[2001:db8::10]:5000"] {
        for (target, guide) in every_guide(address) {
            for snippet in guide.steps.iter().flat_map(|step| &step.snippets) {
                if snippet.role != Role::Run {
                    continue;
                }
                // The text of a here-document is no word.
                let mut document = false;
                for line in snippet.text.lines() {
                    document = if document { line != "EOF" } else { line.ends_with("<<'EOF'") };
                    let code = line.split(" <<'EOF'").next().unwrap_or(line);
                    for (at, _) in code.match_indices(address).filter(|_| !document) {
                        let odd = |quote| code[..at].matches(quote).count() % 2 == 1;
                        assert!(odd('\'') || odd('"'), "{target:?}: {line}");
                    }
                }
            }
        }
    }
}

/// An authority, as far as the guide reads of it.
fn authority() -> Authority {
    let certificate = Certificate {
        pem: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n".to_owned(),
        fingerprint: "AB:CD:EF".to_owned(),
        subject: "Example CA".to_owned(),
        until: None,
    };
    Authority::new(vec![certificate]).unwrap()
}

#[test]
fn the_authority_is_downloaded_and_compared_where_the_registry_hands_it_out() {
    let authority = authority();
    let mut pages = String::new();
    for (target, address) in [
        ("debian", "https://registry.example.com:5000"),
        ("podman", "https://[2001:db8::10]:5000"),
        ("containerd", "https://registry.example.com"),
        ("docker-desktop-windows", "https://registry.example.com:5000"),
    ] {
        let (target, address) = (Target::from_slug(target).unwrap(), RegistryAddress::parse(address).unwrap());
        let input = Input { target, version: None, trust: None, address: &address, authority: Some(&authority) };
        let guide = guide(input);
        let step = guide.steps.iter().position(|step| step.kind == StepKind::DownloadCa).unwrap();
        writeln!(pages, "=== {target:?}\n{}", page(&Guide { steps: vec![guide.steps[step].clone()], ..guide }))
            .unwrap();
    }
    insta::assert_snapshot!(pages);
}

#[test]
fn where_no_authority_is_needed_none_is_handed_out() {
    let (authority, address) = (authority(), RegistryAddress::parse("registry.example.com:5000").unwrap());
    for trust in [Trust::Plain, Trust::Tls] {
        let input = Input {
            trust: Some(trust),
            ..Input {
                target: Target::first(),
                version: None,
                trust: None,
                address: &address,
                authority: Some(&authority),
            }
        };
        assert_eq!(guide(input).authority, None);
        assert!(!script(input).unwrap().text.contains("BEGIN CERTIFICATE"));
    }
}
