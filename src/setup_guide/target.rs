//! What the guide knows how to set up. A target is data: its place among the others, the versions that differ, and
//! for each of them a recipe. What a family of targets shares stands in `recipe`.

use std::fmt;

use super::{Trust, recipe::Recipe, targets, words::words};

words! {
    /// What people look under: "this machine runs ...".
    Group in "group" {
        /// Docker Engine on Linux, by distribution.
        DockerEngine: "docker_engine",
        /// Docker on a NAS or on Windows Server.
        DockerElsewhere: "docker_elsewhere",
        /// Desktop applications and the virtual machines below them.
        Desktop: "desktop",
        /// Podman and its relatives.
        Containers: "containers",
        /// containerd and Kubernetes.
        Kubernetes: "kubernetes",
        /// What builds images, and continuous integration.
        Build: "build",
        /// Single programs that speak to a registry.
        Tools: "tools",
    }
}

/// One thing to be set up.
#[derive(Clone, Copy)]
pub struct Target(&'static Entry);

/// A version of a target that is set up in its own way.
#[derive(Clone, Copy)]
pub struct Version(&'static Edition);

/// A target's line in its table.
pub(super) struct Entry {
    pub(super) slug: &'static str,
    pub(super) group: Group,
    /// Further words that people may look for.
    pub(super) search: &'static str,
    /// Why the version is asked for, by the text's key below `question`; empty where there is one version only.
    pub(super) question: &'static str,
    /// The one to be taken without a wish first.
    pub(super) versions: &'static [Edition],
}

/// A version's line.
pub(super) struct Edition {
    pub(super) slug: &'static str,
    pub(super) recipe: Recipe,
}

impl Edition {
    /// The version of a target that has only this one.
    pub(super) const fn only(recipe: Recipe) -> Self {
        Self { slug: "any", recipe }
    }
}

impl Target {
    /// Every target, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        targets::TABLES.iter().copied().flatten().map(Self)
    }

    /// The targets of a group, in order.
    pub fn in_group(group: Group) -> impl Iterator<Item = Self> {
        Self::all().filter(move |target| target.group() == group)
    }

    /// The one that is shown before anything is chosen.
    pub fn first() -> Self {
        Self(&targets::TABLES[0][0])
    }

    /// The name in the page's address. Its words stand below `target`.
    pub const fn slug(self) -> &'static str {
        self.0.slug
    }

    /// The target with this [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::all().find(|target| target.slug() == slug)
    }

    /// What it is found under.
    pub const fn group(self) -> Group {
        self.0.group
    }

    /// Words that people may look for beside its name, in lower case.
    pub const fn search_words(self) -> &'static str {
        self.0.search
    }

    /// Why its version is asked for: the text's key below `question`. `None` where it makes no difference.
    pub fn question(self, trust: Trust) -> Option<&'static str> {
        (self.versions(trust).count() > 1).then_some(self.0.question)
    }

    /// The versions that differ for a registry trusted so; the one to be taken without a wish first. Never empty.
    pub fn versions(self, trust: Trust) -> impl Iterator<Item = Version> {
        let count = if trust.is_encrypted() && self.0.versions.iter().all(|version| version.recipe.tls_is_alike()) {
            1
        } else {
            self.0.versions.len()
        };
        self.0.versions[..count].iter().map(Version)
    }

    /// The wanted version, or the first.
    pub fn version(self, trust: Trust, slug: Option<&str>) -> Version {
        let wanted = self.versions(trust).find(|version| Some(version.slug()) == slug);
        wanted.unwrap_or(Version(&self.0.versions[0]))
    }
}

impl Version {
    /// The name in the page's address. Its words stand below `version`.
    pub const fn slug(self) -> &'static str {
        self.0.slug
    }

    pub(super) const fn recipe(self) -> &'static Recipe {
        &self.0.recipe
    }
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        self.slug() == other.slug()
    }
}

impl Eq for Target {}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.slug() == other.slug()
    }
}

impl Eq for Version {}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}
