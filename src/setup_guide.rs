//! The setup guide: how a client machine is made to accept this registry, as steps with snippets.
//!
//! Pure and language-neutral: titles, reasons and notes are keys that the console puts into words; commands, file
//! contents and expected outputs are texts that already hold the registry's address. Nothing here overwrites a
//! client's file: every snippet that edits keeps what stands there and can be run twice.
//!
//! `targets` lists what there is to be set up, `recipe` knows how each family of them is.
//!
//! Facts about Docker's versions and files come from moby's sources (CHANGELOG.md, contrib/init/) and
//! distribution's documentation (about/insecure.md, about/certificates.md); the other families name theirs.

use crate::config::RegistryAddress;

mod authority;
pub mod merge;
mod note;
mod place;
mod recipe;
mod script;
mod step;
mod target;
mod targets;
mod trust;
mod words;

#[cfg(test)]
mod tests;

pub use authority::{AUTHORITY_PATH, Authority, Certificate, download, download_on_windows};
pub use note::{Note, Severity};
pub use place::Place;
pub use recipe::Shell;
pub use script::{Script, ScriptKind};
pub use step::{Condition, Language, Role, Snippet, Step, StepKind};
pub use target::{Group, Target, Version};
pub use trust::Trust;

use merge::{Existing, Merged, Refused};
use recipe::{Ipv6, Recipe, Site};

/// What to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input<'a> {
    /// What is to be set up.
    pub target: Target,
    /// The wanted version's slug; where the target has no such version, its first is taken.
    pub version: Option<&'a str>,
    /// How the registry is to be trusted; where the address leaves it no choice, what it says.
    pub trust: Option<Trust>,
    /// The address under which the client reaches the registry.
    pub address: &'a RegistryAddress,
    /// The authority that the registry hands out, if it knows it.
    pub authority: Option<&'a Authority>,
}

/// The guide for one target and one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guide {
    /// The version that was taken.
    pub version: Version,
    /// The way that was taken.
    pub trust: Trust,
    /// The registry as clients see it.
    pub place: Place,
    /// The authority that the registry hands out, where clients need it.
    pub authority: Option<Authority>,
    /// Who runs the commands.
    pub shell: Shell,
    /// What to know before beginning, most urgent first.
    pub notes: Vec<Note>,
    /// What to do, in order. Empty where it cannot be done; then a note says why.
    pub steps: Vec<Step>,
    /// The files in which the registry is named, as far as they can be merged.
    pub files: Vec<Existing>,
}

/// Writes the guide. Total: every target has a version for every address.
pub fn guide(input: Input<'_>) -> Guide {
    let trust = Trust::choose(input.address, input.trust);
    let version = input.target.version(trust, input.version);
    let recipe = version.recipe();
    let authority = input.authority.filter(|_| trust == Trust::PrivateCa).cloned();
    let site = Site { place: Place::of(input.address, trust), trust, authority };
    let notes = notes(&site, recipe);
    let steps = if notes.contains(&Note::Ipv6Impossible) { Vec::new() } else { recipe.steps(&site) };
    let files = if steps.is_empty() { Vec::new() } else { recipe.files(&site) };
    let Site { place, authority, .. } = site;
    Guide { version, trust, place, authority, shell: recipe.shell(), notes, steps, files }
}

/// Merges what stands in the guide's files, in their order; an empty text is a file that is missing.
pub fn merge_files(input: Input<'_>, texts: &[&str]) -> Vec<(Existing, Result<Merged, Refused>)> {
    let guide = guide(input);
    let site = Site { place: guide.place, trust: guide.trust, authority: guide.authority };
    let results = merge::merge_all(&site, &guide.files, texts);
    guide.files.into_iter().zip(results).collect()
}

/// The script that does the steps; `None` where nothing on the machine is to be configured, or only people can.
pub fn script(input: Input<'_>) -> Option<Script> {
    let guide = guide(input);
    if guide.steps.is_empty() {
        return None;
    }
    let recipe = guide.version.recipe();
    let site = Site { place: guide.place, trust: guide.trust, authority: guide.authority };
    let as_root = guide.shell == Shell::Root || recipe.is_entered();
    let plan = recipe.script()?;
    Some(script::write(plan, input.target.slug(), guide.version.slug(), &site, as_root))
}

/// What to know before beginning, most urgent first.
fn notes(site: &Site, recipe: &Recipe) -> Vec<Note> {
    let place = &site.place;
    let mut notes = Vec::new();
    let mut add = |wanted: bool, note| {
        if wanted {
            notes.push(note);
        }
    };
    let (loopback, inside, docker) = (place.is_loopback(), recipe.is_inside(), matches!(recipe, Recipe::Docker(_)));
    match recipe.ipv6() {
        _ if !place.is_ipv6() => {}
        Ipv6::Impossible => add(true, Note::Ipv6Impossible),
        Ipv6::SinceDocker25 => add(true, Note::Ipv6Since25),
        Ipv6::Differs => add(true, Note::Ipv6Differs),
    }
    add(loopback && inside, Note::LoopbackInside);
    add(loopback && !inside && recipe.accepts_loopback(), Note::Loopback);
    add(loopback && !inside && docker && place.is_ipv6() && site.is_plain(), Note::LoopbackV6);
    add(site.is_plain() && !loopback, Note::ClearText);
    add(place.port_added(), Note::PortAdded);
    add(!loopback && place.port().is_some(), Note::Exact);
    add(!loopback && place.port().is_none(), Note::NoPort);
    add(!loopback && docker, Note::EveryDaemon);
    notes.extend(recipe.notes());
    notes.sort_by_key(|note| note.severity());
    notes
}
