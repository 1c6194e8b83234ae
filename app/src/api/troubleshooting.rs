//! Troubleshooting: an error message or a problem's name in, the cause and the mend out, in the reader's language. Open
//! to anyone, as the setup guide is.
//!
//! The words are looked up here and not in the browser, which needs a few of them at a time.

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::Error;

/// The longest message that is taken in, in characters.
pub const MESSAGE_MAX: usize = 4000;

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// A message as a client printed it; may be empty.
    pub message: String,
    /// A problem's name; may be empty.
    pub problem: String,
    /// The registry's address as the reader typed it; may be empty or wrong.
    pub address: String,
    /// The reader's language.
    pub language: String,
}

/// What can be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The most likely first; empty if nothing is known.
    pub advice: Vec<Advice>,
    /// The address that stands in the commands.
    pub address: String,
}

/// A problem, what is behind it and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// Its name in the page's address.
    pub slug: String,
    /// What is the case.
    pub title: String,
    /// What it means. Code stands between backticks, as in what follows.
    pub why: String,
    /// What to do.
    pub mend: String,
    /// Texts to copy.
    pub snippets: Vec<Snippet>,
    /// Targets of the setup guide, by slug and name.
    pub targets: Vec<(String, String)>,
}

/// A text to copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// Where it belongs, and into which file.
    pub label: String,
    /// The text.
    pub text: String,
}

/// Every problem by slug and title, in order.
///
/// # Errors
/// The texts are broken.
#[server(endpoint = "problems", output = crate::api::encoding::Answer)]
pub async fn problems(
    /// The reader's language.
    language: String,
) -> Result<Vec<(String, String)>, Error> {
    use humpback::troubleshooting::Problem;

    let words = words::Words::of(&language)?;
    let row = |problem: &Problem| (problem.slug().to_owned(), words.get(&[problem.slug(), "title"]));
    Ok(Problem::ALL.iter().map(row).collect())
}

/// What is behind a message, or what there is to know of a problem.
///
/// # Errors
/// No problem has this name, or the texts are broken.
#[server(endpoint = "troubleshoot", input = Json, output = crate::api::encoding::Answer)]
pub async fn troubleshoot(trouble: Trouble) -> Result<Answer, Error> {
    use humpback::{
        config::RegistryAddress,
        troubleshooting::{Diagnosis, Problem, diagnose},
    };

    let words = words::Words::of(&trouble.language)?;
    let (problems, read) = if trouble.problem.is_empty() {
        let message: String = trouble.message.chars().take(MESSAGE_MAX).collect();
        let Diagnosis { problems, address } = diagnose(&message);
        (problems, address)
    } else {
        let problem = Problem::from_slug(&trouble.problem).ok_or(Error::NotFound { what: trouble.problem })?;
        (vec![problem], None)
    };
    let typed = RegistryAddress::parse(&trouble.address).ok();
    let shown = super::registry_address::registry_address().await?;
    let shown = || RegistryAddress::parse(&shown.text).ok();
    let address = typed.or(read).or_else(shown);
    let for_commands = address.clone().map_or_else(|| RegistryAddress::parse(words::EXAMPLE), Ok);
    let for_commands = for_commands.map_err(super::context::internal)?;
    Ok(Answer {
        advice: problems.into_iter().map(|problem| words.advice(problem, &for_commands)).collect(),
        address: for_commands.to_string(),
    })
}

#[cfg(feature = "ssr")]
pub(super) use words::Words;

#[cfg(feature = "ssr")]
mod words {
    use humpback::{
        config::RegistryAddress,
        troubleshooting::{Problem, Remedy, remedies},
    };
    use serde_json::Value;

    use super::{Advice, Error, Snippet};

    /// Stands in commands where no address is known.
    pub(super) const EXAMPLE: &str = "registry.example.com:5000";

    const ENGLISH: &str = include_str!("../../locales/en/trouble.json");
    const CHINESE: &str = include_str!("../../locales/zh-CN/trouble.json");

    /// The texts of a language.
    pub(in crate::api) struct Words(Value);

    impl Words {
        pub(in crate::api) fn of(language: &str) -> Result<Self, Error> {
            let text = if language == "zh-CN" { CHINESE } else { ENGLISH };
            serde_json::from_str(text).map(Self).map_err(crate::api::context::internal)
        }

        /// The text at this path; that none is missing is for the test below to see.
        pub(in crate::api) fn get(&self, path: &[&str]) -> String {
            let text = path.iter().try_fold(&self.0, |value, key| value.get(key)).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        }

        pub(super) fn advice(&self, problem: Problem, address: &RegistryAddress) -> Advice {
            let slug = problem.slug();
            let snippet = |Remedy { platform, file, text }: Remedy| {
                let platform = self.get(&["platform", platform.key()]);
                let label = file.map_or_else(|| platform.clone(), |file| format!("{platform} · {file}"));
                Snippet { label, text }
            };
            let target = |slug: &&str| ((*slug).to_owned(), self.get(&["target", slug]));
            Advice {
                slug: slug.to_owned(),
                title: self.get(&[slug, "title"]),
                why: self.get(&[slug, "why"]),
                mend: self.get(&[slug, "mend"]),
                snippets: remedies(problem, address).into_iter().map(snippet).collect(),
                targets: problem.targets().iter().map(target).collect(),
            }
        }
    }

    #[cfg(test)]
    mod tests {
        #![allow(clippy::unwrap_used)]
        use humpback::troubleshooting::Platform;

        use super::*;

        #[test]
        fn every_problem_and_platform_has_its_words_in_both_languages() {
            let address = RegistryAddress::parse(EXAMPLE).unwrap();
            for language in ["en", "zh-CN"] {
                let words = Words::of(language).unwrap();
                for &problem in Problem::ALL {
                    let advice = words.advice(problem, &address);
                    let texts = [&advice.title, &advice.why, &advice.mend];
                    assert!(texts.iter().all(|text| !text.is_empty()), "{language}: {problem:?}");
                    // An odd number of backticks would turn what follows into code.
                    assert!(texts.iter().all(|text| text.matches('`').count() % 2 == 0), "{language}: {problem:?}");
                    assert!(advice.targets.iter().all(|(_, name)| !name.is_empty()), "{language}: {problem:?}");
                }
                for platform in Platform::ALL {
                    assert_ne!(words.get(&["platform", platform.key()]), "", "{language}: {platform:?}");
                }
            }
        }

        #[test]
        fn the_files_have_nothing_that_is_not_shown() {
            let words = Words::of("en").unwrap();
            let known: Vec<_> =
                Problem::ALL.iter().map(|problem| problem.slug()).chain(["platform", "remark", "target"]).collect();
            let unknown: Vec<_> =
                words.0.as_object().unwrap().keys().filter(|key| !known.contains(&key.as_str())).collect();
            assert!(unknown.is_empty(), "{unknown:?}");
        }
    }
}
