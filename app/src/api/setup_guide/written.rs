//! Puts the guide into words.

use humpback::{
    config::RegistryAddress,
    setup_guide::{self, Guide, Input, Note, Step, Target, Trust},
};

use super::{
    Asked, Catalogue, Choice, Group, TargetChoice, TrustChoice, Written, WrittenNote, WrittenSnippet, WrittenStep,
    words::Words,
};

/// Everything that can be chosen.
pub(super) fn catalogue(words: Words) -> Catalogue {
    let groups = setup_guide::Group::ALL.iter().map(|&group| Group {
        name: words.get(group.key()).to_owned(),
        targets: Target::in_group(group).map(|target| target_choice(words, target)).collect(),
    });
    let trusts = Trust::ALL.iter().map(|trust| TrustChoice {
        choice: choice(trust.slug(), words.get(&format!("{}.title", trust.key()))),
        means: words.get(&format!("{}.means", trust.key())).to_owned(),
    });
    Catalogue { groups: groups.collect(), trusts: trusts.collect() }
}

fn target_choice(words: Words, target: Target) -> TargetChoice {
    let name = words.get(&format!("target.{}", target.slug()));
    let versions = target.versions(Trust::Plain);
    TargetChoice {
        slug: target.slug().to_owned(),
        name: name.to_owned(),
        search: format!("{} {}", name.to_lowercase(), target.search_words()),
        question: target
            .question(Trust::Plain)
            .map(|key| words.get(&format!("question.{key}")).to_owned())
            .unwrap_or_default(),
        versions: versions
            .map(|version| choice(version.slug(), words.get(&format!("version.{}", version.slug()))))
            .collect(),
        tls_is_alike: target.versions(Trust::Tls).count() == 1,
    }
}

fn choice(slug: &str, name: &str) -> Choice {
    Choice { slug: slug.to_owned(), name: name.to_owned() }
}

/// The guide for what is asked, if the address is one.
pub(super) fn guide(asked: &Asked) -> Option<Written> {
    let address = RegistryAddress::parse(&asked.address).ok()?;
    let target = Target::from_slug(&asked.target).unwrap_or_else(Target::first);
    let input =
        Input { target, version: Some(&asked.version), trust: Trust::from_slug(&asked.trust), address: &address };
    Some(written(Words::of(&asked.language), target, setup_guide::guide(input)))
}

fn written(words: Words, target: Target, guide: Guide) -> Written {
    let place = &guide.place;
    let note = |note: &Note| WrittenNote { severity: note.severity(), text: words.filled(note.key(), place, &[]) };
    let step = |step: &Step| WrittenStep {
        title: words.filled(&format!("{}.title", step.kind.key()), place, &step.values),
        why: words.filled(&format!("{}.why", step.kind.key()), place, &step.values),
        only: step.only.map(|condition| words.get(condition.key()).to_owned()),
        snippets: step.snippets.iter().map(snippet).collect(),
        notes: step.notes.iter().map(note).collect(),
    };
    Written {
        title: title(words, target, &guide),
        url: place.url(),
        prefix: place.prefix().to_owned(),
        shell: words.get(guide.shell.key()).to_owned(),
        notes: guide.notes.iter().map(note).collect(),
        steps: guide.steps.iter().map(step).collect(),
    }
}

/// "Debian, Docker 23.0 or newer, plain HTTP": what a printed page is called.
fn title(words: Words, target: Target, guide: &Guide) -> String {
    let mut parts = vec![words.get(&format!("target.{}", target.slug()))];
    if target.question(guide.trust).is_some() {
        parts.push(words.get(&format!("version.{}", guide.version.slug())));
    }
    parts.push(words.get(&format!("{}.title", guide.trust.key())));
    parts.join(" · ")
}

fn snippet(snippet: &setup_guide::Snippet) -> WrittenSnippet {
    WrittenSnippet { role: snippet.role, file: snippet.file.clone(), text: snippet.text.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_gap_is_left_open_in_either_language() {
        for language in ["en", "zh-CN"] {
            for target in Target::all() {
                for trust in Trust::ALL {
                    for version in target.versions(*trust) {
                        for address in [
                            "registry.example.com:5000",
                            "[2001:db8::1]:5000",
                            "localhost:5000",
                            "registry.example.com",
                        ] {
                            let asked = Asked {
                                target: target.slug().to_owned(),
                                version: version.slug().to_owned(),
                                trust: trust.slug().to_owned(),
                                address: address.to_owned(),
                                language: language.to_owned(),
                            };
                            let written = guide(&asked).map(|written| {
                                let notes =
                                    written.notes.iter().chain(written.steps.iter().flat_map(|step| &step.notes));
                                let mut texts: Vec<String> = notes.map(|note| note.text.clone()).collect();
                                texts.extend(
                                    written.steps.iter().flat_map(|step| [step.title.clone(), step.why.clone()]),
                                );
                                texts
                            });
                            let open = written.iter().flatten().find(|text| text.contains("{{"));
                            assert_eq!(open, None, "{asked:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_address_gives_no_guide() {
        let asked = Asked { address: "registry.example.com/$(reboot)".to_owned(), ..Asked::default() };
        assert_eq!(guide(&asked), None);
    }
}
