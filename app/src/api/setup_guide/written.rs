//! Puts the guide into words.

use humpback::{
    config::RegistryAddress,
    setup_guide::{
        self, AUTHORITY_PATH, Authority, Guide, Input, Note, Script, ScriptKind, Step, Target, Trust,
        merge::{Existing, Merged, Refused},
    },
};

use super::{
    Asked, Catalogue, Choice, Group, MergedFile, TargetChoice, TrustChoice, Written, WrittenAuthority,
    WrittenCertificate, WrittenFile, WrittenNote, WrittenScript, WrittenSnippet, WrittenStep, words::Words,
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
pub(super) fn guide(asked: &Asked, authority: Option<&Authority>) -> Option<Written> {
    let address = RegistryAddress::parse(&asked.address).ok()?;
    let input = Input { authority, ..input(asked, &address) };
    let words = Words::of(&asked.language);
    let guide = setup_guide::guide(input);
    let script = setup_guide::script(input).map(|script| written_script(input.target, &guide, script));
    Some(written(words, input.target, guide, script))
}

fn input<'a>(asked: &'a Asked, address: &'a RegistryAddress) -> Input<'a> {
    let target = Target::from_slug(&asked.target).unwrap_or_else(Target::first);
    Input { target, version: Some(&asked.version), trust: Trust::from_slug(&asked.trust), address, authority: None }
}

fn written(words: Words, target: Target, guide: Guide, script: Option<WrittenScript>) -> Written {
    let place = &guide.place;
    let note = |note: &Note| WrittenNote { severity: note.severity(), text: words.filled(note.key(), place, &[]) };
    let step = |step: &Step| WrittenStep {
        title: words.filled(&format!("{}.title", step.kind.key()), place, &step.values),
        why: words.filled(&format!("{}.why", step.kind.key()), place, &step.values),
        only: step.only.map(|condition| words.get(condition.key()).to_owned()),
        snippets: step.snippets.iter().map(snippet).collect(),
        notes: step.notes.iter().map(note).collect(),
    };
    let mut written = Written {
        title: title(words, target, &guide),
        url: place.url(),
        prefix: place.prefix().to_owned(),
        authority: guide.authority.as_ref().map(written_authority),
        shell: words.get(guide.shell.key()).to_owned(),
        notes: guide.notes.iter().map(note).collect(),
        steps: guide.steps.iter().map(step).collect(),
        files: guide.files.iter().map(|file| written_file(words, file)).collect(),
        script,
        markdown: String::new(),
    };
    written.markdown = markdown(&written);
    written
}

/// Where the script is, and what to do with it: looked at first, then run.
fn written_script(target: Target, guide: &Guide, script: Script) -> WrittenScript {
    let place = &guide.place;
    let name = format!("{}.{}", target.slug(), script.kind.extension());
    let address: String = place.url().chars().map(escaped).collect();
    let path = format!("/setup/{name}?version={}&trust={}&address={address}", guide.version.slug(), guide.trust.slug());
    let url = format!("{}{path}", place.url());
    // A script that holds the authority needs no file of it; what fetches the script does, and it comes first.
    let known = guide.authority.is_some();
    let (with_ca, ca) = match (guide.trust, script.kind) {
        (Trust::PrivateCa, ScriptKind::Shell) => ("--cacert ca.crt ", if known { "" } else { " --ca ca.crt" }),
        // Nobody publishes what a private authority has revoked, and Windows' own curl would refuse for that.
        (Trust::PrivateCa, ScriptKind::PowerShell) => {
            ("--ssl-no-revoke --cacert ca.crt ", if known { "" } else { " -Ca ca.crt" })
        }
        _ => ("", ""),
    };
    let first = match (known, script.kind) {
        (true, ScriptKind::Shell) => format!("{}\n", setup_guide::download(place)),
        (true, ScriptKind::PowerShell) => format!("{}\n", setup_guide::download_on_windows(place)),
        (false, _) => String::new(),
    };
    // Without -g curl would read an IPv6 address's brackets as a range.
    let globbing = if place.is_ipv6() { "g" } else { "" };
    let commands = match script.kind {
        ScriptKind::Shell => format!(
            "{first}curl -{globbing}fsSL {with_ca}-o {name} '{url}'\nless {name}\nsh {name} --dry-run{ca}\nsh {name}{ca}"
        ),
        ScriptKind::PowerShell => format!(
            "{first}curl.exe -{globbing}fsS {with_ca}-o {name} '{url}'\nGet-Content {name}\n\
             powershell -NoProfile -ExecutionPolicy Bypass -File .\\{name} -DryRun{ca}\n\
             powershell -NoProfile -ExecutionPolicy Bypass -File .\\{name}{ca}"
        ),
    };
    WrittenScript { name, path, commands, text: script.text }
}

fn written_authority(authority: &Authority) -> WrittenAuthority {
    let certificates = authority.certificates().iter().map(|certificate| WrittenCertificate {
        subject: certificate.subject.clone(),
        fingerprint: certificate.fingerprint.clone(),
        until: certificate.until,
    });
    WrittenAuthority { path: AUTHORITY_PATH.to_owned(), certificates: certificates.collect() }
}

/// A character of an address in a query.
fn escaped(c: char) -> String {
    if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c.to_string() } else { format!("%{:02X}", u32::from(c)) }
}

/// The guide for a wiki or a ticket.
fn markdown(written: &Written) -> String {
    let mut text = format!("# {}\n\n{}\n", written.title, written.shell);
    let notes = |text: &mut String, notes: &[WrittenNote]| {
        for note in notes {
            text.push_str(&format!("\n> {}\n", note.text));
        }
    };
    notes(&mut text, &written.notes);
    for (number, step) in written.steps.iter().enumerate() {
        text.push_str(&format!("\n## {}. {}\n", number + 1, step.title));
        for line in step.only.iter().chain([&step.why]) {
            text.push_str(&format!("\n{line}\n"));
        }
        for snippet in &step.snippets {
            if let Some(file) = &snippet.file {
                text.push_str(&format!("\n`{file}`:\n"));
            }
            // No text here holds three backticks.
            text.push_str(&format!("\n```\n{}\n```\n", snippet.text));
        }
        notes(&mut text, &step.notes);
    }
    text
}

fn written_file(words: Words, file: &Existing) -> WrittenFile {
    WrittenFile {
        name: file_name(words, file),
        caption: words.get(&format!("{}.caption", file.format.key())).to_owned(),
    }
}

fn file_name(words: Words, file: &Existing) -> String {
    if file.path.is_empty() { words.get(&format!("{}.name", file.format.key())).to_owned() } else { file.path.clone() }
}

/// The files of a guide, merged.
pub(super) fn merged(asked: &Asked, pasted: &[String]) -> Option<Vec<MergedFile>> {
    let address = RegistryAddress::parse(&asked.address).ok()?;
    let words = Words::of(&asked.language);
    // Browsers send CR LF, whatever the file has.
    let texts: Vec<String> = pasted.iter().map(|text| text.replace("\r\n", "\n")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let files = setup_guide::merge_files(input(asked, &address), &texts);
    Some(files.iter().map(|(file, result)| merged_file(words, file, result)).collect())
}

fn merged_file(words: Words, file: &Existing, result: &Result<Merged, Refused>) -> MergedFile {
    let name = file_name(words, file);
    match result {
        Ok(merged) => MergedFile::Merged {
            name,
            text: merged.text.clone(),
            lines: if merged.is_unchanged() { Vec::new() } else { merged.lines.clone() },
            remarks: merged.remarks.iter().map(|remark| words.get(remark.key()).to_owned()).collect(),
        },
        Err(refused) => MergedFile::Refused {
            name,
            reason: words.get(refused.refusal.key()).to_owned(),
            place: refused.line.map(|line| (line, refused.column)),
            detail: refused.detail.clone(),
        },
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
                            let written = guide(&asked, None).map(|written| {
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
        assert_eq!(guide(&asked, None), None);
    }
}
