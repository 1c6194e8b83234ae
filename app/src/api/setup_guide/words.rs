//! The guide's texts by their key: `locales/<language>/guide_texts.json`, as tables.

use humpback::setup_guide::Place;

include!(concat!(env!("OUT_DIR"), "/guide_texts.rs"));

/// The texts of one language.
#[derive(Clone, Copy)]
pub(super) struct Words(&'static [(&'static str, &'static str)]);

impl Words {
    /// The texts of a language by its tag; English for every other one.
    pub(super) fn of(language: &str) -> Self {
        Self(if language == "zh-CN" { CHINESE } else { ENGLISH })
    }

    /// The text of a key. Empty if there is none, which the tests below rule out.
    pub(super) fn get(self, key: &str) -> &'static str {
        self.find(key).unwrap_or_default()
    }

    /// The text of a key, with values in its gaps: the registry's own everywhere, and those of `values`.
    pub(super) fn filled(self, key: &str, place: &Place, values: &[(&'static str, String)]) -> String {
        let mut text = self.get(key).to_owned();
        if text.contains("{{") {
            let own = [("prefix", place.prefix().to_owned()), ("url", place.url())];
            for (gap, value) in own.iter().chain(values) {
                text = text.replace(&format!("{{{{ {gap} }}}}"), value);
            }
        }
        text
    }

    fn find(self, key: &str) -> Option<&'static str> {
        let at = self.0.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        Some(self.0[at].1)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use humpback::setup_guide::{
        Condition, Group, Note, Shell, StepKind, Target, Trust,
        merge::{Format, Refusal, Remark},
    };

    use super::*;

    /// Every key that the guide can ask for.
    fn keys() -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        keys.extend(Group::ALL.iter().map(|group| group.key().to_owned()));
        keys.extend(Note::ALL.iter().map(|note| note.key().to_owned()));
        keys.extend(Condition::ALL.iter().map(|condition| condition.key().to_owned()));
        keys.extend(
            [Shell::Root, Shell::User, Shell::PowerShell, Shell::UserPowerShell].map(|shell| shell.key().to_owned()),
        );
        keys.extend(Remark::ALL.iter().map(|remark| remark.key().to_owned()));
        keys.extend(Refusal::ALL.iter().map(|refusal| refusal.key().to_owned()));
        keys.extend(Format::ALL.iter().map(|format| format!("{}.caption", format.key())));
        keys.insert(format!("{}.name", Format::Flags.key()));
        for kind in StepKind::ALL {
            keys.extend(["title", "why"].map(|part| format!("{}.{part}", kind.key())));
        }
        for trust in Trust::ALL {
            keys.extend(["title", "means"].map(|part| format!("{}.{part}", trust.key())));
            for target in Target::all() {
                keys.insert(format!("target.{}", target.slug()));
                keys.extend(target.question(*trust).map(|question| format!("question.{question}")));
                keys.extend(target.versions(*trust).map(|version| format!("version.{}", version.slug())));
            }
        }
        keys
    }

    #[test]
    fn each_language_has_every_text_and_no_other() {
        for (name, table) in [("en", ENGLISH), ("zh-CN", CHINESE)] {
            let there: BTreeSet<String> = table.iter().map(|(key, _)| (*key).to_owned()).collect();
            let differing: Vec<_> = there.symmetric_difference(&keys()).cloned().collect();
            assert!(differing.is_empty(), "{name}: {differing:?}");
            assert!(table.iter().all(|(_, text)| !text.is_empty()), "{name} has an empty text");
        }
    }

    #[test]
    fn an_unknown_language_is_english() {
        assert_eq!(Words::of("fr").get("target.linux"), Words::of("en").get("target.linux"));
        assert_ne!(Words::of("zh-CN").get("target.linux"), Words::of("en").get("target.linux"));
    }
}
