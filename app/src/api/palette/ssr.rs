//! Looks in all places at once, and puts what was found in order.

use humpback::{
    access::Caller,
    account::Role,
    oci::{RepositoryName, Tag},
};

use super::{
    Asked, Deed, Entry, Found, Group, RECENT_MAX, TYPED_MAX,
    fit::{Fit, fit},
    names::Names,
    offers::{Offer, Reader, offers},
};
use crate::{
    api::{Error, context::Console, registry_address::registry_address},
    format,
    i18n::{Locale, td_string},
    theme::Theme,
};

/// So many repositories are found.
const REPOSITORIES_MAX: usize = 8;
/// So many tags.
const TAGS_MAX: usize = 6;
/// Of so many repositories the tags are looked at, where what was typed is not the name of one.
const MEANT_MAX: usize = 3;

const REPOSITORIES: &str = "/repositories/";
const MANIFESTS: &str = "/manifests/";
const REFERENCE: &str = "?reference=";

/// What an entry is. Of equally good ones, the first of these comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Recent,
    Repository,
    Tag,
    Page,
    Action,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Recent, Self::Repository, Self::Tag, Self::Page, Self::Action];

    fn title(self, language: Locale) -> &'static str {
        match self {
            Self::Recent => td_string!(language, palette.group.recent),
            Self::Repository => td_string!(language, palette.group.repositories),
            Self::Tag => td_string!(language, palette.group.tags),
            Self::Page => td_string!(language, palette.group.pages),
            Self::Action => td_string!(language, palette.group.actions),
        }
    }

    /// What one of them is called.
    fn singular(self, language: Locale) -> &'static str {
        match self {
            Self::Recent => "",
            Self::Repository => td_string!(language, palette.kind.repository),
            Self::Tag => td_string!(language, palette.kind.tag),
            Self::Page => td_string!(language, palette.kind.page),
            Self::Action => td_string!(language, palette.kind.action),
        }
    }
}

/// Something that fits.
#[derive(Clone, Debug)]
struct Hit {
    kind: Kind,
    /// Whether it was chosen lately: then it comes before the others of its kind.
    recent: bool,
    fit: Fit,
    entry: Entry,
}

impl Hit {
    fn new(kind: Kind, fit: Fit, text: impl Into<String>, deed: Deed) -> Self {
        let entry = Entry { text: text.into(), detail: String::new(), deed };
        Self { kind, recent: false, fit, entry }
    }

    fn repository(name: &RepositoryName, fit: Fit) -> Self {
        Self::new(Kind::Repository, fit, name.as_str(), Deed::Open(format!("{REPOSITORIES}{}", name.as_str())))
    }

    fn tag(name: &RepositoryName, tag: &Tag, fit: Fit) -> Self {
        let path = format!("{MANIFESTS}{}{REFERENCE}{}", name.as_str(), tag.as_str());
        Self::new(Kind::Tag, fit, format!("{}:{}", name.as_str(), tag.as_str()), Deed::Open(path))
    }

    fn offer(offer: &Offer, fit: Fit) -> Self {
        let kind = if offer.page { Kind::Page } else { Kind::Action };
        Self::new(kind, fit, offer.names.first().cloned().unwrap_or_default(), offer.deed.clone())
    }
}

/// See [`super::find`].
pub(super) async fn find(
    console: &Console,
    role: Option<Role>,
    caller: Option<Caller>,
    asked: Asked,
) -> Result<Found, Error> {
    let language = asked.language;
    let typed: String = asked.typed.trim().chars().take(TYPED_MAX).collect();
    let reader = Reader { role, reads: caller.is_some(), theme: Theme::of_request(), language };
    let offers = offers(reader);
    let names = Names::of(console, caller).await?;
    let recent = recent(&names, &offers, &asked.recent).await?;
    let mut note = match names {
        Names::Closed => td_string!(language, palette.sign_in_first).to_owned(),
        Names::Here { .. } | Names::Elsewhere { .. } => String::new(),
    };
    let hits: Vec<Hit> = if typed.is_empty() {
        let recent = recent.into_iter().map(|mut hit| {
            hit.entry.detail = hit.kind.singular(language).to_owned();
            Hit { kind: Kind::Recent, ..hit }
        });
        recent.chain(offers.iter().map(|offer| Hit::offer(offer, Fit::Same))).collect()
    } else {
        let recent =
            recent.into_iter().filter_map(|hit| Some(Hit { fit: fit(&typed, &[hit.entry.text.as_str()])?, ..hit }));
        let mut hits: Vec<Hit> = recent.collect();
        let told = named(&names, &typed, language, &mut hits).await?;
        if let (false, Some(address)) = (told, names.remote()) {
            note = td_string!(language, palette.unreadable, address = address).to_string();
        }
        hits.extend(offers.iter().filter_map(|offer| {
            let names: Vec<&str> = offer.names.iter().map(String::as_str).collect();
            Some(Hit::offer(offer, fit(&typed, &names)?))
        }));
        hits
    };
    let groups = grouped(hits, language);
    let count: usize = groups.iter().map(|group| group.entries.len()).sum();
    let said = match count {
        0 => td_string!(language, palette.none).to_owned(),
        count => td_string!(language, palette.results, count = count as u64).to_string(),
    };
    Ok(Found { groups, said, note })
}

/// Adds the repositories and tags that fit. `false` if the registry that is shown does not tell its names.
async fn named(names: &Names, typed: &str, language: Locale, hits: &mut Vec<Hit>) -> Result<bool, Error> {
    if matches!(names, Names::Closed) {
        return Ok(true);
    }
    let registry = registry_address().await?.in_commands();
    let (name, tag) = image(typed, &registry);
    let repositories = names.repositories(name, REPOSITORIES_MAX).await?;
    let told = repositories.is_some();
    let repositories = repositories.unwrap_or_default();
    for repository in &repositories {
        let fit = fit(name, &[repository.as_str()]).unwrap_or(Fit::Inside);
        // Behind a colon it is the tag that is wanted.
        hits.push(Hit::repository(repository, if tag.is_some() { fit.max(Fit::Word) } else { fit }));
    }
    match tag {
        Some(tag) => {
            let the_one = repositories.first().filter(|first| first.as_str().eq_ignore_ascii_case(name));
            let meant = if the_one.is_some() { 1 } else { MEANT_MAX };
            let mut left = TAGS_MAX;
            for repository in repositories.iter().take(meant) {
                let found = names.tags(repository, tag, left).await?;
                left -= found.len().min(left);
                hits.extend(found.iter().map(|tag| Hit::tag(repository, tag, Fit::Same)));
                if left == 0 {
                    break;
                }
            }
        }
        None => {
            let found = names.tags_of_latest(name, TAGS_MAX).await?;
            hits.extend(found.iter().map(|(repository, tag)| {
                let fit = if tag.as_str() == name { Fit::Beginning } else { Fit::Word };
                Hit::tag(repository, tag, fit)
            }));
        }
    }
    let path = format!("/repositories?q={}", format::escape(name));
    let text = td_string!(language, palette.search, typed = name).to_string();
    hits.push(Hit::new(Kind::Page, Fit::Inside, text, Deed::Open(path)));
    Ok(told)
}

/// What was typed as the name of an image: with or without its registry, a repository, and the beginning of a tag.
fn image<'a>(typed: &'a str, registry: &str) -> (&'a str, Option<&'a str>) {
    let typed = typed.strip_prefix(registry).and_then(|rest| rest.strip_prefix('/')).unwrap_or(typed);
    match typed.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (typed, None),
    }
}

/// What was chosen lately, as far as it is still there for the reader. Only known by its key: what he may not see any more,
/// or someone else has chosen in his browser, is not named to him.
async fn recent(names: &Names, offers: &[Offer], keys: &[String]) -> Result<Vec<Hit>, Error> {
    let mut hits = Vec::new();
    for key in keys.iter().take(RECENT_MAX) {
        let hit = if let Some(offer) = offers.iter().find(|offer| offer.deed.key() == *key) {
            Some(Hit::offer(offer, Fit::Same))
        } else if let Some((name, tag)) = place(key) {
            let there = names.has(&name, tag.as_ref()).await?;
            there.then(|| match &tag {
                Some(tag) => Hit::tag(&name, tag, Fit::Same),
                None => Hit::repository(&name, Fit::Same),
            })
        } else {
            None
        };
        hits.extend(hit.map(|hit| Hit { recent: true, ..hit }));
    }
    Ok(hits)
}

/// The repository that a path leads to, and the tag.
fn place(path: &str) -> Option<(RepositoryName, Option<Tag>)> {
    if let Some(name) = path.strip_prefix(REPOSITORIES) {
        return Some((RepositoryName::parse(name).ok()?, None));
    }
    let (name, tag) = path.strip_prefix(MANIFESTS)?.split_once(REFERENCE)?;
    Some((RepositoryName::parse(name).ok()?, Some(Tag::parse(tag).ok()?)))
}

/// By kind, each once; the kind with the best first, and in each what was chosen lately, then the best.
fn grouped(mut hits: Vec<Hit>, language: Locale) -> Vec<Group> {
    let mut seen = std::collections::HashSet::new();
    hits.retain(|hit| seen.insert(hit.entry.deed.key()));
    hits.sort_by_key(|hit| (!hit.recent, hit.fit));
    let mut groups: Vec<(Fit, Group)> = Kind::ALL
        .into_iter()
        .filter_map(|kind| {
            let of_kind = || hits.iter().filter(|hit| hit.kind == kind);
            let best = of_kind().map(|hit| hit.fit).min()?;
            let entries = of_kind().map(|hit| hit.entry.clone()).collect();
            Some((best, Group { title: kind.title(language).to_owned(), entries }))
        })
        .collect();
    groups.sort_by_key(|(best, _)| *best);
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests;
