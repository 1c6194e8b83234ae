//! What builds images, and continuous integration.

use crate::setup_guide::{
    Group, Note, Step,
    recipe::{Ipv6, Own, Recipe, Shell, Site, build},
    target::{Edition, Entry},
};

const fn entry(slug: &'static str, search: &'static str, versions: &'static [Edition]) -> Entry {
    Entry { slug, group: Group::Build, search, question: "", versions }
}

const fn own(steps: fn(&Site) -> Vec<Step>, shell: Shell, inside: bool) -> Edition {
    let own = Own { steps, notes: &[Note::Reported], shell, inside, ipv6: Ipv6::Differs, tls_is_alike: false };
    Edition::only(Recipe::Own(own))
}

pub(in crate::setup_guide) const TARGETS: &[Entry] = &[
    entry(
        "buildx",
        "buildx docker-container docker buildx build multi-platform",
        &[own(build::buildx, Shell::User, true)],
    ),
    entry("buildkit", "buildkit buildkitd buildctl", &[own(build::buildkit, Shell::Root, false)]),
    entry("docker-in-docker", "docker in docker dind", &[own(build::dind, Shell::User, true)]),
    entry("gitlab-runner", "gitlab runner gitlab ci dind pipeline", &[own(build::gitlab, Shell::Root, true)]),
    entry("jenkins", "jenkins pipeline jenkinsfile agent", &[own(build::jenkins, Shell::User, false)]),
    entry("kaniko", "kaniko executor google", &[own(build::kaniko, Shell::User, true)]),
];
